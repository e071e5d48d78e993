//! See `cachekeys::fuzzing::rust`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::rust(bytes));
