//! See `cachekeys::fuzzing::keys`. uv's own code is asked here, for the library does not depend on it.
#![no_main]

use std::path::Path;

use cachekeys::fuzzing::Noted;

fn ask(project: &Path) -> Noted {
    let info = uv_cache_info::CacheInfo::from_directory(project).ok()?;
    let info = serde_json::to_value(&info).ok()?;
    let part = |name: &str| info["timestamp"][name].as_i64();
    Some(part("secs_since_epoch").zip(part("nanos_since_epoch")))
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cachekeys::fuzzing::keys(bytes, &ask));
