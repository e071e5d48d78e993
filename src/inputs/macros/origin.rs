//! The file that is scanned, and the files that its literals name.

use std::path::{Path, PathBuf};

use super::glance::LONGEST;
use super::variables::Variables;
use crate::fs::Disk;
use crate::fs::path::join;

/// The place of the file that is scanned.
pub(in crate::inputs) struct Origin<'a> {
    pub(in crate::inputs) disk: &'a Disk,
    pub(in crate::inputs) file: &'a Path,
    /// The directory of the crate's Cargo.toml.
    pub(in crate::inputs) package: &'a Path,
    pub(in crate::inputs) variables: &'a Variables,
}

/// The file that a literal names: it has a `/` or a suffix, and is relative to the crate or to the source.
pub(in crate::inputs) fn names_a_file(text: &str, origin: &Origin<'_>) -> Option<PathBuf> {
    let text = text.strip_prefix("$CARGO_MANIFEST_DIR/").unwrap_or(text);
    let text = text.strip_prefix("./").unwrap_or(text);
    if text.starts_with('/') || !looks_like_a_path(text) {
        return None;
    }
    let beside = origin.file.parent().unwrap_or(Path::new(""));
    let base = [origin.package, beside].into_iter().find(|base| origin.disk.is_file_from(base, text))?;
    Some(join(base, text))
}

fn looks_like_a_path(text: &str) -> bool {
    let has_suffix = text.rsplit_once('.').is_some_and(|(stem, suffix)| {
        !stem.is_empty() && !suffix.is_empty() && suffix.chars().all(char::is_alphanumeric)
    });
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "*?<>|:\"\\".contains(c);
    text.len() <= LONGEST && (has_suffix || text.contains('/')) && !text.contains(is_odd)
}
