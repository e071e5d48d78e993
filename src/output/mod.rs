//! The result of a run, and one file for each output format.

pub(crate) mod concise;
pub(crate) mod diff;
pub(crate) mod escape;
mod fingerprint;
pub(crate) mod fixes;
pub(crate) mod full;
pub(crate) mod github;
pub(crate) mod gitlab;
mod hyperlink;
pub(crate) mod json;
pub(crate) mod json_lines;
pub(crate) mod junit;
pub(crate) mod look;
mod place;
mod position;
pub(crate) mod sarif;
mod snippet;
pub(crate) mod statistics;
mod summary;

use std::ops::Range;
use std::path::PathBuf;

pub use concise::concise;
pub use diff::diff;
pub use fixes::fixes;
pub use full::{errors, full, skipped};
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use json_lines::json_lines;
pub use junit::junit;
pub use look::Look;
pub use sarif::sarif;
pub use statistics::{statistics, statistics_json};
pub use summary::Summary;

use crate::error::Error;
pub use crate::fix::FixSummary;
use crate::project::finding::Severity;
use crate::project::{Project, Scope};

/// What a command reports about the projects of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<P = ProjectReport> {
    /// The project of a directory comes before those below it.
    pub projects: Vec<P>,
    /// Errors in reading, writing or answering. They make the exit code 2.
    pub errors: Vec<Error>,
    /// Files that are not projects for this command.
    pub skipped: Vec<Skipped>,
    /// Why the manifests were read instead of asking cargo, one line each.
    pub notes: Vec<String>,
    /// The file or variable in question, for `explain`.
    pub(crate) asked: Option<String>,
}

/// A file that is not a project for this command.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The path as it was given or found.
    pub path: PathBuf,
    /// Whether it was named on the command line.
    pub named: bool,
    /// Why it is skipped.
    pub reason: &'static str,
}

impl<P> Default for Report<P> {
    fn default() -> Self {
        Self { projects: Vec::new(), errors: Vec::new(), skipped: Vec::new(), notes: Vec::new(), asked: None }
    }
}

/// The result of checking one project.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProjectReport {
    /// The path, relative to the current directory if it was given so.
    pub pyproject: PathBuf,
    /// The build backend: "maturin", "hatchling".
    pub backend: String,
    /// How much of it was checked.
    pub scope: Scope,
    /// Whether uv builds it, and so reads its keys.
    pub(crate) is_built: bool,
    /// False when a crate or manifest could not be read.
    pub complete: bool,
    /// How many paths that the build may read could not be determined.
    pub undetermined: usize,
    /// The findings. After a fix, those that remain.
    pub findings: Vec<Diagnostic>,
    /// The edits that a safe fix makes in the file as it was read.
    pub edits: Vec<Edit>,
    /// The lines that say what was fixed, or would be fixed.
    pub fixes: Vec<String>,
    /// The text after the fix; `None` if no fix was requested or nothing changes.
    pub fixed_text: Option<String>,
    /// The number of errors and warnings that remain after the fix that was made or is shown.
    pub left: usize,
    /// The text as it was read.
    pub text: String,
    /// The directories in which a changed, new or removed file may change the findings. Only set with [`crate::Settings::watch`].
    pub watched: Vec<PathBuf>,
    /// The findings before the fix.
    pub(crate) before: Vec<Diagnostic>,
}

/// A finding, ready to be displayed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Diagnostic {
    /// "CK103".
    pub code: &'static str,
    /// "uncovered-source".
    pub name: String,
    /// The severity of the finding.
    pub severity: Severity,
    /// Whether its rule is selected by its own code or name. If so, the finding is shown even if it is an info.
    pub is_named: bool,
    /// One sentence.
    pub message: String,
    /// What to do. `None` if the fix says it.
    pub help: Option<String>,
    /// The text beside the marked place.
    pub label: String,
    /// Byte range in pyproject.toml.
    pub span: Option<Range<usize>>,
    /// The inputs concerned, relative to the project directory.
    pub inputs: Vec<String>,
    /// The keys for the variables and the git state that the finding is about.
    pub(crate) keys: Vec<String>,
    /// What a fix would do about it.
    pub fix: Option<FixSummary>,
}

impl Diagnostic {
    /// Whether the finding is shown to people. Infos are shown only on request.
    pub(crate) fn is_shown(&self, verbose: bool) -> bool {
        verbose || self.is_named || self.severity != Severity::Info
    }

    /// The message and what to do about it, in one text.
    pub(crate) fn advice(&self) -> String {
        match (&self.fix, &self.help) {
            (Some(fix), _) => format!("{}; {}", self.message, fix.message()),
            (None, Some(help)) => format!("{}; {help}", self.message),
            (None, None) => self.message.clone(),
        }
    }
}

/// A replacement of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// Byte range in the file as it was read.
    pub range: Range<usize>,
    /// The text that replaces these bytes.
    pub content: String,
}

impl Edit {
    /// The single edit that turns `old` into `new`: it replaces everything between their common start and their common end.
    pub(crate) fn between(old: &str, new: &str) -> Self {
        let start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
        let start = (0..=start).rev().find(|at| old.is_char_boundary(*at) && new.is_char_boundary(*at)).unwrap_or(0);
        let (old_rest, new_rest) = (&old[start..], &new[start..]);
        let end = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
        let is_boundary = |at: usize| {
            old_rest.is_char_boundary(old_rest.len() - at) && new_rest.is_char_boundary(new_rest.len() - at)
        };
        let end = (0..=end).rev().find(|at| is_boundary(*at)).unwrap_or(0);
        Self { range: start..old.len() - end, content: new_rest[..new_rest.len() - end].to_owned() }
    }
}

impl ProjectReport {
    pub(crate) fn new(project: &Project, text: String) -> Self {
        Self {
            pyproject: project.pyproject.shown.clone(),
            backend: project.pyproject.backend_name(),
            scope: project.scope(),
            is_built: !project.uv.is_never_built,
            complete: project.inputs.complete(),
            undetermined: project.inputs.undetermined.len() + project.missing().count(),
            findings: Vec::new(),
            edits: Vec::new(),
            fixes: Vec::new(),
            fixed_text: None,
            left: 0,
            text,
            watched: Vec::new(),
            before: Vec::new(),
        }
    }

    /// Removes the fixes of the findings, since the file cannot be edited.
    pub(crate) fn refuse(&mut self, reason: &str) {
        for finding in self.findings.iter_mut().filter(|finding| finding.fix.is_some()) {
            finding.fix = None;
            finding.help.get_or_insert_with(|| format!("`--fix` cannot edit this list: {reason}"));
        }
    }

    /// Restores the findings after a fix that could not be written.
    pub(crate) fn unfixed(&mut self) {
        self.findings = std::mem::take(&mut self.before);
        self.fixes.clear();
        self.fixed_text = None;
    }

    /// The text to which the byte ranges of [`Self::findings`] refer.
    pub(crate) fn shown_text(&self) -> &str {
        let applied = !self.before.is_empty();
        self.fixed_text.as_deref().filter(|_| applied).unwrap_or(&self.text)
    }

    /// How many findings were fixed.
    pub(crate) fn fixed(&self) -> usize {
        let is_left = |before: &&Diagnostic| {
            self.findings.iter().any(|left| left.code == before.code && left.message == before.message)
        };
        self.before.iter().filter(|before| !is_left(before)).count()
    }
}

/// "1 error", "2 errors".
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
