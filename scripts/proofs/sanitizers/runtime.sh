# shellcheck shell=bash
# What the sanitizers' scripts share. Sourced by them, after lib.sh.

# The sanitizers come with the toolchain, for this target among others; it is named, so that build scripts are built
# without.
target=x86_64-unknown-linux-gnu

# need_runtime NAME WHAT: ends the script, with a row that says so, where the toolchain does not bring the sanitizer.
need_runtime() {
  local libraries
  libraries=$(rustc --print target-libdir --target "$target" 2>/dev/null) || libraries=
  if [ "$(uname -sm)" = 'Linux x86_64' ] && compgen -G "$libraries/librustc-*_rt.$1.a" >/dev/null; then return; fi
  skipped "$1" "$2" "this is not x86-64 Linux, or the Rust toolchain does not bring the sanitizer"
  exit 0
}
