//! From `--output` to a session.

use codetta::device::DeviceError;
use codetta::{OnDeviceLoss, Output, Session, SessionError, WavFormat};

use crate::cli::OutputArg;
use crate::exit::Exit;

/// Rates that sound cards have, and none that costs treble.
const DEVICES: [u32; 6] = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// Streams overlap by one where the format changes.
const STREAMS: usize = 8;

/// Starts a session at `rate` Hz, stereo; a real device may answer with another rate.
///
/// The second value is a notice for the listener: where `auto` found no device, why nothing will be heard.
pub fn start(output: &OutputArg, rate: u32) -> Result<(Session, Option<String>), SessionError> {
    let session = |output| {
        Session::builder()
            .sample_rate(rate)
            .channels(2)
            .max_streams(STREAMS)
            .output(output)
            .on_device_loss(OnDeviceLoss::RebuildOrStop)
            .start()
    };
    let chosen = match output {
        OutputArg::Auto => {
            return match session(Output::Default) {
                Ok(session) => Ok((session, None)),
                Err(why) => {
                    let notice = format!("nothing will be heard, playing to the virtual device: {why}");
                    Ok((session(Output::Virtual)?, Some(notice)))
                }
            };
        }
        OutputArg::Default => Output::Default,
        OutputArg::Virtual => Output::Virtual,
        OutputArg::File(path) => Output::File { path: path.clone(), format: WavFormat::Pcm16 },
        OutputArg::Device(name) => Output::Device(name.clone()),
    };
    Ok((session(chosen)?, None))
}

/// What the shell is told when a session cannot be started.
pub fn refused(error: &SessionError) -> Exit {
    match error {
        SessionError::Device(DeviceError::File { .. }) => Exit::Usage,
        _ => Exit::DeviceLost,
    }
}

/// The engine's rate for a first input of `rate` Hz: its own, so that nothing is converted, where devices have it.
pub fn engine_rate(rate: u32) -> u32 {
    if DEVICES.contains(&rate) { rate } else { 48_000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rate that no card has would only be converted once more on the way.
    #[test]
    fn the_engine_takes_rates_that_devices_have() {
        assert_eq!([44_100, 96_000].map(engine_rate), [44_100, 96_000]);
        assert_eq!([8_000, 24_000, 44_101, 64_000, 384_000].map(engine_rate), [48_000; 5]);
    }
}
