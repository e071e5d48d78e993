//! What is known about a build script.

use std::path::PathBuf;

use super::place::{ELSEWHERE, HOLE, OUT_DIR};
use crate::inputs::macros::{Value, What};
use crate::inputs::unread::Unread;

/// A file of a build script.
pub(in crate::inputs) struct File {
    pub(in crate::inputs) path: PathBuf,
    pub(in crate::inputs) text: String,
    /// The crate of the file, if it is a local build-dependency.
    pub(in crate::inputs) helper: Option<Helper>,
}

/// A local crate that a build script calls.
pub(in crate::inputs) struct Helper {
    pub(in crate::inputs) name: String,
    pub(in crate::inputs) directory: PathBuf,
}

/// A file, directory or variable that a build script names, with the file (index) and the line, from 1.
#[derive(Debug, Clone)]
pub(in crate::inputs) struct Named {
    pub(in crate::inputs) what: What,
    pub(in crate::inputs) by: &'static str,
    pub(in crate::inputs) file: usize,
    pub(in crate::inputs) line: usize,
    /// The script only names it, and likely reads it.
    pub(in crate::inputs) is_guess: bool,
}

/// What is known about a build script.
#[derive(Debug, Default)]
pub(in crate::inputs) struct Script {
    /// The files and directories that cargo watches for it.
    pub(in crate::inputs) watched: Vec<Named>,
    /// Those that it reads without naming them in a line for cargo.
    pub(in crate::inputs) unwatched: Vec<Named>,
    /// Whether all paths in its lines are known. If not, the lines may name what is in `unwatched`.
    pub(in crate::inputs) lines_are_known: bool,
    /// Paths that it reads and that could not be determined. Empty if the script prints `rerun-if` lines.
    pub(in crate::inputs) unnamed: Vec<Named>,
    /// The files and directories that it writes into the tree, normalised.
    pub(in crate::inputs) writes: Vec<PathBuf>,
    /// Whether it prints a line that tells cargo when to run it again.
    pub(in crate::inputs) declares: bool,
    /// The variables that it sets for the compiler (`cargo::rustc-env=`).
    pub(in crate::inputs) sets: Vec<SetVariable>,
    pub(in crate::inputs) git: Option<GitUse>,
    /// The files that could not be followed.
    pub(in crate::inputs) unread: Vec<Unread>,
}

/// A variable that a script sets, as far as its name and its values are known.
#[derive(Debug, Clone)]
pub(in crate::inputs) struct SetVariable {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl SetVariable {
    /// The name, if all of it is known.
    pub(in crate::inputs) fn name(&self) -> Option<&str> {
        (!self.name.contains(HOLE)).then_some(self.name.as_str())
    }

    /// The value that the compiler sees.
    pub(in crate::inputs) fn value(&self) -> Value {
        let mut sources = self.values.iter().filter(|value| !value.starts_with(OUT_DIR)).peekable();
        let Some(first) = sources.next() else { return Value::Output };
        let is_known = !first.contains([HOLE, ELSEWHERE]) && sources.all(|other| other == first);
        if is_known { Value::Text(first.clone()) } else { Value::Unknown }
    }

    /// Whether this may set the variable `name`.
    pub(in crate::inputs) fn may_be(&self, name: &str) -> bool {
        let mut parts = self.name.split(HOLE);
        let start = parts.next().unwrap_or_default();
        let end = parts.next_back().unwrap_or_default();
        name.starts_with(start) && name.ends_with(end) && name.len() >= start.len() + end.len()
    }
}

/// How a build script reads the state of git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inputs) struct GitUse {
    /// Whether the script reads tags besides the commit.
    pub(in crate::inputs) tags: bool,
    /// Whether the script makes cargo track HEAD.
    pub(in crate::inputs) tracked: bool,
    /// The program or crate: `git`, `vergen`.
    pub(in crate::inputs) by: &'static str,
    /// The file (index) and line where it is seen.
    pub(in crate::inputs) file: usize,
    pub(in crate::inputs) line: usize,
}
