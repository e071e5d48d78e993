//! Defines the operations, the splices that they become, and the reasons why an edit is refused.

use std::ops::Range;

use crate::cache_keys::Key;

/// A change of the file. Indices refer to the list as it is when the operation is applied. If the operations with the greatest
/// indices come first, none changes the index of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Insert `key` as entry number `index` (0..=len).
    Insert { index: usize, key: Key },
    /// Replace entry `index` with `key`, in place.
    Replace { index: usize, key: Key },
    /// Remove entry `index` of the list `tool.uv.<list>`. The last `[[tool.uv.cache-keys]]` cannot be removed: without
    /// any, uv uses its defaults.
    Remove { list: &'static str, index: usize },
    /// Create the list, with at least one key. The file has no `tool.uv.cache-keys`.
    Create { keys: Vec<Key> },
    /// Put each entry of a one-line list on a line of its own.
    BreakLine,
    /// Rename a misspelled key of `[tool.uv]` (`cache_keys`, `cachekeys`, …) to `cache-keys`.
    Rename { from: String },
    /// Remove the comment that starts at byte `at`. If nothing else is on its line, remove the line.
    RemoveComment { at: usize },
}

/// A replacement of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    /// Byte range in the text before the edit.
    pub(crate) range: Range<usize>,
    pub(crate) content: String,
}

/// Why an edit is refused. In every case, the text is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EditError {
    #[error("the file is not valid TOML: {0}")]
    NotToml(String),
    #[error("`{0}` is not a table")]
    NotATable(&'static str),
    #[error("`cache-keys` is not an array but {0}")]
    NotAList(&'static str),
    #[error("there is no `tool.uv.cache-keys` to change")]
    NoList,
    #[error("`tool.uv.cache-keys` exists already")]
    ListExists,
    #[error("there is no `tool.uv.{0}` to rename")]
    NoSuchKey(String),
    #[error("entry {index} is out of range: the list has {len}")]
    OutOfRange { index: usize, len: usize },
    #[error("there is no comment at byte {0}")]
    NoComment(usize),
    #[error("no keys to write")]
    NoKeys,
    #[error("the last `[[tool.uv.cache-keys]]` cannot be removed: uv would use its defaults")]
    LastBlock,
    /// A bug of this module, found before the text was changed.
    #[error("the edit would have changed something else: {0}")]
    Broken(&'static str),
}
