//! A processor that declares anything, and keeps to it.

use arbitrary::Arbitrary;
use codetta::graph::{Activity, Audio, Layout, Processor, Setup, Tail};

/// What is declared: some of it cannot be.
#[derive(Debug, Clone, Arbitrary)]
pub(super) struct Odd {
    inputs: [u8; 2],
    output: u8,
    latency: u16,
    tail: Option<u16>,
    sounds: Option<u16>,
}

impl Processor for Odd {
    fn name(&self) -> &'static str {
        "odd"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        let [main, side] = self.inputs.map(|count| usize::from(count % 11));
        let output = usize::from(self.output % 11);
        let layout = if main > 0 { Layout::effect(main, output) } else { Layout::source(output) };
        let layout = if side > 0 && main > 0 { layout.side(side) } else { layout };
        let tail = self.tail.map_or(Tail::Endless, |frames| Tail::Frames(u64::from(frames)));
        layout.latency(u32::from(self.latency)).tail(tail)
    }

    /// Says a level of its own to what it hears, in each frame alike.
    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        for channel in audio.channels() {
            channel.iter_mut().for_each(|sample| *sample = 0.5 * *sample + 0.001);
        }
        // Counted in frames of the clock: so it is the same however it is called.
        match self.sounds {
            None => Activity::Sounding,
            Some(until) => {
                let left = u64::from(until).saturating_sub(audio.clock());
                let frames = usize::try_from(left).unwrap_or(usize::MAX).min(audio.frames());
                if frames == 0 { Activity::Silent } else { Activity::Until(frames) }
            }
        }
    }
}
