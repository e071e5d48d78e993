//! The directories where uv's walks start, and the patterns of each walk.
//!
//! uv splits every glob into a literal base and the pattern below it. It then combines globs into one walk if the base of one is
//! above that of another. What a pattern matches depends on the other globs: `src/*.rs` alone is the pattern `*.rs` at `src`,
//! which matches at any depth. Beside `*.toml`, it is the pattern `src/*.rs` at the project, which does not.
//!
//! Source of the facts: `src/glob.rs` of the crate `uv-cache-info`, which builds a trie. The grouping below gives the same result
//! directly: a glob joins the highest base of the list above its own that only plain names separate from it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use foldhash::fast::RandomState;

use super::system::System;

/// One walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Where it starts, relative to the project directory, with `/`; empty for the directory itself.
    pub(crate) base: String,
    /// In the order in which the matcher sees them; the last match wins.
    pub(crate) patterns: Vec<Pattern>,
}

/// A glob as a member of a [`Group`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// Index of the key in the list.
    pub(crate) key: usize,
    /// The pattern, relative to the group's base, with the separator of the system that reads it.
    pub(crate) text: String,
    /// The literal base of this glob, relative to the group's base: plain names only.
    pub(crate) below: PathBuf,
}

/// Splits a glob into the leading components without wildcards, joined by `/`, and the rest. The last component, if it is a name,
/// is always part of the rest.
pub(crate) fn split(glob: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    split_on(System::HERE, glob)
}

/// Like [`split`], but as `system` reads the glob. The components of the pattern are joined by its separator.
pub(crate) fn split_on(system: System, glob: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    if let Some((base, pattern)) = split_tidy(glob).filter(|_| system == System::Unix) {
        return (base.into(), pattern.into());
    }
    let parts = system.parts(glob);
    let plain = parts.iter().take_while(|part| !part.contains(WILDCARDS)).count();
    let base = match parts.last() {
        Some(last) if is_name(system, last) => plain.min(parts.len() - 1),
        _ => plain,
    };
    (join(system, &parts[..base], "/").into(), join(system, &parts[base..], system.separator()).into())
}

/// The common case, recognised by its text: names joined by single separators, of which the last is not `..`.
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
    (!is_odd).then(|| base.map_or(("", glob), |base| (&glob[..base], &glob[base + 1..])))
}

const WILDCARDS: [char; 6] = ['*', '{', '}', '?', '[', ']'];

fn is_name(system: System, part: &str) -> bool {
    !matches!(part, "/" | "..") && system.drive(part) == 0
}

fn join(system: System, parts: &[&str], separator: &str) -> String {
    let mut text = String::new();
    for part in parts {
        // No separator follows a drive or a root.
        let is_joined = text.is_empty() || text.ends_with('/') || system.drive(&text) == text.len();
        text.push_str(if is_joined { "" } else { separator });
        text.push_str(part);
    }
    text
}

/// Groups globs, each with the index of its key, into walks.
pub(crate) fn cluster<'a>(system: System, globs: impl IntoIterator<Item = (usize, &'a str)>) -> Vec<Group> {
    let globs: Vec<(usize, Cow<str>, Cow<str>)> = globs
        .into_iter()
        .map(|(key, glob)| {
            let (base, pattern) = split_on(system, glob);
            (key, base, pattern)
        })
        .collect();
    let bases: HashSet<&str, RandomState> = globs.iter().map(|(_, base, _)| &**base).collect();
    // Comparing lengths first avoids hashing each of the thousands of parents that a long path may have.
    let lengths: HashSet<usize, RandomState> = bases.iter().map(|base| base.len()).collect();
    let has = |base: &str| lengths.contains(&base.len()) && bases.contains(base);

    let mut groups: BTreeMap<&Path, (&str, Vec<Pattern>)> = BTreeMap::new();
    for (key, base, pattern) in &globs {
        let start = highest(system, base, &has);
        let below = base[start.len()..].trim_start_matches('/');
        let text = if below.is_empty() {
            pattern.to_string()
        } else {
            [&below.replace('/', system.separator()), system.separator(), pattern].concat()
        };
        let (_, patterns) = groups.entry(Path::new(start)).or_insert((start, Vec::new()));
        patterns.push(Pattern { key: *key, text, below: PathBuf::from(below) });
    }
    groups
        .into_values()
        .map(|(base, mut patterns)| {
            // uv takes the patterns of a base in list order, then those below it, name by name. Paths compare by
            // components, and the sort is stable.
            patterns.sort_by(|a, b| a.below.cmp(&b.below));
            Group { base: base.to_owned(), patterns }
        })
        .collect()
}

/// The highest base that is `base`, or is above it with only plain names in between: `..` and `/` separate walks.
fn highest<'a>(system: System, base: &'a str, has: &dyn Fn(&str) -> bool) -> &'a str {
    let mut start = base;
    let mut here = base;
    while let Some(up) = above(system, here) {
        here = up;
        if has(here) {
            start = here;
        }
    }
    start
}

/// Whether a glob with the base `inner` joins the walk of one with the base `outer` above it. On Windows, `inner` then matches
/// nothing, see [`super::Obstacle`].
pub(crate) fn nests(outer: &str, inner: &str) -> bool {
    let has = |base: &str| base == outer;
    inner != outer && highest(System::HERE, inner, &has) == outer
}

/// The directory that contains a base, if the base ends in a plain name.
fn above(system: System, base: &str) -> Option<&str> {
    let at = base.rfind('/').map_or(0, |at| at + 1);
    let name = &base[at..];
    if name.is_empty() || !is_name(system, name) {
        return None;
    }
    let up = &base[..at];
    let is_root = up.len() <= 1 || system.drive(up) + 1 == up.len();
    Some(if is_root { up } else { &up[..up.len() - 1] })
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
            assert_eq!(split_on(System::Unix, glob), (base.into(), pattern.into()), "{glob:?}");
            let joined = pattern.replace('/', "\\");
            assert_eq!(split_on(System::Windows, glob), (base.into(), joined.into()), "{glob:?}");
            if !glob.starts_with('/') {
                assert_eq!(split(&format!("./{glob}")), split(glob), "{glob:?}");
            }
        }
    }

    #[test]
    fn globs_gather_below_the_highest_base() {
        let check = |globs: &[&str], expected: &[(&str, &[(usize, &str)])]| {
            for system in [System::Unix, System::Windows] {
                let found: Vec<(String, Vec<(usize, String)>)> = cluster(system, globs.iter().copied().enumerate())
                    .into_iter()
                    .map(|group| (group.base, group.patterns.into_iter().map(|p| (p.key, p.text)).collect()))
                    .collect();
                let joined = |text: &str| text.replace('/', system.separator());
                let expected: Vec<(String, Vec<(usize, String)>)> = expected
                    .iter()
                    .map(|(base, patterns)| {
                        ((*base).to_owned(), patterns.iter().map(|(key, text)| (*key, joined(text))).collect())
                    })
                    .collect();
                assert_eq!(found, expected, "{system:?}: {globs:?}");
            }
        };
        check(&[], &[]);
        check(&["b/*", "a/*"], &[("a", &[(1, "*")]), ("b", &[(0, "*")])]);
        check(&["src/*.rs", "*.toml"], &[("", &[(1, "*.toml"), (0, "src/*.rs")])]);
        // Its own patterns in list order, then child by child, in any list. `a` comes before `a-b`, because components are
        // sorted.
        check(
            &["a-b/*", "a/x/*", "!*", "a/*", "*"],
            &[("", &[(2, "!*"), (4, "*"), (3, "a/*"), (1, "a/x/*"), (0, "a-b/*")])],
        );
        // `..` and `/` separate walks, even below a base that has patterns of its own.
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
