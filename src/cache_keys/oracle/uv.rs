//! uv's own code, and the text it reads.

use std::path::Path;

use toml_edit::Document;
use uv_cache_info::CacheInfo;

use super::tree::Time;
use crate::cache_keys::{Key, grammar};

/// uv's answer: the newest change time, or the reason why it rejects the keys.
pub(crate) fn ask(project: &Path) -> Result<Option<Time>, String> {
    let info = CacheInfo::from_directory(project).map_err(|error| error.to_string())?;
    let info = serde_json::to_value(&info).unwrap();
    let part = |name: &str| info["timestamp"][name].as_i64();
    Ok(part("secs_since_epoch").zip(part("nanos_since_epoch")))
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
