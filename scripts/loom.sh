#!/usr/bin/env bash
# Runs the loom models: every interleaving up to LOOM_MAX_PREEMPTIONS forced switches of thread.
. "$(dirname "$0")/lib.sh"

# A target folder of its own: the cfg changes every crate, and would throw the ordinary build away.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/loom
export LOOM_MAX_PREEMPTIONS=${LOOM_MAX_PREEMPTIONS:-3}
export RUSTFLAGS="${RUSTFLAGS:-} --cfg loom"
cargo test -p codetta --release --lib models
