# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break how a session ends: who asks, settles, wakes and frees first. Sourced by mutants.sh; the models of
# `session::models` notice, under shuttle.
f=stream/drain.rs
mutant drains-settle-without-the-inbox shuttle $f 's/pending\.append\(&mut inbox\.pending\);\n\s+settle/settle/'
mutant drains-stay-open shuttle $f 's/inbox\.closed = true;//'
mutant deadline-before-the-fences shuttle $f \
  's/match (self\.fences\.iter\(\)\.try_fold\(self\.so_far, worst\)) \{/match $1.filter(|_| now < self.deadline) {/'
mutant fence-takes-the-next-segment-for-its-own shuttle $f \
  's/(shared\.finished\.load\(Ordering::Acquire\) < )segments;/$1shared.begun.count();/'

# Of a lost device: what it took is made up for by what is heard later, or is every drain's.
mutant lost-frames-are-made-up-for test:drains_and_loss $f 's/if self\.open && is_its && is_covered/if false \&\& is_its \&\& is_covered/'
mutant lost-frames-are-everybodys test:drains_and_loss $f 's/let is_covered = .*?;/let is_covered = true;/'

f=promise.rs
mutant promise-set-twice shuttle $f 's/if state\.value\.is_some\(\) \{\n\s+return false;\n\s+\}//'
mutant promise-notifies-first shuttle $f \
  's/ +self\.settled\.notify_all\(\);\n//; s/(fn set\(.*?\{\n)/$1        self.settled.notify_all();\n/'
mutant promise-looks-and-then-registers shuttle $f \
  's/(fn poll_at\(.*?)(\n +let mut state = [^\n]*\n).*?\n        \}\n/$1\n        if let Some(value) = self.get() {\n            return Poll::Ready(value);\n        }$2/s'

f=session/core.rs
mutant second-drain-overwrites shuttle $f 's/Drain\(within\), None\)/Drain(within), None | Some(Request::Drain { .. }))/'
mutant streams-closed-outside-the-lock shuttle $f \
  's/( +self\.closed\.store\(true[^\n]*\n)( +self\.close_streams[^\n]*\n)( +drop\(request\);\n)/$3$2$1/'

mutant dropped-session-goes-on shuttle session/mod.rs 's/self\.core\.request\(Shutdown::Discard\);//'

f=session/streams.rs
mutant stream-after-the-end shuttle $f 's/if request\.is_some\(\)[^{]*\{/if false {/'
mutant end-asked-while-a-stream-is-made shuttle $f \
  's/(Err\(StreamError::Closed\);\n    \}\n)/$1    drop(request);\n    let request = ();\n/'

f=session/control.rs
mutant readers-after-settlements shuttle $f \
  's/( {8}while let Ok\(reader\).*?\n {8}\}\n)( {8}let Self.*?\n {8}\}\n)( {8}if !over)/$2$1$3/s'
mutant nobody-ends-the-open-segment shuttle $f 's/book\.end_for_producer\(\);//'

f=session/ending.rs
mutant newest-books-not-seen shuttle $f 's/(fn begin_ending.*?)self\.books\.append[^\n]*\n/$1/s'
mutant drains-forgotten-at-the-end shuttle $f 's/drain\.close\(\);/let _ = drain;/'
mutant abandoned-callback-frees shuttle $f 's/std::mem::forget\(Arc::clone\(&self\.lease\)\);//'
mutant renderer-left-in-the-lease shuttle $f 's/(&mut self\.seized, )Option::take\)/$1|_| ())/'
mutant edits-taken-to-the-last shuttle $f \
  's/ +self\.core\.desk\.refuse\(\);\n//; s/(self\.core\.desk\.)close\(\);/$1refuse();\n        $1close();/'

f=session/book.rs
mutant credit-one-too-many shuttle $f 's/shared\.settled\.store\(self\.settled,/shared.settled.store(self.settled + 1,/'

mutant lost-session-goes-on shuttle session/device_loss.rs 's/request\.get_or_insert\(Request::Discard\);//'
mutant generation-stays shuttle render/lease.rs 's/word \/ GENERATION \+ 1/word \/ GENERATION/'
mutant reader-freed-in-its-block shuttle render/mod.rs 's/if let Err\(ring::PushError::Full\(reader\)\).*?\n {16}\}/drop(reader);/s'
mutant unread-commands-stay shuttle render/mod.rs 's/while let Ok\(command\) = self\.commands\.pop\(\) \{.*?\n {8}\}//s'
mutant plan-freed-in-its-block shuttle graph/live/mod.rs 's/if let Err\(ring::PushError::Full\(plan\)\).*?\n {8}\}/drop(plan);/s'
