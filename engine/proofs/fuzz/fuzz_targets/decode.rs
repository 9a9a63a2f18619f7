//! Files as strangers make them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| codetta_fuzz::decode(bytes));
