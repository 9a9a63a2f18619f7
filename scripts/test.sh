#!/usr/bin/env bash
# Every check and every test, from the cheapest to the longest. Works without a sound card and without a terminal.
. "$(dirname "$0")/lib.sh"

set_up
step "lock file is complete" sh -c 'cargo metadata --locked --format-version 1 >/dev/null'
scripts/lint.sh
step "tests: engine and player (unit, contract, doctests)" cargo test "${everything[@]}"
step "tests: the engine alone, reports that serialise" cargo test -p codetta --features serde
step "tests: the render path allocates nothing (release)" cargo test -p codetta --release --test alloc --test graph_alloc
step "models: the lifecycle word under loom, short bounds" scripts/loom.sh
step "bindings" echo "bindings/ holds only a README for now: nothing to test"
printf '\n== every step passed (%d s, sound cards: %s)\n' "$SECONDS" "$sound"
