//! The lines of a table with a header, and of the tables inside it.

use std::ops::Range;

use toml_edit::{Item, Table};

use super::operation::EditError;
use super::scan;
use super::style::last_value;
use super::view::View;

/// The lines of a table with a header, from the header to the last value below it.
pub(super) struct Segment {
    pub(super) header: Range<usize>,
    /// Whole lines.
    pub(super) lines: Range<usize>,
    /// The start of the comment lines directly above.
    pub(super) comments: usize,
}

impl Segment {
    /// The lines with the blank line below them. At the end of the file, the lines with the blank line above them. If comment
    /// lines above stay, the blank line below stays too. Otherwise the comment would become that of the text below.
    pub(super) fn with_blank_line(&self, text: &str) -> Range<usize> {
        let lines = self.lines.clone();
        if self.comments < lines.start {
            return lines;
        }
        if scan::is_blank(text, lines.end) {
            return lines.start..scan::next_line(text, lines.end);
        }
        let above = scan::previous_line(text, lines.start).filter(|&above| scan::is_blank(text, above));
        match above.filter(|_| lines.end == text.len()) {
            Some(above) => above..lines.end,
            None => lines,
        }
    }
}

/// The segments of `table` and of the tables inside it, in the order of the text.
pub(super) fn segments(view: &View, table: &Table) -> Result<Vec<Segment>, EditError> {
    let mut segments = Vec::new();
    collect(view, table, &mut segments)?;
    segments.sort_by_key(|segment| segment.lines.start);
    if segments.is_empty() { Err(EditError::Broken("a table without a header")) } else { Ok(segments) }
}

fn collect(view: &View, table: &Table, segments: &mut Vec<Segment>) -> Result<(), EditError> {
    if !table.is_implicit() && !table.is_dotted() {
        let (text, header) = (view.text(), table.span().ok_or(EditError::Broken("a header without a place"))?);
        let last = last_value(table)?.map_or(header.end, |last| last.value.end);
        let lines = scan::line_start(text, header.start)..scan::line_end(text, last);
        let floor = table.decor().prefix().and_then(toml_edit::RawString::span).map_or(lines.start, |span| span.start);
        let comments = scan::attached_comments(text, lines.start, floor);
        segments.push(Segment { header, lines, comments });
    }
    for (_, item) in table {
        match item {
            Item::Table(inner) => collect(view, inner, segments)?,
            Item::ArrayOfTables(inner) => inner.iter().try_for_each(|inner| collect(view, inner, segments))?,
            _ => {}
        }
    }
    Ok(())
}
