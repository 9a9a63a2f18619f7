# shellcheck shell=bash
# Sourced by the other scripts: the repository's root, the set-up, and how a step is announced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A shell opened before Rust was installed does not have it on its path yet.
if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
  PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi
export PATH

# step HEADING COMMAND…: the heading, the command, and how long it took. The first step that fails ends the run.
step() {
  local heading=$1 from=$SECONDS
  shift
  printf '\n== %s\n   %s\n' "$heading" "$*"
  "$@" || { local code=$?; printf '\n== FAILED: %s\n' "$heading"; exit "$code"; }
  printf '== ok: %s (%d s)\n' "$heading" "$((SECONDS - from))"
}

# Sets `sound` to cpal or none, and `everything` to the packages and features that this machine can build.
# shellcheck disable=SC2034  # for those who source this
set_up() {
  sound=$(scripts/setup.sh)
  everything=(-p codetta -p codetta-player --features "codetta/serde,codetta/loudness,codetta/fundsp")
  # The answer is exported, so that a script called from here does not try to install again.
  if [ "$sound" = cpal ]; then
    export CPAL=yes
    everything+=(--features codetta/cpal)
  else
    export CPAL=no
    everything+=(--no-default-features)
  fi
}

# proof NAME BUDGET EXECUTIONS FINDINGS: a row of the table of proofs. It is said here, and left in the file PROOFS if
# somebody collects them.
proof() {
  # What was not counted was not run, whatever it found.
  [[ $4 =~ ^[0-9]+$ && $3$4 == *[1-9]* ]] || { echo "$1: ran nothing: '$3', findings '$4'" >&2; return 1; }
  row "$@"
}

# skipped NAME BUDGET WHY: the row of a proof that this machine cannot run.
skipped() { row "$1" "$2" "skipped: $3" "none looked for"; }

row() {
  printf 'proof: %s | %s | %s | %s\n' "$@"
  [ -z "${PROOFS:-}" ] || printf '%s | %s | %s | %s\n' "$@" >>"$PROOFS"
}

# bounded MINUTES COMMAND…: what hangs is ended, with all that it started, and fails.
bounded() {
  local minutes=$1
  shift
  timeout --verbose --kill-after=10 "${minutes}m" "$@"
}

# thousands N: 1,234,567, whatever the locale.
thousands() { sed -E ':more; s/^([0-9]+)([0-9]{3})/\1,\2/; t more' <<<"$1"; }
