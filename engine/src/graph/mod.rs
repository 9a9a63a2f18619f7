//! The graph: processors, and what connects them, edited while it runs.
//!
//! Streams feed it, the output hears it. Without an edit, the streams go to the output as they are.
//!
//! - Edit: [`Session::graph`](crate::Session::graph), [`Graph::edit`], [`Edit::commit`].
//! - Set: [`Node::param`] gives a [`Param`], typed by its unit, to be set, moved, and told [when](When).
//! - Look: [`Graph::snapshot`], [`Graph::to_dot`].
//! - Write your own: [`Processor`]; try it alone with [`Solo`].
//!
//! The built-in processors are in [`nodes`](crate::nodes).

// Where it is wanted, edited and compiled: any thread, and control.
mod commands;
mod compile;
mod declared;
pub(crate) mod desk;
mod edit;
mod ends;
mod error;
mod handle;
pub(crate) mod link;
mod model;
mod node;
mod places;
mod snapshot;
mod transition;
// What a processor declares, and what it sees.
mod audio;
mod processor;
mod ramp;
mod solo;
mod spec;
mod unit;
// The audio thread's.
pub(crate) mod live;
pub(crate) mod program;

pub use audio::{Audio, Sides};
pub use commands::When;
pub(crate) use commands::{NodeCommand, NodeOp};
pub use edit::Edit;
pub use ends::{SessionOutput, StreamInput};
pub use error::{EditError, NodeName, Refused};
pub use handle::Graph;
pub use node::{Node, NodeId, Param};
pub use processor::{Activity, Companion, MAX_FRAMES, Processor, Setup, Trigger};
pub use ramp::{Curve, Frames, Values};
pub use snapshot::{Connection, NodeInfo, Snapshot};
pub use solo::Solo;
pub use spec::{Layout, ParamInfo, ParamSpec, Tail, TriggerSpec};
pub use unit::{Db, Factor, Hz, Position, Q, Ratio, Seconds, Unit};
