//! Lists of cache keys that uv does not read: with a misspelled name, or in another table.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use super::Pyproject;
use crate::cache_keys::{self, grammar};

/// A list of keys in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misplaced {
    /// `["tool", "uv", "cache_keys"]`.
    pub(crate) path: Vec<String>,
    /// The place of its name, or of the first header of an array of tables.
    pub(crate) span: Range<usize>,
    /// Whether a rename fixes it: the name is misspelled, the table is right and has no other such list, and uv would accept the
    /// keys.
    pub(crate) is_renamable: bool,
}

impl Misplaced {
    pub(crate) fn is_misspelt(&self) -> bool {
        is_in_uv(&self.path)
    }
}

const NAME: &str = "cache-keys";

/// All misplaced lists of a file, in its order.
pub(crate) fn misplaced_lists(pyproject: &Pyproject) -> Vec<Misplaced> {
    let mut found = Vec::new();
    look(pyproject.root(), &mut Vec::new(), &mut found);
    found.sort_by_key(|misplaced| misplaced.span.start);
    found
}

fn look(table: &dyn TableLike, above: &mut Vec<String>, found: &mut Vec<Misplaced>) {
    for (name, item) in table.iter() {
        above.push(name.to_owned());
        if is_stray(above, item) {
            let key = table.key(name).and_then(toml_edit::Key::span);
            let header = item.as_array_of_tables().and_then(|tables| tables.iter().next()?.span());
            if let Some(span) = header.or(key) {
                let is_renamable = is_in_uv(above) && !table.contains_key(NAME) && is_accepted(item);
                found.push(Misplaced { path: above.clone(), span, is_renamable });
            }
        } else if let Some(table) = item.as_table_like().filter(|_| above.as_slice() != ["tool", "cachekeys"]) {
            look(table, above, found);
        }
        above.pop();
    }
}

fn is_in_uv(path: &[String]) -> bool {
    matches!(path, [tool, uv, _] if tool == "tool" && uv == "uv")
}

/// Whether an item is a misplaced list. Tables and other values do not count, because other tools may use such a name.
fn is_stray(path: &[String], item: &Item) -> bool {
    let is_list = item.is_array() || item.is_array_of_tables();
    let Some(name) = path.last().filter(|_| is_list) else { return false };
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_right = is_in_uv(path) && name == NAME;
    // A typo of one or two letters, in the right table.
    let is_near = is_in_uv(path) && strsim::damerau_levenshtein(&plain, "cachekeys") <= 2;
    let keys = || grammar::parse(item, 0..0).is_ok_and(|keys| !keys.is_empty());
    !is_right && (is_near || (plain == "cachekeys" && is_near_by(path) && keys()))
}

/// Whether the table is one where a user may put a setting of uv or of the build.
fn is_near_by(path: &[String]) -> bool {
    const TABLES: &[&str] =
        &["tool", "tool.maturin", "tool.setuptools-rust", "tool.setuptools", "project", "build-system"];
    let table = path[..path.len() - 1].join(".");
    table.is_empty()
        || TABLES.contains(&table.as_str())
        || ["uv", "tool.uv"]
            .iter()
            .any(|uv| table.strip_prefix(uv).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

fn is_accepted(item: &Item) -> bool {
    let keys = grammar::parse(item, 0..0).map(|entries| entries.into_iter().map(|entry| entry.key).collect::<Vec<_>>());
    keys.is_ok_and(|keys| cache_keys::is_accepted(&keys))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::fs::Disk;

    #[test]
    fn lists_are_found_where_somebody_may_have_put_them() {
        for (text, expected) in [
            ("[tool.uv]\ncache_keys = ['a']", Some(true)),
            ("[tool.uv]\ncacheKeys = ['a']", Some(true)),
            ("[tool.uv]\ncache-key = [{ file = 'a' }]", Some(true)),
            ("[tool.uv]\nchache-keys = ['a']", Some(true)),
            ("[[tool.uv.cache_keys]]\nfile = 'a'", Some(true)),
            ("[tool.uv]\ncache_keys = [{ path = 'a' }]", Some(false)),
            ("[tool.uv]\ncache_keys = ['a']\ncache-keys = ['b']", Some(false)),
            ("[tool.uv.build-backend]\ncache-keys = ['a']", Some(false)),
            ("cache-keys = ['a']", Some(false)),
            ("[tool.maturin]\ncache-keys = ['a']", Some(false)),
            ("[tool.uv]\ncache-keys = ['a']\ncache-dir = 'x'", None),
            ("[tool.cachekeys]\nignore = ['CK101']", None),
            ("[tool.other]\ncache-keys = ['a']", None),
            ("[tool.maturin]\ncache-keys = []", None),
        ] {
            let pyproject =
                Pyproject::parse(&Disk::default(), Path::new("/p/pyproject.toml"), text.to_owned()).unwrap();
            let found = misplaced_lists(&pyproject);
            assert_eq!(found.first().map(|misplaced| misplaced.is_renamable), expected, "{text}");
        }
    }
}
