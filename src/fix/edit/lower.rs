//! Turns operations into splices.

use toml_edit::{Array, Value};

use super::operation::{EditError, Operation, Splice};
use super::sequence::Sequence;
use super::style::{Style, set_field};
use super::view::{Element, List, NAME, View, span};
use super::{blocks, comment, create, rename, scan};
use crate::cache_keys::Key;

/// The splices that carry out `operation`.
pub(super) fn lower(view: &View, operation: &Operation) -> Result<Vec<Splice>, EditError> {
    match operation {
        Operation::Insert { index, key } => match list(view, NAME, *index, 1)? {
            List::Array(array) => in_array(view, array, |sequence, elements| {
                Ok(sequence.insert(*index, &Style::for_insert(view, elements, *index).entry(key)))
            }),
            List::Blocks(tables) => Ok(vec![blocks::insert(view, tables, *index, key)?]),
        },
        Operation::Replace { index, key } => match list(view, NAME, *index, 0)? {
            List::Array(array) => in_array(view, array, |_, elements| replace(view, elements, *index, key)),
            List::Blocks(tables) => blocks::set(view, tables, *index, key),
        },
        Operation::Remove { list: name, index } => match list(view, name, *index, 0)? {
            List::Array(array) => in_array(view, array, |sequence, _| Ok(sequence.remove(*index))),
            List::Blocks(tables) if tables.len() == 1 => Err(EditError::LastBlock),
            List::Blocks(tables) => blocks::remove(view, tables, *index),
        },
        Operation::Create { keys } if keys.is_empty() => Err(EditError::NoKeys),
        Operation::Create { keys } => create::create(view, keys),
        Operation::BreakLine => match list(view, NAME, 0, 1)? {
            List::Array(array) => Ok(Sequence::of_array(view, array)?.broken()),
            List::Blocks(_) => Ok(Vec::new()),
        },
        Operation::Rename { from } => rename::rename(view, from),
        Operation::RemoveComment { at } => comment::remove(view, *at),
    }
}

/// The list `tool.uv.<name>`, if `index` is in range: less than its length plus `new`.
fn list<'v>(view: &'v View, name: &str, index: usize, new: usize) -> Result<List<'v>, EditError> {
    let list = view.list(name)?.ok_or(EditError::NoList)?;
    let len = list.elements().len();
    if index < len + new { Ok(list) } else { Err(EditError::OutOfRange { index, len }) }
}

/// The splices of a change in an array, and those that keep the comments after its entries in their column.
fn in_array(
    view: &View,
    array: &Array,
    change: impl FnOnce(&Sequence, &[Element<'_>]) -> Result<Vec<Splice>, EditError>,
) -> Result<Vec<Splice>, EditError> {
    let sequence = Sequence::of_array(view, array)?;
    let mut splices = change(&sequence, &List::Array(array).elements())?;
    let mut realigned = Vec::new();
    for item in &sequence.items {
        realigned.extend(scan::realigned(view.text(), item.end, &splices)?);
    }
    splices.extend(realigned);
    Ok(splices)
}

/// Replaces an entry of an array by `key`, and changes as little of it as possible.
fn replace(view: &View, elements: &[Element<'_>], index: usize, key: &Key) -> Result<Vec<Splice>, EditError> {
    let style = Style::for_replace(view, elements, index);
    let Element::Value(old) = elements[index] else {
        return Err(EditError::Broken("a block in an array"));
    };
    match (elements[index].field(), old) {
        (Some(field), _) if !style.is_bare(key) => set_field(view, &style, field, key),
        (_, Value::String(_)) if matches!(key, Key::File(_)) => Ok(vec![Splice::replace(span(old)?, style.value(key))]),
        _ => Ok(vec![Splice::replace(span(old)?, style.entry(key))]),
    }
}
