//! Creates a list in the existing `[tool.uv]`, in whatever form it is written, or in a new one.

use toml_edit::{InlineTable, Item, Table, Value};

use super::operation::{EditError, Splice};
use super::sequence::Sequence;
use super::style::{self, Style, last_value};
use super::view::{NAME, View};
use super::{scan, segments};
use crate::cache_keys::Key;

/// The insertion that creates the list. If the list goes into an inline table that needs a comma, the comma is a second
/// insertion.
pub(super) fn create(view: &View, keys: &[Key]) -> Result<Vec<Splice>, EditError> {
    if view.list(NAME)?.is_some() {
        return Err(EditError::ListExists);
    }
    let lines = match (view.tool()?, view.uv()?) {
        (_, Some(Item::Value(Value::InlineTable(uv)))) if !uv.is_dotted() => {
            return Inline::Uv(uv).create(view, keys);
        }
        (Some(Item::Value(Value::InlineTable(tool))), None) => return Inline::Tool(tool).create(view, keys),
        (Some(Item::Value(Value::InlineTable(tool))), Some(Item::Value(Value::InlineTable(uv)))) => {
            return Inline::Dotted { tool, uv }.create(view, keys);
        }
        (_, Some(Item::Table(uv))) if uv.is_dotted() => behind_dotted(view, uv, keys)?,
        (_, Some(Item::Table(uv))) if uv.is_implicit() => before_first_header(view, uv, keys)?,
        (_, Some(Item::Table(uv))) => in_table(view, uv, keys)?,
        (_, Some(_)) => return Err(EditError::NotATable("tool.uv")),
        (_, None) => at_the_end(view, keys),
    };
    Ok(vec![lines])
}

/// `cache-keys = [...]` on lines of its own.
struct Lines<'a> {
    indentation: &'a str,
    /// The part of a dotted key before the name, such as `uv.`.
    prefix: &'a str,
    equals: &'static str,
}

impl Lines<'_> {
    const PLAIN: Self = Self { indentation: "", prefix: "", equals: " = " };

    fn write(&self, view: &View, keys: &[Key]) -> String {
        let Self { indentation, prefix, equals } = self;
        let (newline, step, style) = (scan::newline(view.text()), view.indentation_step(), Style::plain(false));
        let mut lines = format!("{indentation}{prefix}{NAME}{equals}[{newline}");
        for key in keys {
            lines.extend([indentation, step.as_str(), &style.entry(key), ",", newline]);
        }
        lines.extend([indentation, "]", newline]);
        lines
    }
}

/// Inserts whole lines at `at`. If the text before it does not end with a newline, one is added.
fn insert_lines(view: &View, at: usize, lines: &str) -> Splice {
    let missing_newline = if at == scan::line_start(view.text(), at) { "" } else { scan::newline(view.text()) };
    Splice::insert(at, format!("{missing_newline}{lines}"))
}

/// Inserts below the last value under the header `[tool.uv]`. If the table has no values, inserts below the header and its
/// comment lines, unless those comments belong to what follows.
fn in_table(view: &View, uv: &Table, keys: &[Key]) -> Result<Splice, EditError> {
    let text = view.text();
    let header = uv.span().ok_or(EditError::Broken("a header without a place"))?;
    let Some(last) = last_value(uv)? else {
        let lines = Lines { indentation: scan::indentation(text, header.start), ..Lines::PLAIN };
        let at = scan::past_comments(text, scan::line_end(text, header.end));
        return Ok(insert_lines(view, at, &lines.write(view, keys)));
    };
    let key = last.path.last().and_then(|key| key.span()).ok_or(EditError::Broken("a key without a place"))?;
    let equals = style::equals(view, key.end, last.value.start);
    let lines = Lines { indentation: scan::indentation(text, key.start), equals, ..Lines::PLAIN };
    let at = scan::line_end(text, last.value.end);
    Ok(insert_lines(view, at, &lines.write(view, keys)))
}

/// Inserts below the last `uv.… =` of `[tool]`, or the last `tool.uv.… =` of the root table. A header `[tool.uv]` would define
/// the table twice.
fn behind_dotted(view: &View, uv: &Table, keys: &[Key]) -> Result<Splice, EditError> {
    let text = view.text();
    let last = last_value(uv)?.ok_or(EditError::Broken("a dotted table without values"))?;
    let key = last.path.last().and_then(|key| key.span()).ok_or(EditError::Broken("a key without a place"))?;
    let line = scan::line_start(text, key.start);
    let lines = Lines {
        indentation: scan::indentation(text, line),
        prefix: dotted_prefix(text, line, last.path.len())?,
        equals: style::equals(view, key.end, last.value.start),
    };
    Ok(insert_lines(view, scan::line_end(text, last.value.end), &lines.write(view, keys)))
}

/// The dotted key at `start` without its last `inner` parts, including the dots.
fn dotted_prefix(text: &str, start: usize, inner: usize) -> Result<&str, EditError> {
    let parts = scan::key_parts(text, start);
    let first = parts.first().zip(parts.len().checked_sub(inner).and_then(|at| parts.get(at)));
    let prefix = first.and_then(|(first, rest)| text.get(first.start..rest.start));
    prefix.ok_or(EditError::Broken("a dotted key that cannot be read"))
}

/// Inserts a `[tool.uv]` before the first `[tool.uv.…]` or `[[tool.uv.…]]` and its comment.
fn before_first_header(view: &View, uv: &Table, keys: &[Key]) -> Result<Splice, EditError> {
    let segments = segments::segments(view, uv)?;
    let at = segments[0].comments;
    let text = view.text();
    let newline = scan::newline(text);
    let above = scan::previous_line(text, at).is_some_and(|above| !scan::is_blank(text, above));
    let blank_line = if above { newline } else { "" };
    let lines = Lines::PLAIN.write(view, keys);
    Ok(Splice::insert(at, format!("{blank_line}[tool.uv]{newline}{lines}{newline}")))
}

/// Appends a `[tool.uv]` at the end of the file.
fn at_the_end(view: &View, keys: &[Key]) -> Splice {
    let text = view.text();
    let newline = scan::newline(text);
    let last_line = scan::line_start(text, text.len());
    let above = if last_line < text.len() { Some(last_line) } else { scan::previous_line(text, last_line) };
    let blank_line = if above.is_some_and(|above| !text[above..].trim().is_empty()) { newline } else { "" };
    insert_lines(view, text.len(), &format!("{blank_line}[tool.uv]{newline}{}", Lines::PLAIN.write(view, keys)))
}

/// An inline table in which the list is created, on one line.
enum Inline<'v> {
    Uv(&'v InlineTable),
    /// `tool`, if it has no `uv`.
    Tool(&'v InlineTable),
    /// `tool`, if it contains pairs of the form `uv.… = …`.
    Dotted {
        tool: &'v InlineTable,
        uv: &'v InlineTable,
    },
}

impl Inline<'_> {
    fn create(&self, view: &View, keys: &[Key]) -> Result<Vec<Splice>, EditError> {
        // `neighbours` is the table whose pairs surround the list, `table` the one after whose last value the list goes.
        let (table, neighbours) = match *self {
            Self::Uv(table) | Self::Tool(table) => (table, table),
            Self::Dotted { tool, uv } => (tool, uv),
        };
        let pairs = Sequence::of_table(view, table)?;
        let Some(last) = last_value(neighbours)? else {
            return Ok(pairs.insert(pairs.items.len(), &self.content("", " = ", keys)));
        };
        let fault = EditError::Broken("a pair that cannot be found");
        let pair = pairs.items.iter().position(|pair| pair.end == last.value.end).ok_or(fault.clone())?;
        let key = last.path.last().and_then(|key| key.span()).ok_or(fault)?;
        let equals = style::equals(view, key.end, last.value.start);
        let prefix = dotted_prefix(view.text(), pairs.items[pair].start, last.path.len())?;
        Ok(pairs.insert(pair + 1, &self.content(prefix, equals, keys)))
    }

    fn content(&self, prefix: &str, equals: &str, keys: &[Key]) -> String {
        let style = Style::plain(equals == "=");
        let entries: Vec<_> = keys.iter().map(|key| style.entry(key)).collect();
        let list = format!("{NAME}{equals}[{}]", entries.join(", "));
        match self {
            Self::Tool(_) if equals == "=" => format!("uv={{{list}}}"),
            Self::Tool(_) => format!("uv = {{ {list} }}"),
            Self::Uv(_) | Self::Dotted { .. } => format!("{prefix}{list}"),
        }
    }
}
