//! What a session plays to, and why it may not be had.

use crate::device::{Device, DeviceError, FileDevice, Virtual, WavFormat, open_hardware};
use std::{fmt, path::PathBuf};

/// What a session plays to.
#[non_exhaustive]
pub enum Output {
    /// The system's default output device (feature `cpal`).
    Default,
    /// The output device of that id or name, see [`device::list`](crate::device::list) (feature `cpal`).
    Device(String),
    /// Paced by the monotonic clock; nobody listens. What a server or CI uses.
    Virtual,
    /// As `Virtual`, and into a WAV file, which holds 4 GiB, three hours of stereo at 48 kHz and 32 bits: then it is lost, as a
    /// device is.
    File {
        /// Where. An existing file is replaced.
        path: PathBuf,
        /// In which format.
        format: WavFormat,
    },
    /// A device of your own.
    Custom(Box<dyn Device>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("Default"),
            Self::Device(name) => f.debug_tuple("Device").field(name).finish(),
            Self::Virtual => f.write_str("Virtual"),
            Self::File { path, format } => {
                f.debug_struct("File").field("path", path).field("format", format).finish()
            }
            Self::Custom(_) => f.write_str("Custom"),
        }
    }
}

impl Output {
    pub(super) fn open(self) -> Result<Box<dyn Device>, DeviceError> {
        Ok(match self {
            Self::Default => open_hardware(None)?,
            Self::Device(name) => open_hardware(Some(&name))?,
            Self::Virtual => Box::new(Virtual::new()),
            Self::File { path, format } => Box::new(FileDevice::new(path, format)),
            Self::Custom(device) => device,
        })
    }
}

/// Why a session could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// 1 to 8.
    #[error("a session mixes 1 to 8 channels, not {channels}")]
    Channels {
        /// What was asked for.
        channels: usize,
    },
    /// 8000 to 192000 Hz.
    #[error("a session mixes at 8000 to 192000 Hz, not {rate}")]
    Rate {
        /// What was asked for, or what the device has.
        rate: u32,
    },
    /// 1 to 65536.
    #[error("a session has 1 to 65536 streams, not {streams}")]
    Streams {
        /// What was asked for.
        streams: usize,
    },
    /// 0 to 65536.
    #[error("a graph has up to 65536 nodes, not {nodes}")]
    Nodes {
        /// What was asked for.
        nodes: usize,
    },
    /// 16 to 1048576.
    #[error("a session takes 16 to 1048576 commands at a time, not {commands}")]
    Commands {
        /// What was asked for.
        commands: usize,
    },
    /// 1 to 1048576.
    #[error("a log keeps 1 to 1048576 commands until they are collected, not {ahead}")]
    Log {
        /// What was asked for.
        ahead: usize,
    },
    /// The device could not be opened or started.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The system would not give a thread.
    #[error("cannot start the control thread: {0}")]
    Thread(#[source] std::io::Error),
}
