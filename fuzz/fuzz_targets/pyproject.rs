//! See `cachekeys::fuzzing::pyproject`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::pyproject(bytes));
