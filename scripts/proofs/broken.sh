#!/usr/bin/env bash
# The protocol broken by hand, one rule at a time: does the model or test that stands for the rule notice? The same for
# `short` and `long`.
. "$(dirname "$0")/../lib.sh"

log=${CARGO_TARGET_DIR:-target}/broken.log
mkdir -p "$(dirname "$log")"
files="lifecycle lease order waiting whole session"
code=0
MUTANTS_FILES=$files scripts/mutants.sh | tee "$log" || code=$?
caught=$(grep -c ' caught by ' "$log" || true)
# shellcheck disable=SC2086 # words
all=$(cd scripts/mutants && cat ${files// /.sh }.sh | grep -c '^mutant ')
proof broken "$all rules of the protocol, broken one by one" "$caught caught" "$((all - caught))"
[ "$code" = 0 ] && [ "$caught" = "$all" ]
