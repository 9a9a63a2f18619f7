# shellcheck shell=bash
# Sourced by what installs system packages: says what and why, asks for no password unseen, and waits for another apt.

say() { printf 'setup: %s\n' "$*" >&2; }

# How to become root without surprising anybody: already root, or a sudo that needs no password, or a person at a terminal.
# Prints the prefix, or fails.
root_prefix() {
  if [ "$(id -u)" = 0 ]; then return; fi
  command -v sudo >/dev/null || return 1
  if sudo -n true 2>/dev/null; then echo 'sudo -n'; elif [ -t 0 ]; then echo sudo; else return 1; fi
}

# apt_install WHY PACKAGE…: says what and why, then does it; or says how a person would, and fails.
apt_install() {
  local why=$1 root
  shift
  command -v apt-get >/dev/null || { say "missing, and this system has no apt: what Debian calls $*. $why"; return 1; }
  root=$(root_prefix) || { say "missing: $*. $why Only root can install: \`sudo apt-get install $*\`."; return 1; }
  say "will install with apt-get${root:+ (through sudo)}: $*. $why"
  # Another apt (a fresh machine updates itself) may hold the lock for a while: wait for it, but not for ever.
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  # shellcheck disable=SC2086  # the prefix is one word, two, or none
  $root "${apt[@]}" update >&2 </dev/null || say "the package lists could not be refreshed; trying those at hand."
  # shellcheck disable=SC2086
  $root "${apt[@]}" install -y --no-install-recommends "$@" >&2 </dev/null || { say "that did not work."; return 1; }
}
