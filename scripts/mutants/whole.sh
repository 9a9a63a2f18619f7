# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break a session under loom: loss, force, credits, garbage, closes; and the meter's peak. Sourced by mutants.sh.

mutant lost-though-inside models::loss render/lease.rs 's/\| ABANDONED, Seizure::Inside/| SEIZED, Seizure::Taken/'
mutant lost-and-never-told models::loss session/device_loss.rs 's/renderer\.lose_unheard\(\);/let _ = renderer;/'

mutant force-settles-before-it-seals models::seizure session/ending.rs \
  's/\|reader\| reader\.shared\.lifecycle\.0\.seal\(reason\)/|reader| reader.shared.lifecycle.0.read()/'
mutant force-reads-and-does-not-seal models::seizure session/book.rs 's/lifecycle\.0\.seal\(reason\)/lifecycle.0.read()/'
mutant late-segment-is-answered models::seizure session/book.rs 's/if pushed == 0\b/if false \&\& pushed == 0/'
mutant taken-though-inside models::seizure render/lease.rs 's/\| ABANDONED, Seizure::Inside/| SEIZED, Seizure::Taken/'
mutant credit-with-the-start models::seizure session/book.rs \
  's/(self\.started = Some\(\(segment, at\)\);\n)/$1 self.shared().settled.store(self.settled + 1, Ordering::Release);\n/'
mutant credit-before-the-answer models::seizure session/book.rs \
  's/( +ticket\.outcome\.set\(outcome\);\n)(.*?)( +shared\.settled\.store[^\n]*\n)/$3$1$2/s'

mutant replaced-plan-freed-in-its-block models::plans graph/live/mod.rs \
  's/if let Err\(ring::PushError::Full\(plan\)\).*?\n {8}\}/drop(plan);/s'
mutant plan-freed-where-another-is models::plans graph/live/mod.rs \
  's/if let Err\(ring::PushError::Full\(plan\)\).*?\n {8}\}/if self.home.slots() == crate::graph::desk::PLANS { let _ = self.home.push(plan); } else { drop(plan); }/s'
mutant plans-without-places models::plans graph/desk.rs 's/state\.in_flight \+ 2 > PLANS \|\| //'
mutant seized-renderer-is-not-taken models::plans session/ending.rs 's/(&mut self\.seized, )Option::take\)/$1|_| ())/'
mutant plans-unread-are-left models::plans render/mod.rs \
  's/while let Ok\(command\) = self\.commands\.pop\(\) \{.*?\n {8}\}//s'
mutant plans-at-home-are-left models::plans graph/desk/sweep.rs 's/(fn close\(&self\) \{\n) +self\.step\(\);\n/$1/'
mutant edits-go-on-to-the-last models::plans session/ending.rs \
  's/ +self\.core\.desk\.refuse\(\);\n//; s/(self\.core\.desk\.)close\(\);/$1refuse();\n        $1close();/'
mutant plan-taken-though-inside models::plans render/lease.rs 's/\| ABANDONED, Seizure::Inside/| SEIZED, Seizure::Taken/'
mutant left-to-the-callback-to-free models::plans session/ending.rs 's/std::mem::forget\(Arc::clone\(&self\.lease\)\);//'

f=session/control.rs
mutant place-given-back-too-early models::garbage $f \
  's/while let Ok\(reader\) = self\.home\.pop\(\) \{\n[^\n]*\n +\}/while self.home.pop().is_ok() {}\n        over.extend(self.books.iter().filter(|book| book.shared().lifecycle.0.read().nothing_more_comes()).map(|book| book.shared().id));/'
mutant settlements-before-readers models::garbage $f \
  's/( +while let Ok\(reader\) = self\.home\.pop\(\) \{\n.*?\n        \}\n)( +let Self \{ core, books, drains[^\n]*\n.*?)( +if !over\.is_empty)/        let home = \&mut self.home;\n$2$1$3/s; s/let Self \{ core, books, drains, on_event, progress_every, \.\. \} = self;\n(        let mut emit = \|event\| emit\(core, on_event, event\);\n        for book)/let Self { core, books, drains, on_event, progress_every, home, .. } = self;\n$1/; s/        let home = \&mut self\.home;\n//; s/self\.home\.pop\(\)/home.pop()/'
mutant freed-in-its-block models::garbage render/mod.rs \
  's/if let Err\(ring::PushError::Full\(reader\)\) = self\.home\.push\(reader\) \{.*?\n                \}/drop(reader);/s'

mutant made-without-the-request models::closing session/streams.rs \
  's/(return Err\(StreamError::Closed\);\n    \}\n)(.*?)    drop\(request\);\n/$1    drop(request);\n$2/s'
mutant open-segment-is-nobodys models::closing session/control.rs 's/book\.end_for_producer\(\);//'
mutant a-discard-is-a-drain models::closing stream/lifecycle.rs \
  's/next = closing\.added_to\(next\)\.unwrap_or\(next\) \| ENDED/next |= ENDED | if next \& CLOSING == 0 { closing.bits() } else { 0 }/'

mutant peak-published-relaxed meter::models nodes/meter/peaks.rs 's/written\.store\(wanted, Ordering::Release\)/written.store(wanted, Ordering::Relaxed)/'
