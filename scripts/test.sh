#!/usr/bin/env bash
# Every check and every test, from the cheapest to the longest. Works without a sound card and without a terminal.
. "$(dirname "$0")/lib.sh"

set_up
step "lock file is complete" sh -c 'cargo metadata --locked --format-version 1 >/dev/null'
scripts/lint.sh
step "tests: engine and player (unit, contract, doctests)" cargo test "${everything[@]}"
step "tests: the engine alone, reports that serialise" cargo test -p codetta --features serde
step "tests: the render path allocates nothing (release)" cargo test -p codetta --release --test alloc --test graph_alloc
step "tests: what the proofs stand on" cargo test -p codetta-rtguard -p codetta-simulator
# The proofs, a short run of each, with fresh seeds, which they print; `make verify` is the long one.
PROOFS=$(mktemp)
export PROOFS
step "models: the engine under loom" scripts/proofs/loom.sh short
step "models: whole sessions under shuttle" scripts/proofs/shuttle.sh short
step "simulator: sessions on virtual time" scripts/proofs/simulator.sh short
step "real-time guard: the allocator" scripts/proofs/guard.sh alloc short
step "real-time guard: RealtimeSanitizer" scripts/proofs/guard.sh rtsan short
step "real-time guard: the system call trap" scripts/proofs/guard.sh trap short
step "fuzzing" scripts/proofs/fuzz.sh short
step "AddressSanitizer" scripts/proofs/asan.sh short
step "ThreadSanitizer" scripts/proofs/tsan.sh short
step "bindings" echo "bindings/ holds only a README for now: nothing to test"
printf '\nproof | budget | executions | findings\n'
cat "$PROOFS"
printf '\n== every step passed (%d s, sound cards: %s)\n' "$SECONDS" "$sound"
