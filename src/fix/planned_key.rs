//! A key to be written, in the canonical form: a literal path, or `literal/base/**/*.ext`. Its meaning does not depend on the
//! other keys (uv clusters globs by their bases), and it never starts a walk at the project root.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cache_keys::Key;
use crate::fs::path;
use crate::inputs::{InputId, Kind};
use crate::project::Project;

/// A key to be written, and the inputs that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedKey {
    pub(crate) key: Key,
    /// The kind of input by which it is sorted into the list.
    pub(crate) kind: Kind,
    pub(crate) inputs: BTreeSet<InputId>,
    /// The user's entry that it replaces. It is the same glob with more suffixes.
    pub(crate) entry: Option<usize>,
}

/// `path` as a key, relative to the project. `None` if it contains characters that have a meaning in globs or are not allowed in
/// TOML.
pub(super) fn spell(project: &Project, path: &Path) -> Option<String> {
    let text = path::relative(&project.pyproject.dir, path)?;
    let is_plain = !text.contains(['*', '?', '[', ']', '{', '}', '\\']) && !text.chars().any(char::is_control);
    let is_odd = |part: &str| part.starts_with(['!', '#']) || part != part.trim();
    (is_plain && !text.split('/').any(is_odd)).then_some(text)
}
