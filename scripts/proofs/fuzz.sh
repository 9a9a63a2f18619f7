#!/usr/bin/env bash
# Fuzzing: any operations, any edits of the graph, and everything that is parsed, under libFuzzer and AddressSanitizer.
#
# fuzz.sh short|long [TARGET…]  each file of the corpus once, then new inputs, 8 s a target (short) or 120 (long).
#                               FUZZ_SECONDS is another time; FUZZ_SEED another seed than a fresh one, which is printed.
# fuzz.sh run TARGET FILE…      these inputs, once each: how what was found is seen again.
# fuzz.sh build                 no more than that.
#
# The corpus in engine/proofs/fuzz/corpus is read and not written to. `cargo fuzz run --fuzz-dir engine/proofs/fuzz TARGET`
# does the same, where it is installed.
. "$(dirname "$0")/../lib.sh"

all=(operations graph decode raw_pcm wav command_log)
here=engine/proofs/fuzz
mode=${1:-short}
shift || true
case $mode in
  short) seconds=${FUZZ_SECONDS:-8} ;;
  long) seconds=${FUZZ_SECONDS:-120} ;;
  run | build) ;;
  *) echo "fuzz: short, long, run or build, and not $mode" >&2; exit 1 ;;
esac

# A folder of its own: everything in it is instrumented.
folder=${CARGO_TARGET_DIR:-target}/fuzz
triple=$(rustc -vV | sed -n 's/^host: //p')
bin=$folder/$triple/release

# libFuzzer comes as C++.
if ! command -v c++ >/dev/null; then
  # shellcheck source=scripts/packages.sh
  . scripts/packages.sh
  apt_install "libFuzzer is C++, and is built with the fuzz targets." g++
fi

# What `cargo fuzz` sets, on the stable toolchain: coverage, by which libFuzzer finds its way, and AddressSanitizer. That
# a triple is named keeps them off build scripts and macros.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares"
checks="-Zsanitizer=address -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks"
env RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$folder" RUSTFLAGS="$coverage $checks --cfg fuzzing" \
  cargo build --release --quiet -p codetta-fuzz --bins --target "$triple"
[ "$mode" != build ] || exit 0

# No input of 16 KiB is worth ten seconds, or 256 MiB at once. AddressSanitizer keeps up to 256 MiB of what was freed.
limits=(-timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256)
# A sequence is never too long to begin with; a file begins small.
length() {
  case $1 in operations | graph) echo -max_len=1024 -len_control=0 ;; *) echo -max_len=16384 ;; esac
}

if [ "$mode" = run ]; then
  target=$1
  shift
  exec "$bin/$target" "${limits[@]}" "$@"
fi

targets=("$@")
[ $# -gt 0 ] || targets=("${all[@]}")
seed=${FUZZ_SEED:-$((RANDOM << 15 | RANDOM))}
printf 'fuzz: %s, %s s each, seed %s\n' "${targets[*]}" "$seconds" "$seed"

# fuzz TARGET: leaves its output in TARGET.log, and what failed in artifacts/.
fuzz() {
  local target=$1 found=$folder/found/$1 words=() sizes
  read -ra sizes <<<"$(length "$target")"
  [ ! -f "$here/dictionaries/$target.dict" ] || words=("-dict=$here/dictionaries/$target.dict")
  mkdir -p "$found" "$folder/artifacts"
  # What is found is kept here from run to run, beside the corpus, which comes first.
  "$bin/$target" "${limits[@]}" "${sizes[@]}" -max_total_time="$seconds" -seed="$seed" -print_final_stats=1 \
    -artifact_prefix="$folder/artifacts/$target-" "${words[@]}" "$found" "$here/corpus/$target" \
    >"$folder/$target.log" 2>&1
}

# As many at a time as there are processors.
declare -A running
for target in "${targets[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do sleep 0.2; done
  fuzz "$target" &
  running[$target]=$!
done

total=0 findings=0
for target in "${targets[@]}"; do
  log=$folder/$target.log
  wait "${running[$target]}" && failed=0 || failed=1
  count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  printf 'fuzz: %-12s %9s executions, %6s edges\n' "$target" "${count:-0}" "${covered:-0}"
  total=$((total + ${count:-0}))
  if [ "$failed" = 0 ] && [ "${count:-0}" = 0 ]; then
    echo "fuzz: $target ran nothing" >&2
    findings=$((findings + 1))
  fi
  [ "$failed" = 1 ] || continue
  findings=$((findings + 1))
  artifact=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
  grep -v '^#[0-9]*\s' "$log" | tail -60
  printf '\nfuzz: FOUND in %s, kept in %s; seen again with\n' "$target" "$artifact"
  printf '  scripts/proofs/fuzz.sh run %s %s\n' "$target" "$artifact"
  printf 'or anywhere with\n  echo %s | base64 -d >/tmp/found && scripts/proofs/fuzz.sh run %s /tmp/found\n\n' \
    "$(base64 -w0 "$artifact" | head -c 24000)" "$target"
done

proof fuzz "${#targets[@]} targets, $seconds s each" "$(thousands "$total") executions" "$findings"
[ "$findings" = 0 ]
