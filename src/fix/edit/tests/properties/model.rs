//! Operations on the known facts about a document, and checks of the edited text.

use std::collections::BTreeSet;

use toml_edit::{Array, Item, Value};

use super::document::{Document, Form, Known, mark};
use crate::cache_keys::{Key, grammar};
use crate::fix::edit::tests::replace;
use crate::fix::edit::{NAME, Operation};

/// A document, and the operations to apply to it.
pub(super) struct Model {
    pub(super) document: Document,
    pub(super) operations: Vec<Operation>,
    /// Comments that must be removed, and comments that may be removed.
    gone: BTreeSet<String>,
    loose: BTreeSet<String>,
    removed: BTreeSet<usize>,
    was_empty: bool,
}

impl Model {
    pub(super) fn new(document: Document) -> Self {
        let was_empty = document.entries.is_empty();
        let (gone, loose, removed) = Default::default();
        Self { document, operations: Vec::new(), gone, loose, removed, was_empty }
    }

    /// Adds an operation. `kind` selects the operation and `at` the place, if there is one.
    pub(super) fn note(&mut self, kind: usize, at: usize, keys: &[Key]) {
        let entries = &mut self.document.entries;
        let len = entries.len();
        match kind {
            0 if len > usize::from(self.document.form == Form::Blocks) => {
                let known = entries.remove(at % len);
                self.operations.push(Operation::Remove { list: NAME, index: at % len });
                self.gone.extend(known.behind);
                self.loose.extend(known.inside.into_iter().chain(known.around));
                self.removed.extend(known.id);
            }
            1 if len > 0 => {
                let index = at % len;
                self.operations.extend(replace(index, keys));
                entries[index].key = keys[0].clone();
                self.loose.extend(std::mem::take(&mut entries[index].inside));
                let others = keys[1..].iter().map(|key| Known::new(None, key.clone()));
                entries.splice((index + 1)..=index, others);
            }
            _ => {
                let index = at % (len + 1);
                self.operations.push(Operation::Insert { index, key: keys[0].clone() });
                entries.insert(index, Known::new(None, keys[0].clone()));
            }
        }
        self.was_empty |= self.document.entries.is_empty();
    }

    /// Checks the edited text by means that do not use the code under test.
    pub(super) fn check(&self, after: &str) {
        let before = &self.document.text;
        check_line_ends(before, after);
        assert_eq!(values(before), values(after), "other values");
        assert_eq!(keys(after), self.document.entries.iter().map(|known| known.key.clone()).collect::<Vec<_>>());
        self.check_comments(after);
        let list = self.check_outside(after);
        self.check_form(list);
        if self.document.form != Form::Any {
            self.document.entries.iter().for_each(|known| self.check_neighbours(known, after));
        }
        if let (false, Some(old), Some(new)) = (self.was_empty, array(before), array(after)) {
            assert_eq!(old.trailing_comma(), new.trailing_comma(), "the trailing comma");
        }
    }

    /// Comments that must stay occur exactly once, and comments that must be removed do not occur.
    fn check_comments(&self, after: &str) {
        let all_removed = |ids: &[usize]| ids.iter().all(|id| self.removed.contains(id));
        let shared = self.document.shared.iter().filter(|(_, ids)| all_removed(ids));
        let shared: BTreeSet<_> = shared.map(|(comment, _)| comment).collect();
        for comment in comments(&self.document.text) {
            let count = after.matches(&comment).count();
            if self.gone.contains(&comment) {
                assert_eq!(count, 0, "{comment} should be gone");
            } else if !self.loose.contains(&comment) && !shared.contains(&comment) {
                assert_eq!(count, 1, "{comment} should be there");
            }
        }
    }

    /// The text outside the list is unchanged and in order. Returns the text of the list.
    fn check_outside<'t>(&self, after: &'t str) -> &'t str {
        let (first, last) = (&self.document.outside[0], &self.document.outside[self.document.outside.len() - 1]);
        assert!(after.starts_with(first), "the start");
        assert!(after.ends_with(last), "the end");
        let mut rest = &after[first.len()..];
        for piece in &self.document.outside[1..] {
            let at = rest.find(piece).unwrap_or_else(|| panic!("{piece:?} should be there"));
            rest = &rest[at + piece.len()..];
        }
        &after[first.len()..after.len() - last.len()]
    }

    /// The list has the same layout as before.
    fn check_form(&self, list: &str) {
        match &self.document.form {
            Form::OneLine => assert!(!list.contains('\n'), "one line: {list}"),
            Form::Formatted(indentation) if !self.was_empty => {
                let lines: Vec<_> = list.lines().collect();
                for line in &lines[1..lines.len() - 1] {
                    let code = line.split("# c").next().unwrap_or_default();
                    if !code.trim().is_empty() {
                        assert!(code.trim_end().ends_with(','), "a comma in {line:?}");
                        let code = code.strip_prefix(indentation.as_str());
                        assert!(code.is_some_and(|code| code.starts_with(['{', '"', '\''])), "{line:?}");
                    }
                }
                assert!(lines[0].starts_with('[') && lines[lines.len() - 1] == "]", "the brackets");
            }
            _ => {}
        }
    }

    /// The comments of an entry are still next to it.
    fn check_neighbours(&self, known: &Known, after: &str) {
        let Some(mark) = mark(&known.key) else { return };
        if let Some(comment) = known.behind.first() {
            let line = after.lines().find(|line| line.contains(comment)).unwrap();
            assert!(line.contains(mark), "{comment} should be behind {mark}");
        }
        let Some(comment) = known.above.first() else { return };
        let below = &after[after.find(comment).unwrap()..];
        let mut lines = below.lines().skip_while(|line| line.trim_start().starts_with('#'));
        if self.document.form == Form::Blocks {
            assert!(lines.next().is_some_and(|line| line.contains("[[")), "{comment} should be above a header");
            lines.find(|line| !line.trim().is_empty() && !line.starts_with("# c"));
            let between = &below[..below.find(mark).expect("the key below its comment")];
            assert_eq!(between.matches("[[").count(), 1, "{comment} should be above {mark}");
        } else {
            assert!(lines.next().is_some_and(|line| line.contains(mark)), "{comment} should be above {mark}");
        }
    }
}

/// If all line ends were of one kind, they still are.
pub(super) fn check_line_ends(before: &str, after: &str) {
    let count = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
    let ((windows, all), (windows_after, all_after)) = (count(before), count(after));
    if all > 0 && windows == 0 {
        assert_eq!(windows_after, 0, "line ends");
    } else if windows == all && all > 0 {
        assert_eq!(windows_after, all_after, "line ends");
    }
    assert_eq!(before.starts_with('\u{feff}'), after.starts_with('\u{feff}'), "the byte-order mark");
}

/// All comments with a number.
pub(super) fn comments(text: &str) -> Vec<String> {
    let rest = text.match_indices("# c").filter_map(|(at, _)| text[at..].split_inclusive('.').next());
    rest.filter(|found| found.len() < 9 && found[3..].trim_end_matches('.').parse::<usize>().is_ok())
        .map(str::to_owned)
        .collect()
}

fn parsed(text: &str) -> toml_edit::Document<&str> {
    toml_edit::Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The keys of a text.
pub(super) fn keys(text: &str) -> Vec<Key> {
    let document = parsed(text);
    let entries = grammar::parse(&document["tool"]["uv"]["cache-keys"], 0..0).unwrap();
    entries.into_iter().map(|entry| entry.key).collect()
}

fn array(text: &str) -> Option<Array> {
    parsed(text)["tool"]["uv"]["cache-keys"].as_array().cloned()
}

/// Everything in a text except the keys. Tables are sorted by name.
pub(super) fn values(text: &str) -> serde_json::Value {
    let mut values = json(parsed(text).as_item());
    let uv = values.get_mut("tool").and_then(|tool| tool.get_mut("uv"));
    if let Some(uv) = uv.and_then(serde_json::Value::as_object_mut) {
        uv.remove("cache-keys");
    }
    // Creating a list may also create these tables.
    for path in [&["tool", "uv"][..], &["tool"]] {
        let (name, parents) = path.split_last().unwrap();
        let parent = parents.iter().try_fold(&mut values, |value, name| value.get_mut(*name));
        if let Some(parent) = parent.and_then(serde_json::Value::as_object_mut)
            && parent.get(*name).and_then(serde_json::Value::as_object).is_some_and(serde_json::Map::is_empty)
        {
            parent.remove(*name);
        }
    }
    values
}

fn json(item: &Item) -> serde_json::Value {
    match item {
        Item::None => serde_json::Value::Null,
        Item::Value(Value::Array(array)) => array.iter().map(|value| json(&Item::Value(value.clone()))).collect(),
        Item::Value(Value::InlineTable(table)) => {
            table.iter().map(|(name, value)| (name.to_owned(), json(&Item::Value(value.clone())))).collect()
        }
        Item::Table(table) => table.iter().map(|(name, item)| (name.to_owned(), json(item))).collect(),
        Item::ArrayOfTables(tables) => tables.iter().map(|table| json(&Item::Table(table.clone()))).collect(),
        Item::Value(Value::String(value)) => value.value().as_str().into(),
        Item::Value(Value::Integer(value)) => (*value.value()).into(),
        Item::Value(Value::Boolean(value)) => (*value.value()).into(),
        Item::Value(Value::Float(value)) => format!("float {}", value.value()).into(),
        Item::Value(Value::Datetime(value)) => format!("datetime {}", value.value()).into(),
    }
}
