//! What the tests that interrupt a call share.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use codetta::simulation;
use std::cell::Cell;

type Deed = Box<dyn FnOnce()>;

thread_local! {
    static MEANWHILE: Cell<Option<Deed>> = const { Cell::new(None) };
}

/// What happens when this thread has come to that operation, counted from here.
pub fn meanwhile(operation: u64, deed: impl FnOnce() + 'static) {
    MEANWHILE.set(Some(Box::new(deed)));
    simulation::on_pause(|| MEANWHILE.take().into_iter().for_each(|deed| deed()));
    simulation::ask_after(operation);
}

/// Nothing happens from here on. `false`: it had not come to that.
pub fn no_more() -> bool {
    simulation::ask_after(u64::MAX);
    MEANWHILE.take().is_none()
}
