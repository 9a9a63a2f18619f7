#!/usr/bin/env bash
# The criterion benches; benches/README.md says how to read them. A filter may follow: scripts/bench.sh render
. "$(dirname "$0")/lib.sh"

set_up
cargo bench -p codetta-benches --benches -- "$@"
