# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break the lifecycle word. Sourced by mutants.sh.
f=stream/lifecycle.rs

mutant enter-sets-no-producing stream::models $f 's/then_some\(word \| PRODUCING\)\)\s+\.ok_or/then_some(word)).ok_or/'
mutant enter-ignores-closing stream::models $f 's/\(PRODUCING \| CLOSING\) == 0/PRODUCING == 0/'
mutant enter-to-end-ignores-producing stream::models $f 's/PRODUCING \| ENDED \| FINAL/ENDED | FINAL/'
mutant enter-to-end-relaxed stream::models $f 's/(fn enter_to_end.*?)Ordering::Acquire/$1Ordering::Relaxed/s'
mutant leave-relaxed stream::models $f 's/self\.update\(Ordering::Release/self.update(Ordering::Relaxed/'
mutant leave-publishes-no-frames stream::models $f 's/word\.wrapping_add\(done\.frames << FRAMES_SHIFT\)/word/'
mutant leave-adds-to-closed-books stream::models $f 's/if word & FINAL != 0 \{\n\s+return Some\(word & !PRODUCING\);\n\s+\}//'
mutant leave-forgets-what-was-begun stream::models $f 's/next \|= DIRTY;//'
mutant what-was-cut-is-cut-again tests $f 's/done\.begun == Some\(Word\(word\)\.epoch\(\)\)/done.begun.is_some()/'
mutant clear-raises-no-epoch stream::models $f 's/next = raise_epoch\(next\);//'
mutant clear-raises-the-epoch-in-vain tests $f 's/done\.clear && next & DIRTY != 0/done.clear/'
mutant discard-gives-way-to-a-drain stream::models $f 's/next = closing\.added_to\(next\)\.unwrap_or\(next\) \| ENDED/next |= ENDED | if next & CLOSING == 0 { closing.bits() } else { 0 }/'
mutant interrupt-raises-no-epoch stream::models $f 's/Some\(raise_epoch\(word\)\)/Some(word)/'
mutant interrupt-in-vain tests $f 's/if word & DIRTY == 0/if false/'
mutant stale-the-other-way-round stream::models $f 's/now\.wrapping_sub\(begun\)/begun.wrapping_sub(now)/'
mutant seal-is-not-final stream::models $f 's/word \| CLOSING \| FINAL/word | CLOSING/'
mutant read-relaxed stream::models $f 's/self\.0\.load\(Ordering::Acquire\)/self.0.load(Ordering::Relaxed)/'
mutant over-while-one-is-inside stream::models $f 's/self\.0 & PRODUCING == 0 && self\.0 & CLOSING/self.0 & CLOSING/'
