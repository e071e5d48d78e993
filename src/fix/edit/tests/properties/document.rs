//! Random texts of `pyproject.toml`, and what is known of them without parsing.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::select;

use crate::cache_keys::Key;

/// What is known of an entry and of what is around it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The number of an entry that was there from the start.
    pub(super) id: Option<usize>,
    pub(super) key: Key,
    /// The comments of its line, where that is its own. They stay behind it, and go when it goes.
    pub(super) behind: Vec<String>,
    /// The comment lines directly above. They stay, and above it as long as it is there.
    pub(super) above: Vec<String>,
    /// Comments that may go when it goes.
    pub(super) around: Vec<String>,
    /// Comments inside its value. They may go when it goes or is replaced.
    pub(super) inside: Vec<String>,
}

impl Known {
    pub(super) fn new(id: Option<usize>, key: Key) -> Self {
        Self { id, key, behind: Vec::new(), above: Vec::new(), around: Vec::new(), inside: Vec::new() }
    }
}

/// A text with what is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) entries: Vec<Known>,
    /// What stays, in this order, with nothing before the first and behind the last.
    pub(super) outside: Vec<String>,
    /// Comments of lines with several entries, which are these. They may go with the last of them.
    pub(super) shared: Vec<(String, Vec<usize>)>,
    pub(super) form: Form,
}

/// What an edit must leave as it is in the looks of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Any,
    OneLine,
    /// Each entry on its own line, as far in as this, with a comma behind it.
    Formatted(String),
    /// Each entry on its own line.
    Lines,
    Blocks,
}

/// A text that is being written. Each comment has a number, so that it can be found again.
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

    /// The column of what comes next.
    pub(super) fn column(&self) -> usize {
        self.text.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}').chars().count()
    }

    /// Writes a piece of a template, in which `@` is a comment and `%` a number that makes names unique.
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

/// How the lines of a text end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Unix,
    Windows,
    Mixed,
}

/// A text with `ends`, and where places of it have gone.
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

/// What stands around the list.
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
    /// The start of the text, for values in the root table (`root`) or in a table of their own.
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

/// A key that is known by the number in it.
pub(super) fn key(number: usize, (kind, prefix): (usize, &str)) -> Key {
    let text = format!("{prefix}f{number}.rs");
    match kind {
        0..=5 => Key::File(text),
        6 => Key::Dir(text),
        7 => Key::Env(text),
        _ => Key::Git { commit: prefix.is_empty(), tags: prefix.len() > 3 },
    }
}

/// What a key is made from.
pub(super) fn key_spec() -> impl Strategy<Value = (usize, &'static str)> {
    let prefixes = ["", "", "", "src/", "it's/", "a\"b/", "a\\b/", "**/*", "ü€/", "a\tb/", "a\u{1}b/", "a\nb#/", "# "];
    (0_usize..9, select(prefixes.to_vec()))
}

/// What distinguishes a key from others in a text.
pub(super) fn mark(key: &Key) -> Option<&str> {
    match key {
        Key::File(text) | Key::Dir(text) | Key::Env(text) => text.rfind('f').map(|start| &text[start..]),
        Key::Git { .. } => None,
    }
}
