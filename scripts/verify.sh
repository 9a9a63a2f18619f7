#!/usr/bin/env bash
# The long proofs, for a change to the close protocol or the render path: the tests of `make test`, pushed further.
. "$(dirname "$0")/lib.sh"

set_up
step "tests, release build" cargo test --release "${everything[@]}"
step "random sequences, many more" \
  env "PROPTEST_CASES=${PROPTEST_CASES:-20000}" cargo test -p codetta --release --features serde
step "random edits of the graph, a million" \
  env "CODETTA_EDITS=${CODETTA_EDITS:-1000000}" "CODETTA_SEED=${CODETTA_SEED:-$RANDOM}" \
  cargo test -p codetta --release --test graph_fuzz -- --nocapture
step "models: the lifecycle word under loom, wide bounds" \
  env "LOOM_MAX_PREEMPTIONS=${LOOM_MAX_PREEMPTIONS:-4}" scripts/loom.sh
step "mutants: each rule broken once, and noticed" scripts/mutants.sh
printf '\n== every proof held (%d s)\n' "$SECONDS"
