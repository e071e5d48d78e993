//! uv's own code, and the text it reads.

use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;
use toml_edit::Document;

use crate::cache_keys::{Key, grammar};

/// The newest time of all covered files, or the reason why uv rejects the keys.
pub(crate) type Answer = Result<Option<SystemTime>, String>;

/// The versions of uv's code, each with how to ask it about a project: the one that this code was written from, and the newest.
pub(crate) const VERSIONS: [(&str, fn(&Path) -> Answer); 2] = [
    ("0.0.72", |project| answer(uv_cache_info::CacheInfo::from_directory(project))),
    ("0.0.98", |project| answer(uv_cache_info_newest::CacheInfo::from_directory(project))),
];

fn answer(info: Result<impl Serialize, impl ToString>) -> Answer {
    let info = serde_json::to_value(info.map_err(|error| error.to_string())?).unwrap();
    Ok(serde_json::from_value(info["timestamp"].clone()).unwrap())
}

/// The keys as the text of a manifest.
pub(crate) fn toml(keys: &[Key]) -> String {
    let string = |text: &str| {
        let escaped: Vec<String> = text.chars().map(|c| format!("\\U{:08X}", u32::from(c))).collect();
        format!("\"{}\"", escaped.concat())
    };
    let entries: Vec<String> = keys
        .iter()
        .map(|key| match key {
            Key::File(text) if text.len() % 2 == 0 => string(text),
            Key::File(text) => format!("{{ file = {} }}", string(text)),
            Key::Dir(text) => format!("{{ dir = {} }}", string(text)),
            Key::Env(name) => format!("{{ env = {} }}", string(name)),
            Key::Git { commit, tags } => format!("{{ git = {{ commit = {commit}, tags = {tags} }} }}"),
        })
        .collect();
    format!("[tool.uv]\ncache-keys = [{}]\n", entries.join(", "))
}

/// The keys in the text of a manifest.
pub(crate) fn parsed(text: &str) -> Vec<Key> {
    let document = Document::parse(text).unwrap();
    let entries = grammar::parse(&document["tool"]["uv"]["cache-keys"], 0..0).unwrap();
    entries.into_iter().map(|entry| entry.key).collect()
}
