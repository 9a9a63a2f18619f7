#!/usr/bin/env bash
# The bugs that other engines have, put in one by one: is each caught? The same for `short` and `long`.
. "$(dirname "$0")/../lib.sh"

log=${CARGO_TARGET_DIR:-target}/seeded.log
mkdir -p "$(dirname "$log")"
# Whoever is to notice must pass where nothing is broken.
watchers=$(awk '$1 == "mutant" { print $3 }' scripts/mutants/engines.sh | sort -u)
code=0
MUTANTS_FILES=engines MUTANTS_OF=$watchers scripts/mutants.sh | tee "$log" || code=$?
caught=$(grep -c ' caught by ' "$log" || true)
all=$(grep -c '^mutant ' scripts/mutants/engines.sh)
proof seeded "$all bugs of other engines, put in one by one" "$caught caught" "$((all - caught))"
[ "$code" = 0 ] && [ "$caught" = "$all" ]
