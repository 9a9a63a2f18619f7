//! Any edits of a graph and any commands to it, while it renders.

mod act;
mod bench;
mod kind;
mod odd;

use act::Act;
use arbitrary::{Arbitrary, Unstructured};
use bench::Bench;

/// Acts of one sequence: more of them only repeat.
const MOST: usize = 80;

/// The bytes are acts, and how the blocks are cut. What is heard is numbers, the same ones however the blocks are cut; and
/// each processor is freed once, by control.
pub fn graph(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let Ok(cuts) = <[u8; 3]>::arbitrary(&mut bytes) else { return };
    let mut acts = Vec::new();
    while !bytes.is_empty() && acts.len() < MOST {
        let Ok(act) = Act::arbitrary(&mut bytes) else { break };
        acts.push(act);
    }
    let whole = Bench::run(&acts, &[usize::MAX]);
    let cut = Bench::run(&acts, &cuts.map(|cut| usize::from(cut) + 1));
    assert_eq!(whole.commits, cut.commits, "edits are judged alike: {acts:?}");
    assert_eq!(whole.heard.len(), cut.heard.len());
    let differs = whole.heard.iter().zip(&cut.heard).position(|(a, b)| a.to_bits() != b.to_bits());
    assert_eq!(differs, None, "the cuts {cuts:?} change a sample: {acts:#?}");
}
