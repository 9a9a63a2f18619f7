#!/usr/bin/env bash
# Breaks the close protocol and the lease, one way at a time, in a copy, and shows which model or test notices each.
# One line a mutant; the exit code is 1 if any survives, or no longer applies. Names as arguments run only those.
. "$(dirname "$0")/lib.sh"

target=${CARGO_TARGET_DIR:-$PWD/target}/mutants
tree=$target/tree
# Builds are most of the time: unoptimised ones of the same few files are quick, and a broken model fails at once.
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_DEBUG=false RUST_BACKTRACE=0
export LOOM_MAX_PREEMPTIONS=${LOOM_MAX_PREEMPTIONS:-2}
# The same schedules each time: whether a mutant is noticed is not to be a matter of luck.
export CODETTA_SHUTTLE=${CODETTA_SHUTTLE:-2000} CODETTA_SEED=${CODETTA_SEED:-1}

rm -rf "$tree"
mkdir -p "$tree"
tar -cf - --exclude=./target --exclude=./.git . | tar -xmf - -C "$tree" # -m: newer than what an earlier run built

# run WHAT LOG: builds and tests the copy. 0: all passed, 1: a test failed, 2: does not build, 3: took too long.
# WHAT: `tests`, the ordinary ones beside the code; `test:NAME`, those of engine/tests/NAME.rs; `guard`, the real-time guard's;
# `shuttle`, the models of a session; or which models, under loom.
run() {
  local flags=${RUSTFLAGS:-} only=() what=$1 log=$2 which=(--lib)
  case $what in
    tests) ;;
    test:*) which=("--test=${what#test:}") what=tests ;;
    guard) which=(--test=guarded --features=rt-alloc) what=tests ;;
    shuttle) flags="$flags --cfg shuttle" only=(session::models) ;;
    *) flags="$flags --cfg loom" only=("$what") what=models ;;
  esac
  local test=(env "RUSTFLAGS=$flags" "CARGO_TARGET_DIR=$target/$what" cargo test -q -p codetta "${which[@]}")
  (
    cd "$tree"
    "${test[@]}" --no-run >"$log" 2>&1 || exit 2
    timeout 600 "${test[@]}" "${only[@]}" >"$log" 2>&1 || { [ $? = 124 ] && exit 3; exit 1; }
  )
}

wanted=("$@") survivors=0 caught=0

# mutant NAME WHAT FILE SUBSTITUTION: a perl substitution over the whole of FILE (under engine/src), and who should
# notice, as for `run`.
mutant() {
  local name=$1 what=$2 file=$tree/engine/src/$3 change=$4 log=$target/$1.log code=0 by
  if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $name "* ]]; then return; fi
  cp "$file" "$target/unbroken.rs"
  perl -0pi -e "$change" "$file"
  if cmp -s "$file" "$target/unbroken.rs"; then
    printf '%-34s DOES NOT APPLY to %s\n' "$name" "$3"
    survivors=$((survivors + 1))
    return
  fi
  run "$what" "$log" || code=$?
  case $code in
    1)
      by=$(sed -nE 's/^    ([a-z0-9_]+(::[a-z0-9_]+)*)$/\1/p' "$log" | sort -u | paste -sd' ')
      printf '%-34s caught by %s\n' "$name" "${by:-(see $log)}"
      caught=$((caught + 1))
      ;;
    0) printf '%-34s SURVIVED\n' "$name" ;;
    2) printf '%-34s DOES NOT BUILD, see %s\n' "$name" "$log" ;;
    *) printf '%-34s TOOK TOO LONG\n' "$name" ;;
  esac
  [ $code = 1 ] || survivors=$((survivors + 1))
  cp "$target/unbroken.rs" "$file"
}

for what in ${MUTANTS_OF-models tests shuttle}; do
  run "$what" "$target/unbroken.log" || {
    tail -n 30 "$target/unbroken.log"
    echo "mutants: the unbroken code fails its own $what" >&2
    exit 1
  }
done

# MUTANTS_FILES names those to run: all, unless told.
for file in ${MUTANTS_FILES:-lifecycle lease order waiting whole session engines}; do
  # shellcheck source=/dev/null
  . "scripts/mutants/$file.sh"
done

printf '%d caught, %d not\n' "$caught" "$survivors"
[ "$survivors" = 0 ]
