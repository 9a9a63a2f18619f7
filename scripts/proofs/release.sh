#!/usr/bin/env bash
# The tests of `make test` once more, optimised. `long`: and the random ones far beyond what a change waits for.
. "$(dirname "$0")/../lib.sh"

set_up
log=${CARGO_TARGET_DIR:-target}/release.log
mkdir -p "$(dirname "$log")"
: >"$log"
failed=0
tested() { "$@" 2>&1 | tee -a "$log" || failed=$((failed + 1)); }

tested cargo test --release "${everything[@]}"
budget="release build"
if [ "${1:-short}" = long ]; then
  cases=${PROPTEST_CASES:-4000} edits=${CODETTA_EDITS:-200000}
  tested env "PROPTEST_CASES=$cases" cargo test -p codetta --release --features serde
  tested env "CODETTA_EDITS=$edits" "CODETTA_SEED=${CODETTA_SEED:-$RANDOM}" \
    cargo test -p codetta --release --test graph_fuzz -- --nocapture
  budget+=", $(thousands "$cases") cases a property, $(thousands "$edits") edits"
fi
passed=$(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$log")
proof release "$budget" "$(thousands "$passed") tests passed" "$failed"
[ "$failed" = 0 ]
