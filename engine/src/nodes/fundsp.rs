//! Any fundsp unit as a processor.

use crate::graph::{Activity, Audio, Layout, Processor, Setup, Tail};
use ::fundsp::{MAX_BUFFER_SIZE, audiounit::AudioUnit, buffer::BufferVec};
use std::{fmt, time::Duration};

/// A unit of the `fundsp` crate: its reverbs, filters, oscillators and effects.
///
/// It has the unit's channels: a unit without inputs is a source. Its latency is what the unit says, rounded to a frame.
/// The unit is told the session's sample rate and made to allocate when it is added; values that change while it runs
/// go through fundsp's own `shared` variables, which know nothing of the session's clock.
///
/// # Frame by frame, or in blocks
/// Oscillators, envelopes, whatever they modulate, `chorus`, `declick` and the sequencer compute other bits in blocks
/// than frame by frame, and others again in blocks of another length; filters and reverbs do not. So the unit is asked
/// frame by frame (`AudioUnit::tick`), which is the same for any block of the session. With
/// [`in_blocks`](Self::in_blocks) it is asked for 64 frames at a time, counted from its first, whatever the session's
/// blocks are: as bit-identical, and about twice as fast, but an effect is 64 frames later, which the graph compensates
/// as any latency.
///
/// # What a unit must keep to
/// Of fundsp 0.23, 46 kinds of units were run: none allocates once it is prepared, neither running nor in a reset. A
/// unit of yours must not either, and what it makes must be numbers.
///
/// A unit with a [`tail`](Self::tail) is reset when it falls asleep. `reverb3_stereo`, `limiter` and `adsr_live` keep
/// something of the past in a reset: where the same bits matter, leave them awake.
///
/// Units with feedback, the reverbs among them, switch denormals off for the thread that runs them, and leave them so.
/// A session has them off while it renders, and restores them behind; [`Solo`](crate::graph::Solo) does not.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::Fundsp};
/// use fundsp::prelude32::{reverb_stereo, lowpass_hz};
/// use std::time::Duration;
///
/// let hall = Fundsp::new(Box::new(reverb_stereo(10.0, 2.0, 0.5))).tail(Duration::from_secs(4));
/// let warm = Fundsp::new(Box::new(lowpass_hz(2_000.0, 0.7)));
/// let mut warm = Solo::new(warm, Setup::new(48_000, 1));
/// assert!((warm.process(&[vec![1.0; 4_800]])[0][4_799] - 1.0).abs() < 1e-3);
/// ```
pub struct Fundsp {
    unit: Box<dyn AudioUnit>,
    tail: Option<Duration>,
    is_in_blocks: bool,
    inputs: usize,
    outputs: usize,
    /// A frame for `tick`, input and output.
    frame: (Box<[f32]>, Box<[f32]>),
    /// A block for `process`, likewise.
    block: (BufferVec, BufferVec),
    /// Frames of the block that have been taken in, and given out.
    filled: usize,
}

impl Fundsp {
    /// A processor of a unit.
    pub fn new(unit: Box<dyn AudioUnit>) -> Self {
        let (inputs, outputs) = (unit.inputs(), unit.outputs());
        Self {
            unit,
            tail: None,
            is_in_blocks: false,
            inputs,
            outputs,
            frame: (vec![0.0; inputs].into(), vec![0.0; outputs].into()),
            block: (BufferVec::new(inputs), BufferVec::new(outputs)),
            filled: 0,
        }
    }

    /// It is silent so long after its input is, and may sleep then. Unless told, it never does: units do not say.
    #[must_use]
    pub fn tail(mut self, tail: Duration) -> Self {
        self.tail = Some(tail);
        self
    }

    /// Asks the unit for 64 frames at a time, which makes an effect 64 frames later.
    #[must_use]
    pub fn in_blocks(mut self) -> Self {
        self.is_in_blocks = true;
        self
    }

    /// Channels that the unit takes; none: it is a source.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Channels that the unit makes.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    fn by_frame(&mut self, audio: &mut Audio<'_>) {
        let (input, output) = (&mut self.frame.0, &mut self.frame.1);
        for at in 0..audio.frames() {
            for (slot, channel) in input.iter_mut().zip(audio.channels()) {
                *slot = channel[at];
            }
            self.unit.tick(input, output);
            for (slot, channel) in output.iter().zip(audio.channels()) {
                channel[at] = *slot;
            }
        }
    }

    fn by_block(&mut self, audio: &mut Audio<'_>) {
        let mut done = 0;
        while done < audio.frames() {
            // A source's block is made before its first frame is given, an effect's when its last frame has come.
            if self.inputs == 0 && self.filled == 0 {
                self.ask();
            }
            let now = (audio.frames() - done).min(MAX_BUFFER_SIZE - self.filled);
            let (span, block) = (done..done + now, self.filled..self.filled + now);
            for (index, channel) in audio.channels().take(self.inputs).enumerate() {
                self.block.0.channel_f32_mut(index)[block.clone()].copy_from_slice(&channel[span.clone()]);
            }
            for (index, channel) in audio.channels().take(self.outputs).enumerate() {
                channel[span.clone()].copy_from_slice(&self.block.1.channel_f32(index)[block.clone()]);
            }
            done += now;
            self.filled = (self.filled + now) % MAX_BUFFER_SIZE;
            if self.inputs > 0 && self.filled == 0 {
                self.ask();
            }
        }
    }

    fn ask(&mut self) {
        self.unit.process(MAX_BUFFER_SIZE, &self.block.0.buffer_ref(), &mut self.block.1.buffer_mut());
    }

    fn latency(&mut self) -> u32 {
        let of_unit = self.unit.latency().filter(|latency| latency.is_finite()).unwrap_or(0.0);
        let of_blocks = if self.is_in_blocks && self.inputs > 0 { MAX_BUFFER_SIZE as u32 } else { 0 };
        (of_unit.round() as u32).saturating_add(of_blocks)
    }
}

impl Processor for Fundsp {
    fn name(&self) -> &'static str {
        "fundsp"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.unit.set_sample_rate(f64::from(setup.sample_rate));
        self.unit.allocate();
        let latency = self.latency();
        let layout = match self.inputs {
            0 => Layout::source(self.outputs),
            inputs => Layout::effect(inputs, self.outputs),
        };
        let tail = match self.tail {
            Some(tail) => Tail::Frames(super::frame_ring::frames(tail, setup.sample_rate) as u64),
            None => Tail::Endless,
        };
        layout.latency(latency).tail(tail)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        if self.is_in_blocks {
            self.by_block(audio);
        } else {
            self.by_frame(audio);
        }
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.unit.reset();
        self.block.0.clear();
        self.block.1.clear();
        self.filled = 0;
    }
}

impl fmt::Debug for Fundsp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fundsp")
            .field("id", &self.unit.get_id())
            .field("inputs", &self.inputs)
            .field("outputs", &self.outputs)
            .field("is_in_blocks", &self.is_in_blocks)
            .finish_non_exhaustive()
    }
}
