//! A node, whatever its type.

use crate::tally::Part;
use codetta::graph::{Edit, Node, SessionOutput, StreamInput};

/// A node of any type.
pub enum Handle {
    Part(Node<Part>),
    Input(Node<StreamInput>),
    Output(Node<SessionOutput>),
}

/// The node in a handle, whatever its type.
macro_rules! with {
    ($handle:expr, $node:ident => $do:expr) => {
        match $handle {
            Handle::Part($node) => $do,
            Handle::Input($node) => $do,
            Handle::Output($node) => $do,
        }
    };
}

impl Handle {
    pub fn id(&self) -> u64 {
        with!(self, node => node.id().0)
    }

    pub fn is_in_graph(&self) -> bool {
        with!(self, node => node.is_in_graph())
    }

    pub fn remove(&self, edit: &mut Edit) {
        with!(self, node => edit.remove(node));
    }

    pub fn connect(edit: &mut Edit, from: &Self, to: &Self, port: usize) {
        with!(from, from => with!(to, to => match port.checked_sub(1) {
            None => edit.connect(from, to),
            Some(side) => edit.connect_side(from, to, side),
        }));
    }

    pub fn disconnect(edit: &mut Edit, from: &Self, to: &Self, port: usize) {
        with!(from, from => with!(to, to => match port.checked_sub(1) {
            None => edit.disconnect(from, to),
            Some(side) => edit.disconnect_side(from, to, side),
        }));
    }
}
