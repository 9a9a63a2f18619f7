#!/usr/bin/env bash
# The programs of engine/proofs/races under ThreadSanitizer: real threads over the real engine. `short`: half a minute of
# runs. `long`: TSAN_SECONDS, three minutes unless told. TSAN_SEED brings a run's dice back.
. "$(dirname "$0")/../lib.sh"
. scripts/proofs/sanitizers/runtime.sh

programs=(streams graph devices)
budget=30
if [ "${1:-short}" = long ]; then budget=${TSAN_SECONDS:-180}; fi
seconds=$(((budget + ${#programs[@]} - 1) / ${#programs[@]}))
what="${#programs[@]} programs, $seconds s each"
need_runtime tsan "$what"
# Reports are matched with what is suppressed by the names of functions.
command -v llvm-symbolizer >/dev/null || command -v addr2line >/dev/null || {
  echo "tsan: needs llvm-symbolizer (llvm) or addr2line (binutils) to name functions" >&2
  exit 1
}

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/tsan
# A key to the compiler's -Z flags, on a stable toolchain too.
export RUSTC_BOOTSTRAP=1
# std is not built with the sanitizer: engine/proofs/races/src/std_locks.rs says what that needs.
export RUSTFLAGS="${RUSTFLAGS:-} -Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer"
export TSAN_OPTIONS="suppressions=$PWD/scripts/proofs/sanitizers/races.txt:exitcode=66"
cargo build --target "$target" -p codetta-races --bins
bin=$CARGO_TARGET_DIR/$target/debug
log=$CARGO_TARGET_DIR/log

# It sees what it is there for, and std's own locks, channels and counts for what they are.
for fault in $("$bin/bait" faults); do
  code=0
  timeout 60 "$bin/bait" "$fault" >"$log" 2>&1 || code=$?
  [ "$code" = 66 ] || { cat "$log"; echo "tsan: does not see: $fault" >&2; exit 1; }
done
for sound in $("$bin/bait" sound); do
  timeout 60 "$bin/bait" "$sound" >"$log" 2>&1 || { cat "$log"; echo "tsan: reports what is sound: $sound" >&2; exit 1; }
done

seed=${TSAN_SEED:-$((RANDOM * 32768 + RANDOM))}
rounds=0 blocks=0 operations=0 segments=0 findings=0
for program in "${programs[@]}"; do
  code=0
  # A round is bounded; so one that hangs is a finding.
  timeout "$((seconds + 120))" "$bin/$program" "$seconds" "$seed" >"$log" 2>&1 || code=$?
  grep "^$program:" "$log" || true
  read -r a b c d < <(awk '/ rounds / { print $2, $4, $6, $8 }' "$log") || true
  rounds=$((rounds + ${a:-0})) blocks=$((blocks + ${b:-0})) operations=$((operations + ${c:-0})) segments=$((segments + ${d:-0}))
  reports=$(grep -c "WARNING: ThreadSanitizer" "$log" || true)
  if [ "$code" != 0 ] && [ "$reports" = 0 ]; then reports=1; fi
  findings=$((findings + reports))
  if [ "$code" != 0 ]; then
    cat "$log"
    echo "tsan: $program ended with $code; again: $bin/$program $seconds $seed" >&2
  fi
done

counted="$(thousands "$rounds") rounds, $(thousands "$blocks") blocks, $(thousands "$operations") operations"
proof tsan "$what" "$counted, $(thousands "$segments") segments" "$findings"
[ "$findings" = 0 ] && [ "$blocks" -gt 0 ]
