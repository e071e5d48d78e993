//! See `cachekeys::fuzzing::settings`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::settings(bytes));
