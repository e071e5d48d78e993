//! Removes a comment.

use std::ops::Range;

use super::operation::{EditError, Splice};
use super::scan;
use super::view::View;
use crate::pyproject::comments::comments;

/// The splice that removes the comment at `at`.
pub(super) fn remove(view: &View, at: usize) -> Result<Vec<Splice>, EditError> {
    Ok(vec![Splice::delete(place(view, at)?)])
}

/// What is removed with the comment at `at`: the whole line if nothing else is on it, else the blanks before the comment.
pub(super) fn place(view: &View, at: usize) -> Result<Range<usize>, EditError> {
    let text = view.text();
    let comment = comments(text).find(|comment| comment.start == at).ok_or(EditError::NoComment(at))?;
    let line = scan::line_start(text, at);
    let before = text[line..at].trim_end_matches([' ', '\t']);
    Ok(if before.is_empty() { line..scan::next_line(text, at) } else { line + before.len()..comment.end })
}
