//! Where uv's walks start, and which patterns each of them carries.
//!
//! uv splits every glob into a literal base and the pattern below it, then gathers the globs whose bases lie below one
//! another into one walk. What a pattern matches depends on that company: `src/*.rs` alone is the pattern `*.rs` at
//! `src`, which matches at any depth; beside `*.toml` it is the pattern `src/*.rs` at the project, which does not.
//!
//! Source of the facts: `src/glob.rs` of the crate `uv-cache-info`, which builds a trie. The grouping below is the same
//! one in closed form: a glob joins the highest base of the list that lies above its own, as far up as plain names go.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use foldhash::fast::RandomState;

use crate::path_text::{join, strip};

/// One walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Where it starts, relative to the project directory; empty for the directory itself.
    pub(crate) base: PathBuf,
    /// In the order in which the matcher sees them; the last match wins.
    pub(crate) patterns: Vec<Pattern>,
}

/// A glob as a member of a [`Group`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// Index of the key in the list.
    pub(crate) key: usize,
    /// The pattern, relative to the group's base.
    pub(crate) text: String,
    /// The literal base of this glob, relative to the group's base: plain names only.
    pub(crate) below: PathBuf,
}

/// Splits a glob into the leading components without a wildcard and the rest, which keeps at least the last plain name.
pub(crate) fn split(glob: &str) -> (Cow<'_, Path>, Cow<'_, Path>) {
    if let Some((base, pattern)) = split_tidy(glob) {
        return (Path::new(base).into(), Path::new(pattern).into());
    }
    // `components` drops `//`, a trailing `/` and every `.` but a leading one.
    let parts: Vec<Component> = Path::new(glob).components().filter(|part| *part != Component::CurDir).collect();
    let plain = parts.iter().take_while(|part| !has_wildcard(**part)).count();
    let base = match parts.last() {
        Some(Component::Normal(_)) => plain.min(parts.len() - 1),
        _ => plain,
    };
    let whole = |parts: &[Component]| parts.iter().collect::<PathBuf>().into();
    (whole(&parts[..base]), whole(&parts[base..]))
}

/// The common case, told from the text: names with single separators between them, the last of which is no `..`.
fn split_tidy(glob: &str) -> Option<(&str, &str)> {
    let (mut start, mut base, mut is_wild) = (0, None, false);
    for (at, byte) in glob.bytes().enumerate() {
        if byte == b'/' {
            base = if is_wild { base } else { Some(at) };
            if matches!(&glob[start..at], "" | ".") {
                return None;
            }
            start = at + 1;
        }
        is_wild |= WILDCARDS.contains(&char::from(byte));
    }
    let is_odd = matches!(&glob[start..], "" | "." | "..");
    (!cfg!(windows) && !is_odd).then(|| base.map_or(("", glob), |base| (&glob[..base], &glob[base + 1..])))
}

const WILDCARDS: [char; 6] = ['*', '{', '}', '?', '[', ']'];

fn has_wildcard(part: Component) -> bool {
    match part {
        Component::Normal(name) => name.to_string_lossy().contains(WILDCARDS),
        _ => false,
    }
}

/// Gathers globs, each with the index of its key, into walks.
pub(crate) fn cluster<'a>(globs: impl IntoIterator<Item = (usize, &'a str)>) -> Vec<Group> {
    let globs: Vec<(usize, Cow<Path>, Cow<Path>)> = globs
        .into_iter()
        .map(|(key, glob)| {
            let (base, pattern) = split(glob);
            (key, base, pattern)
        })
        .collect();
    let bases: HashSet<&OsStr, RandomState> = globs.iter().map(|(_, base, _)| base.as_os_str()).collect();
    // A path of thousands of parts is hashed for few of the paths above it.
    let lengths: HashSet<usize, RandomState> = bases.iter().map(|base| base.len()).collect();
    let has = |path: &Path| lengths.contains(&path.as_os_str().len()) && bases.contains(path.as_os_str());

    let mut groups: BTreeMap<&Path, Vec<Pattern>> = BTreeMap::new();
    for (key, base, pattern) in &globs {
        let start = highest(base, &has);
        let below = strip(base, start).unwrap_or(base);
        groups.entry(start).or_default().push(Pattern {
            key: *key,
            // Lossless: a key is UTF-8.
            text: join(below, pattern).to_string_lossy().into_owned(),
            below: below.to_owned(),
        });
    }
    groups
        .into_iter()
        .map(|(base, mut patterns)| {
            // uv takes the patterns of a base in list order, then those below it, name by name. Paths compare by
            // components, and the sort is stable.
            patterns.sort_by(|a, b| a.below.cmp(&b.below));
            Group { base: base.to_owned(), patterns }
        })
        .collect()
}

/// The highest base that is `base` or lies above it with nothing but plain names between: `..` and `/` part walks.
fn highest<'a>(base: &'a Path, has: &dyn Fn(&Path) -> bool) -> &'a Path {
    let mut start = base;
    let mut here = base;
    while let (Some(Component::Normal(_)), Some(up)) = (here.components().next_back(), here.parent()) {
        here = up;
        if has(here) {
            start = here;
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_split_at_its_first_wildcard() {
        for (glob, base, pattern) in [
            ("*", "", "*"),
            ("./*.rs", "", "*.rs"),
            ("src//**//*.rs", "src", "**/*.rs"),
            ("src/*/", "src", "*"),
            ("a/./b/*", "a/b", "*"),
            ("a/*/../*", "a", "*/../*"),
            ("a/?b/c", "a", "?b/c"),
            ("a/b]/c*", "a", "b]/c*"),
            ("/a/b/*", "/a/b", "*"),
            ("../a/{b,c}", "../a", "{b,c}"),
            ("!a/*", "!a", "*"),
            ("*/ ", "", "*/ "),
            ("a", "", "a"),
            ("a/b/", "a", "b"),
            ("..", "..", ""),
            ("/", "/", ""),
            ("", "", ""),
        ] {
            assert_eq!(split(glob), (Path::new(base).into(), Path::new(pattern).into()), "{glob:?}");
            if !glob.starts_with('/') {
                assert_eq!(split(&format!("./{glob}")), split(glob), "{glob:?}");
            }
        }
    }

    #[test]
    fn globs_gather_below_the_highest_base() {
        // As paths: on Windows uv joins patterns with `\`.
        let check = |globs: &[&str], expected: &[(&str, &[(usize, &str)])]| {
            let found: Vec<(PathBuf, Vec<(usize, PathBuf)>)> = cluster(globs.iter().copied().enumerate())
                .into_iter()
                .map(|group| (group.base, group.patterns.into_iter().map(|p| (p.key, p.text.into())).collect()))
                .collect();
            let expected: Vec<(PathBuf, Vec<(usize, PathBuf)>)> = expected
                .iter()
                .map(|(base, patterns)| (base.into(), patterns.iter().map(|(key, text)| (*key, text.into())).collect()))
                .collect();
            assert_eq!(found, expected, "{globs:?}");
        };
        check(&[], &[]);
        check(&["b/*", "a/*"], &[("a", &[(1, "*")]), ("b", &[(0, "*")])]);
        check(&["src/*.rs", "*.toml"], &[("", &[(1, "*.toml"), (0, "src/*.rs")])]);
        // Own patterns in list order, then child by child, whatever the list says; `a` before `a-b`, as components sort.
        check(
            &["a-b/*", "a/x/*", "!*", "a/*", "*"],
            &[("", &[(2, "!*"), (4, "*"), (3, "a/*"), (1, "a/x/*"), (0, "a-b/*")])],
        );
        // `..` and `/` part walks, also below a base that has patterns of its own.
        check(
            &["*", "a/b/*", "a/../c/*", "a/../c/d/*", "/a/*", "/b/*", "../*", "../a/*"],
            &[
                ("", &[(0, "*"), (1, "a/b/*")]),
                ("/a", &[(4, "*")]),
                ("/b", &[(5, "*")]),
                ("..", &[(6, "*"), (7, "a/*")]),
                ("a/../c", &[(2, "*"), (3, "d/*")]),
            ],
        );
    }
}
