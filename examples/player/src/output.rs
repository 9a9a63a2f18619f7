//! From `--output` to a session.

use codetta::{OnDeviceLoss, Output, Session, SessionError, WavFormat};

use crate::cli::OutputArg;

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
            .on_device_loss(OnDeviceLoss::Rebuild)
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

/// The engine's rate for a first input of `rate` Hz: its own, so that nothing is converted, unless that would cost those
/// that follow their treble.
pub fn engine_rate(rate: u32) -> u32 {
    if (44_100..=192_000).contains(&rate) { rate } else { 48_000 }
}
