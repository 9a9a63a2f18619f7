# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break what callers wait for: drains, promises, room. Sourced by mutants.sh.
f=stream/drain.rs

mutant drain-taken-after-the-settling models::draining $f \
  's/( +pending\.append\(&mut inbox\.pending\);\n)( +settle\(pending\);\n)/$2$1/'
mutant drain-noted-outside-the-lock models::draining session/book.rs \
  's/( +core\.drains\.with\(drains, \|)drains(\| \{\n.*?settled\.store[^\n]*\n)( +for drain in )drains( \{.*?\n            \}\n)/$3drains.iter_mut()$4$1_$2/s'
mutant drains-taken-replace-the-others models::draining $f \
  's/into\.append\(&mut lock\(&self\.inbox\)\.pending\)/*into = std::mem::take(&mut lock(&self.inbox).pending)/'
mutant drains-closed-after-the-last-look models::draining $f \
  's/let mut inbox = lock\(&self\.inbox\);\n\s+inbox\.closed = true;\n\s+rest\.append\(&mut inbox\.pending\);/rest.append(&mut lock(&self.inbox).pending);\n        lock(&self.inbox).closed = true;/'
mutant a-drain-waits-for-what-is-being-begun models::draining $f 's/word\.epoch\(\) == self\.begun_in \&\& /false \&\& /'
mutant drains-never-close models::draining $f 's/inbox\.closed = true;//'
mutant own-answer-at-the-deadline models::draining $f \
  's/self\.promise\.get\(\)\.unwrap_or\((Drained::DeadlineExceeded \{ frames_left \})\)/$1/'

f=promise.rs
mutant a-second-value-wins models::answering $f 's/if state\.value\.is_some\(\) \{\n\s+return false;\n\s+\}//'
mutant told-before-it-is-set models::answering $f \
  's/ +self\.settled\.notify_all\(\);\n//; s/(fn set\(&self, value: T\) -> bool \{\n)/$1        self.settled.notify_all();\n/'
mutant waker-left-too-late models::answering $f \
  's/(fn poll.*?return Poll::Ready\(value\.clone\(\)\);\n        \})/$1\n        drop(state);\n        let mut state = lock(&self.state);/s'
mutant wakers-taken-before-the-value models::answering $f \
  's/(        let wakers = \{\n)/        let taken = std::mem::take(&mut lock(&self.state).wakers);\n$1/; s/std::mem::take\(&mut state\.wakers\)\n        \};/taken\n        };/'
mutant one-place-for-all models::answering $f 's/state\.places \+= 1;//'
mutant the-first-waker-stays models::answering $f \
  's/(let before = )state\.wakers\.insert\(place, sleeper\);/$1state.wakers.entry(place).or_insert(sleeper);/; s/drop\(before\);//'
mutant who-leaves-takes-all models::answering $f 's/(let left = )lock\(&self\.state\)\.wakers\.remove\(&place\);/$1std::mem::take(\&mut lock(\&self.state).wakers).remove(\&place);/'
mutant wakers-outlive-their-futures test:waking $f 's/lock\(&self\.state\)\.wakers\.remove\(&place\)/lock(\&self.state).wakers.get(\&place).is_some()/'

f=guests.rs
mutant a-waker-panics-at-large test:panicking_guests $f 's/let _ = call\(\|\| self\.0\.take\(\)\.map\(Waker::wake\)\);/self.0.take().map(Waker::wake);/'
mutant a-guest-is-freed-at-large test:panicking_guests $f 's/let _ = call\(\|\| drop\(value\)\);/drop(value);/'
mutant a-wreck-is-freed-at-large test:panicking_guests $f 's/(Err\()wreck(\) => \{\n).*?( +None\n)/$1_$2$3/s'
mutant a-callback-is-freed-at-large test:panicking_guests session/control.rs 's/let_go\(on_event\.take\(\)\);/*on_event = None;/'
mutant a-callback-is-freed-at-large-at-the-end test:panicking_guests session/ending.rs \
  's/let_go\(self\.on_event\.take\(\)\);(?=\n    \})/self.on_event = None;/'
mutant a-callback-is-freed-at-large-when-abandoned test:panicking_guests session/ending.rs \
  's/let_go\(self\.on_event\.take\(\)\);(?=\n        lock)/self.on_event = None;/'

f=stream/shared.rs
mutant flag-before-the-waker models::room $f \
  's/( +let before = self\.swap_waker\(Some[^\n]*\n)(.*?)( +self\.waits_for_room\.store\(true[^\n]*\n)/$3$1$2/s'
mutant flag-cleared-after-the-waker models::room $f \
  's/( +self\.waits_for_room\.store\(false[^\n]*\n)( +if let Some\(waker\) = self\.swap_waker\(None\) \{\n.*?\n            \}\n)/$2$1/s'
mutant room-wakes-nobody models::room $f 's/if room && self\.has_credit\(\) \|\| (word)/if $1/'
mutant a-close-wakes-nobody models::room $f 's/(self\.has_credit\(\)) \|\| word\.is_closing\(\)/$1/'
mutant an-open-segment-wants-a-credit models::room $f 's/is_open \|\| (outstanding < [^\n]*)/{ let _ = is_open; $1 }/'
mutant a-credit-wakes-nobody models::room $f 's/is_open \|\| outstanding < [^\n]*/{ let _ = outstanding; is_open }/'
mutant who-gives-up-keeps-its-place test:attention $f 's/(fn leave_room\(&self\) \{\n).*?(drop\()/$1$2/s'
mutant who-gives-up-leaves-its-waker test:attention $f 's/(fn leave_room\(&self\) \{\n[^\n]*\n).*?\n/$1/'
mutant who-goes-is-waited-for test:attention stream/waiting.rs 's/if self\.waited \{/if false {/'
mutant woken-without-a-credit test:waking $f 's/room && self\.has_credit\(\)/room/'
