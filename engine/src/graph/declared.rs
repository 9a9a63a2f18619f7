//! Whether what a processor says of itself can be.

use super::{
    live::MAX_SIDES,
    spec::{Layout, ParamInfo},
};
use crate::render::observed::MAX_CHANNELS;

/// Some 20 seconds at 192 kHz: what is level with it is held back as long, in memory.
const MAX_LATENCY: u32 = 1 << 22;
/// In seconds.
const MAX_SMOOTHING: f32 = 60.0;

/// What a processor says of itself, and cannot be.
pub(crate) fn wrong(layout: &Layout, params: &[ParamInfo]) -> Option<&'static str> {
    let is_numbered = params.iter().enumerate().all(|(index, param)| param.index as usize == index);
    let in_range = |param: &ParamInfo| (param.range.0..=param.range.1).contains(&param.default);
    let counts = layout.inputs.iter().chain((layout.output > 0).then_some(&layout.output));
    if !is_numbered {
        Some("parameters that are not numbered from 0 without a gap")
    } else if !params.iter().all(in_range) {
        Some("a parameter whose default is not in its range")
    } else if !counts.into_iter().all(|count| (1..=MAX_CHANNELS).contains(count)) {
        Some("an input or output of no or more than 8 channels")
    } else if layout.inputs.is_empty() && layout.output == 0 {
        Some("neither an input nor an output")
    } else if layout.inputs.len() > MAX_SIDES + 1 {
        Some("more than 8 side-chains")
    } else if layout.latency > MAX_LATENCY {
        Some("a latency of more than 2^22 frames")
    } else if !params.iter().all(|param| param.smoothing >= 0.0 && param.smoothing <= MAX_SMOOTHING) {
        Some("a smoothing that is negative, or longer than 60 s")
    } else {
        None
    }
}
