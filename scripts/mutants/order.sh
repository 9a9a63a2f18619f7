# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break an order of operations: in the stand-ins that loom explores, and in the real code, which loom explores too
# (`models::order`) and the mirror compares with them. Sourced by mutants.sh.
f=stream/models/reader.rs
word_last='s/( +self\.word = self\.shared\.lifecycle\.0\.read\(\);\n)(.*?sentinels\.slots\(\);\n)/$2$1/s'
begins_first='s/( +self\.seen = [^\n]*\n)( +self\.sentinels_seen = [^\n]*\n)/$2$1/'
credit_first='s/( +ticket\.outcome\.set\(outcome\);\n)(.*?)( +shared\.settled\.store[^\n]*\n)/$3$1$2/s'

mutant word-read-after-the-tails stream::models $f 's/( +let word = self\.half\.life\.read\(\);\n)(.*?sentinels\.slots\(\);\n)/$2$1/s'
mutant sentinels-before-samples stream::models $f 's/( +let seen = [^\n]*\n)( +let sentinels_seen = [^\n]*\n)/$2$1/'
mutant real-word-read-after-the-tails stream::models stream/reader/mod.rs "$word_last"
mutant tails-read-before-the-word models::order stream/reader/mod.rs "$word_last"
mutant real-sentinels-before-samples stream::models stream/reader/mod.rs "$begins_first"
mutant begins-read-before-samples models::order stream/reader/mod.rs "$begins_first"
mutant frames-pushed-before-the-begin stream::models stream/models/producer.rs \
  's/( +let begin = .*?place for a begin"\);\n)(.*?done\.begun = Some\(epoch\);\n)/$2        assert!(self.samples.push(id));\n$1/s; s/for _ in 0\.\.frames/for _ in u64::from(open.pushed == 0)..frames/'
# What alone tells these two apart is the mirror: no report of a segment is made before its first frame, and the ticket is
# there before that either way.
mutant real-begin-before-the-ticket stream::models stream/producer.rs \
  's/let sent = (inner\.tickets\.push.*?\.is_ok\(\))\n( +)&& (inner\n.*?\.is_ok\(\));/let sent = $3\n$2&& $1;/s'
mutant credit-before-the-report stream::models stream/models/control.rs \
  's/(fn collect\(&mut self\) \{\n)/$1        self.half.settled.store(self.outcomes.len() as u64 + 1, Ordering::Release);\n/'
mutant real-credit-before-the-outcome stream::models session/book.rs "$credit_first"
mutant credit-before-its-outcome models::order session/book.rs "$credit_first"
mutant frames-before-their-begin models::order stream/producer.rs \
  's/ \|\| !self\.begin\(\)//; s/\*written \+= \(pushed \/ channels\) as u64;\n( +)(self\.account\(taken)/self.begin();\n$1self.inner().written += (pushed \/ channels) as u64;\n$1$2/; s/\(samples, written\) = \(&mut inner\.samples, &mut inner\.written\)/samples = &mut inner.samples/'
mutant ticket-behind-the-end models::order stream/producer.rs \
  's/inner\.tickets\.push\(Arc::clone\(&ticket\)\)\.is_ok\(\)\s+&& //; s/sentinels\.push\(end\)\.is_ok\(\)/$& \&\& inner.tickets.push(Arc::clone(&open.ticket)).is_ok()/; s/inner\.open = None;/if let Some(open) = inner.open.take() { let _ = inner.tickets.push(open.ticket); }/'
mutant home-while-one-is-inside models::order stream/lifecycle.rs 's/self\.0 & PRODUCING == 0 && self\.0 & CLOSING/self.0 \& CLOSING/'
