#!/usr/bin/env bash
# Makes the recordings of `codetta demo`: synthesised speech, so nobody's voice and nobody's rights but ours; and a bed of
# music for `codetta duck`.
# Needs espeak-ng and sox. The result is the same on every run of the same versions (1.51 and 14.4.2 made what is bundled).
set -euo pipefail
cd "$(dirname "$0")/.."

out=examples/player/assets
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# speak NAME SPEED TEXT: one utterance, mono, 24 kHz, 16 bits: what a speech service usually streams.
speak() {
  espeak-ng -v en-gb-x-rp -s "$2" -p 42 -g 0 -w "$work/$1.wav" "$3"
  # Below 80 Hz there is only rumble, and the synthesiser's upper end is shrill. Its silence at both ends is not speech:
  # what is left of it is set here, so that a segment's frames are known to begin and end with sound. -R: repeatable dither.
  sox "$work/$1.wav" -b 32 -r 24000 "$work/$1.trim.wav" \
    gain -6 rate -v 24000 highpass 80 bass +2 200 treble -3 5000 \
    silence 1 0.01 0.2% reverse silence 1 0.01 0.2% reverse
  sox -R "$work/$1.trim.wav" -b 16 "$out/$1.wav" fade t 0.01 0 0.05 pad 0.02 0.1 norm -3
}

speak greeting 165 "Your train to Leeds leaves at nine fifteen from platform four, and calls at Wakefield."
speak interruption 165 "Of course. There is a faster one at nine."
speak goodbye 165 "Goodbye. Every frame you sent me is accounted for."

# chord NAME ROOT THIRD FIFTH: two seconds of it, in semitones from A4: plucked note by note, over a soft fifth.
chord() {
  local tones=("$2" "$3" "$4" "$(($2 + 12))" "$4" "$3" "$(($3 + 12))" "$4")
  local parts=()
  for note in "${!tones[@]}"; do
    local frames=$((12000 * (8 - note)))
    sox -R -r 48000 -c 1 -n -b 32 "$work/$1.$note.wav" synth "${frames}s" pluck "%${tones[note]}" \
      gain -18 fade t 0 "${frames}s" 0.2 pad "$((12000 * note))s"
    parts+=(-v 1 "$work/$1.$note.wav")
  done
  sox -R -r 48000 -c 1 -n -b 32 "$work/$1.pad.wav" synth 2 sine "%$(($2 - 12))" synth 2 sine mix "%$4" \
    gain -18 fade q 0.2 2 0.3
  sox -R -m "${parts[@]}" -v 1 "$work/$1.pad.wav" -b 32 "$work/$1.wav"
}

# Eight seconds, which end where they begin.
chord c -9 -5 -2
chord a -12 -9 -5
chord f -16 -12 -9
chord g -14 -10 -7
sox -R "$work"/{c,a,f,g}.wav -b 16 "$out/bed.flac" lowpass 4000 rate -v 24000 norm -9
soxi "$out"/*.wav "$out/bed.flac" | grep -E '^(Input|Sample Rate|Channels|Precision|Duration)'
