//! Marks a scope as real-time: in it nothing may be allocated or freed, and the system may not be called.
//!
//! - [`Scope::enter`] begins it, on this thread; dropping the scope ends it. Scopes nest.
//! - [`permit`] is for what has to be done in it all the same.
//! - [`counted`] counts allocations instead of refusing them.
//!
//! Which checker watches is chosen by a feature, one a build:
//!
//! | feature | what ends the process, with code 43 | what it does not see |
//! |---|---|---|
//! | `alloc` | every allocation, growth and freeing through Rust's allocator | anything else |
//! | `rtsan` | what RealtimeSanitizer knows to block: `malloc`, locks that wait, most of the C library | system calls that it does not know |
//! | `trap` | every system call, also one written in assembly | what stays in user space: allocations that need no new pages |
//!
//! [`supported`] says whether this machine can run the one that was built in.
//!
//! None of them sees a lock that nobody else holds: that is what clippy's `disallowed-types` is for. None of them sees
//! an unbounded loop, or a page that is touched for the first time.
//!
//! ```
//! let mut block = [0.0_f32; 64];
//! let scope = rtguard::Scope::enter();
//! block.fill(0.5); // An audio callback.
//! drop(scope);
//! ```
//!
//! Codetta's feature `rt-guard` enters the scope around every block that it renders, so the checkers watch an
//! application's own processors too.

mod alloc;
mod checker;
mod scope;
mod tally;
#[cfg(feature = "trap")]
mod trap;
#[cfg(any(feature = "alloc", feature = "trap"))]
mod violation;

#[cfg(all(feature = "alloc", not(unix)))]
compile_error!("the refusing allocator ends the process as Unix does");

pub use alloc::{Counting, counted, live_bytes};
pub use checker::supported;
pub use scope::{Scope, entered, permit};

#[cfg(any(
    all(feature = "alloc", feature = "rtsan"),
    all(feature = "alloc", feature = "trap"),
    all(feature = "rtsan", feature = "trap")
))]
compile_error!(
    "one checker a build: RealtimeSanitizer's reports are themselves system calls and allocations"
);

/// The exit code of a process that broke the rule: the one that RealtimeSanitizer has.
pub const EXIT: i32 = 43;
