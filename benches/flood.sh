#!/bin/sh
# Instructions of each block of the bench `flood`, counted by callgrind: no clock, no noise.
# benches/flood.sh [ENGINE [BLOCK [BLOCKS]]], in the workspace.
set -eu

engine=${1:-codetta} block=${2:-64} blocks=${3:-200}
cargo build --quiet --release -p codetta-benches --example flood
program=${CARGO_TARGET_DIR:-target}/release/examples/flood
dumps=$(mktemp -d)
trap 'rm -rf "$dumps"' EXIT

for load in quiet edits commands both; do
    # Callgrind writes a dump whenever the function is left, and counts from zero again. To dump, it wants the whole name.
    valgrind --quiet --tool=callgrind --callgrind-out-file="$dumps/$load" \
        --toggle-collect='flood::audio_block' --dump-after='flood::audio_block' \
        "$program" "$engine" "$load" "$block" "$blocks"
    awk '/^totals:/ && $2 > 0 { print $2 }' "$dumps/$load".* | sort -n | awk -v what="$engine $load $block" '
        { counts[NR] = $1; sum += $1 }
        END {
            printf "%s: %d blocks, median %d, mean %d, worst %d instructions\n",
                what, NR, counts[int((NR + 1) / 2)], sum / NR, counts[NR]
        }'
done
