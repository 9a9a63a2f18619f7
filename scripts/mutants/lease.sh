# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Ways to break the lease. Sourced by mutants.sh.
f=render/lease.rs

mutant seize-without-the-lease render::models $f 's/\| ABANDONED, Seizure::Inside/| SEIZED, Seizure::Taken/'
# Either Acquire alone is enough, since `seized` reads the word again: so both.
mutant seize-relaxed render::models $f 's/Ordering::AcqRel/Ordering::Relaxed/; s/(fn seized.*?)Ordering::Acquire/$1Ordering::Relaxed/s'
mutant seize-again-relaxed render::models $f 's/self\.word\.load\(Ordering::Acquire\);\n\s+return/return/; s/(fn seized.*?)Ordering::Acquire/$1Ordering::Relaxed/s'
mutant lease-enter-relaxed render::models $f 's/mine \| RENDERING, Ordering::Acquire/mine | RENDERING, Ordering::Relaxed/'
mutant lease-leave-relaxed render::models $f 's/mine \| IDLE, Ordering::Release/mine | IDLE, Ordering::Relaxed/'
mutant abandoned-stores-idle render::models $f 's/word & !STATE \| SEIZED, Ordering::Release/word & !STATE | IDLE, Ordering::Release/'
mutant abandoned-leaves-relaxed render::models $f 's/word & !STATE \| SEIZED, Ordering::Release/word & !STATE | SEIZED, Ordering::Relaxed/'
mutant release-relaxed render::models $f 's/\| IDLE, Ordering::Release\);/| IDLE, Ordering::Relaxed);/'
mutant release-keeps-the-generation render::models $f 's/word \/ GENERATION \+ 1/word \/ GENERATION/'
mutant release-without-seizing render::models $f 's/\(word & STATE == SEIZED\)\.then\(\|\| \{\n\s+let generation/true.then(|| {\n let generation/'
