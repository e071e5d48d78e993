//! Edits a list that is written as `[[tool.uv.cache-keys]]`.
//!
//! In `toml_edit`, the span of such a table covers only the header. The fields of a block may be in further tables below
//! (`[tool.uv.cache-keys.git]`), and other tables may lie between these.

use std::ops::Range;

use toml_edit::{ArrayOfTables, Table};

use super::operation::{EditError, Splice};
use super::scan;
use super::segments::{Segment, segments};
use super::style::{self, Style, set_field};
use super::view::{Element, List, View, span};
use crate::cache_keys::Key;

/// Whether there are only blank lines between two ranges of lines.
pub(super) fn is_blank_between(text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    text.get(first.end..second.start).is_some_and(|between| between.trim().is_empty())
}

/// The end of the lines of a block, including those of its inner tables.
fn end(segments: &[Segment]) -> usize {
    segments.iter().map(|segment| segment.lines.end).max().unwrap_or_default()
}

/// Inserts a block after block `index - 1`, or before the first block and its comment.
pub(super) fn insert(view: &View, tables: &ArrayOfTables, index: usize, key: &Key) -> Result<Splice, EditError> {
    let text = view.text();
    let all = tables.iter().map(|table| segments(view, table)).collect::<Result<Vec<_>, _>>()?;
    let near = &all[index.saturating_sub(1)];
    let newline = scan::newline(text);
    let elements = List::Blocks(tables).elements();
    let style = Style::for_insert(view, &elements, index);

    let header = &near[0].header;
    let written = text.get(header.clone()).ok_or(EditError::Broken("a header outside the text"))?;
    let (indentation, equals) = field_style(view, tables, index)?;
    let block = format!(
        "{}{written}{newline}{indentation}{}{equals}{}{newline}",
        scan::indentation(text, header.start),
        style::name(key),
        style.value(key)
    );
    let blank_lines = newline.repeat(blank_lines(text, &all, index));
    if index == 0 {
        return Ok(Splice::insert(near[0].comments, format!("{block}{blank_lines}")));
    }
    let at = scan::past_comments(text, end(near));
    let missing_newline = if text[..at].ends_with('\n') { "" } else { newline };
    Ok(Splice::insert(at, format!("{missing_newline}{blank_lines}{block}")))
}

/// The indentation and the equals sign of the nearest block with one plain field.
fn field_style(view: &View, tables: &ArrayOfTables, index: usize) -> Result<(String, String), EditError> {
    let mut order: Vec<_> = tables.iter().enumerate().collect();
    order.sort_by_key(|(at, _)| (at + 1).abs_diff(index));
    let field = order.into_iter().find_map(|(_, table)| Element::Block(table).field());
    let Some(field) = field else { return Ok((String::new(), " = ".to_owned())) };
    let equals = view.text().get(field.key.end..span(field.value)?.start).unwrap_or(" = ");
    Ok((scan::indentation(view.text(), field.key.start).to_owned(), equals.to_owned()))
}

/// The number of blank lines between the blocks nearest to `index`; one if this cannot be determined.
fn blank_lines(text: &str, blocks: &[Vec<Segment>], index: usize) -> usize {
    let habits = blocks.windows(2).enumerate().filter_map(|(at, pair)| {
        let between = text.get(end(&pair[0])..pair[1].first()?.comments)?;
        // If other tables lie between two blocks, their distance shows nothing.
        between.trim().is_empty().then(|| ((at + 1).abs_diff(index), between.matches('\n').count()))
    });
    habits.min_by_key(|(distance, _)| *distance).map_or(1, |(_, count)| count)
}

/// Removes block `index`: its lines, and one blank line that separates it.
pub(super) fn remove(view: &View, tables: &ArrayOfTables, index: usize) -> Result<Vec<Splice>, EditError> {
    let table = tables.get(index).ok_or(EditError::OutOfRange { index, len: tables.len() })?;
    Ok(deletions(view.text(), segments(view, table)?))
}

/// Deletes segments, each with a blank line. Segments that have only blank lines between them are joined first. Otherwise both
/// would delete the same blank line.
fn deletions(text: &str, segments: Vec<Segment>) -> Vec<Splice> {
    let mut joined: Vec<Segment> = Vec::new();
    for segment in segments {
        match joined.last_mut() {
            Some(last) if is_blank_between(text, &last.lines, &segment.lines) => {
                last.lines.end = segment.lines.end;
            }
            _ => joined.push(segment),
        }
    }
    joined.iter().map(|segment| Splice::delete(segment.with_blank_line(text))).collect()
}

/// Replaces block `index` with `key`. The header stays.
pub(super) fn set(view: &View, tables: &ArrayOfTables, index: usize, key: &Key) -> Result<Vec<Splice>, EditError> {
    let table = tables.get(index).ok_or(EditError::OutOfRange { index, len: tables.len() })?;
    let style = Style::for_replace(view, &List::Blocks(tables).elements(), index);
    if let Some(field) = Element::Block(table).field() {
        let end = span(field.value)?.end;
        let mut splices = set_field(view, &style, field, key)?;
        splices.extend(scan::realigned(view.text(), end, &splices)?);
        return Ok(splices);
    }
    // The block has several fields or none, or its field takes several lines or tables. The new field replaces the first line,
    // and the others are deleted.
    let text = view.text();
    let (own, inner): (Vec<_>, _) =
        segments(view, table)?.into_iter().partition(|segment| Some(&segment.header) == table.span().as_ref());
    let mut splices = deletions(text, inner);
    let at = own.first().ok_or(EditError::Broken("a block without a header"))?.lines.end;

    let (indentation, equals) = field_style(view, tables, index + 1)?;
    let line = format!("{}{equals}{}", style::name(key), style.value(key));
    let mut fields = values(table)?.into_iter();
    if let Some(first) = fields.next() {
        let start = scan::line_start(text, first.start) + scan::indentation(text, first.start).len();
        splices.push(Splice::replace(start..first.end, line));
    } else {
        let newline = scan::newline(text);
        let missing_newline = if text[..at].ends_with('\n') { "" } else { newline };
        splices.push(Splice::insert(at, format!("{missing_newline}{indentation}{line}{newline}")));
    }
    splices.extend(
        fields.map(|field| Splice::delete(scan::line_start(text, field.start)..scan::line_end(text, field.end))),
    );
    Ok(splices)
}

/// The fields of a table in the order of the text. Each range starts at the last part of the key, and ends after the value.
fn values(table: &Table) -> Result<Vec<Range<usize>>, EditError> {
    let mut fields = Vec::new();
    for (path, value) in table.get_values() {
        let value = span(value)?;
        let key = path.last().and_then(|key| key.span()).ok_or(EditError::Broken("a key without a place"))?;
        fields.push(key.start..value.end);
    }
    fields.sort_by_key(|field| field.start);
    Ok(fields)
}
