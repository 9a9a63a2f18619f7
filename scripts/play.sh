#!/usr/bin/env bash
# Plays the bundled recording: speech, an interruption, a resume, an orderly drain, and the report.
. "$(dirname "$0")/lib.sh"

set_up
player=(-p codetta-player)
[ "$sound" = cpal ] || player+=(--no-default-features)
exec cargo run --release "${player[@]}" -- demo --output auto "$@"
