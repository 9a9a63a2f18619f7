//! Models of a whole session, run by shuttle over the real code: `scripts/proofs/shuttle.sh`.
//!
//! | file | what meets in it |
//! |---|---|
//! | `draining` | three producers, two drains, a shutdown that drains, the callback |
//! | `discarding` | a shutdown that discards, one that drains, interruptions |
//! | `silence` | a callback that stops coming, or sleeps inside the renderer and comes back |
//! | `loss` | a lost device, the next one, and a late callback of the first |
//! | `handles` | streams made, and handles and the session dropped, while it ends |
//! | `waiting` | a promise and its waiters; a producer that waits for room |
//! | `edits` | edits of the graph while the session ends |
//! | `explore`, `stage`, `told`, `drains` | how they run, the session that they run on, and what is held against what |
//!
//! Shuttle runs a model's threads as coroutines and switches between them at random, or after PCT, at each operation on a
//! lock, an atomic or a ring of [`crate::sync`]. So a model can be a whole session, with real streams, graph and control,
//! where loom's must be small. But it takes every operation for sequentially consistent, and it samples: which
//! orderings the atomics need is what loom's models show (`stream::models`, `render::models`), and that no schedule fails
//! is not shown by anything here. What these show is the protocol: who asks, settles, wakes and frees first.
//!
//! A model that fails prints its schedule: `CODETTA_SHUTTLE_REPLAY=<schedule>` with the test's name runs it again, in
//! a debugger if need be. `CODETTA_SHUTTLE` is the number of schedules, `CODETTA_SEED` draws the same ones again.

#![allow(clippy::disallowed_types, reason = "no audio thread: each of them is shuttle's")]

mod discarding;
mod draining;
mod drains;
mod edits;
mod explore;
mod handles;
mod loss;
mod silence;
mod stage;
mod told;
mod waiting;
