#!/usr/bin/env bash
# The tests with a checker watching every block: guard.sh alloc|rtsan|trap [short|long]. `short`: every node, every verb of a
# stream, every way to a device, and the tests that are random. `long`: all of the engine's tests.
. "$(dirname "$0")/../lib.sh"
. scripts/proofs/sanitizers/runtime.sh

checker=${1:?alloc, rtsan or trap}
case $checker in
  alloc) name=allocations feature=rt-alloc what="no allocation in a block" ;;
  rtsan) name=rtsan feature=rt-san what="RealtimeSanitizer in every block" ;;
  trap) name="syscall trap" feature=rt-trap what="no system call in a block" ;;
  *) echo "guard: no such checker: $checker" >&2; exit 2 ;;
esac
if [ "$checker" = rtsan ]; then need_runtime rtsan "$what"; fi
if [ "$checker" = trap ]; then
  why="this is not x86-64 Linux"
  if [ "$(uname -sm)" = "Linux x86_64" ]; then
    cargo build -q -p codetta-rtguard --features trap --example supported
    why=$("${CARGO_TARGET_DIR:-target}/debug/examples/supported" 2>&1) || [ $? = 1 ]
  fi
  if [ -n "$why" ]; then
    skipped "$name" "$what" "$why"
    exit
  fi
fi

set_up
features=serde,loudness,fundsp,$feature
if [ "$sound" = cpal ]; then features+=,cpal; fi
tests=()
if [ "${2:-short}" = short ]; then
  what+=": every node, verb and device, random calls and edits"
  tests=(--lib)
  for test in guarded devices fuzz_steps graph_edits graph_fuzz graph_running loss regressions sequences stuck_device; do
    tests+=(--test "$test")
  done
else
  what+=": all of the engine's tests"
  tests=(--lib --tests)
fi

folder=${CARGO_TARGET_DIR:-target}
mkdir -p "$folder"
log=$folder/guard-$checker.log
RTGUARD_TALLY=$(realpath "$folder")/guard-$checker.tally
export RTGUARD_TALLY
rm -f "$RTGUARD_TALLY"

# First that it sees what it is there for: each case in a process that it may end.
cargo test -q -p codetta-rtguard --features "$checker" >"$log" 2>&1 || { cat "$log"; exit 1; }
rm -f "$RTGUARD_TALLY"

code=0
bounded 60 cargo test -p codetta --no-fail-fast --features "$features" "${tests[@]}" 2>&1 | tee "$log" || code=$?
failed=$(grep -c '^error: test failed' "$log" || true)
if [ "$code" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
passed=$(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$log")
blocks=$(awk '{ sum += $1 } END { printf "%d", sum }' "$RTGUARD_TALLY")
# A check that never ran found nothing.
[ "$blocks" -gt 0 ] || { echo "guard: no block was watched" >&2; exit 1; }
proof "$name" "$what" "$(thousands "$passed") tests, $(thousands "$blocks") blocks watched" "$failed"
exit "$code"
