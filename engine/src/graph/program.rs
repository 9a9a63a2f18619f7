//! What the audio thread carries out in each block: a list of small steps over a few buffers, compiled by control.

use super::live::{arena::Arena, edge::Edge, hull::Hull, slot::Slot};

/// A buffer of some channels in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Buffer {
    /// Samples from the start of the arena.
    pub(crate) at: u32,
    /// Which of the hulls is its.
    pub(crate) hull: u32,
    /// Channels that there is room for.
    pub(crate) width: u32,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The samples of a stream input, from interleaved to planar.
    Input { input: u32, to: Buffer },
    /// Nothing is connected.
    Silence { to: Buffer },
    /// One buffer into another: as its first (`fresh`) or added to what is there. One channel goes to every channel.
    Mix { from: Buffer, to: Buffer, channels: u32, spread: bool, fresh: bool, edge: Option<u32> },
    /// A processor, in place. Its side-chains are those of the program's from one index to before another.
    ///
    /// `ahead` are processors that are called soon, the farther one first.
    Process { slot: u32, buffer: Buffer, sides: (u32, u32), ahead: [u32; 2] },
}

/// An input for streams: they mix into it interleaved, as into the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InputAt {
    pub(crate) node: u64,
    /// Samples from the start of the arena.
    pub(crate) at: u32,
}

/// A whole block's work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) steps: Vec<Step>,
    /// Buffers of side-chains, and their channels.
    pub(crate) sides: Vec<(Option<Buffer>, u32)>,
    /// The first takes the streams that ask for none, or for one that is not there.
    pub(crate) inputs: Vec<InputAt>,
    pub(crate) output: Option<Buffer>,
    pub(crate) hulls: usize,
    /// Samples of arena.
    pub(crate) arena: usize,
    /// The streams go to the output as they are, and nothing else does.
    pub(crate) is_direct: bool,
}

/// What control sends to the audio thread when the graph has changed, and what comes back with what it does not need any
/// more: every place that something is to be left in is there already.
// What goes home is what came: moving a pointer.
#[allow(clippy::vec_box)]
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) generation: u64,
    /// The commit that it carries out, from 1; none if it only goes on with one.
    pub(crate) commit: Option<u64>,
    pub(crate) program: Program,
    /// Larger than the one that is there, if that is too small.
    pub(crate) arena: Arena,
    pub(crate) hulls: Vec<Hull>,
    /// Frames until the output has what enters now.
    pub(crate) latency: u64,
    pub(crate) new_nodes: Vec<(u32, Box<Slot>)>,
    pub(crate) old_nodes: Vec<u32>,
    pub(crate) new_edges: Vec<(u32, Box<Edge>)>,
    pub(crate) old_edges: Vec<u32>,
    /// Edges that fade from now on, and to which gain.
    pub(crate) turns: Vec<(u32, f32)>,
    /// Frames before they do: what is new must have filled its latency.
    pub(crate) warm_up: u32,
    /// What follows when everything has faded: the second step of an edit that would be a cycle with what was.
    pub(crate) then: Option<Box<Plan>>,
    /// Where nodes and edges are left that go.
    pub(crate) gone_nodes: Vec<Box<Slot>>,
    pub(crate) gone_edges: Vec<Box<Edge>>,
}
