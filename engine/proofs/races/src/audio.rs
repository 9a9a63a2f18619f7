//! The host's audio thread.

use crate::{Word, dice::Dice};
use codetta::HostRenderer;
use std::time::Duration;

/// Renders blocks of all lengths until it is told to stop; answers how many.
///
/// It goes on after the session's end, as a host does that has not noticed.
pub fn render(mut renderer: HostRenderer, channels: usize, stop: &Word, dice: &mut Dice) -> u64 {
    let mut block = vec![0.0_f32; 1_024 * channels];
    let (mut blocks, mut refused) = (0, false);
    while !stop.is_said() {
        let frames = 1 + dice.below(1_024) as usize;
        let out = &mut block[..frames * channels];
        let rendered = if dice.one_in(3) {
            renderer.render_with_latency(out, Duration::from_micros(dice.below(30_000)))
        } else {
            renderer.render(out)
        };
        assert!(!(rendered && refused), "what was seized does not come back");
        assert!(rendered || out.iter().all(|sample| *sample == 0.0), "refused is silent");
        refused |= !rendered;
        blocks += u64::from(rendered);
        dice.dawdle(1);
    }
    blocks
}
