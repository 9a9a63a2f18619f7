//! Where the graph begins and ends: what streams mix into, and what is heard.

/// An input of the graph, into which streams mix. See [`Edit::add_input`](super::Edit::add_input).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StreamInput;

/// The session's output: what is connected to it is heard.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SessionOutput;
