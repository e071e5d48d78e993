//! The byte-exact edit of a `pyproject.toml`: operations on the keys, lowered to splices of the text.
//!
//! The document is never rebuilt from a tree: that loses a byte-order mark, line ends and comments. Each step looks up
//! the spans in a fresh parse, changes those bytes, and proves on a second parse that it did what it said and nothing
//! else ([`check`]). Where a choice is the user's, the neighbours of the new entry make it ([`style`], [`sequence`]).
//!
//! What stays with what, in a list:
//!
//! - a comment behind an entry, on its line, belongs to the entry, and so do the lines below that continue it in the
//!   same column; it goes when the entry goes. Where several entries share the line it belongs to the line, and stays;
//! - comment lines above an entry belong to that entry. They stay when it goes: they may be a heading;
//! - a new entry comes directly behind the one before it, so comment lines before `]` stay last. At the front it comes
//!   behind a heading that a blank line sets apart. In a list of comments only it comes behind them.

mod blocks;
mod check;
mod comment;
mod create;
mod insert;
mod lower;
mod pieces;
mod remove;
mod rename;
mod scan;
mod segments;
mod sequence;
mod style;
mod view;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::cache_keys::Key;

use self::pieces::Pieces;
use self::view::View;
pub(crate) use self::view::{NAME, REINSTALLED};

/// A change of the file. Indices count the entries of the list as it stands when the operation is applied. The greatest
/// first, no operation moves the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Insert `key` as entry number `index` (0..=len).
    Insert { index: usize, key: Key },
    /// Replace entry `index` by `key`, in place.
    Replace { index: usize, key: Key },
    /// Remove entry `index` of the list `tool.uv.<list>`. The last `[[tool.uv.cache-keys]]` cannot be removed: without
    /// any, uv uses its defaults.
    Remove { list: &'static str, index: usize },
    /// The file has no `tool.uv.cache-keys`: create the list, with at least one key.
    Create { keys: Vec<Key> },
    /// Rename a misspelt key of `[tool.uv]` (`cache_keys`, `cachekeys`, …) to `cache-keys`.
    Rename { from: String },
    /// Remove the comment that starts at byte `at`, with its line where it has one to itself.
    RemoveComment { at: usize },
}

/// Bytes to put in the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    /// Byte range in the text the splice is for.
    pub(crate) range: Range<usize>,
    pub(crate) content: String,
}

/// The outcome of [`apply`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edited {
    pub(crate) text: String,
    /// What leads from the original text to [`Edited::text`]: sorted, apart from each other, each without a common start
    /// or end.
    pub(crate) splices: Vec<Splice>,
}

/// Why an edit is refused. The text is untouched in every case.
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
    /// A fault of this module, caught before any harm.
    #[error("the edit would have changed something else: {0}")]
    Broken(&'static str),
}

/// Applies `operations` to the text of a `pyproject.toml`, one after the other.
///
/// # Errors
///
/// The text is no TOML, an operation does not fit the list it meets, or a result fails its checks.
pub(crate) fn apply(text: &str, operations: &[Operation]) -> Result<Edited, EditError> {
    let mut pieces = Pieces::new(text.len());
    let mut view = View::parse(text.to_owned())?;
    for operation in operations {
        let splices = pieces::sorted(lower::lower(&view, operation)?)?;
        let result = pieces::splice(view.text(), &splices)?;
        let next = View::parse(result).map_err(|_| EditError::Broken("the result is not valid TOML"))?;
        check::verify(&view, operation, &splices, &next)?;
        pieces.apply(&splices)?;
        view = next;
    }
    let splices = pieces.splices(text, view.text())?;
    Ok(Edited { text: view.text().to_owned(), splices })
}
