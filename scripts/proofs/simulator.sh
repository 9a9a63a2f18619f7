#!/usr/bin/env bash
# Whole sessions on virtual time, with faults, from fresh seeds, which it prints: `short`, 10 s of them; `long`,
# SIMULATOR_SECONDS, five minutes unless told. Each processor has seeds of its own. SIMULATOR_SEED is another first one.
. "$(dirname "$0")/../lib.sh"

seconds=10
if [ "${1:-short}" = long ]; then seconds=${SIMULATOR_SECONDS:-300}; fi
folder=${CARGO_TARGET_DIR:-target}
cargo build --release --quiet -p codetta-simulator
from=${SIMULATOR_SEED:-$(date +%s%6N)}
processors=$(nproc)

rm -f "$folder"/simulator-*.log
running=()
for ((part = 0; part < processors; part++)); do
  # A seed that does not come to its end is a finding too, and names itself long before this.
  timeout $((seconds + 120)) "$folder/release/codetta-simulator" --seconds "$seconds" --from "$((from + part * 1000000000))" \
    >"$folder/simulator-$part.log" 2>&1 &
  running+=($!)
done
findings=0
for ((part = 0; part < processors; part++)); do
  wait "${running[$part]}" || findings=$((findings + 1))
  cat "$folder/simulator-$part.log"
done

read -r sessions simulated < <(awk '/ simulated s, / { sessions += $1; simulated += $3 } END { print sessions + 0, simulated + 0 }' \
  "$folder"/simulator-*.log)
[ "$sessions" -gt 0 ] || { echo "simulator: no session was run" >&2; exit 1; }
rate=$((simulated / (seconds * processors)))
proof simulator "$processors x $seconds s, seeds from $from" \
  "$(thousands "$sessions") sessions, $(thousands "$simulated") simulated s, $(thousands "$rate") x real time" "$findings"
[ "$findings" = 0 ]
