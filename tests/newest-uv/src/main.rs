//! Answers on standard output, a line each, for the project directories named on standard input, a line each: the newest
//! timestamp of the files that uv covers, as JSON, or `error` where uv rejects the keys.

use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;

use uv_cache_info::CacheInfo;

fn main() {
    for line in stdin().lock().lines() {
        let project = line.expect("a path in UTF-8");
        let answer = match CacheInfo::from_directory(Path::new(&project)) {
            Ok(info) => serde_json::to_value(info).expect("it is for JSON")["timestamp"].to_string(),
            Err(_) => "error".to_owned(),
        };
        let mut out = stdout().lock();
        writeln!(out, "{answer}").and_then(|()| out.flush()).expect("somebody reads");
    }
}
