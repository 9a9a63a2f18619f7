#!/usr/bin/env bash
# The tests under AddressSanitizer, with leak checking. `short`: the engine's, but for those that only compute, and without
# the crates that only optional nodes need. `long`: all of them, the examples in the documentation, and the player's tests,
# which run the player too.
. "$(dirname "$0")/../lib.sh"
. scripts/proofs/sanitizers/runtime.sh

# What computes sound on one thread, and has no unsafe code that the others do not have.
computing=' clicks graph_any_block graph_bits graph_clicks graph_params nodes_biquad nodes_compressor
  nodes_delay nodes_ducker nodes_fundsp nodes_limiter nodes_loudness nodes_sources picture same_bits serialised sound '
if [ "${1:-short}" = long ]; then
  what="the engine's and the player's tests, examples in the documentation"
  suites=(
    "-p codetta --features serde,loudness,fundsp --lib --tests"
    "-p codetta --features serde,loudness,fundsp --doc"
    "-p codetta-player --no-default-features"
  )
else
  what="the engine's tests, but for those that only compute"
  suites=("-p codetta --features serde --lib")
  for test in engine/tests/*.rs; do
    test=$(basename "$test" .rs)
    [[ $computing == *[[:space:]]"$test"[[:space:]]* ]] || suites[0]+=" --test $test"
  done
fi
what="$what: wrong accesses, leaks"
need_runtime asan "$what"

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/asan
# A key to the compiler's -Z flags, on a stable toolchain too.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="${RUSTFLAGS:-} -Zsanitizer=address" RUSTDOCFLAGS="${RUSTDOCFLAGS:-} -Zsanitizer=address"
export ASAN_OPTIONS=detect_leaks=1
export LSAN_OPTIONS="suppressions=$PWD/scripts/proofs/sanitizers/leaks.txt:print_suppressions=0"
# The text of a panic that a test expects is not looked for.
export RUST_BACKTRACE=0
mkdir -p "$CARGO_TARGET_DIR"
log=$CARGO_TARGET_DIR/log

# It sees what it is there for, with the same options.
bait=$CARGO_TARGET_DIR/bait
rustc --edition 2024 --target "$target" -Zsanitizer=address -o "$bait" scripts/proofs/sanitizers/bait.rs
"$bait" sound || { echo "asan: reports a program that is sound; can it trace this process?" >&2; exit 1; }
for fault in leak use-after-free; do
  if "$bait" "$fault" >"$log" 2>&1 || ! grep -q "ERROR: [A-Za-z]*Sanitizer" "$log"; then
    echo "asan: does not see a $fault" >&2
    exit 1
  fi
done

passed=0 findings=0
for suite in "${suites[@]}"; do
  code=0
  # shellcheck disable=SC2086 # words
  bounded 90 cargo test --target "$target" --no-fail-fast $suite 2>&1 | tee "$log" || code=$?
  passed=$((passed + $(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$log")))
  failed=$(awk '/^test result:/ { sum += $6 } END { print sum + 0 }' "$log")
  reports=$(grep -c "ERROR: [A-Za-z]*Sanitizer" "$log" || true)
  found=$((failed > reports ? failed : reports))
  # What neither a test nor the sanitizer has told: it did not build, or crashed.
  if [ "$code" != 0 ] && [ "$found" = 0 ]; then found=1; fi
  findings=$((findings + found))
done

proof asan "$what" "$(thousands "$passed") tests passed" "$findings"
[ "$findings" = 0 ] && [ "$passed" -gt 0 ]
