//! The trait of everything that makes or changes sound in the graph: the built-in nodes, and users' own.

use super::{
    audio::Audio,
    spec::{Layout, ParamInfo},
};

/// Frames of a processor's call, at most. Commands split a block, so that each lands on its exact frame.
pub const MAX_FRAMES: usize = 512;

/// What a processor is told before it is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setup {
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Channels of the session.
    pub channels: usize,
}

impl Setup {
    /// For a processor that is tried by itself.
    pub fn new(sample_rate: u32, channels: usize) -> Self {
        Self { sample_rate, channels }
    }
}

/// Something that a processor is to do, at the frame before which it is told: see
/// [`TriggerSpec`](super::TriggerSpec).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Trigger {
    /// Which.
    pub index: u32,
    /// How much.
    pub value: f32,
}

/// What a source has made in a call. Of an effect this is not looked at: it sounds as long as its input, and its tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Every frame may sound.
    Sounding,
    /// None does, and what stands in the channels is not looked at.
    Silent,
    /// So many frames may sound, and the rest is silent.
    Until(usize),
}

/// Makes or changes sound, on the audio thread.
///
/// It works in place: the channels that [`process`](Self::process) is given hold the input, summed over everything that
/// is connected, and are left holding the output.
///
/// The same input and the same commands must give the same output, however they are cut into calls: keep what goes on
/// from frame to frame in `self`, and count frames, not calls.
///
/// ```
/// use codetta::graph::{Activity, Audio, Db, Layout, ParamInfo, ParamSpec, Processor, Setup, Solo};
///
/// /// Rounds the peaks off.
/// #[derive(Debug)]
/// struct Fuzz;
///
/// impl Fuzz {
///     pub const DRIVE: ParamSpec<Fuzz, Db> = ParamSpec::new(0, "drive", (0.0, 40.0), 12.0);
/// }
///
/// impl Processor for Fuzz {
///     fn name(&self) -> &'static str {
///         "fuzz"
///     }
///
///     fn params(&self) -> Vec<ParamInfo> {
///         vec![Fuzz::DRIVE.info()]
///     }
///
///     fn prepare(&mut self, setup: &Setup) -> Layout {
///         Layout::effect(setup.channels, setup.channels)
///     }
///
///     fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
///         let drive = audio.param(Fuzz::DRIVE);
///         for channel in audio.channels() {
///             for (sample, drive) in channel.iter_mut().zip(drive) {
///                 *sample = (*sample * drive).tanh();
///             }
///         }
///         Activity::Sounding
///     }
/// }
///
/// // By itself, without a session:
/// let mut fuzz = Solo::new(Fuzz, Setup::new(48_000, 1));
/// fuzz.set_now(Fuzz::DRIVE, Db(40.0));
/// let out = fuzz.process(&[vec![0.5; 100]]);
/// assert!(out[0].iter().all(|sample| *sample > 0.999));
/// ```
pub trait Processor: Send + 'static {
    /// What kind of node it is: for errors, pictures and snapshots.
    fn name(&self) -> &'static str;

    /// Its parameters, in the order of their indices.
    ///
    /// **Thread**: the one that adds it.
    fn params(&self) -> Vec<ParamInfo> {
        Vec::new()
    }

    /// Learns the format, allocates whatever it will need, and says what it is like. Called once.
    ///
    /// **Thread**: the one that adds it. Everything that may allocate or block belongs here.
    fn prepare(&mut self, setup: &Setup) -> Layout;

    /// Turns the input in `audio` into output, in place: 1 to [`MAX_FRAMES`] frames, in which no command falls.
    ///
    /// A panic costs this node alone: it is silent from then on, and [`NodeInfo::has_failed`](super::NodeInfo::has_failed)
    /// tells. But the panic itself allocates and prints, there on the audio thread.
    ///
    /// **Thread**: the audio thread: no allocation, lock, system call or panic.
    fn process(&mut self, audio: &mut Audio<'_>) -> Activity;

    /// Does something at the frame with which the next call begins.
    ///
    /// **Thread**: as [`process`](Self::process).
    fn trigger(&mut self, trigger: Trigger) {
        let _ = trigger;
    }

    /// Forgets what it has heard: its input has been silent for longer than its tail, and it sleeps.
    ///
    /// **Thread**: as [`process`](Self::process).
    fn reset(&mut self) {}

    /// The part of it that control runs: for what must not be done on the audio thread. Asked once, after
    /// [`prepare`](Self::prepare).
    ///
    /// **Thread**: the one that adds it.
    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        None
    }
}

/// A processor's other half, which may allocate, and block for a moment: outcomes, events and drains wait for it
/// meanwhile, sound does not.
pub trait Companion: Send {
    /// Does what is to be done: some tens of times a second, and once more when the processor has gone. One that panics is
    /// not called again.
    ///
    /// **Thread**: control's.
    fn step(&mut self);
}
