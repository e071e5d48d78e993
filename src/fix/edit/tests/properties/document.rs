//! Random texts of `pyproject.toml`, with facts about them that are known without parsing.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::select;

use crate::cache_keys::Key;

/// An entry, and the comments in and around it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The number of the entry; `None` if an edit added it.
    pub(super) id: Option<usize>,
    pub(super) key: Key,
    /// Comments on the line of the entry, if no other entry shares the line. They stay after the entry, and are removed with it.
    pub(super) behind: Vec<String>,
    /// Comment lines directly above the entry. They are never removed, and stay above the entry as long as it exists.
    pub(super) above: Vec<String>,
    /// Comments that may be removed with the entry.
    pub(super) around: Vec<String>,
    /// Comments inside the value. They may be removed when the entry is removed or replaced.
    pub(super) inside: Vec<String>,
}

impl Known {
    pub(super) fn new(id: Option<usize>, key: Key) -> Self {
        Self { id, key, behind: Vec::new(), above: Vec::new(), around: Vec::new(), inside: Vec::new() }
    }
}

/// A text, and the facts that are known about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) entries: Vec<Known>,
    /// Texts that must stay, in this order, with nothing before the first and after the last.
    pub(super) outside: Vec<String>,
    /// Comments on lines with several entries, and the numbers of those entries. They may be removed with the last of them.
    pub(super) shared: Vec<(String, Vec<usize>)>,
    pub(super) form: Form,
}

/// The layout of a list, which an edit must not change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Any,
    OneLine,
    /// Each entry is on its own line, with this indentation and a comma after it.
    Formatted(String),
    /// Each entry is on its own line.
    Lines,
    Blocks,
}

/// Writes a text. Each comment has a number, so that it can be found again.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: String,
    comments: usize,
}

impl Writer {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes `before` and a comment that occurs nowhere else.
    pub(super) fn comment(&mut self, before: &str) -> String {
        self.comments += 1;
        let comment = format!("# c{}.", self.comments);
        self.push(before);
        self.push(&comment);
        comment
    }

    /// The column at which the next text is written.
    pub(super) fn column(&self) -> usize {
        self.text.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}').chars().count()
    }

    /// Writes a template, in which `@` stands for a comment and `%` for a unique number.
    pub(super) fn template(&mut self, template: &str) {
        for found in template.chars() {
            match found {
                '@' => drop(self.comment("")),
                '%' => {
                    self.comments += 1;
                    let number = self.comments.to_string();
                    self.push(&number);
                }
                other => self.text.push(other),
            }
        }
    }
}

/// The line ends of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Unix,
    Windows,
    Mixed,
}

/// The text with these line ends, and the new text of each of `places`.
pub(super) fn end_lines(text: &str, places: &[Range<usize>], ends: Ends) -> (String, Vec<String>) {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut result = String::new();
    for (number, byte) in text.bytes().enumerate() {
        let windows = ends == Ends::Windows || (ends == Ends::Mixed && number % 3 == 0);
        offsets.push(result.len());
        // Characters are pushed whole, at their first byte.
        if let Some(found) = text.get(number..).and_then(|rest| rest.chars().next()) {
            result.push_str(if byte == b'\n' && windows { "\r" } else { "" });
            result.push(found);
        }
    }
    offsets.push(result.len());
    let pieces = places.iter().map(|place| result[offsets[place.start]..offsets[place.end]].to_owned()).collect();
    (result, pieces)
}

/// The text around the list.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) mark: bool,
    pub(super) ends: Ends,
    pub(super) final_newline: bool,
    /// Lines of the root table, before any header.
    pub(super) root: Vec<&'static str>,
    pub(super) before: Vec<&'static str>,
    pub(super) after: Vec<&'static str>,
}

const ROOT: [&str; 5] = ["@\n", "\n", "root% = 1 @\n", "root% = '''\n# c0\n'''\n", "root%=[ # c0\n   1,\n]\n"];
const TABLES: [&str; 8] = [
    "@\n",
    "\n",
    "\n@\n\n",
    "[project%]\nname = \"x\" @\ndependencies = [\n  \"a\", @\n  @\n]\n",
    "[[array%]] @\nx = '''\n# c0\n# '''\n",
    "[table%]\nd = 1979-05-27T07:32:00Z\nf = nan\nuv.cache-keys = [1]\n\n",
    "[other%.tool.uv]\n  i = {a=1, b = [1,2] } @\n\ts = \"\\\"#\\u00e9\"\n",
    "[tool.other%] @\n@\n",
];

pub(super) fn frame() -> impl Strategy<Value = Frame> {
    let some = |of: &'static [&'static str]| prop::collection::vec(select(of), 0..4);
    let ends = select(&[Ends::Unix, Ends::Windows, Ends::Mixed][..]);
    (any::<bool>(), ends, any::<bool>(), some(&ROOT), some(&TABLES), some(&TABLES)).prop_map(
        |(mark, ends, final_newline, root, before, after)| Frame { mark, ends, final_newline, root, before, after },
    )
}

impl Frame {
    /// The start of the text. The list is in the root table (`root`), or in a table with a header.
    pub(super) fn start(&self, root: bool) -> Writer {
        let mut writer = Writer::default();
        writer.push(if self.mark { "\u{feff}" } else { "" });
        let before = if root { &[][..] } else { &self.before };
        self.root.iter().chain(before).for_each(|template| writer.template(template));
        writer
    }

    /// The end of the text.
    pub(super) fn finish(&self, writer: &mut Writer, root: bool) {
        let before = if root { &self.before[..] } else { &[] };
        let closed = writer.text.contains("tool = {");
        let fits = |template: &&&str| !(closed && template.contains("[tool."));
        before.iter().chain(&self.after).filter(fits).for_each(|template| writer.template(template));
        if !self.final_newline && writer.text.ends_with('\n') {
            writer.text.pop();
        }
    }
}

/// A key that can be recognized by the number in it.
pub(super) fn key(number: usize, (kind, prefix): (usize, &str)) -> Key {
    let text = format!("{prefix}f{number}.rs");
    match kind {
        0..=5 => Key::File(text),
        6 => Key::Dir(text),
        7 => Key::Env(text),
        _ => Key::Git { commit: prefix.is_empty(), tags: prefix.len() > 3 },
    }
}

/// The kind and the prefix of a key.
pub(super) fn key_spec() -> impl Strategy<Value = (usize, &'static str)> {
    let prefixes = ["", "", "", "src/", "it's/", "a\"b/", "a\\b/", "**/*", "ü€/", "a\tb/", "a\u{1}b/", "a\nb#/", "# "];
    (0_usize..9, select(prefixes.to_vec()))
}

/// The part of a key by which it can be found in a text.
pub(super) fn mark(key: &Key) -> Option<&str> {
    match key {
        Key::File(text) | Key::Dir(text) | Key::Env(text) => text.rfind('f').map(|start| &text[start..]),
        Key::Git { .. } => None,
    }
}
