//! What an engine must do to be compared.

/// A mixer of a fixed number of streams, fed apart from being timed.
pub trait Contestant {
    /// Its name in the figures.
    fn name(&self) -> &'static str;

    /// Does the producers' work, untimed: afterwards `blocks` blocks can be rendered without one stream running dry.
    ///
    /// `blocks` is at most [`BATCH_BLOCKS`](crate::BATCH_BLOCKS).
    fn refill(&mut self, blocks: usize);

    /// Renders one block into `out`, interleaved: the audio thread's work, and all that is timed.
    fn render(&mut self, out: &mut [f32]);
}
