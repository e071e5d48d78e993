//! How the entries of a list are written. The style is taken from existing entries, the nearest first.

use toml_edit::{TableLike, Value};

use super::operation::{EditError, Splice};
use super::view::{Element, Field, View, span};
use crate::cache_keys::Key;

/// The style of a list.
pub(super) struct Style {
    /// Whether files are bare strings.
    bare: bool,
    /// Whether strings have single quotes if possible.
    literal: bool,
    table: Template,
}

/// The form of an inline table with one field, without the name and the value.
pub(super) struct Template {
    open: String,
    equals: String,
    close: String,
}

impl Default for Template {
    fn default() -> Self {
        Self { open: "{ ".to_owned(), equals: " = ".to_owned(), close: " }".to_owned() }
    }
}

impl Style {
    /// The style of a list without entries to copy from. With `compact`, there are no blanks, as in `{file="x"}`.
    pub(super) fn plain(compact: bool) -> Self {
        let tight = || Template { open: "{".to_owned(), equals: "=".to_owned(), close: "}".to_owned() };
        Self { bare: false, literal: false, table: if compact { tight() } else { Template::default() } }
    }

    /// The style for a new entry at `index` of `elements`. The entry before it is the first choice.
    pub(super) fn for_insert(view: &View, elements: &[Element<'_>], index: usize) -> Self {
        // The entry before it has distance 0, the one after it 1, the next one before it 2.
        Self::near(view, elements, |at| if at < index { (index - 1 - at) * 2 } else { (at - index) * 2 + 1 })
    }

    /// The style for an entry that replaces entry `index`. The style of the old entry is the first choice.
    pub(super) fn for_replace(view: &View, elements: &[Element<'_>], index: usize) -> Self {
        Self::near(view, elements, |at| at.abs_diff(index))
    }

    fn near(view: &View, elements: &[Element<'_>], distance: impl Fn(usize) -> usize) -> Self {
        let mut order: Vec<usize> = (0..elements.len()).collect();
        order.sort_by_key(|&at| distance(at));
        let near = || order.iter().map(|&at| elements[at]);
        let is_file = |element: &Element<'_>| matches!(element.key(), Some(Key::File(_)));

        let mut files = near().filter(is_file);
        let bare = files.next().is_some_and(|file| matches!(file, Element::Value(Value::String(_))));
        let literal = near().find_map(|element| is_literal(view, element)).unwrap_or(false);
        let mut templates = near().filter(is_file).chain(near()).filter_map(|element| Template::of(view, element));
        Self { bare, literal, table: templates.next().unwrap_or_default() }
    }

    /// The text of an entry in an array.
    pub(super) fn entry(&self, key: &Key) -> String {
        match key {
            Key::File(path) if self.bare => self.string(path),
            _ => {
                let Template { open, equals, close } = &self.table;
                format!("{open}{}{equals}{}{close}", name(key), self.value(key))
            }
        }
    }

    /// The value of a key, after the `=`.
    pub(super) fn value(&self, key: &Key) -> String {
        match key {
            Key::File(text) | Key::Dir(text) | Key::Env(text) => self.string(text),
            Key::Git { commit: false, tags: false } => false.to_string(),
            Key::Git { commit, tags } => {
                let Template { open, equals, close } = &self.table.on_one_line();
                let asked = [("commit", commit), ("tags", tags)].into_iter().filter(|(_, on)| **on);
                let fields: Vec<String> = asked.map(|(field, _)| format!("{field}{equals}true")).collect();
                format!("{open}{}{close}", fields.join(", "))
            }
        }
    }

    /// Whether a key is written as a bare string.
    pub(super) fn is_bare(&self, key: &Key) -> bool {
        self.bare && matches!(key, Key::File(_))
    }

    /// A TOML string. A literal string has no escapes, so some texts need a basic string.
    fn string(&self, text: &str) -> String {
        if self.literal && !text.contains(|found: char| found == '\'' || found.is_control()) {
            return format!("'{text}'");
        }
        let mut string = String::with_capacity(text.len() + 2);
        string.push('"');
        for found in text.chars() {
            match found {
                '"' => string.push_str("\\\""),
                '\\' => string.push_str("\\\\"),
                '\t' => string.push_str("\\t"),
                '\n' => string.push_str("\\n"),
                '\r' => string.push_str("\\r"),
                control if control.is_control() => string.extend(format!("\\u{:04X}", u32::from(control)).chars()),
                other => string.push(other),
            }
        }
        string.push('"');
        string
    }
}

impl Template {
    /// The form of the table around a field. A table with comments inside is not copied.
    fn of(view: &View, element: Element<'_>) -> Option<Self> {
        let Element::Value(whole @ Value::InlineTable(_)) = element else { return None };
        let field = element.field()?;
        let (outer, value) = (whole.span()?, field.value.span()?);
        let part = |start, end| view.text().get(start..end).map(str::to_owned);
        let (open, equals, close) =
            (part(outer.start, field.key.start)?, part(field.key.end, value.start)?, part(value.end, outer.end)?);
        (![&open, &equals, &close].iter().any(|part| part.contains('#'))).then_some(Self { open, equals, close })
    }

    fn on_one_line(&self) -> Self {
        if self.open.contains('\n') || self.close.contains('\n') || self.equals.contains('\n') {
            return Self::default();
        }
        let (open, equals, close) = (self.open.clone(), self.equals.clone(), self.close.replace(',', ""));
        Self { open, equals, close }
    }
}

/// Whether the string of an entry has single quotes.
fn is_literal(view: &View, element: Element<'_>) -> Option<bool> {
    let string = match element {
        Element::Value(string @ Value::String(_)) => string,
        _ => element.field()?.value,
    };
    string.as_str()?;
    Some(view.text().get(span(string).ok()?)?.starts_with('\''))
}

/// The name of the field for a key.
pub(super) fn name(key: &Key) -> &'static str {
    match key {
        Key::File(_) => "file",
        Key::Dir(_) => "dir",
        Key::Git { .. } => "git",
        Key::Env(_) => "env",
    }
}

/// The equals sign, with blanks if there are any between `key_end` and `value_start`. Alignment is not copied: at most one blank
/// is kept on each side.
pub(super) fn equals(view: &View, key_end: usize, value_start: usize) -> &'static str {
    if view.text().get(key_end..value_start) == Some("=") { "=" } else { " = " }
}

/// The last value of a table in the text, and the keys that lead to it.
pub(super) fn last_value<'v>(table: &'v dyn TableLike) -> Result<Option<LastValue<'v>>, EditError> {
    let mut last: Option<LastValue<'v>> = None;
    for (path, value) in table.get_values() {
        let value = span(value)?;
        if last.as_ref().is_none_or(|last| last.value.start < value.start) {
            last = Some(LastValue { path, value });
        }
    }
    Ok(last)
}

/// See [`last_value`].
pub(super) struct LastValue<'v> {
    /// The keys from the table to the value. The last one is that of the value itself.
    pub(super) path: Vec<&'v toml_edit::Key>,
    pub(super) value: std::ops::Range<usize>,
}

/// Changes the name and the value of the only field of an entry.
pub(super) fn set_field(view: &View, style: &Style, field: Field<'_>, key: &Key) -> Result<Vec<Splice>, EditError> {
    let name = name(key);
    let old = view.text().get(field.key.clone()).unwrap_or_default();
    let mut splices = vec![Splice::replace(span(field.value)?, style.value(key))];
    if old.trim_matches(['"', '\'']) != name {
        splices.push(Splice::replace(field.key, name));
    }
    Ok(splices)
}
