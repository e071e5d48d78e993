//! A comment taken away.

use std::ops::Range;

use super::operation::{EditError, Splice};
use super::scan;
use super::view::View;
use crate::pyproject::comments::comments;

/// The splice that takes the comment at `at` away.
pub(super) fn remove(view: &View, at: usize) -> Result<Vec<Splice>, EditError> {
    Ok(vec![Splice::delete(place(view, at)?)])
}

/// What goes with the comment at `at`: its line where it has one to itself, else the blanks before it.
pub(super) fn place(view: &View, at: usize) -> Result<Range<usize>, EditError> {
    let text = view.text();
    let comment = comments(text).find(|comment| comment.start == at).ok_or(EditError::NoComment(at))?;
    let line = scan::line_start(text, at);
    let before = text[line..at].trim_end_matches([' ', '\t']);
    Ok(if before.is_empty() { line..scan::next_line(text, at) } else { line + before.len()..comment.end })
}
