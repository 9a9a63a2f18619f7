# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break an order of operations: in the stand-in that loom explores, and in the real code that it mirrors.
# Sourced by mutants.sh.
f=stream/models/reader.rs

mutant word-read-after-the-tails stream::models $f 's/( +let word = self\.half\.life\.read\(\);\n)(.*?sentinels\.slots\(\);\n)/$2$1/s'
mutant sentinels-before-samples stream::models $f 's/( +let seen = [^\n]*\n)( +let sentinels_seen = [^\n]*\n)/$2$1/'
mutant real-word-read-after-the-tails stream::models stream/reader/mod.rs \
  's/( +self\.word = self\.shared\.lifecycle\.0\.read\(\);\n)(.*?sentinels\.slots\(\);\n)/$2$1/s'
mutant real-sentinels-before-samples stream::models stream/reader/mod.rs \
  's/( +self\.seen = [^\n]*\n)( +self\.sentinels_seen = [^\n]*\n)/$2$1/'
mutant frames-pushed-before-the-begin stream::models stream/models/producer.rs \
  's/( +let begin = .*?place for a begin"\);\n)(.*?done\.begun = true;\n)/$2        assert!(self.samples.push(id));\n$1/s; s/for _ in 0\.\.frames/for _ in u64::from(open.pushed == 0)..frames/'
mutant real-begin-before-the-ticket stream::models stream/producer.rs \
  's/let sent = (inner\.tickets\.push.*?\.is_ok\(\))\n( +)&& (inner\n.*?\.is_ok\(\));/let sent = $3\n$2&& $1;/s'
mutant credit-before-the-report stream::models stream/models/control.rs \
  's/(fn collect\(&mut self\) \{\n)/$1        self.half.settled.store(self.outcomes.len() as u64 + 1, Ordering::Release);\n/'
mutant real-credit-before-the-outcome stream::models session/book.rs \
  's/( +ticket\.outcome\.set\(outcome\);\n)(.*?)( +shared\.settled\.store[^\n]*\n)/$3$1$2/s'
