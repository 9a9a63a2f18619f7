//! Any edits of a graph and any commands to it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| codetta_fuzz::graph(bytes));
