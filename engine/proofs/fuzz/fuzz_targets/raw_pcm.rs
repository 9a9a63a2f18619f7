//! Samples without a header, of any announced format.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| codetta_fuzz::raw_pcm(bytes));
