//! `codetta demo`: a short conversation that shows what the engine is for.
//!
//! A speaker is interrupted in mid-sentence, answers at once, is paused and resumed, and is drained; a flush that comes
//! too late changes nothing; and the report says what was heard of every word.

mod table;

use std::time::{Duration, Instant};

use codetta::{Close, Drained, Flush, Rejection, Segment, Session, Shutdown, Stream, StreamConfig, Writer};

use crate::cli;
use crate::decode::RawFormat;
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::lines::Lines;
use crate::output;

/// Mono, 24 kHz, 16 bit, as a speech service streams it.
const RATE: u32 = 24_000;
const GREETING: &[u8] = include_bytes!("../assets/greeting.wav");
const ANSWER: &[u8] = include_bytes!("../assets/interruption.wav");
const GOODBYE: &[u8] = include_bytes!("../assets/goodbye.wav");
/// The names of the segments, by their tags.
const NAMES: [&str; 3] = ["greeting", "answer", "goodbye"];

/// In the middle of the greeting.
const INTERRUPT_AT: Duration = Duration::from_millis(2_700);
/// After the first word of the goodbye.
const PAUSE_AT: Duration = Duration::from_millis(800);
const PAUSE_FOR: Duration = Duration::from_millis(1_000);
/// More than any part takes: for a device that has stopped asking for audio.
const PATIENCE: Duration = Duration::from_secs(15);

/// Plays it.
pub fn run(args: &cli::Demo) -> Exit {
    let Ok(interrupts) = Interrupts::new() else {
        complain("cannot watch for signals");
        return Exit::Usage;
    };
    let (session, notice) = match output::start(&args.output, 48_000) {
        Ok(started) => started,
        Err(e) => {
            complain(&e);
            return output::refused(&e);
        }
    };
    if let Some(notice) = notice {
        complain(notice);
    }
    let mut demo = Demo { session: &session, interrupts, out: Lines::new(), interrupted: false };
    let exit = demo.play();
    let ending = if exit == Exit::Ok { Shutdown::Drain(PATIENCE) } else { Shutdown::Discard };
    let report = session.shutdown(ending);
    table::print(&mut demo.out, &report, &NAMES);
    exit
}

struct Demo<'a> {
    session: &'a Session,
    interrupts: Interrupts,
    out: Lines,
    interrupted: bool,
}

impl Demo<'_> {
    fn play(&mut self) -> Exit {
        let device = self.session.device();
        self.out.line(format_args!("Playing to {} ({} Hz)\n", device.name, device.sample_rate));
        // Room for a whole utterance: it is pushed at once, far ahead of what is heard, as speech services do.
        let config = StreamConfig::new(RATE, 1).buffer(Duration::from_secs(8));
        let (writer, stream) = match self.session.stream(config) {
            Ok(ends) => ends,
            Err(e) => {
                complain(e);
                return Exit::DeviceLost;
            }
        };
        match self.story(writer, &stream) {
            Some(()) => Exit::Ok,
            None if self.interrupted => Exit::Interrupted,
            None => {
                complain("the device has stopped playing");
                Exit::DeviceLost
            }
        }
    }

    /// The conversation; `None` where it broke off.
    fn story(&mut self, mut writer: Writer, stream: &Stream) -> Option<()> {
        self.say("speaks: the greeting is pushed and flushed in one go");
        let greeting = speak(&mut writer, 0, GREETING)?;
        self.until(stream, stream.position().played + frames(INTERRUPT_AT))?;
        self.say("is interrupted in mid-sentence: silent within a block and a 5 ms fade");
        let _ = stream.interrupt();
        let outcome = self.settled(&greeting)?;
        self.say(&format!(
            "knows what was heard of it: {:.2} s of {:.2} s",
            seconds(outcome.played),
            seconds(outcome.pushed)
        ));

        self.say("answers at once, in a new segment");
        let answer = speak(&mut writer, 1, ANSWER)?;
        let _ = self.settled(&answer)?;

        self.say("says goodbye");
        let goodbye = speak(&mut writer, 2, GOODBYE)?;
        self.until(stream, stream.position().played + frames(PAUSE_AT))?;
        self.say("is paused for a second");
        let _ = stream.pause();
        self.wait(PAUSE_FOR)?;
        self.say("goes on at the very next sample");
        let _ = stream.resume();

        let drain = self.session.drain_ticket(PATIENCE);
        let _ = self.settled(&goodbye)?;
        let drained = self.poll(|| drain.poll())?;
        self.say(match drained {
            Drained::Drained => "is drained: every segment has its outcome",
            _ => "was not drained in time",
        });
        let _ = writer.close(Close::Drain);
        if let Flush::Rejected(Rejection::Closed) = writer.flush() {
            self.say(
                "is flushed once more, too late: a value says so, a counter counts it, nothing else happens",
            );
        }
        Some(())
    }

    fn say(&mut self, what: &str) {
        let now = self.session.now().as_secs_f64();
        self.out.line(format_args!("{now:5.1} s  the voice {what}"));
    }

    /// Until `frame` frames of the stream have been heard, or its last segment is over.
    fn until(&mut self, stream: &Stream, frame: u64) -> Option<()> {
        self.poll(|| (stream.position().played >= frame).then_some(()))
    }

    fn settled(&mut self, segment: &Segment) -> Option<codetta::Outcome> {
        self.poll(|| segment.poll())
    }

    fn wait(&mut self, time: Duration) -> Option<()> {
        let began = Instant::now();
        self.poll(|| (began.elapsed() >= time).then_some(()))
    }

    /// Asks until there is an answer, a signal, or no more patience.
    fn poll<T>(&mut self, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(answer) = ask() {
                return Some(answer);
            }
            if self.interrupts.take() > 0 {
                self.interrupted = true;
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

/// Pushes a whole utterance as the segment `tag`.
fn speak(writer: &mut Writer, tag: u64, wav: &[u8]) -> Option<Segment> {
    let mut samples = Vec::new();
    RawFormat::S16.decode(sound(wav), &mut samples);
    let _ = writer.begin(tag);
    let _ = writer.write_all(&samples, PATIENCE);
    writer.flush().accepted()
}

/// The samples of a WAV file that this program brought with it.
fn sound(mut wav: &[u8]) -> &[u8] {
    match crate::decode::wav_header(&mut wav) {
        Ok(header) => &wav[..header.bytes.map_or(wav.len(), |n| n as usize).min(wav.len())],
        Err(_) => &[],
    }
}

fn frames(time: Duration) -> u64 {
    (time.as_secs_f64() * f64::from(RATE)) as u64
}

fn seconds(frames: u64) -> f64 {
    frames as f64 / f64::from(RATE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::wav_header;

    /// The recordings are what the story takes them for.
    #[test]
    fn the_recordings_are_mono_at_24_khz() {
        for mut wav in [GREETING, ANSWER, GOODBYE] {
            let seconds = seconds(sound(wav).len() as u64 / 2);
            assert!((1.0..8.0).contains(&seconds), "{seconds}");
            let header = wav_header(&mut wav).unwrap();
            assert_eq!(
                (header.spec.rate, header.spec.channels, header.spec.format),
                (RATE, 1, RawFormat::S16)
            );
        }
        assert!(seconds(sound(GREETING).len() as u64 / 2) > INTERRUPT_AT.as_secs_f64() + 1.0);
        assert!(GREETING.len() + ANSWER.len() + GOODBYE.len() < 600 << 10);
    }
}
