//! Operations to steps, and steps to splices.

use toml_edit::{Array, Value};

use super::sequence::Sequence;
use super::style::{Style, set_field};
use super::view::{Element, List, REINSTALLED, View, span};
use super::{EditError, Operation, Splice, blocks, comment, create, rename, scan};
use crate::cache_keys::Key;

/// What is carried out and checked at once.
pub(super) enum Step<'o> {
    Insert { index: usize, key: &'o Key },
    Remove { index: usize },
    Set { index: usize, key: &'o Key },
    Create { keys: &'o [Key] },
    Rename { from: &'o str },
    KeepInstalled { index: usize },
    Uncomment { at: usize },
}

impl<'o> Step<'o> {
    /// The steps of an operation. A replacement puts the first key in the entry's place, so that what stands around the
    /// entry stays with it, and the others behind.
    pub(super) fn of(operation: &'o Operation) -> Result<Vec<Self>, EditError> {
        Ok(match operation {
            Operation::Insert { index, key } => vec![Self::Insert { index: *index, key }],
            Operation::Remove { index } => vec![Self::Remove { index: *index }],
            Operation::Create { keys } if keys.is_empty() => return Err(EditError::NoKeys),
            Operation::Create { keys } => vec![Self::Create { keys }],
            Operation::Rename { from } => vec![Self::Rename { from }],
            Operation::KeepInstalled { index } => vec![Self::KeepInstalled { index: *index }],
            Operation::Uncomment { at } => vec![Self::Uncomment { at: *at }],
            Operation::Replace { index, keys } => {
                let (first, others) = keys.split_first().ok_or(EditError::NoKeys)?;
                let others = others.iter().enumerate().map(|(at, key)| {
                    // An index that overflows is out of range anyway, which the first step finds out.
                    Self::Insert { index: index.saturating_add(at + 1), key }
                });
                std::iter::once(Self::Set { index: *index, key: first }).chain(others).collect()
            }
        })
    }

    /// The splices that carry the step out.
    pub(super) fn lower(&self, view: &View) -> Result<Vec<Splice>, EditError> {
        match *self {
            Self::Create { keys } => create::create(view, keys),
            Self::Rename { from } => rename::rename(view, from),
            Self::Uncomment { at } => comment::remove(view, at),
            Self::KeepInstalled { index } => match view.list_called(REINSTALLED)?.ok_or(EditError::NoList)? {
                List::Array(array) => self.lower_to_array(view, array),
                List::Blocks(_) => Err(EditError::OutOfRange { index, len: 0 }),
            },
            _ => match view.list()?.ok_or(EditError::NoList)? {
                List::Array(array) => self.lower_to_array(view, array),
                List::Blocks(tables) => self.lower_to_blocks(view, tables),
            },
        }
    }

    fn lower_to_array(&self, view: &View, array: &Array) -> Result<Vec<Splice>, EditError> {
        let elements = List::Array(array).elements();
        self.check_range(elements.len())?;
        let sequence = Sequence::of_array(view, array)?;
        let mut splices = match *self {
            Self::Insert { index, key } => {
                sequence.insert(index, &Style::for_insert(view, &elements, index).entry(key))
            }
            Self::Remove { index } | Self::KeepInstalled { index } => sequence.remove(index),
            Self::Set { index, key } => set(view, &elements, index, key)?,
            Self::Create { .. } | Self::Rename { .. } | Self::Uncomment { .. } => Vec::new(),
        };
        let mut realigned = Vec::new();
        for item in &sequence.items {
            realigned.extend(scan::realigned(view.text(), item.end, &splices)?);
        }
        splices.extend(realigned);
        Ok(splices)
    }

    fn lower_to_blocks(&self, view: &View, tables: &toml_edit::ArrayOfTables) -> Result<Vec<Splice>, EditError> {
        self.check_range(tables.len())?;
        match *self {
            Self::Insert { index, key } => blocks::insert(view, tables, index, key).map(|splice| vec![splice]),
            Self::Remove { .. } if tables.len() == 1 => Err(EditError::LastBlock),
            Self::Remove { index } => blocks::remove(view, tables, index),
            Self::Set { index, key } => blocks::set(view, tables, index, key),
            Self::Create { .. } | Self::Rename { .. } | Self::KeepInstalled { .. } | Self::Uncomment { .. } => {
                Ok(Vec::new())
            }
        }
    }

    fn check_range(&self, len: usize) -> Result<(), EditError> {
        match *self {
            Self::Insert { index, .. } if index > len => Err(EditError::OutOfRange { index, len }),
            Self::Remove { index } | Self::Set { index, .. } | Self::KeepInstalled { index } if index >= len => {
                Err(EditError::OutOfRange { index, len })
            }
            _ => Ok(()),
        }
    }
}

/// Puts `key` in the place of an entry of an array, and changes no more of it than must be.
fn set(view: &View, elements: &[Element<'_>], index: usize, key: &Key) -> Result<Vec<Splice>, EditError> {
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
