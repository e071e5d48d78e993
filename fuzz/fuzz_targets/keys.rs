//! See `cachekeys::fuzzing::keys`. uv's own code is asked here, for the library does not depend on it.
#![no_main]

use std::path::Path;

use cachekeys::fuzzing::Noted;

fn ask(project: &Path) -> Noted {
    let info = uv_cache_info::CacheInfo::from_directory(project).ok()?;
    let info = serde_json::to_value(&info).ok()?;
    serde_json::from_value(info["timestamp"].clone()).ok()
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::keys(bytes, &ask));
