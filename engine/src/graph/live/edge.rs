//! A connection with a state of its own: it fades in or out, or delays what is early beside other paths.

use super::hull::Hull;
use crate::graph::{
    audio::{SILENCE, STRIDE},
    processor::MAX_FRAMES,
    ramp::{Curve, Ramp, Values},
};

/// One connection on the audio thread. Those that neither fade nor delay need none.
#[derive(Debug)]
pub(crate) struct Edge {
    gain: Ramp,
    /// A ring for each channel, one after the other.
    line: Vec<f32>,
    delay: usize,
    at: usize,
    /// Frames of the clock between which the line's output may sound.
    sounds_from: u64,
    sounds_until: u64,
}

impl Edge {
    /// **Control**: allocates.
    pub(crate) fn new(gain: f32, delay: u32, channels: usize) -> Self {
        let delay = delay as usize;
        Self {
            gain: Ramp::steady(gain),
            line: vec![0.0; delay * channels],
            delay,
            at: 0,
            sounds_from: 0,
            sounds_until: 0,
        }
    }

    /// Turns to a gain, `wait` frames from now. A fade that is under way goes on from where it is, at once; one that still
    /// waits goes on waiting. Answers the frame from which it is there.
    pub(crate) fn turn(&mut self, clock: u64, wait: u32, gain: f32, frames: u32) -> u64 {
        let start =
            if self.gain.end() <= clock { clock + u64::from(wait) } else { self.gain.start().max(clock) };
        self.gain.turn(start, gain, frames, Curve::Linear);
        self.gain.end()
    }

    /// Adds what comes out to `to`, and answers where that sounds. `live` is where `from` does.
    #[allow(clippy::too_many_arguments, reason = "the two ends of a wire, and the block")]
    pub(crate) fn mix(
        &mut self,
        to: &mut [f32],
        from: &[f32],
        channels: usize,
        spread: bool,
        frames: usize,
        clock: u64,
        live: Hull,
    ) -> Hull {
        let hull = self.delayed(live, frames, clock);
        let is_quiet = live.is_silent() && hull.is_silent() && self.sounds_until <= clock;
        if is_quiet {
            return Hull::SILENT;
        }
        let mut gains = [0.0; MAX_FRAMES];
        let gains = &mut gains[..frames];
        Values::new(self.gain, clock).fill(gains);
        let mut end = self.at;
        for channel in 0..channels {
            let source = if spread { 0 } else { channel };
            let source: &[f32] = if live.is_silent() { &SILENCE } else { &from[source * STRIDE..] };
            let to = &mut to[channel * STRIDE..channel * STRIDE + frames];
            let frames = to.iter_mut().zip(&source[..frames]).zip(&*gains);
            if self.delay == 0 {
                frames.for_each(|((to, sample), gain)| *to += sample * gain);
                continue;
            }
            let line = &mut self.line[channel * self.delay..(channel + 1) * self.delay];
            end = self.at;
            for ((to, sample), gain) in frames {
                *to += std::mem::replace(&mut line[end], *sample) * gain;
                end = if end + 1 == self.delay { 0 } else { end + 1 };
            }
        }
        self.at = end;
        if self.gain.target() != 0.0 {
            return hull;
        }
        // It ends with its fade, at that frame.
        let faded = self.gain.end().saturating_sub(clock).min(u64::from(hull.end));
        Hull::new(hull.start as usize, faded as usize)
    }

    /// Where the output sounds, given where the input does.
    fn delayed(&mut self, live: Hull, frames: usize, clock: u64) -> Hull {
        let delay = self.delay as u64;
        let inside = |at: u64| at.saturating_sub(clock).min(frames as u64) as usize;
        // What was in the line before: it may leave it before what comes now.
        let before = Hull::new(inside(self.sounds_from), inside(self.sounds_until));
        if !live.is_silent() {
            if self.sounds_until <= clock + u64::from(live.start) {
                self.sounds_from = clock + u64::from(live.start) + delay;
            }
            self.sounds_until = self.sounds_until.max(clock + u64::from(live.end) + delay);
        }
        before.join(Hull::new(inside(self.sounds_from), inside(self.sounds_until)))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// What goes in comes out `delay` frames later, however it is cut, and the hull says where.
    #[test]
    fn a_line_delays() {
        for block in [1, 3, 64] {
            let mut edge = Edge::new(1.0, 100, 1);
            let (mut heard, mut clock) = (Vec::new(), 0);
            while clock < 300 {
                let frames = block.min(300 - clock);
                let mut from = [0.0; STRIDE];
                let mut to = [0.0; STRIDE];
                let mut live = Hull::SILENT;
                for (frame, sample) in from.iter_mut().enumerate().take(frames) {
                    if (10..20).contains(&(clock + frame)) {
                        *sample = (clock + frame) as f32;
                        live = live.join(Hull::new(frame, frame + 1));
                    }
                }
                let hull = edge.mix(&mut to, &from, 1, false, frames, clock as u64, live);
                for (frame, sample) in to[..frames].iter().enumerate() {
                    let inside = (hull.start..hull.end).contains(&(frame as u32));
                    assert_eq!(*sample != 0.0, inside, "frame {}", clock + frame);
                    heard.push(*sample);
                }
                clock += frames;
            }
            assert_eq!(heard.iter().position(|sample| *sample != 0.0), Some(110));
            assert_eq!((heard[110], heard[119], heard[120]), (10.0, 19.0, 0.0));
        }
    }
}
