#!/usr/bin/env bash
# Runs the loom models: every interleaving with up to three forced switches of thread (engine/src/sync.rs), or as many
# as LOOM_MAX_PREEMPTIONS says. A model's name may follow, to run it alone.
. "$(dirname "$0")/lib.sh"

# A target folder of its own: the cfg changes every crate, and would throw the ordinary build away.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/loom
export RUSTFLAGS="${RUSTFLAGS:-} --cfg loom"
cargo test -p codetta --release --lib -- "${@:-models}"
