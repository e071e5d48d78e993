//! The status of projects for people and as JSON: the verdict, what the next sync does, the reasons, what Python would import.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;

use super::change::Change;
use super::extension::Extension;
use super::row::{Row, local, row, utc};
use super::verdict::{Next, Verdict};
use crate::commands::report::Section;
use crate::error::Error;
use crate::fs::path;
use crate::pyproject::Pyproject;

/// What is known of one project.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub(crate) struct Status {
    pub(crate) verdict: Verdict,
    pub(crate) next: Next,
    /// The environment into which uv would install.
    pub(crate) environment: PathBuf,
    /// Whether `uv sync` uses it by default.
    pub(crate) is_default: bool,
    pub(crate) installed: Option<SystemTime>,
    pub(crate) editable: Option<bool>,
    /// The most recent first.
    pub(crate) changes: Vec<Change>,
    /// Whether inputs changed after the installed build. Only determined if the verdict does not show it.
    pub(crate) has_newer_inputs: bool,
    /// The commands that bring the project up to date; empty if it is.
    pub(crate) commands: Vec<String>,
    pub(crate) missing_keys: Vec<String>,
    pub(crate) extensions: Vec<Extension>,
    /// The extension module that is older than the build it should come from.
    pub(crate) older: Option<PathBuf>,
    /// The reason for the verdict, if it is not a change.
    pub(crate) reason: Option<String>,
    /// The file that Python looks for and does not find, even after the next sync.
    pub(crate) missing: Option<PathBuf>,
    /// Whether `uv sync` of the whole workspace does not install the project.
    pub(crate) is_left_out: bool,
    /// Further notes for the user.
    pub(crate) notes: Vec<String>,
    /// False if some inputs could not be read. `fresh` then only means that `uv sync` has nothing to do.
    pub(crate) complete: bool,
}

/// The status of one project.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the JSON")]
pub struct StatusProject {
    pyproject: String,
    name: Option<String>,
    /// Where the keys are written, as in the report of `keys`.
    source: &'static str,
    verdict: &'static str,
    /// The reason for the verdict, as a sentence.
    reason: String,
    /// What the next sync does: "nothing", "build", "reinstall".
    next: &'static str,
    environment: String,
    default_environment: bool,
    installed: Option<String>,
    editable: Option<bool>,
    /// Whether Python imports something other than the current code, or nothing.
    outdated: bool,
    /// The commands that bring the project up to date, in this order.
    commands: Vec<String>,
    changes: Vec<Row>,
    missing_keys: Vec<String>,
    extensions: Vec<Module>,
    /// The file that Python looks for and does not find.
    missing: Option<String>,
    complete: bool,
    notes: Vec<String>,
    #[serde(skip)]
    verdict_of: Verdict,
    #[serde(skip)]
    cause: Option<String>,
    #[serde(skip)]
    is_left_out: bool,
    #[serde(skip)]
    installed_at: Option<SystemTime>,
}

#[derive(Debug, Serialize)]
struct Module {
    path: String,
    modified: Option<String>,
    older_than_build: bool,
    #[serde(skip)]
    modified_at: SystemTime,
}

/// How many reasons are shown without `-v`.
const SHOWN: usize = 5;

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::RebuildDue => "rebuild-due",
            Self::ReinstallDue => "reinstall-due",
            Self::Stale => "stale",
            Self::Endless => "endless",
            Self::Broken => "broken",
            Self::NotInstalled => "not-installed",
        }
    }
}

impl Next {
    fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Build => "build",
            Self::Reinstall => "reinstall",
        }
    }
}

impl StatusProject {
    pub(crate) fn of(pyproject: &Pyproject, status: Status) -> Self {
        let shown = |path: &Path| path::display(&pyproject.dir, path);
        let outdated = status.is_outdated();
        let modules = status.extensions.iter().map(|found| Module {
            path: shown(&found.path),
            modified: utc(found.modified),
            older_than_build: status.older.as_ref() == Some(&found.path),
            modified_at: found.modified,
        });
        let changes: Vec<Row> = status.changes.iter().map(|change| row(change, status.verdict)).collect();
        let missing = status.missing.as_deref().map(shown);
        let gone = missing.as_ref().map(|missing| format!("{missing} is missing"));
        let cause = status.reason.or(gone);
        let mut project = Self {
            pyproject: path::slashed(&pyproject.shown),
            name: pyproject.get_str(&["project", "name"]).map(str::to_owned),
            source: pyproject.declared.source(),
            verdict: status.verdict.as_str(),
            reason: String::new(),
            next: status.next.as_str(),
            environment: shown(&status.environment),
            default_environment: status.is_default,
            installed: status.installed.and_then(utc),
            editable: status.editable,
            outdated,
            commands: status.commands,
            changes,
            missing_keys: status.missing_keys,
            extensions: modules.collect(),
            missing,
            complete: status.complete,
            notes: status.notes,
            verdict_of: status.verdict,
            cause,
            is_left_out: status.is_left_out,
            installed_at: status.installed,
        };
        project.reason = project.why();
        project
    }

    /// The first reason, and the number of further reasons.
    fn why(&self) -> String {
        match (&self.cause, self.changes.as_slice()) {
            (Some(cause), _) => cause.clone(),
            (None, []) => self.meaning().to_owned(),
            (None, [change, others @ ..]) => {
                // Changes of the code and changes of the kind of installation are counted separately.
                let is_like = |other: &&Row| (other.kind == "distribution") == (change.kind == "distribution");
                match others.iter().filter(is_like).count() {
                    0 => change.line.clone(),
                    more => format!("{}, and {more} more", change.line),
                }
            }
        }
    }

    /// What the verdict means.
    fn meaning(&self) -> &'static str {
        match (self.verdict_of, self.next) {
            (Verdict::Fresh, _) => "the next `uv sync` has nothing to do",
            (Verdict::RebuildDue, _) => "the next `uv sync` rebuilds the project",
            (Verdict::ReinstallDue, _) => "the next `uv sync` installs a wheel from uv's cache, without a build",
            (Verdict::Stale, "build" | "reinstall") => {
                "the installed package is older than the code, but `uv sync --no-editable` has nothing to do"
            }
            (Verdict::Stale, _) => "the installed package is older than the code, but `uv sync` has nothing to do",
            (Verdict::Endless, "build") => "every `uv sync` rebuilds the project",
            (Verdict::Endless, _) => "every `uv sync` reinstalls the same wheel, without a build",
            (Verdict::Broken, "nothing") => {
                "Python cannot import the extension, but the next `uv sync` has nothing to do"
            }
            (Verdict::Broken, _) => {
                "the next `uv sync` installs a wheel without the extension, so Python cannot import it"
            }
            (Verdict::NotInstalled, "build") => "the next `uv sync` builds and installs it",
            (Verdict::NotInstalled, "reinstall") => {
                "the next `uv sync` installs it from a wheel in uv's cache, without a build"
            }
            (Verdict::NotInstalled, _) => "`uv sync` does not install it",
        }
    }
}

impl Section for StatusProject {
    fn line(&self) -> Option<String> {
        let is_brief = self.verdict_of == Verdict::Fresh && self.complete && self.notes.is_empty();
        is_brief.then(|| format!("{}: {}: {}", self.pyproject, self.verdict, self.meaning()))
    }

    fn text(&self, verbose: bool, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}: {}: {}", self.pyproject, self.verdict, self.meaning())?;
        if let Some(cause) = &self.cause {
            writeln!(out, "  {cause}")?;
        }
        // For the other verdicts, the first line says what the next `uv sync` does.
        let is_told = matches!(self.verdict_of, Verdict::Stale | Verdict::Broken | Verdict::NotInstalled);
        if is_told && !self.commands.is_empty() {
            let commands: Vec<String> = self.commands.iter().map(|command| format!("`{command}`")).collect();
            writeln!(out, "  run {}", commands.join(", then "))?;
        }
        let shown = if verbose { self.changes.len() } else { SHOWN };
        for row in self.changes.iter().take(shown) {
            writeln!(out, "  {}", row.line)?;
        }
        if self.changes.len() > shown {
            writeln!(out, "  and {} more (use -v to list them)", self.changes.len() - shown)?;
        }
        if !self.missing_keys.is_empty() {
            writeln!(out, "  missing keys: {}", self.missing_keys.join(", "))?;
        }
        if let Some(installed) = self.installed_at {
            let how = if self.editable == Some(true) { ", editable" } else { "" };
            writeln!(out, "  installed {} in {}{how}", local(installed), self.environment)?;
        }
        for module in &self.extensions {
            let older = if module.older_than_build { ", OLDER than the build that uv installed" } else { "" };
            writeln!(out, "  Python imports {}, written {}{older}", module.path, local(module.modified_at))?;
        }
        if !self.complete {
            writeln!(out, "  note: some inputs could not be read and may be newer; `cachekeys check` shows why")?;
        }
        self.notes.iter().try_for_each(|note| writeln!(out, "  note: {note}"))
    }

    /// True for stale, endless, broken and not installed. With `strict`, also if the next sync has something to do.
    fn is_at_fault(&self, strict: bool) -> bool {
        match self.verdict_of {
            Verdict::Fresh => false,
            Verdict::RebuildDue | Verdict::ReinstallDue => strict,
            Verdict::Stale | Verdict::Endless | Verdict::Broken => true,
            Verdict::NotInstalled => !self.is_left_out,
        }
    }

    fn none(errors: &[Error]) -> Option<&'static str> {
        errors.is_empty().then_some("No project was found.")
    }
}
