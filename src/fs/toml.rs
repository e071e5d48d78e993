//! TOML that is not the project's own file: manifests, configuration, lockfiles.

use std::sync::Arc;

use toml_edit::TableLike;
use toml_edit::{Document, Item};

/// A document that keeps the positions of all items.
pub(crate) type Toml = Document<Arc<str>>;

/// Parses TOML. The error is one line, and contains the line number.
pub(crate) fn parse(text: String) -> Result<Toml, String> {
    let text = Arc::<str>::from(text);
    Document::parse(Arc::clone(&text)).map_err(|error| {
        let before = text.bytes().take(error.span().map_or(0, |span| span.start));
        let line = before.filter(|byte| *byte == b'\n').count() + 1;
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        format!("line {line} is not valid TOML: {message}")
    })
}

/// The strings of an array; a single string counts as a list of one.
pub(crate) fn strings(item: Option<&Item>) -> Vec<&str> {
    let Some(item) = item else { return Vec::new() };
    let array = item.as_array().into_iter().flatten().filter_map(toml_edit::Value::as_str);
    item.as_str().into_iter().chain(array).collect()
}

/// The tables of an array of tables, or the inline tables of an array.
pub(crate) fn tables(item: &Item) -> impl Iterator<Item = &dyn TableLike> {
    let inline = item.as_array().into_iter().flatten().filter_map(toml_edit::Value::as_inline_table);
    let tables = item.as_array_of_tables().into_iter().flatten().map(|table| table as &dyn TableLike);
    tables.chain(inline.map(|table| table as &dyn TableLike))
}

/// The item at a dotted path of keys below a table.
pub(crate) fn get<'a>(root: &'a dyn TableLike, keys: &[&str]) -> Option<&'a Item> {
    let (last, parents) = keys.split_last()?;
    let mut table = root;
    for key in parents {
        table = table.get(key)?.as_table_like()?;
    }
    table.get(last)
}
