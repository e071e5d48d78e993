//! The compiled patterns of one walk: which files they take, and which directories they close.
//!
//! uv passes the patterns to `globwalk`, which passes them to the overrides of the crate `ignore`: lines of a gitignore file in
//! which `!` has the opposite meaning. The last line that matches decides. This code uses the same gitignore code without
//! inverting it: a line by which gitignore would ignore a file takes the file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::OnceLock;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::glob::Pattern;
use super::system::System;

/// A glob that uv rejects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadGlob {
    /// Index of the key in the list.
    pub(crate) index: usize,
    /// The error message of the matcher.
    pub(crate) reason: String,
}

/// The result of matching a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The pattern of this key takes it.
    Taken(usize),
    /// A `!` pattern excludes it: a file is not covered, a directory is not entered.
    Shut,
    /// No pattern matches: a file is not covered, a directory is entered.
    Unmatched,
}

/// The compiled patterns of a group. Paths are relative to its base.
#[derive(Debug)]
pub(super) struct Matcher {
    all: Gitignore,
    lines: Vec<Line>,
    /// Each line compiled by itself, to find out which of them match a file; built on first use.
    each: OnceLock<Vec<Gitignore>>,
}

#[derive(Debug)]
struct Line {
    key: usize,
    text: String,
}

/// Braces nested deeper than this are rejected here. The matcher also rejects them, from a few hundred levels on, but only after
/// it has recursed into them, and a stack overflow cannot be reported as an error.
const DEEPEST: usize = 1000;

impl Matcher {
    /// Compiles patterns, built with the separator of `system`.
    pub(super) fn compile(system: System, patterns: &[Pattern]) -> Result<Self, Vec<BadGlob>> {
        let lines = patterns.iter().flat_map(|pattern| {
            alternatives(&pattern.text).into_iter().map(|text| Line { key: pattern.key, text: line(system, &text) })
        });
        let lines: Vec<Line> = lines.collect();
        let deep: Vec<BadGlob> = lines.iter().filter_map(Line::too_deep).collect();
        if !deep.is_empty() {
            return Err(deep);
        }
        match build(&lines) {
            Ok(all) => Ok(Matcher { all, lines, each: OnceLock::new() }),
            Err(_) => Err(blame(&lines)),
        }
    }

    /// The result of the last pattern that matches a file or directory. Its parents are not considered.
    pub(super) fn verdict(&self, path: &Path, is_dir: bool) -> Verdict {
        match self.all.matched(path, is_dir) {
            Match::Ignore(glob) => {
                let line = glob.from().and_then(line_of).and_then(|line| self.lines.get(line));
                line.map_or(Verdict::Unmatched, |line| Verdict::Taken(line.key))
            }
            Match::Whitelist(_) => Verdict::Shut,
            Match::None => Verdict::Unmatched,
        }
    }

    /// The key that takes the file, unless the walk does not reach it.
    pub(super) fn takes(&self, path: &Path) -> Option<usize> {
        match self.verdict(path, false) {
            Verdict::Taken(key) if !path.parent().is_some_and(|dir| self.closes(dir)) => Some(key),
            _ => None,
        }
    }

    /// Whether there are `!` patterns. Nothing else keeps a walk out of a directory.
    pub(super) fn shuts(&self) -> bool {
        self.all.num_whitelists() > 0
    }

    /// Whether the walk does not enter a directory, because a pattern excludes it or a directory above it. The base itself, the
    /// empty path, is never closed, because `globwalk` does not check it.
    pub(super) fn closes(&self, dir: &Path) -> bool {
        self.shuts()
            && dir
                .ancestors()
                .filter(|above| !above.as_os_str().is_empty())
                .any(|above| self.verdict(above, true) == Verdict::Shut)
    }

    /// The keys whose patterns match a file that all patterns together take.
    pub(super) fn takers(&self, path: &Path) -> impl Iterator<Item = usize> {
        // If there is only one line, it is the one that takes the file.
        let alone = self.lines.len() == 1;
        let matches = move |at: usize| alone || self.each()[at].matched(path, false).is_ignore();
        self.lines.iter().enumerate().filter(move |(at, _)| matches(*at)).map(|(_, line)| line.key)
    }

    fn each(&self) -> &[Gitignore] {
        self.each.get_or_init(|| {
            // A line that compiles with others also compiles alone.
            let alone = |line| build(slice::from_ref(line)).unwrap_or_else(|_| Gitignore::empty());
            self.lines.iter().map(alone).collect()
        })
    }
}

/// `**/*.{rs,toml}` as `**/*.rs` and `**/*.toml`, any other pattern as it is. The matcher looks up suffixes in a table, but compiles
/// braces to a regular expression, which takes most of the time of compiling a list.
fn alternatives(pattern: &str) -> Vec<Cow<'_, str>> {
    let inner = pattern.strip_suffix('}').and_then(|open| open.split_once("*.{"));
    let is_plain = |suffix: &str| !suffix.is_empty() && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match inner.filter(|(start, suffixes)| matches!(*start, "**/" | "**\\") && suffixes.split(',').all(is_plain)) {
        Some((start, suffixes)) => suffixes.split(',').map(|suffix| format!("{start}*.{suffix}").into()).collect(),
        None => vec![pattern.into()],
    }
}

/// The line that the matcher gets for a pattern. `globwalk` anchors a lone `*`, which would otherwise match at any depth.
fn line(system: System, pattern: &str) -> String {
    match pattern {
        "*" => "/*".to_owned(),
        _ if system == System::Windows && System::HERE == System::Unix => windows_line(pattern),
        // On Windows, the matcher reads `**\` of a Unix pattern differently. No file there can match it.
        _ => pattern.to_owned(),
    }
}

/// Converts a pattern with the separator `\` into a line that the matcher on this system reads as Windows would. A pattern
/// without `/` matches at any depth. `\` is a separator after a leading `**`, and an escape everywhere else.
///
/// Source of the facts: `GitignoreBuilder::add_line` of the crate `ignore`, `Parser::parse_star` of the crate `globset`.
fn windows_line(pattern: &str) -> String {
    let (negation, rest) = pattern.strip_prefix('!').map_or(("", pattern), |rest| ("!", rest));
    if rest.starts_with('#') && negation.is_empty() || matches!(rest.trim_end(), "" | "**") {
        return pattern.to_owned();
    }
    let mut line = format!("{negation}**/");
    let (mut depth, mut leads, mut rest) = (0_usize, true, rest);
    while let Some(found) = rest.chars().next() {
        let mut length = found.len_utf8();
        if leads && rest.starts_with("**\\") {
            line.push_str("**/");
            rest = &rest["**\\".len()..];
            continue;
        }
        match found {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '[' => length = class(rest),
            '\\' => length += rest[length..].chars().next().map_or(0, char::len_utf8),
            _ => {}
        }
        // Each alternative may start with `**`.
        leads = found == '{' || found == ',' && depth > 0;
        line.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    line
}

/// The length of the character class at the start of `text`, or of all of `text` if the class is not closed.
fn class(text: &str) -> usize {
    let first = 1 + usize::from(text[1..].starts_with(['!', '^']));
    // A `]` in the first position is a character of the class.
    let from = first + usize::from(text[first..].starts_with(']'));
    text[from..].find(']').map_or(text.len(), |end| from + end + 1)
}

impl Line {
    fn too_deep(&self) -> Option<BadGlob> {
        (depth(&self.text) > DEEPEST)
            .then(|| BadGlob { index: self.key, reason: "braces are nested too deeply".to_owned() })
    }
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn build(lines: &[Line]) -> Result<Gitignore, ignore::Error> {
    // The paths are already relative to the base, so no root has to be stripped.
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    for (at, line) in lines.iter().enumerate() {
        // The library stores a path of the ignore file with each line. Here, that path contains the number of the line.
        builder.add_line(Some(PathBuf::from(at.to_string())), &line.text)?;
    }
    builder.build()
}

fn line_of(from: &Path) -> Option<usize> {
    from.to_str()?.parse().ok()
}

/// The lines that cause a failure: those that fail alone, or the one at which the whole becomes too large.
fn blame(lines: &[Line]) -> Vec<BadGlob> {
    let bad = |tried: &[Line], line: &Line| {
        let error = build(tried).err()?;
        Some(BadGlob { index: line.key, reason: reason(&error) })
    };
    let alone: Vec<BadGlob> = lines.iter().filter_map(|line| bad(slice::from_ref(line), line)).collect();
    if alone.is_empty() {
        (1..=lines.len()).find_map(|count| bad(&lines[..count], &lines[count - 1])).into_iter().collect()
    } else {
        alone
    }
}

fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(texts: &[String]) -> Result<Matcher, Vec<BadGlob>> {
        let patterns = texts.iter().enumerate();
        let patterns: Vec<Pattern> =
            patterns.map(|(key, text)| Pattern { key, text: text.clone(), below: PathBuf::new() }).collect();
        Matcher::compile(System::HERE, &patterns)
    }

    #[test]
    fn no_depth_of_braces_overflows_the_stack() {
        for depth in [100, 1000, 1001, 1_000_000] {
            let glob = "{".repeat(depth) + "a" + &"}".repeat(depth);
            assert_eq!(compile(&[glob]).is_ok(), depth == 100, "{depth}");
        }
    }

    #[test]
    fn what_is_too_large_as_a_whole_is_blamed_on_the_line_where_it_becomes_so() {
        let large = |at: usize| {
            format!("{{{}}}*?", (0..3000).map(|n| format!("{at}abcdefgh{n}?[!x]")).collect::<Vec<_>>().join(","))
        };
        let lines: Vec<String> = (0..8).map(large).collect();
        assert!(compile(&lines[..1]).is_ok());
        let bad = compile(&lines).unwrap_err();
        assert_eq!(bad.len(), 1);
        assert!(bad[0].index > 0, "{bad:?}");
    }
}
