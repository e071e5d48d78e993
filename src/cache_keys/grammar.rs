//! The grammar of `tool.uv.cache-keys`: TOML values to [`Key`]s, or the reason why uv rejects them.
//!
//! Source of the facts: the reference of uv's settings, section `cache-keys`, and the `serde` definitions of the crate
//! `uv-cache-info` (`CacheKey`, untagged and `deny_unknown_fields`).

use std::ops::Range;
use std::path::Path;

use toml_edit::{Item, TableLike, Value};

use super::split;

/// One entry of `cache-keys`, as uv reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    /// `"path"` or `{ file = "path" }`: a literal path, or a glob if [`Key::is_glob`] is true.
    File(String),
    /// `{ dir = "path" }`: the creation time of a directory.
    Dir(String),
    /// `{ git = true }` or `{ git = { commit = …, tags = … } }`; both false for `{ git = false }`.
    Git { commit: bool, tags: bool },
    /// `{ env = "NAME" }`: the value of a variable.
    Env(String),
}

impl Key {
    /// Whether uv reads a `file` entry as a glob: if it contains any of `* ? [ {`.
    pub(crate) fn is_glob(&self) -> bool {
        matches!(self, Key::File(path) if is_glob(path))
    }
}

impl Key {
    /// The path, the glob or the variable; for git, what is tracked.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::File(text) | Self::Dir(text) | Self::Env(text) => text.clone(),
            Self::Git { commit: true, tags: true } => "commit, tags".to_owned(),
            Self::Git { tags: true, .. } => "tags".to_owned(),
            Self::Git { .. } => "commit".to_owned(),
        }
    }

    /// The key as a user would write it in a list.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::File(path) => format!("{{ file = \"{path}\" }}"),
            Self::Dir(path) => format!("{{ dir = \"{path}\" }}"),
            Self::Env(name) => format!("{{ env = \"{name}\" }}"),
            Self::Git { commit: true, tags: true } => "{ git = { commit = true, tags = true } }".to_owned(),
            Self::Git { commit: true, .. } => "{ git = { commit = true } }".to_owned(),
            Self::Git { tags: true, .. } => "{ git = { tags = true } }".to_owned(),
            Self::Git { .. } => "{ git = false }".to_owned(),
        }
    }
}

/// Whether uv reads the text of a `file` entry as a glob.
pub(crate) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// Whether a path or glob is absolute on any system, because all systems read the list.
pub(crate) fn is_absolute(path: &str) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    Path::new(path).is_absolute() || path.starts_with('/') || drive
}

/// Whether a glob starts at the root of the disk. It is not walked here; CK008 reports it.
pub(crate) fn is_over_the_disk(glob: &str) -> bool {
    let base = split(glob).0;
    let base = Path::new(&*base);
    base.has_root() && base.parent().is_none()
}

/// A key and its byte range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// Byte range in the file: the value, or the header of a `[[tool.uv.cache-keys]]` table.
    pub(crate) span: Range<usize>,
}

/// A reason why uv rejects the list, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) reason: String,
    /// Byte range in the file.
    pub(crate) span: Range<usize>,
    /// Every version of uv fails on an invalid glob. For any other malformed entry, uv before 0.13.5 silently uses the defaults.
    pub(crate) kind: RejectionKind,
}

/// What is malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RejectionKind {
    /// `tool` or `tool.uv` is not a table.
    Table,
    /// An entry is not a key, or the value is not a list.
    Entry,
    /// A glob that the matcher cannot parse.
    Glob,
}

/// The rejection if `tool` or `tool.uv` is not a table.
pub(crate) fn not_a_table(keys: &[&str], item: &Item) -> Option<Rejection> {
    if item.as_table_like().is_some() {
        return None;
    }
    let first = || item.as_array_of_tables().and_then(|tables| tables.iter().next()?.span());
    let reason = format!("`{}` must be a table, found {}", keys.join("."), describe(item.type_name()));
    Some(Rejection { reason, span: item.span().or_else(first).unwrap_or_default(), kind: RejectionKind::Table })
}

/// Reads the value of `tool.uv.cache-keys`. `at` is the span for errors in items that have no span of their own.
pub(crate) fn parse(item: &Item, at: Range<usize>) -> Result<Vec<Entry>, Vec<Rejection>> {
    let mut entries = Vec::new();
    let mut rejections = Vec::new();
    let mut take = |parsed: Result<Key, String>, span: Range<usize>| match parsed {
        Ok(key) => entries.push(Entry { key, span }),
        Err(reason) => rejections.push(Rejection { reason, span, kind: RejectionKind::Entry }),
    };
    match item {
        Item::Value(Value::Array(array)) => {
            for value in array {
                take(parse_value(value), value.span().unwrap_or_else(|| at.clone()));
            }
        }
        Item::ArrayOfTables(tables) => {
            for table in tables {
                take(parse_table(table), table.span().unwrap_or_else(|| at.clone()));
            }
        }
        other => take(
            Err(format!("`cache-keys` must be an array, found {}", describe(other.type_name()))),
            other.span().unwrap_or(at),
        ),
    }
    if rejections.is_empty() { Ok(entries) } else { Err(rejections) }
}

fn parse_value(value: &Value) -> Result<Key, String> {
    match value {
        Value::String(path) => Ok(Key::File(path.value().clone())),
        Value::InlineTable(table) => parse_table(table),
        other => Err(format!("a cache key must be a string or a table, not {}", describe(other.type_name()))),
    }
}

fn parse_table(table: &dyn TableLike) -> Result<Key, String> {
    let mut fields = table.iter();
    let Some((name, item)) = fields.next() else {
        return Err("the table is empty: set one of `file`, `dir`, `git` and `env`".to_owned());
    };
    if let Some((second, _)) = fields.next() {
        return Err(format!("a cache key must have one field, but this one has `{name}` and `{second}`"));
    }
    let text = || {
        item.as_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("`{name}` must be a string, not {}", describe(item.type_name())))
    };
    match name {
        "file" => text().map(Key::File),
        "dir" => text().map(Key::Dir),
        "env" => text().map(Key::Env),
        "git" => parse_git(item),
        other => Err(format!("unknown field `{other}`, expected `file`, `dir`, `git` or `env`")),
    }
}

fn parse_git(item: &Item) -> Result<Key, String> {
    if let Some(on) = item.as_bool() {
        return Ok(Key::Git { commit: on, tags: false });
    }
    let Some(table) = item.as_table_like() else {
        return Err(format!(
            "`git` must be a boolean or a table with `commit` and `tags`, not {}",
            describe(item.type_name())
        ));
    };
    let (mut commit, mut tags) = (false, false);
    for (name, value) in table.iter() {
        let slot = match name {
            "commit" => &mut commit,
            "tags" => &mut tags,
            "tag" => return Err("unknown field `git.tag`, did you mean `tags`?".to_owned()),
            "commits" => return Err("unknown field `git.commits`, did you mean `commit`?".to_owned()),
            other => return Err(format!("unknown field `git.{other}`, expected `commit` or `tags`")),
        };
        *slot = value
            .as_bool()
            .ok_or_else(|| format!("`git.{name}` must be a boolean, not {}", describe(value.type_name())))?;
    }
    Ok(Key::Git { commit, tags })
}

/// The name of a type with its article, for messages.
fn describe(type_name: &str) -> String {
    let article = if type_name.starts_with(['a', 'i', 'e', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {type_name}")
}
