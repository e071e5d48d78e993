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
mod operation;
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

use self::operation::EditError;
pub(crate) use self::operation::{Operation, Splice};
use self::pieces::Pieces;
use self::sequence::Sequence;
use self::view::{List, View};
pub(crate) use self::view::{NAME, REINSTALLED};

/// The outcome of [`apply`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edited {
    pub(crate) text: String,
    /// What leads from the original text to [`Edited::text`]: sorted, apart from each other, each without a common start
    /// or end.
    pub(crate) splices: Vec<Splice>,
}

/// The columns of a list on one line, from which on each entry has a line of its own.
const WIDTH: usize = 100;

/// Whether the list of the text stands on one line that is too long.
pub(crate) fn is_too_wide(text: &str) -> Result<bool, EditError> {
    let view = View::parse(text.to_owned())?;
    let Some(List::Array(array)) = view.list(NAME)? else { return Ok(false) };
    let sequence = Sequence::of_array(&view, array)?;
    let line = text[scan::line_start(text, sequence.start)..].lines().next().unwrap_or_default();
    Ok(sequence.is_one_line() && line.chars().count() > WIDTH)
}

/// Applies `operations` to the text of a `pyproject.toml`, one after the other.
///
/// # Errors
///
/// The text is not TOML, an operation does not fit the list it meets, or a result fails its checks.
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
