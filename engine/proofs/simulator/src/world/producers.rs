//! What producers do: they write, in their own pace, and end what they write in every way there is.

use super::{NEVER, Voice, World};
use crate::oracle::Ended;
use codetta::{Clear, Close, Flush, Rejection, Segment, Writer};
use std::time::Duration;

impl World {
    /// A producer's turn.
    pub(super) fn produce(&self, index: usize) {
        let voice = self.voice(index);
        let Some(mut writer) = voice.writer.borrow_mut().take() else { return };
        let (what, pace) = {
            let mut dice = self.dice();
            (dice.weighted(&self.plan.producers), dice.micros(1_000, 400_000))
        };
        voice.due.set(self.now().saturating_add(pace));
        self.hear_events();
        match what {
            0 | 1 => self.write(index, &voice, &mut writer, what == 1),
            2 | 3 => {
                if what == 3 {
                    self.write(index, &voice, &mut writer, false);
                }
                self.flush(index, &voice, &mut writer, None);
            }
            4 => {
                let tag = self.dice().any();
                self.flush(index, &voice, &mut writer, Some(tag));
            }
            5 => self.clear(index, &mut writer),
            6 => {
                let rare = !self.dice().once_in(4);
                if rare {
                    self.write(index, &voice, &mut writer, true);
                } else {
                    self.close_writer(index, &mut writer);
                }
            }
            _ => {
                if self.dice().once_in(4) {
                    return self.die(index, &voice, writer);
                }
                self.flush(index, &voice, &mut writer, None);
            }
        }
        *voice.writer.borrow_mut() = Some(writer);
    }

    fn write(&self, index: usize, voice: &Voice, writer: &mut Writer, long: bool) {
        let most = u64::from(voice.rate) / if long { 1 } else { 8 };
        let frames = self.dice().spread(0, most.max(1));
        let samples = {
            let oracle = self.oracle();
            let known = &oracle.voices[index];
            let lane = known.lane;
            let mut samples = vec![0.0_f32; frames as usize * voice.width];
            if let Some(lane) = lane {
                let side = lane.channel.min(voice.width - 1);
                for (frame, place) in samples.chunks_exact_mut(voice.width).enumerate() {
                    place[side] = lane.sample(known.accepted + frame as u64);
                }
            }
            samples
        };
        let began = self.oracle().begins(index, false, frames);
        let write = writer.write(&samples);
        self.note("write", [index as u64, frames, write.frames as u64]);
        let alone = self.oracle().ends(index, false, frames, began);
        self.oracle().wrote(index, frames, write, alone);
    }

    fn flush(&self, index: usize, voice: &Voice, writer: &mut Writer, tag: Option<u64>) {
        let began = self.oracle().begins(index, false, 0);
        let flush = match tag {
            Some(tag) => writer.begin(tag),
            None => writer.flush(),
        };
        let ended = match &flush {
            Flush::Accepted(segment) => Ended::Accepted(segment.id()),
            Flush::Interrupted(segment) => Ended::Interrupted(segment.id()),
            Flush::Rejected(Rejection::Nothing) => Ended::Nothing,
            _ => Ended::Closed,
        };
        self.note(if tag.is_some() { "begin" } else { "flush" }, [index as u64, number(&flush), 0]);
        voice.segments.borrow_mut().extend(flush.segment());
        let alone = self.oracle().ends(index, false, 0, began);
        self.oracle().flushed(index, ended, alone);
        if let Some(tag) = tag {
            self.oracle().voices[index].next_tag = tag;
        }
    }

    fn clear(&self, index: usize, writer: &mut Writer) {
        let began = self.oracle().begins(index, true, 0);
        let clear = writer.clear();
        self.note("clear", [index as u64, u64::from(clear == Clear::Cleared), 0]);
        let alone = self.oracle().ends(index, true, 0, began);
        self.oracle().cleared(index, clear, began, alone);
        self.oracle().voices[index].dirty_is_vague |= !alone;
    }

    fn close_writer(&self, index: usize, writer: &mut Writer) {
        let close = self.dice().one_of(&[Close::Drain, Close::Discard]);
        let cuts = close == Close::Discard;
        let began = self.oracle().begins(index, cuts, 0);
        let closed = writer.close(close);
        self.note("close", [index as u64, u64::from(cuts), closed as u64]);
        let alone = self.oracle().ends(index, cuts, 0, began);
        self.oracle().closed(index, close, closed, true, alone);
    }

    /// The producer's thread ends, in the midst of a segment as likely as not; or it never comes back.
    fn die(&self, index: usize, voice: &Voice, writer: Writer) {
        voice.due.set(NEVER);
        if self.dice().once_in(3) {
            self.note("leak", [index as u64, 0, 0]);
            self.oracle().begin();
            std::mem::forget(writer);
            return;
        }
        let began = self.oracle().begins(index, false, 0);
        drop(writer);
        self.note("drop", [index as u64, 0, 0]);
        self.oracle().ends(index, false, 0, began);
        self.oracle().dropped(index);
    }

    /// All producers that are left go on for ever, late, after the end.
    pub(super) fn late_calls(&self) {
        let voices = self.voices.borrow().len();
        for index in 0..voices.min(4) {
            for _ in 0..4 {
                self.produce(index);
                self.steer();
            }
        }
        self.device.wait(Duration::from_millis(1));
    }
}

fn number(flush: &Flush) -> u64 {
    match flush {
        Flush::Accepted(segment) | Flush::Interrupted(segment) => Segment::id(segment),
        _ => u64::MAX,
    }
}
