//! Any calls on a session, its streams and its device.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| codetta_fuzz::operations(bytes));
