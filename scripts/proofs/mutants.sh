#!/usr/bin/env bash
# Breaks stream, session and renderer in every way that cargo-mutants knows, one at a time, and shows which the tests do not
# notice. `long`: a shard of them, drawn by lot; MUTANTS_SHARD=K/N repeats one, and 0/1 is all of them. `short`: nothing,
# since a mutant takes seconds, and there are many. engine/proofs/mutants/README.md says how to read it.
. "$(dirname "$0")/../lib.sh"

if [ "${1:-short}" != long ]; then
  echo "mutants: only in the long run"
  exit 0
fi

# Some 10 minutes of two idle cores: a mutant takes 3 to 4 s, or 20 s where it hangs.
PER_SHARD=200
target=$(realpath -m "${CARGO_TARGET_DIR:-target}/cargo-mutants")
listed=$PWD/engine/proofs/mutants/survivors.txt
mkdir -p "$target"
export PATH="$target/bin:$PATH"
if ! cargo mutants --version >/dev/null 2>&1; then
  CARGO_TARGET_DIR=$target/install cargo install --locked --quiet --root "$target" cargo-mutants --version ^27.1
fi
export CARGO_TARGET_DIR=$target/build

mutants=$target/mutants.txt
cargo mutants --list --line-col=false >"$mutants"
count=$(wc -l <"$mutants")
shards=$(((count + PER_SHARD - 1) / PER_SHARD))
shard=${MUTANTS_SHARD:-$((RANDOM % shards))/$shards}
echo "mutants: shard $shard of $count; MUTANTS_SHARD=$shard repeats it"

# A reason outlives its mutant: said, and no finding.
# shellcheck disable=SC2016 # the dollars are awk's
tally='NR == FNR { if (NF && !/^#/) listed[$0]++; next } { seen[$0]++ }'
awk "$tally"' END { for (name in listed) if (listed[name] > seen[name]) print "mutants: listed, and no mutant any more: " name }' \
  "$listed" "$mutants"

# The first test that notices is enough; stopping there wants the key to the harness's -Z flags, for the tests' programs
# alone. The same seeds for every mutant: what one run notices, the next one does too.
runner=CARGO_TARGET_$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')_RUNNER
export "$runner=env RUSTC_BOOTSTRAP=1" PROPTEST_RNG_SEED=1 PROPTEST_CASES=100 RUST_BACKTRACE=0
# Not what tests parts that are not broken.
skip=(--skip=convert:: --skip=nodes:: --skip=device::pacer)
code=0
cargo mutants --shard "$shard" --sharding round-robin --jobs 1 --output "$target" \
  -- -- "${skip[@]}" -Zunstable-options --fail-fast || code=$?
# 2: some were missed, 3: some took too long. All else is no answer.
case $code in 0 | 2 | 3) ;; *) exit "$code" ;; esac

out=$target/mutants.out
of() { wc -l <"$out/$1.txt"; }
names() { sed 's/:[0-9]*:[0-9]*: /: /' "$out/missed.txt"; }
new=$target/new.txt
names | awk "$tally"' { if (seen[$0] > listed[$0]) print }' "$listed" - >"$new"
findings=$(wc -l <"$new")
tested=$(($(of caught) + $(of timeout) + $(of missed)))
proof mutants "shard $shard of $count mutants" \
  "$tested: $(of caught) caught, $(of timeout) took too long, $(($(of missed) - findings)) survive with a reason; $(of unviable) do not build" \
  "$findings"
if [ "$findings" -gt 0 ]; then
  echo "mutants: they survive, and engine/proofs/mutants/survivors.txt has no reason for them:"
  cat "$new"
  exit 1
fi
