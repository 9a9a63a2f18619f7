//! Whose turn it is, and who may interrupt whom.

use super::{NEVER, World};
use codetta::simulation;
use std::{cell::RefCell, rc::Rc, time::Duration};

thread_local! {
    static CURRENT: RefCell<Option<Rc<World>>> = const { RefCell::new(None) };
}

/// As deep as calls are interrupted in the midst of others.
const DEEPEST: u32 = 3;

/// Events of a session before its end is asked for.
const MOST_EVENTS: u64 = 50_000;

/// Nobody is to be interrupted on this thread any more.
pub fn leave() {
    simulation::ask_after(u64::MAX);
    CURRENT.with(|current| current.borrow_mut().take());
}

/// Somebody has come to a point between two operations: another may go on.
fn interrupted() {
    let world = CURRENT.with(|current| current.borrow().clone());
    if let Some(world) = world {
        world.interrupt();
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Party {
    Device,
    Control,
    Hands,
    Faults,
    Producer(usize),
}

impl World {
    /// Lets calls be interrupted, if the plan says so.
    pub(super) fn enter(self: &Rc<Self>) {
        CURRENT.with(|current| *current.borrow_mut() = Some(Rc::clone(self)));
        simulation::on_pause(interrupted);
        self.pause_later();
    }

    pub(super) fn pause_later(&self) {
        // The dice may be in somebody's hand just now: then at the next point.
        let after = match self.dice.try_borrow_mut() {
            _ if self.plan.pauses == 0 => u64::MAX,
            Ok(mut dice) => dice.within(0, 2 * self.plan.pauses) << self.depth.get(),
            Err(_) => 0,
        };
        simulation::ask_after(if self.depth.get() < DEEPEST { after } else { u64::MAX });
    }

    /// In the midst of a call, others act: one of them at once, or all for a while.
    fn interrupt(&self) {
        if !self.is_free() {
            return self.pause_later();
        }
        if self.over.get() || self.finding().is_some() {
            return;
        }
        self.depth.set(self.depth.get() + 1);
        let (kind, time) = {
            let mut dice = self.dice();
            (dice.within(0, 99), dice.micros(10, 2_000_000))
        };
        match kind {
            // Suspended for a while: the world goes on without it. But not who interrupts an interruption, or it would not end.
            0 | 1 if self.depth.get() == 1 => self.pass(self.now().saturating_add(time)),
            2..20 if self.depth.get() == 1 => {
                self.pass(self.now().saturating_add(time.min(Duration::from_millis(20))));
            }
            _ => {
                let turns = self.dice().within(1, 3);
                for _ in 0..turns {
                    self.anybody();
                }
            }
        }
        self.depth.set(self.depth.get() - 1);
        self.pause_later();
    }

    /// Whether the simulator itself is not in the midst of something.
    fn is_free(&self) -> bool {
        self.oracle.try_borrow_mut().is_ok()
            && self.dice.try_borrow_mut().is_ok()
            && self.trace.try_borrow_mut().is_ok()
            && self.driven.try_borrow_mut().is_ok()
            && self.voices.try_borrow_mut().is_ok()
            && self.drains.try_borrow_mut().is_ok()
    }

    /// Somebody acts now, whose turn it is not.
    fn anybody(&self) {
        self.pause_later();
        let voices = self.voices.borrow().len() as u64;
        let pick = self.dice().within(0, 3 + voices);
        let party = match pick {
            0 => Party::Device,
            1 => Party::Control,
            2 | 3 => Party::Hands,
            producer => Party::Producer((voices - (producer - 3)) as usize),
        };
        self.act(party);
    }

    /// Time passes until then.
    pub(super) fn pass(&self, until: Duration) {
        self.pause_later();
        while !self.over.get() && self.finding().is_none() {
            // So many are enough of one session.
            if until == self.plan.length && self.trace().events() > MOST_EVENTS {
                return;
            }
            let (due, party) = self.next();
            if due >= until {
                self.device.wait(until.saturating_sub(self.now()));
                return;
            }
            self.device.wait(due.saturating_sub(self.now()));
            self.act(party);
        }
    }

    fn next(&self) -> (Duration, Party) {
        let mut next = (NEVER, Party::Device);
        let mut offer = |due: Duration, party| {
            if due < next.0 {
                next = (due, party);
            }
        };
        if !self.rendering.get() {
            offer(self.driven.borrow().due, Party::Device);
        }
        // Without it, it is in the midst of a step, or gone.
        if self.control.borrow().is_some() {
            offer(self.control_due.get(), Party::Control);
        }
        offer(self.hands_due.get(), Party::Hands);
        offer(self.faults_due.get(), Party::Faults);
        for (index, voice) in self.voices.borrow().iter().enumerate() {
            if voice.writer.borrow().is_some() {
                offer(voice.due.get(), Party::Producer(index));
            }
        }
        next
    }

    fn act(&self, party: Party) {
        match party {
            Party::Device => self.callback(),
            Party::Control => self.step(),
            Party::Hands => self.steer(),
            Party::Faults => self.go_wrong(),
            Party::Producer(index) => self.produce(index),
        }
        self.look(party);
    }

    /// Looks at what can be looked at any time.
    fn look(&self, party: Party) {
        let everybody = self.dice().once_in(16);
        for index in 0..self.voices.borrow().len() {
            let voice = self.voice(index);
            // Who has not acted has not moved; but now and then everybody is looked at.
            let acted = match party {
                Party::Producer(producer) => producer == index,
                Party::Device | Party::Control => voice.due.get() != NEVER,
                _ => false,
            };
            if !acted && !everybody {
                continue;
            }
            let (before, began) = (voice.position.get(), self.oracle().begin());
            let now = voice.stream.position();
            // Others may have gone on while it was read.
            let vague = self.rendering.get() || self.oracle().step != began;
            self.oracle().position(index, before, now, vague);
            if !vague {
                voice.position.set(now);
            }
        }
        if !everybody || self.depth.get() > 0 {
            return;
        }
        let Some(session) = self.session() else { return };
        let began = self.oracle().begin();
        let told = session.late().into();
        let counted = self.oracle().late;
        let alone = self.oracle().step == began;
        self.oracle().check(counted == told || !alone, "late calls are counted", || {
            format!("{counted:?}, told {told:?}")
        });
    }
}
