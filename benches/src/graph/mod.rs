//! Graphs of processors, the same in every engine: a chain of a thousand gains, and a tree of a thousand looped sounds.

mod firewheel;
mod floor;
mod fundsp;
mod material;
mod oddio;
mod subject;

pub use firewheel::FirewheelGraph;
pub use floor::{FloorChain, FloorTree};
pub use fundsp::FundspGraph;
pub use material::{BLOCKS, FAN_IN, GAINS, LEAVES};
pub(crate) use material::{planar_sound, sound};
pub use oddio::OddioGraph;
pub use subject::CodettaGraph;

use crate::Contestant;

/// Which of the two graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One looped sound through [`GAINS`] gains, one after the other.
    Chain,
    /// [`LEAVES`] looped sounds, summed ten by ten: 1000 → 100 → 10 → 1.
    Tree,
}

impl Shape {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chain, Self::Tree];

    /// Its name in the figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Tree => "tree",
        }
    }

    /// What a cost is divided by: the gains of the chain, the leaves of the tree. Sources of the one and mixers of the
    /// other come on top, for everybody.
    pub fn nodes(self) -> usize {
        match self {
            Self::Chain => GAINS,
            Self::Tree => LEAVES,
        }
    }

    /// Every contestant with this graph, for blocks of `block` frames; the floor first.
    pub fn contestants(self, block: usize) -> Vec<Box<dyn Contestant>> {
        let mut all: Vec<Box<dyn Contestant>> = Vec::new();
        match self {
            Self::Chain => all.push(Box::new(FloorChain::new())),
            Self::Tree => all.push(Box::new(FloorTree::new(block))),
        }
        all.push(Box::new(CodettaGraph::new(self)));
        match self {
            Self::Chain => all.push(Box::new(OddioGraph::chain())),
            Self::Tree => {
                all.push(Box::new(OddioGraph::tree()));
                all.push(Box::new(OddioGraph::tree_of_cycles()));
            }
        }
        all.push(Box::new(FirewheelGraph::new(self, block)));
        all.push(Box::new(FundspGraph::types(self)));
        all.push(Box::new(FundspGraph::net(self)));
        all
    }
}
