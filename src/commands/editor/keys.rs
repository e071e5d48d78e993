//! What each key of the list covers, and which directories uv walks for it, with the place of the key in the text.

use std::ops::Range;

use crate::commands::keys::{kind, note};
use crate::fs::path;
use crate::inputs::Input;
use crate::project::{Keys, Project, Scope};

/// One key of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WalkedKey {
    /// Byte range of the entry in pyproject.toml.
    pub span: Range<usize>,
    /// The path, the glob or the variable.
    pub text: String,
    /// "file", "glob", "dir", "git" or "env".
    pub kind: &'static str,
    /// The files that it covers, relative to the project directory.
    pub files: Vec<String>,
    /// How many inputs are counted as covered by this key. An input counts only for the first key that covers it.
    pub inputs: usize,
    /// The directory in which uv's walk for a glob starts, relative to the project directory; empty for the project directory
    /// itself.
    pub base: Option<String>,
    /// How many directories uv enters for this key.
    pub directories: usize,
    /// Why the key does not do what it seems to do.
    pub note: Option<String>,
}

/// The list as a whole, compared with the inputs of the build.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overview {
    /// Byte range of the name `cache-keys`. Without a list, the range of the nearest related text.
    pub span: Range<usize>,
    /// The number of keys; `None` if uv reads no list and uses its defaults.
    pub keys: Option<usize>,
    /// Why uv refuses the list.
    pub rejected: Option<String>,
    /// Files that feed the build.
    pub inputs: usize,
    /// How many of them are covered by a key.
    pub covered: usize,
    /// How many of them a key should cover, but none does. Inputs that cargo does not watch do not count, since a key would not
    /// help.
    pub uncovered: usize,
    /// How many paths that the build may read could not be determined.
    pub undetermined: usize,
    /// False if a crate or manifest could not be read.
    pub complete: bool,
    /// How much of the project was checked.
    pub scope: Scope,
}

pub(super) fn keys(project: &Project) -> Vec<WalkedKey> {
    let (Some(coverage), Some(walk)) = (project.coverage(), project.walk()) else { return Vec::new() };
    let rows = project.pyproject.entries().iter().zip(&walk.keys).enumerate();
    rows.map(|(index, (entry, walked))| WalkedKey {
        span: entry.span.clone(),
        text: entry.key.text(),
        kind: kind(&entry.key),
        files: walked.files.iter().map(|file| path::display(&project.pyproject.dir, file)).collect(),
        inputs: project.inputs.iter().filter(|(id, _)| project.covered_by(*id) == Some(index)).count(),
        base: walked.base.clone(),
        directories: walked.directories,
        note: note(coverage.keys(), index, walked),
    })
    .collect()
}

impl Overview {
    pub(super) fn of(project: &Project) -> Self {
        let inputs = || project.inputs.files.iter().filter(|input| input.exists);
        let effective = project.effective();
        let is_covered =
            |input: &Input| effective.is_some_and(|coverage| coverage.covering_key_of_file(&input.path).is_some());
        Self {
            span: project.pyproject.anchor(),
            keys: project.coverage().map(|coverage| coverage.keys().len()),
            rejected: match &project.keys {
                Keys::Rejected(rejections) => rejections.first().map(|rejection| rejection.reason.clone()),
                Keys::Absent | Keys::Read(_) => None,
            },
            inputs: inputs().count(),
            covered: inputs().filter(|input| is_covered(input)).count(),
            uncovered: inputs().filter(|input| input.is_judged() && !is_covered(input)).count(),
            undetermined: project.inputs.undetermined.len() + project.missing().count(),
            complete: project.inputs.complete(),
            scope: project.scope(),
        }
    }
}
