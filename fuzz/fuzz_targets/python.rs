//! See `cachekeys::fuzzing::python`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::python(bytes));
