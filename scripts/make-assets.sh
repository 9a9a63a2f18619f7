#!/usr/bin/env bash
# Makes the recordings of `codetta demo`: synthesised speech, so nobody's voice and nobody's rights but ours.
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
soxi "$out"/*.wav | grep -E '^(Input|Sample Rate|Channels|Precision|Duration)'
