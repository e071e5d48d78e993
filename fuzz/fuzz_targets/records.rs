//! See `cachekeys::fuzzing::records`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::records(bytes));
