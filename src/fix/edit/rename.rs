//! Renames a misspelled `cache-keys`.

use std::ops::Range;

use super::operation::{EditError, Splice};
use super::view::{List, NAME, View};
use super::{scan, segments};

/// The splices that rename `tool.uv.<from>` to the correct name.
pub(super) fn rename(view: &View, from: &str) -> Result<Vec<Splice>, EditError> {
    let names = names(view, from)?;
    Ok(names.into_iter().map(|name| Splice::replace(name.clone(), renamed(view.text(), name))).collect())
}

/// The places where the name `tool.uv.<from>` is written: one for an array, and one in each header for an array of tables.
pub(super) fn names(view: &View, from: &str) -> Result<Vec<Range<usize>>, EditError> {
    let uv = view.uv()?.and_then(|uv| uv.as_table_like());
    let missing = || EditError::NoSuchKey(from.to_owned());
    let (key, _) = uv.and_then(|uv| uv.get_key_value(from)).ok_or_else(missing)?;
    if uv.is_some_and(|uv| uv.contains_key(NAME)) {
        return Err(EditError::ListExists);
    }
    match view.list(from)?.ok_or_else(missing)? {
        List::Array(_) => Ok(vec![key.span().ok_or(EditError::Broken("a key without a place"))?]),
        List::Blocks(tables) => {
            let mut names = Vec::new();
            for table in tables {
                for segment in segments::segments(view, table)? {
                    let brackets = view.text()[segment.header.clone()].trim_start_matches('[');
                    let start = segment.header.end - brackets.len();
                    // The name is the third part, after `tool` and `uv`.
                    let part = scan::key_parts(view.text(), start).into_iter().nth(2);
                    names.push(part.ok_or(EditError::Broken("a header without the name"))?);
                }
            }
            Ok(names)
        }
    }
}

/// The correct name, with the quotes of the old one.
fn renamed(text: &str, old: Range<usize>) -> String {
    let quote = text[old].chars().next().filter(|first| matches!(first, '"' | '\'')).map(String::from);
    let quote = quote.unwrap_or_default();
    format!("{quote}{NAME}{quote}")
}
