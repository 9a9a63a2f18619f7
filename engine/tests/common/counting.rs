//! The counting allocator, for a test binary that asks what was allocated.

#[allow(unused_imports, reason = "each test binary uses a part of it")]
pub use rtguard::{counted, live_bytes};

// Where the guard itself watches the allocator, it has brought it.
#[cfg(not(feature = "rt-alloc"))]
#[global_allocator]
static ALLOCATOR: rtguard::Counting = rtguard::Counting;
