#!/usr/bin/env bash
# The loom models: every interleaving, and every stale value that an atomic may still show, up to so many forced switches
# of thread. `short`: 3 of them, `long`: 4; LOOM_MAX_PREEMPTIONS is another number. Further arguments: models of a name.
. "$(dirname "$0")/../lib.sh"

case ${1:-short} in
  short) bound=3 minutes=45 ;;
  long) bound=4 minutes=300 ;;
  *) echo "usage: scripts/proofs/loom.sh short|long [NAME…]" >&2; exit 2 ;;
esac
names=("${@:2}")
export LOOM_MAX_PREEMPTIONS=${LOOM_MAX_PREEMPTIONS:-$bound}

# A target folder of its own: the cfg changes every crate, and would throw the ordinary build away.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/loom
export RUSTFLAGS="${RUSTFLAGS:-} --cfg loom"
# Where the engine asserts what cannot happen, a model is to see it happen.
asserting=(--config 'profile.release.package.codetta.debug-assertions=true')
mkdir -p "$CARGO_TARGET_DIR"
log=$CARGO_TARGET_DIR/log

code=0
bounded "$minutes" cargo test "${asserting[@]}" -p codetta --release --lib -- "${names[@]:-models}" --nocapture 2>&1 | tee "$log" || code=$?

# Each model says how many interleavings it had.
explored=$(sed -nE 's/(^|.* )([0-9]+) interleavings$/\2/p' "$log" | awk '{ models++; sum += $1 } END { print models + 0, sum + 0 }')
findings=$(awk '/^test result:/ { sum += $6 } END { print sum + 0 }' "$log")
# It did not build, or crashed, or there is no model of that name.
if [ "$findings" = 0 ] && { [ "$code" != 0 ] || [ "${explored% *}" = 0 ]; }; then findings=1; fi
budget="${explored% *} models, up to $LOOM_MAX_PREEMPTIONS preemptions"
proof loom "$budget" "$(thousands "${explored#* }") interleavings" "$findings"
[ "$findings" = 0 ]
