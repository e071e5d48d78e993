//! Parses the text, and finds the list in it.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, Item, Table, TableLike, Value};

use super::operation::EditError;
use super::scan;
use crate::cache_keys::{Key, grammar};

/// The name of the list in `[tool.uv]`.
pub(crate) const NAME: &str = "cache-keys";
/// The name of another list in `[tool.uv]`: the packages that uv reinstalls at every command.
pub(crate) const REINSTALLED: &str = "reinstall-package";

/// A text and its parsed document.
pub(super) struct View {
    document: Document<String>,
}

/// The list, in either of its forms.
#[derive(Clone, Copy)]
pub(super) enum List<'v> {
    Array(&'v Array),
    Blocks(&'v ArrayOfTables),
}

/// An entry of the list, whether uv accepts it or not.
#[derive(Clone, Copy)]
pub(super) enum Element<'v> {
    Value(&'v Value),
    Block(&'v Table),
}

impl View {
    pub(super) fn parse(text: String) -> Result<Self, EditError> {
        match Document::parse(text) {
            Ok(document) => Ok(Self { document }),
            Err(error) => Err(EditError::NotToml(error.message().to_owned())),
        }
    }

    pub(super) fn text(&self) -> &str {
        self.document.raw()
    }

    pub(super) fn root(&self) -> &Table {
        self.document.as_table()
    }

    /// The table `tool`.
    pub(super) fn tool(&self) -> Result<Option<&Item>, EditError> {
        table(self.root(), "tool", "tool")
    }

    /// The table `tool.uv`.
    pub(super) fn uv(&self) -> Result<Option<&Item>, EditError> {
        match self.tool()?.and_then(Item::as_table_like) {
            Some(tool) => table(tool, "uv", "tool.uv"),
            None => Ok(None),
        }
    }

    /// The list `tool.uv.<name>`.
    pub(super) fn list(&self, name: &str) -> Result<Option<List<'_>>, EditError> {
        match self.uv()?.and_then(|uv| uv.as_table_like()?.get(name)) {
            None => Ok(None),
            Some(Item::Value(Value::Array(array))) => Ok(Some(List::Array(array))),
            Some(Item::ArrayOfTables(blocks)) => Ok(Some(List::Blocks(blocks))),
            Some(other) => Err(EditError::NotAList(other.type_name())),
        }
    }

    /// The indentation step of the lists in this file: the most common one, or four spaces.
    pub(super) fn indentation_step(&self) -> String {
        let mut steps: Vec<(&str, usize)> = Vec::new();
        for_each_array(self.document.as_item(), &mut |array| {
            let Some(step) = self.step_of(array) else { return };
            match steps.iter_mut().find(|(known, _)| *known == step) {
                Some((_, count)) => *count += 1,
                None => steps.push((step, 1)),
            }
        });
        // If several are equally common, the first one.
        steps.iter().rev().max_by_key(|(_, count)| *count).map_or("    ", |(step, _)| *step).to_owned()
    }

    /// The indentation of the first entry of an array, relative to the line of the opening bracket.
    fn step_of(&self, array: &Array) -> Option<&str> {
        let open = array.span()?.start;
        let first = array.get(0)?.span()?.start;
        let line = scan::line_start(self.text(), first);
        let starts_line = line > open && self.text()[line..first].trim().is_empty();
        let step = scan::indentation(self.text(), first).strip_prefix(scan::indentation(self.text(), open))?;
        (starts_line && !step.is_empty()).then_some(step)
    }
}

fn table<'v>(parent: &'v dyn TableLike, name: &str, path: &'static str) -> Result<Option<&'v Item>, EditError> {
    match parent.get(name) {
        Some(item) if !item.is_table_like() => Err(EditError::NotATable(path)),
        found => Ok(found),
    }
}

fn for_each_array<'v>(item: &'v Item, visit: &mut impl FnMut(&'v Array)) {
    match item {
        Item::None => {}
        Item::Value(value) => for_each_array_in(value, visit),
        Item::Table(table) => table.iter().for_each(|(_, item)| for_each_array(item, visit)),
        Item::ArrayOfTables(tables) => {
            tables.iter().flat_map(Table::iter).for_each(|(_, item)| for_each_array(item, visit));
        }
    }
}

fn for_each_array_in<'v>(value: &'v Value, visit: &mut impl FnMut(&'v Array)) {
    match value {
        Value::Array(array) => {
            visit(array);
            array.iter().for_each(|value| for_each_array_in(value, visit));
        }
        Value::InlineTable(table) => table.iter().for_each(|(_, value)| for_each_array_in(value, visit)),
        _ => {}
    }
}

impl<'v> List<'v> {
    pub(super) fn elements(self) -> Vec<Element<'v>> {
        match self {
            Self::Array(array) => array.iter().map(Element::Value).collect(),
            Self::Blocks(blocks) => blocks.iter().map(Element::Block).collect(),
        }
    }
}

impl<'v> Element<'v> {
    /// The entry as uv reads it; `None` if uv rejects it.
    pub(super) fn key(self) -> Option<Key> {
        let alone = match self {
            Self::Value(value) => Item::Value(Value::Array(std::iter::once(value.clone()).collect())),
            Self::Block(table) => Item::ArrayOfTables(std::iter::once(table.clone()).collect()),
        };
        grammar::parse(&alone, 0..0).ok()?.pop().map(|entry| entry.key)
    }

    /// The field of a table with one plain field (`file = …`; not `git.commit = …`).
    pub(super) fn field(self) -> Option<Field<'v>> {
        let table: &dyn TableLike = match self {
            Self::Value(value) => value.as_inline_table()?,
            Self::Block(table) => table,
        };
        let mut names = table.iter();
        let ((name, item), None) = (names.next()?, names.next()) else { return None };
        let value = item.as_value()?;
        if value.as_inline_table().is_some_and(toml_edit::InlineTable::is_dotted) {
            return None;
        }
        Some(Field { key: table.key(name)?.span()?, value })
    }
}

/// The only field of an entry.
pub(super) struct Field<'v> {
    /// The range of its name.
    pub(super) key: Range<usize>,
    pub(super) value: &'v Value,
}

/// The span of a parsed value. Every parsed value has one. A value without a span cannot be edited.
pub(super) fn span(value: &Value) -> Result<Range<usize>, EditError> {
    value.span().ok_or(EditError::Broken("a value without a place"))
}
