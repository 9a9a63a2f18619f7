#!/usr/bin/env bash
# Makes the files of the corpus that are files: a tenth of a second in each container and codec that the player reads, and
# some that it does not. Needs ffmpeg, with which those in the repository were made; nothing else asks for this script.
set -euo pipefail
cd "$(dirname "$0")/corpus"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# sound NAME ARGUMENT…: a sine, or with NOISE=1 noise, at 8 kHz unless the arguments say otherwise.
sound() {
  local name=$1 source=sine=frequency=440:sample_rate=8000:duration=0.1
  shift
  [ -z "${NOISE:-}" ] || source=anoisesrc=r=8000:d=0.02:a=0.3:seed=1
  ffmpeg -v error -y -bitexact -f lavfi -i "$source" "$@" -bitexact "$scratch/$name" </dev/null
}

# input FOLDER NAME BYTES: what the target takes first, as printf escapes, then the file.
input() {
  { printf '%b' "$3"; cat "$scratch/$2"; } >"$1/$2"
}

for codec in pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_f32le pcm_f64le pcm_alaw adpcm_ms; do
  sound "$codec.wav" -c:a "$codec"
done
NOISE=1 sound six.wav -ac 6
NOISE=1 sound rf64.wav -rf64 always
sound sine.flac -c:a flac
NOISE=1 sound noise.flac -ac 2 -c:a flac
sound tags.flac -c:a flac -metadata title=hello -metadata artist=me
sound low.mp3 -c:a libmp3lame -b:a 16k
sound joint.mp3 -ac 2 -ar 44100 -c:a libmp3lame
sound tags.mp3 -c:a libmp3lame -metadata title=hello -id3v2_version 3
sound mono.ogg -c:a libvorbis
sound two.ogg -ac 2 -c:a libvorbis
sound two.mp3 -ac 2 -c:a libmp3lame -b:a 16k
# What has one channel, and then two.
cat "$scratch"/{mono,two}.ogg >"$scratch/chained.ogg"
cat "$scratch"/{low,two}.mp3 >"$scratch/chained.mp3"
rm "$scratch"/two.*
sound stereo.ogg -ac 2 -ar 44100 -c:a libvorbis
sound flac.ogg -c:a flac
sound opus.ogg -ar 48000 -c:a libopus
sound adts.aac -c:a aac
sound aac.m4a -c:a aac
sound alac.m4a -c:a alac
sound fragments.mp4 -c:a aac -movflags frag_keyframe+empty_moov
sound flac.mp4 -c:a flac -strict -2
sound pcm.aiff
sound ulaw.aiff -c:a pcm_mulaw
sound pcm.caf
sound alac.caf -c:a alac

# decode: the number of the extension in decode.rs, and where to begin (see there).
mkdir -p decode wav
find decode -type f ! -name 'regression-*' -delete
extensions=('' wav flac mp3 ogg aac m4a mp4 aiff caf opus txt)
for file in "$scratch"/*; do
  name=${file##*/}
  for index in "${!extensions[@]}"; do
    [ "${extensions[index]}" != "${name##*.}" ] || input decode "$name" "\\x0$(printf %x "$index")\\x00"
  done
done
# The same from a later frame, under a wrong name, and from a pipe.
for name in sine.flac joint.mp3 stereo.ogg aac.m4a; do
  { printf '\x0b\x02'; cat "$scratch/$name"; } >"decode/later-$name"
  { printf '\x80\x00'; cat "$scratch/$name"; } >"decode/pipe-$name"
done

# wav: an odd byte, then the file. An unknown length, as a pipe's writer leaves it.
rm -f wav/*.wav
for name in pcm_u8 pcm_s24le pcm_f64le pcm_alaw six rf64; do
  { printf '\x01'; head -c 400 "$scratch/$name.wav"; } >"wav/$name.wav"
done
{ printf '\x01'; head -c 24 "$scratch/pcm_s16le.wav"; printf '\0\0\0\0'; tail -c +29 "$scratch/pcm_s16le.wav" | head -c 99; } >wav/no-rate.wav
{ printf '\x01'; head -c 40 "$scratch/pcm_s16le.wav"; printf '\xff\xff\xff\xff'; head -c 99 "$scratch/six.wav"; } >wav/pipe.wav
