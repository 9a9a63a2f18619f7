#!/usr/bin/env bash
# Makes this machine ready to build Codetta, and answers on stdout whether sound cards can be reached: `cpal` or `none`.
#
# Everything for people goes to stderr. When all is there it asks nobody and takes no time.
# CPAL=no builds without sound cards, CPAL=yes insists on them, CPAL=auto (the default) takes them where it can.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/packages.sh
die() { say "$*"; exit 1; }

# Rust first: nothing else makes sense without it, and it is the one thing that is not ours to install.
check_rust() {
  local need have
  need=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  command -v cargo >/dev/null ||
    die "Rust is missing: install Rust $need or newer from https://rustup.rs, open a new shell, and run this again."
  have=$(rustc --version | awk '{ print $2 }')
  awk -v have="$have" -v need="$need" 'BEGIN {
    split(have, h, "."); split(need, n, "."); exit !(h[1] > n[1] || (h[1] == n[1] && h[2] + 0 >= n[2] + 0)) }' ||
    die "Rust $have is too old, Codetta needs $need or newer: \`rustup update stable\` brings it."
}

# A Rust toolchain links through the system's C compiler, which a bare machine may lack.
check_linker() {
  command -v cc >/dev/null && return
  [ "$(uname -s)" = Linux ] || die "no C compiler: \`xcode-select --install\` brings the one that Rust links with."
  apt_install "Rust links its programs with the C compiler." gcc libc6-dev ||
    die "without a C compiler (gcc or clang) and the C library's headers nothing can be built."
}

has_alsa() { command -v pkg-config >/dev/null && pkg-config --exists alsa; }

# Sound cards go through ALSA on Linux, and cpal's build wants its headers. Elsewhere the system brings what it needs.
check_sound() {
  [ "${CPAL:-auto}" = no ] && return 1
  [ "$(uname -s)" = Linux ] || return 0
  has_alsa && return
  apt_install "cpal reaches sound cards through ALSA: these are its headers, and what its build finds them with." \
    libasound2-dev pkg-config || return 1
  has_alsa
}

check_rust
check_linker
if check_sound; then
  echo cpal
elif [ "${CPAL:-auto}" = yes ]; then
  die "CPAL=yes, but sound cards cannot be reached from this build."
else
  say "building without cpal: sound cards stay silent, the virtual, file and offline outputs work as ever."
  echo none
fi
