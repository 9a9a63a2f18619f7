#!/usr/bin/env bash
# Runs the models of a whole session under shuttle: `short`, 2,000 schedules of each, or `long`, SHUTTLE_SCHEDULES
# (100,000) of each, in SHUTTLE_SECONDS (60) each at most. CODETTA_SEED draws the same schedules again.
. "$(dirname "$0")/../lib.sh"

export CODETTA_SHUTTLE=2000
minutes=30
if [ "${1:-short}" = long ]; then
  export CODETTA_SHUTTLE=${SHUTTLE_SCHEDULES:-100000} CODETTA_SHUTTLE_SECONDS=${SHUTTLE_SECONDS:-60}
  minutes=$((30 + CODETTA_SHUTTLE_SECONDS / 4))
fi
export CODETTA_SEED=${CODETTA_SEED:-$((RANDOM << 30 | RANDOM << 15 | RANDOM))}
printf 'CODETTA_SEED=%s\n' "$CODETTA_SEED"

# A target folder of its own: the cfg changes every crate, and would throw the ordinary build away.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/shuttle
export RUSTFLAGS="${RUSTFLAGS:-} --cfg shuttle" RUST_BACKTRACE=0
mkdir -p "$CARGO_TARGET_DIR"
log=$CARGO_TARGET_DIR/log
code=0
bounded "$minutes" cargo test -p codetta --lib session::models -- --show-output 2>&1 | tee "$log" || code=$?

models=$(awk '/^running [0-9]+ test/ { sum += $2 } END { print sum + 0 }' "$log")
findings=$(awk '/^test result:/ { sum += $6 } END { print sum + 0 }' "$log")
schedules=$(awk '/^[0-9]+ schedules$/ { sum += $1 } END { print sum + 0 }' "$log")
# What did not come to a result: it did not build, or crashed.
if [ "$code" != 0 ] && [ "$findings" = 0 ]; then findings=1; fi
proof shuttle "$models models, up to $CODETTA_SHUTTLE schedules each" "$(thousands "$schedules") schedules" "$findings"
[ "$code" = 0 ] && [ "$schedules" -gt 0 ]
