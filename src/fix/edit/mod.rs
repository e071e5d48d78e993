//! The byte-exact edit of a `pyproject.toml`: operations on the keys, lowered to splices of the text.
//!
//! The document is never rebuilt from a tree, since that would lose a byte-order mark, line ends and comments. Each step finds
//! the spans in a fresh parse and changes only those bytes. It then checks on a second parse that it did what it should and
//! nothing else ([`check`]). The style follows the neighbours of the new entry ([`style`], [`sequence`]).
//!
//! What belongs together in a list:
//!
//! - A comment after an entry on the same line belongs to the entry, and so do the lines below that continue it in the same
//!   column. It is removed with the entry. If several entries share the line, the comment belongs to the line and stays.
//! - Comment lines above an entry belong to that entry. They stay if it is removed, since they may be a heading.
//! - A new entry comes directly after the one before it, so comment lines before `]` stay last. A new first entry comes
//!   after a heading that is separated by a blank line. In a list of comments only, it comes after them.

mod blocks;
mod check;
mod comment;
mod create;
mod insert;
mod lower;
mod operation;
mod remove;
mod rename;
mod scan;
mod segments;
mod sequence;
mod splices;
mod style;
mod view;

#[cfg(test)]
mod tests;

use self::operation::EditError;
pub(crate) use self::operation::Operation;
pub(crate) use self::scan::{indentation, line_start, newline};
use self::sequence::Sequence;
use self::view::{List, View};
pub(crate) use self::view::{NAME, REINSTALLED};

/// In columns. If a list on one line is wider, each entry gets a line of its own.
const WIDTH: usize = 100;

/// Whether the list is on one line that is too wide.
pub(crate) fn is_too_wide(text: &str) -> Result<bool, EditError> {
    let view = View::parse(text.to_owned())?;
    let Some(List::Array(array)) = view.list(NAME)? else { return Ok(false) };
    let sequence = Sequence::of_array(&view, array)?;
    let line = text[scan::line_start(text, sequence.start)..].lines().next().unwrap_or_default();
    Ok(sequence.is_one_line() && line.chars().count() > WIDTH)
}

/// The text of a `pyproject.toml` after `operations`, applied one after the other.
///
/// # Errors
///
/// The text is not TOML, an operation does not fit the list to which it is applied, or a result fails its checks.
pub(crate) fn apply(text: &str, operations: &[Operation]) -> Result<String, EditError> {
    let mut view = View::parse(text.to_owned())?;
    for operation in operations {
        let sorted = splices::sorted(lower::lower(&view, operation)?)?;
        let result = splices::splice(view.text(), &sorted)?;
        let next = View::parse(result).map_err(|_| EditError::Broken("the result is not valid TOML"))?;
        check::verify(&view, operation, &sorted, &next)?;
        view = next;
    }
    Ok(view.text().to_owned())
}
