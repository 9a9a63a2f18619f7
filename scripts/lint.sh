#!/usr/bin/env bash
# Format, lints and documentation, each without a warning, in every shape that this machine can build.
. "$(dirname "$0")/lib.sh"

set_up
# With rustup the two tools are one command away; a distribution's Rust may come without them.
missing=()
cargo fmt --version >/dev/null 2>&1 || missing+=(rustfmt)
cargo clippy --version >/dev/null 2>&1 || missing+=(clippy)
if [ ${#missing[@]} -gt 0 ]; then
  command -v rustup >/dev/null || { echo "lint: ${missing[*]} missing: install the tool(s) of your Rust." >&2; exit 1; }
  echo "lint: will install ${missing[*]} with rustup: the format check and the lints are made with them." >&2
  rustup component add "${missing[@]}"
fi

step "format" cargo fmt --all --check
# Tests are other threads: what engine/clippy.toml refuses is for the library itself, which is looked at last, with all
# there is in it.
lints=(-D warnings -A clippy::disallowed_types -A clippy::disallowed_methods)
step "clippy: the engine alone" cargo clippy -p codetta --all-targets -- "${lints[@]}"
step "clippy: engine and player without sound cards" \
  cargo clippy -p codetta -p codetta-player --no-default-features --all-targets -- "${lints[@]}"
if [ "$sound" = cpal ]; then
  step "clippy: engine and player with everything" cargo clippy "${everything[@]}" --all-targets -- "${lints[@]}"
fi
step "clippy: the benches (so they compile)" cargo clippy -p codetta-benches --all-targets -- "${lints[@]}"
step "clippy: the proofs" \
  cargo clippy -p codetta-rtguard -p codetta-simulator -p codetta-races -p codetta-fuzz -p codetta-mutants --all-targets -- "${lints[@]}"
library=(-p codetta --features "serde,loudness,fundsp")
if [ "$sound" = cpal ]; then library+=(--features cpal); fi
step "clippy: no lock where audio threads go" cargo clippy "${library[@]}" -- -D warnings
step "documentation" env RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps "${everything[@]}"
step "hand-made mutants still fit the code" scripts/mutants-apply.sh
if command -v shellcheck >/dev/null; then
  step "shell scripts" shellcheck scripts/*.sh scripts/*/*.sh .ci/run
else
  printf '\n== shell scripts: not checked, shellcheck is not installed\n'
fi
