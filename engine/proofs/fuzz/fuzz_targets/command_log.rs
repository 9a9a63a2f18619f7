//! Logs of commands as strangers write them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| codetta_fuzz::command_log(bytes));
