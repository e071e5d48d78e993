//! A key to be written, in the canonical form: a literal path, or `literal/base/**/*.ext`. It means the same whatever other
//! keys stand beside it (uv clusters globs by their bases), and never starts a walk at the project root.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cache_keys::Key;
use crate::fs::path;
use crate::inputs::{InputId, Kind};
use crate::project::Project;

/// A key to be written and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedKey {
    pub(crate) key: Key,
    /// Where in the list it belongs.
    pub(crate) kind: Kind,
    pub(crate) inputs: BTreeSet<InputId>,
    /// The entry of the user that it replaces: the same glob, with more suffixes.
    pub(crate) entry: Option<usize>,
}

/// `path` as a key, relative to the project; `None` if it has characters that have a meaning in globs or are not allowed in TOML.
pub(super) fn spell(project: &Project, path: &Path) -> Option<String> {
    let text = path::relative(&project.pyproject.dir, path)?;
    let is_plain = !text.contains(['*', '?', '[', ']', '{', '}', '\\']) && !text.chars().any(char::is_control);
    let is_odd = |part: &str| part.starts_with(['!', '#']) || part != part.trim();
    (is_plain && !text.split('/').any(is_odd)).then_some(text)
}
