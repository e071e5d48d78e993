//! Sorts and applies splices.

use std::ops::Range;

use super::operation::{EditError, Splice};

impl Splice {
    pub(super) fn insert(at: usize, content: impl Into<String>) -> Self {
        Self { range: at..at, content: content.into() }
    }

    pub(super) fn delete(range: Range<usize>) -> Self {
        Self { range, content: String::new() }
    }

    pub(super) fn replace(range: Range<usize>, content: impl Into<String>) -> Self {
        Self { range, content: content.into() }
    }
}

/// The splices sorted by place. Overlapping splices are an error of the step that made them.
pub(super) fn sorted(mut splices: Vec<Splice>) -> Result<Vec<Splice>, EditError> {
    splices.retain(|splice| !splice.range.is_empty() || !splice.content.is_empty());
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    if splices.windows(2).any(|pair| pair[0].range.end > pair[1].range.start) {
        return Err(EditError::Broken("splices overlap"));
    }
    Ok(splices)
}

/// The text after the sorted `splices` are applied.
pub(super) fn splice(text: &str, splices: &[Splice]) -> Result<String, EditError> {
    let outside = EditError::Broken("a splice lies outside the text");
    let mut result =
        String::with_capacity(text.len() + splices.iter().map(|splice| splice.content.len()).sum::<usize>());
    let mut done = 0;
    for splice in splices {
        result.push_str(text.get(done..splice.range.start).ok_or(outside.clone())?);
        result.push_str(&splice.content);
        done = splice.range.end;
    }
    result.push_str(text.get(done..).ok_or(outside)?);
    Ok(result)
}
