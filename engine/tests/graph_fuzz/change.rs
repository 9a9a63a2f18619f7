//! What a random edit is made of: mostly what can be, and now and then what cannot.

use crate::{
    handle::Handle,
    model::{OUTPUT, STREAMS, Wire},
    parts::random_part,
    side_by_side::Fuzz,
    tally::Part,
    transaction::Draft,
};
use codetta::graph::Edit;

impl Fuzz {
    pub fn change(&mut self, edit: &mut Edit, draft: &mut Draft) {
        match self.dice.below(100) {
            0..30 => {
                let id = self.add(edit, draft);
                for _ in 0..2 {
                    let other = if self.dice.chance(40) { OUTPUT } else { self.any(draft) };
                    let wire = if self.dice.chance(60) { (other, 0, id) } else { (id, 0, other) };
                    let is_good = draft.model.clone().connect(wire).is_ok();
                    if is_good || self.dice.chance(3) {
                        self.connect(edit, draft, wire);
                    }
                }
            }
            30..50 => {
                let wire = self.wire(draft);
                self.connect(edit, draft, wire);
            }
            50..72 => {
                let wires: Vec<Wire> = draft.model.wires.iter().copied().collect();
                let known = self.dice.pick(&wires).copied();
                let wire = if self.dice.chance(95) { known } else { None };
                let wire = wire.unwrap_or_else(|| self.wire(draft));
                let (to, port, from) = (&self.handles[&wire.0], wire.1, &self.handles[&wire.2]);
                Handle::disconnect(edit, from, to, port);
                draft.try_to(|model| model.disconnect(wire));
                // Turned around, or another way.
                let turned = (wire.2, 0, wire.0);
                if draft.model.clone().connect(turned).is_ok() {
                    self.connect(edit, draft, turned);
                }
            }
            72..88 => {
                let id = if self.dice.chance(2) { OUTPUT } else { self.any_part(draft) };
                self.handles[&id].remove(edit);
                draft.try_to(|model| model.remove(id));
            }
            88..99 => {
                for _ in 0..self.dice.below(12) {
                    let wire = self.wire(draft);
                    self.connect(edit, draft, wire);
                }
            }
            _ => {
                let Some(id) = self.dice.pick(&self.gone).copied() else { return };
                let wire = if self.dice.chance(50) { (OUTPUT, 0, id) } else { (id, 0, STREAMS) };
                self.connect(edit, draft, wire);
            }
        }
    }

    fn add(&mut self, edit: &mut Edit, draft: &mut Draft) -> u64 {
        let (fact, part) = random_part(&mut self.dice);
        let handle = match part {
            Some(part) => Handle::Part(edit.add(Part::new(part, &self.tally))),
            None => Handle::Input(edit.add_input("input")),
        };
        let id = handle.id();
        if let Handle::Part(_) = handle {
            self.tally.made(id);
        }
        self.handles.insert(id, handle);
        self.facts.insert(id, fact.clone());
        draft.added.push(id);
        draft.try_to(|model| model.add(id, fact));
        id
    }

    fn connect(&mut self, edit: &mut Edit, draft: &mut Draft, wire: Wire) {
        let (to, from) = (&self.handles[&wire.0], &self.handles[&wire.2]);
        Handle::connect(edit, from, to, wire.1);
        draft.try_to(|model| model.connect(wire));
    }

    fn any(&mut self, draft: &Draft) -> u64 {
        let ids: Vec<u64> = draft.model.nodes.keys().copied().collect();
        *self.dice.pick(&ids).expect("the ends are always there")
    }

    /// Not one of the ends, if there is another.
    fn any_part(&mut self, draft: &Draft) -> u64 {
        let ids: Vec<u64> = draft.model.nodes.keys().copied().filter(|id| *id > OUTPUT).collect();
        self.dice.pick(&ids).copied().unwrap_or(STREAMS)
    }

    /// Mostly one that can be.
    fn wire(&mut self, draft: &Draft) -> Wire {
        let is_careless = self.dice.chance(10);
        let mut wire = (OUTPUT, 0, STREAMS);
        for _ in 0..20 {
            let (to, from) = (self.any(draft), self.any(draft));
            wire = (to, if self.dice.chance(70) { 0 } else { self.dice.below(3) }, from);
            let mut trial = draft.model.clone();
            if is_careless || trial.connect(wire).is_ok() && trial.wrong().is_none() {
                break;
            }
        }
        wire
    }
}
