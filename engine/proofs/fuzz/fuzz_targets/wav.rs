//! WAV headers as strangers write them, and files as the engine writes them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| codetta_fuzz::wav(bytes));
