#!/usr/bin/env bash
# The long proofs, and one table of them: what was tried, how much of it, and what was found. Some hours on two cores;
# names as arguments (`scripts/verify.sh loom simulator`) run only those. docs/proofs.md says how to read it.
. "$(dirname "$0")/lib.sh"

# Whatever asks the user for a package does so before the hours begin.
set_up
folder=${CARGO_TARGET_DIR:-target}/proofs
mkdir -p "$folder"
rm -f "$folder"/*.log

all=(release loom shuttle alloc rtsan trap simulator fuzz asan tsan broken seeded mutants)
if [ $# = 0 ]; then set -- "${all[@]}"; fi

failed=0
report=$folder/report.md
rows=()
for name in "$@"; do
  from=$SECONDS code=0
  printf '\n== %s\n' "$name"
  # A proof that fails does not keep the others from being tried.
  case $name in
    alloc | rtsan | trap) script=(scripts/proofs/guard.sh "$name") ;;
    *) script=("scripts/proofs/$name.sh") ;;
  esac
  "${script[@]}" long 2>&1 | tee "$folder/$name.log" || code=$?
  took=$((SECONDS - from))
  row=$(sed -n 's/^proof: //p' "$folder/$name.log" | tail -1)
  if [ -z "$row" ]; then row="$name | did not come to an end | see $folder/$name.log | ?"; fi
  if [ "$code" != 0 ]; then failed=$((failed + 1)) row+=" (FAILED)"; fi
  rows+=("| $row | $((took / 60)) min |")
done

{
  printf '| proof | budget | executions | findings | time |\n|---|---|---|---|---|\n'
  printf '%s\n' "${rows[@]}"
  printf '\n%s, %s, %s processors, Rust %s, %s\n' "$(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')" \
    "$(uname -sm)" "$(nproc)" "$(rustc --version | awk '{ print $2 }')" "$(date -u +%F)"
} >"$report"
printf '\n'
cat "$report"
printf '\nwritten to %s; every proof has its log beside it\n' "$report"
[ "$failed" = 0 ]
