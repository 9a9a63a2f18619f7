#!/usr/bin/env bash
# The long proofs, and one table of them: what was tried, how much of it, and what was found. Some hours on two cores.
# Names as arguments (`scripts/verify.sh loom simulator`) run only those, and leave the other rows as they were; each row
# says of which commit it is. docs/proofs.md says how to read it.
. "$(dirname "$0")/lib.sh"

# Whatever asks the user for a package does so before the hours begin.
set_up
folder=${CARGO_TARGET_DIR:-target}/proofs
mkdir -p "$folder"
report=$folder/report.md

# The longest last.
all=(loom shuttle alloc rtsan trap simulator fuzz asan tsan seeded release mutants broken)
for name in "$@"; do
  [[ " ${all[*]} " == *" $name "* ]] || { echo "verify: no proof is called $name; there are: ${all[*]}" >&2; exit 2; }
done

if [ $# = 0 ]; then
  rm -f "$folder"/*.row
  set -- "${all[@]}"
fi

commit=$(git rev-parse --short HEAD 2>/dev/null || echo none)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit+=", changed"

# Written anew after each proof: who stops it in the middle has what there is.
write_report() {
  {
    printf '| proof | budget | executions | findings | time | commit |\n|---|---|---|---|---|---|\n'
    for name in "${all[@]}"; do
      [ ! -f "$folder/$name.row" ] || cat "$folder/$name.row"
    done
    printf '\n%s, %s processors, Rust %s, %s\n' "$(uname -sm)" "$(nproc)" "$(rustc --version | awk '{ print $2 }')" "$(date -u +%F)"
  } >"$report"
}

failed=0
for name in "$@"; do
  from=$SECONDS code=0
  printf '\n== %s\n' "$name"
  case $name in
    alloc | rtsan | trap) script=(scripts/proofs/guard.sh "$name") ;;
    *) script=("scripts/proofs/$name.sh") ;;
  esac
  # A proof that fails does not keep the others from being tried.
  "${script[@]}" long 2>&1 | tee "$folder/$name.log" || code=$?
  took=$((SECONDS - from))
  row=$(sed -n 's/^proof: //p' "$folder/$name.log" | tail -1)
  if [ -z "$row" ]; then row="$name | did not come to an end | see $folder/$name.log | ?"; fi
  if [ "$code" != 0 ]; then failed=$((failed + 1)) row+=" (FAILED)"; fi
  printf '| %s | %d min | %s |\n' "$row" "$((took / 60))" "$commit" >"$folder/$name.row"
  write_report
done

printf '\n'
cat "$report"
printf '\nwritten to %s; every proof has its log beside it\n' "$report"
[ "$failed" = 0 ]
