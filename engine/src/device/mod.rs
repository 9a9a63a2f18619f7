//! Where rendered blocks go: one small trait, and the devices that implement it.
//!
//! A device owns a thread that asks for audio, and nothing else: it does not know of streams, segments or
//! sessions. Pausing and draining are the engine's own; a device only starts and stops.

mod contained;
mod fault;
#[cfg(any(feature = "cpal", test))]
mod feed;
mod file;
#[cfg(feature = "cpal")]
mod hardware;
#[cfg(any(feature = "cpal", test))]
mod names;
#[cfg(any(feature = "cpal", test))]
mod offer;
mod paced;
mod pacer;
mod pcm;
mod reaper;
#[cfg(test)]
mod scratch;
mod wav;

use std::time::Duration;

pub(crate) use contained::Contained;
pub use file::FileDevice;
#[cfg(feature = "cpal")]
pub use hardware::CpalDevice;
pub use paced::Virtual;
pub use wav::{WavFormat, WavWriter};

/// Sample rate and channel count of what a device is to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Samples a frame, interleaved.
    pub channels: usize,
}

/// What a device calls, on its own thread, for each block: it fills the interleaved slice it is given.
///
/// Any number of frames may be asked for, and another number each time. It never blocks, allocates or panics.
pub type Callback = Box<dyn FnMut(&mut [f32], Option<Duration>) + Send + 'static>;

/// What kind of device a session plays to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DeviceKind {
    /// Paced by the monotonic clock; nobody listens.
    Virtual,
    /// Paced by the monotonic clock, into a WAV file.
    File,
    /// The caller's own callback.
    Host,
    /// As fast as it can, on virtual time.
    Offline,
    /// A sound card, or a sound server.
    Hardware,
    /// An implementation of [`Device`] from outside.
    Custom,
}

/// The device that a session plays to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DeviceInfo {
    /// Name to show, and to open it by.
    pub name: String,
    /// Its kind.
    pub kind: DeviceKind,
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Samples a frame.
    pub channels: usize,
}

impl DeviceInfo {
    /// Describes a device.
    pub fn new(name: impl Into<String>, kind: DeviceKind, format: Format) -> Self {
        Self { name: name.into(), kind, sample_rate: format.sample_rate, channels: format.channels }
    }
}

/// A device that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DeviceDescription {
    /// What [`Output::Device`](crate::Output::Device) takes.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// The system it belongs to: `alsa`, `coreaudio`, …
    pub host: String,
    /// Whether it is what `Output::Default` opens.
    pub is_default: bool,
    /// Its default rate in Hz, where it says one. `None`: it is listed, but may not open.
    pub sample_rate: Option<u32>,
    /// Its default channel count, where it says one.
    pub channels: Option<usize>,
}

/// A device failed after it had started. Latched: the first one stays, later ones are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceFault {
    /// It went away; no more callbacks will come.
    Lost,
    /// It said that it dropped or repeated audio. It goes on.
    Xrun,
}

/// Why a device could not be opened or started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// No device of that name: list them, or use the virtual one.
    #[error("no output device called {name:?} among those that are listed")]
    NotFound {
        /// What was asked for.
        name: String,
    },
    /// The machine has no output device: use the virtual one.
    #[error("this machine has no output device; the virtual device needs none")]
    NoDefault,
    /// The device is there and refuses: another program may hold it, or its server is down. A retry may help.
    #[error("output device {name:?} cannot be used: {reason}")]
    Unavailable {
        /// The device.
        name: String,
        /// What the system said.
        reason: String,
    },
    /// It cannot play this format.
    #[error("output device {name:?} cannot play {channels} channels at {sample_rate} Hz")]
    Unsupported {
        /// The device.
        name: String,
        /// Hz asked for.
        sample_rate: u32,
        /// Channels asked for.
        channels: usize,
    },
    /// Built without the feature that reaches sound cards.
    #[error(
        "built without the `cpal` feature: sound cards cannot be reached, only virtual, file, custom, host, offline and stepped outputs"
    )]
    NotBuilt,
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The system would not give a thread.
    #[error("cannot start the device's thread: {0}")]
    Thread(#[source] std::io::Error),
}

/// Something that plays blocks.
///
/// **Thread**: `open`, `start`, `stop` and `fault` come from the control side, one at a time; the callback is called on
/// the device's own thread. One that panics in any of them is lost, like one that says so.
pub trait Device: Send {
    /// Opens it for `want`, or for the nearest it can do: the answer is what it will really ask for.
    ///
    /// # Errors
    /// [`DeviceError`] says whether a retry, another device or another build helps.
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError>;

    /// Begins to call `callback(block, latency)`; `latency` is how long until the block's first frame is heard. `None`:
    /// as it said last; one that never says is taken to be heard as soon as the block is returned.
    ///
    /// # Errors
    /// As [`open`](Device::open).
    fn start(&mut self, callback: Callback) -> Result<(), DeviceError>;

    /// Ends the calls. Returns within a second, also when the callback never returns: what cannot be waited for is left
    /// to a thread of its own. No call *begins* after it has returned, as far as the system lets itself be told.
    fn stop(&mut self);

    /// The first fault since the start that has not been taken yet, and how often since.
    fn fault(&mut self) -> Option<(DeviceFault, u64)>;
}

/// The output devices that [`Output::Device`](crate::Output::Device) can open; none without the `cpal` feature.
///
/// One that is listed may still refuse, or be held by another program. Some systems must open each device to ask it,
/// which takes a while and may write to stderr.
///
/// **Thread**: any but an audio thread; it blocks on the system.
pub fn list() -> Vec<DeviceDescription> {
    #[cfg(feature = "cpal")]
    return hardware::list();
    #[cfg(not(feature = "cpal"))]
    Vec::new()
}

/// The default output device, or the one of that id or name; not opened yet.
///
/// # Errors
/// [`NotBuilt`](DeviceError::NotBuilt) without the `cpal` feature. Whether there is such a device is what opening it
/// says.
#[cfg_attr(not(feature = "cpal"), allow(unused_variables, reason = "there is nothing to look for"))]
pub(crate) fn open_hardware(name: Option<&str>) -> Result<Box<dyn Device>, DeviceError> {
    #[cfg(feature = "cpal")]
    return Ok(Box::new(match name {
        Some(name) => CpalDevice::named(name),
        None => CpalDevice::default_output(),
    }));
    #[cfg(not(feature = "cpal"))]
    Err(DeviceError::NotBuilt)
}
