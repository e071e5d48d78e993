//! Checks the result of an operation by parsing it again: the list is as the operation requires, and everything else is
//! unchanged.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::operation::{EditError, Operation, Splice};
use super::view::{Element, List, NAME, View};
use super::{blocks, comment, rename, scan, segments};
use crate::cache_keys::Key;

/// Checks that `splices` turn `before` into `after`, and that `after` is what `operation` requires.
pub(super) fn verify(before: &View, operation: &Operation, splices: &[Splice], after: &View) -> Result<(), EditError> {
    if matches!(operation, Operation::RemoveComment { .. }) {
        demand(same_table(before.root(), after.root()), "values")?;
        return demand(bytes_are_kept(before, operation, splices, after.text())?, "bytes outside the comment");
    }
    let (old_name, new_name) = match operation {
        Operation::Rename { from } => (from.as_str(), NAME),
        Operation::Remove { list, .. } => (*list, *list),
        _ => (NAME, NAME),
    };
    let (old, new) = (before.list(old_name)?, after.list(new_name)?);
    let same_form = matches!(
        (old, new),
        (None | Some(List::Array(_)), Some(List::Array(_))) | (Some(List::Blocks(_)), Some(List::Blocks(_)))
    );
    let old = old.map(List::elements).unwrap_or_default();
    let new = new.map(List::elements).unwrap_or_default();
    demand(same_form, "the form of the list")?;
    demand(old_name == new_name || after.list(old_name)?.is_none(), "the old name")?;
    demand(is_expected(&expected(operation, &old), &new), "the keys")?;
    demand(same_but(before.root(), after.root(), &["tool", "uv"], &[new_name, old_name]), "other values")?;
    demand(bytes_are_kept(before, operation, splices, after.text())?, "bytes outside the list")
}

fn demand(holds: bool, what: &'static str) -> Result<(), EditError> {
    if holds { Ok(()) } else { Err(EditError::Broken(what)) }
}

/// What an entry must be after the operation.
#[derive(Clone, Copy)]
enum Expected<'v> {
    /// Unchanged, including its form. It need not be valid.
    Same(Element<'v>),
    New(&'v Key),
}

/// Applies the operation to a model of the list. An index out of range changes nothing, so that the comparison fails.
fn expected<'v>(operation: &'v Operation, old: &[Element<'v>]) -> Vec<Expected<'v>> {
    let mut entries: Vec<_> = old.iter().copied().map(Expected::Same).collect();
    match operation {
        Operation::Insert { index, key } if *index <= entries.len() => entries.insert(*index, Expected::New(key)),
        Operation::Remove { index, .. } if *index < entries.len() => drop(entries.remove(*index)),
        Operation::Replace { index, key } if *index < entries.len() => entries[*index] = Expected::New(key),
        Operation::Create { keys } => entries.extend(keys.iter().map(Expected::New)),
        _ => {}
    }
    entries
}

fn is_expected(expected: &[Expected<'_>], found: &[Element<'_>]) -> bool {
    expected.len() == found.len()
        && expected.iter().zip(found).all(|(expected, found)| match (expected, found) {
            (Expected::New(key), found) => found.key().as_ref() == Some(*key),
            (Expected::Same(Element::Value(old)), Element::Value(new)) => same_value(old, new),
            (Expected::Same(Element::Block(old)), Element::Block(new)) => same_table(*old, *new),
            _ => false,
        })
}

/// Whether two documents are equal except for the fields `names` of the table at `path`. The table may be missing.
fn same_but(old: &dyn TableLike, new: &dyn TableLike, path: &[&str], names: &[&str]) -> bool {
    let Some((&step, path)) = path.split_first() else {
        return same_without(old, new, names);
    };
    let empty = toml_edit::Table::new();
    let inner = |table: Option<&'_ Item>| table.is_none_or(Item::is_table_like);
    let (old_inner, new_inner) = (old.get(step), new.get(step));
    same_without(old, new, &[step])
        && inner(old_inner)
        && inner(new_inner)
        && same_but(
            old_inner.and_then(Item::as_table_like).unwrap_or(&empty),
            new_inner.and_then(Item::as_table_like).unwrap_or(&empty),
            path,
            names,
        )
}

fn same_without(old: &dyn TableLike, new: &dyn TableLike, names: &[&str]) -> bool {
    let count = |table: &dyn TableLike| table.iter().filter(|(name, _)| !names.contains(name)).count();
    count(old) == count(new)
        && old
            .iter()
            .filter(|(name, _)| !names.contains(name))
            .all(|(name, item)| new.get(name).is_some_and(|new| same_item(item, new)))
}

fn same_table(old: &dyn TableLike, new: &dyn TableLike) -> bool {
    same_without(old, new, &[])
}

fn same_item(old: &Item, new: &Item) -> bool {
    match (old, new) {
        (Item::None, Item::None) => true,
        (Item::Value(old), Item::Value(new)) => same_value(old, new),
        (Item::Table(old), Item::Table(new)) => same_table(old, new),
        (Item::ArrayOfTables(old), Item::ArrayOfTables(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_table(old, new))
        }
        _ => false,
    }
}

fn same_value(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) => old.value() == new.value(),
        (Value::Integer(old), Value::Integer(new)) => old.value() == new.value(),
        // Compared by bits, so that NaN equals itself.
        (Value::Float(old), Value::Float(new)) => old.value().to_bits() == new.value().to_bits(),
        (Value::Boolean(old), Value::Boolean(new)) => old.value() == new.value(),
        (Value::Datetime(old), Value::Datetime(new)) => old.value() == new.value(),
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_value(old, new))
        }
        (Value::InlineTable(old), Value::InlineTable(new)) => same_table(old, new),
        _ => false,
    }
}

/// Whether the bytes outside the places that the operation may change are the same.
fn bytes_are_kept(before: &View, operation: &Operation, splices: &[Splice], after: &str) -> Result<bool, EditError> {
    let Some(places) = places(before, operation)? else {
        let only_adds = splices.iter().all(|splice| splice.range.is_empty());
        return Ok(only_adds && outside_is_kept(before.text(), splices, after));
    };
    let allowed =
        |splice: &Splice| places.iter().any(|place| place.start <= splice.range.start && splice.range.end <= place.end);
    Ok(splices.iter().all(allowed) && outside_is_kept(before.text(), splices, after))
}

/// Whether `after` contains the text of `before` between the splices, each part in its place.
fn outside_is_kept(before: &str, splices: &[Splice], after: &str) -> bool {
    let (mut done, mut at) = (0, 0);
    let ends = splices.iter().map(|splice| (splice.range.clone(), splice.content.len()));
    for (range, added) in ends.chain([(before.len()..before.len(), 0)]) {
        let kept = range.start - done;
        if before.as_bytes().get(done..range.start) != after.as_bytes().get(at..at + kept) {
            return false;
        }
        done = range.end;
        at += kept + added;
    }
    at == after.len()
}

/// The places that the operation may change; `None` if it only adds text.
fn places(before: &View, operation: &Operation) -> Result<Option<Vec<Range<usize>>>, EditError> {
    let (name, index) = match operation {
        Operation::Rename { from } => return Ok(Some(rename::names(before, from)?)),
        Operation::Create { .. } => return Ok(None),
        Operation::RemoveComment { at } => return Ok(Some(vec![comment::place(before, *at)?])),
        Operation::Remove { list, index } => (*list, *index),
        Operation::Insert { index, .. } | Operation::Replace { index, .. } => (NAME, *index),
        Operation::BreakLine => (NAME, 0),
    };
    match before.list(name)?.ok_or(EditError::NoList)? {
        List::Array(array) => Ok(Some(array.span().into_iter().collect())),
        List::Blocks(_) if matches!(operation, Operation::Insert { .. }) => Ok(None),
        List::Blocks(tables) => {
            let table = tables.get(index).ok_or(EditError::OutOfRange { index, len: tables.len() })?;
            let mut places: Vec<Range<usize>> = Vec::new();
            for lines in segments::segments(before, table)?.into_iter().map(|segment| segment.lines) {
                match places.last_mut() {
                    Some(last) if blocks::is_blank_between(before.text(), last, &lines) => last.end = lines.end,
                    _ => places.push(lines),
                }
            }
            Ok(Some(places.into_iter().map(|lines| with_blank_lines(before.text(), lines)).collect()))
        }
    }
}

/// The lines, with one blank line before and one after them if they exist.
fn with_blank_lines(text: &str, lines: Range<usize>) -> Range<usize> {
    let above = scan::previous_line(text, lines.start).filter(|&above| scan::is_blank(text, above));
    let below = if scan::is_blank(text, lines.end) { scan::next_line(text, lines.end) } else { lines.end };
    above.unwrap_or(lines.start)..below
}
