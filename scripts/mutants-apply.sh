#!/usr/bin/env bash
# Whether each hand-made mutant still fits the code that it breaks. Seen at the change that moves the code, and not in the
# long run that breaks it.
. "$(dirname "$0")/lib.sh"

fitting=0 stale=0
broken=$(mktemp)
trap 'rm -f "$broken"' EXIT

# As in mutants.sh, without building anything.
mutant() {
  if perl -0pe "$4" "engine/src/$3" >"$broken" && ! cmp -s "$broken" "engine/src/$3"; then
    fitting=$((fitting + 1))
  else
    printf 'mutants: %s does not apply to %s\n' "$1" "$3" >&2
    stale=$((stale + 1))
  fi
}

for file in scripts/mutants/*.sh; do
  # shellcheck source=/dev/null
  . "$file"
done
printf '%d mutants fit, %d do not\n' "$fitting" "$stale"
[ "$stale" = 0 ] && [ "$fitting" -gt 0 ]
