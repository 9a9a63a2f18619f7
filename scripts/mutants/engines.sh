# shellcheck shell=bash
# shellcheck disable=SC2016 # the dollars are perl's
# Bugs that other engines really have, put into this one: each as near to the original as the code allows. Sourced by
# mutants.sh; `scripts/proofs/seeded.sh` runs these alone.

# oddio: the last write of one stream in 750 is lost, since "finished" is read after the tail.
mutant finished-read-after-the-tail shuttle stream/reader/mod.rs \
  's/( +self\.word = self\.shared\.lifecycle\.0\.read\(\);\n)(.*?sentinels\.slots\(\);\n)/$2$1/s'

# creek: a state is set, and then the step that it stands for fails.
mutant state-set-before-the-fallible-step test:outcomes stream/producer.rs \
  's/( +if inner\.next_id - settled >= credits \{)/        inner.next_id += 1;\n$1/; s/(debug_assert!\(sent, "a credit was held"\);\n) +inner\.next_id \+= 1;\n/$1/; s/id: inner\.next_id,/id: inner.next_id - 1,/'

# Parameters kept in one slot, where the last command of a block replaces those before it.
mutant latest-wins-commands test:sound render/mod.rs \
  's/(Ok\(Command::Stream\(id, op\)\) => )\{/$1if self.commands.slots() == 0 {/'

# kira, Firewheel: what finds the garbage ring full is freed on the audio thread. Here the ring has one place.
mutant garbage-that-does-not-fit-is-freed guard render/mod.rs \
  's/if let Err\(ring::PushError::Full\(reader\)\) = self\.home\.push\(reader\) \{.*?\n {16}\}/if self.home.slots() == self.max_streams() { let _ = self.home.push(reader); } else { drop(reader); }/s; s/(    fn send_home)/    fn max_streams(&self) -> usize { self.readers.capacity() }\n\n$1/'

# The failure that all this comes from: `flush()` after the close raises.
mutant second-flush-raises test:late stream/writer.rs \
  's/(fn late_flush\(&self\) -> Flush \{\n)/$1        assert!(!self.half.shared.lifecycle.0.read().is_closing(), "ChanClosed");\n/'

# LiveKit Agents: an output that is closed while a flush waits loses the outcome, and the drain waits for ever.
mutant outcome-lost-when-closing test:closing stream/reader/mod.rs \
  's/word\.nothing_more_comes\(\) && self\.timeline\.is_empty\(\)/word.nothing_more_comes()/'

# LiveKit Agents: clearing what was never flushed settles nothing, and `wait_for_playout()` hangs.
mutant clear-without-flush-settles-nothing test:agent stream/reader/mod.rs \
  's/let cut = why_cut\(entry\.epoch, word\);/let cut = why_cut(entry.epoch, word).filter(|_| entry.end.is_some());/'

# An audio byte stream in frames of 10 ms: what is left over is kept, and heard at the head of the next segment.
mutant tail-kept-for-the-next-segment test:outcomes stream/producer.rs \
  's/end: inner\.written, pushed/end: inner.written - inner.written % 480, pushed/'

# Playback position by the clock on the wall, which goes on while the device stands still.
mutant position-by-wall-clock test:loss render/mod.rs \
  's/let heard = self\.latency\.map[^;]*;/let heard = Some((now.as_secs_f64() * f64::from(self.rate)) as u64);/'

# cubeb and others: a stream is told to be over when its device changes, and once more when it is.
mutant told-over-when-the-device-changes test:loss session/device_loss.rs \
  's/(self\.lease\.seized\(&mut self\.seized, lose\);\n)/$1            let Self { core, books, drains, on_event, .. } = self;\n            for book in books.iter_mut() {\n                book.settle_without_renderer(Reason::DeviceLost, core, drains, &mut |event| emit(core, on_event, event));\n            }\n/'
