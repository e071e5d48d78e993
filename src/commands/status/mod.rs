//! Predicts what the next `uv sync` will do with a project, and finds out whether the installed extension is older than the code.
//!
//! There are four questions, each with a file of its own: where the environment is (`environment`), what is installed in it
//! (`distribution`), what uv's cache holds (`uv_cache`, with the `settings` of uv), and what Python would import (`extension`).
//! The decision of uv follows from the answers (`verdict`, `differences`, `endless`). If uv has nothing to do, `stale` looks at
//! the inputs.

mod change;
mod copied;
mod differences;
mod distribution;
mod endless;
mod environment;
mod extension;
mod lock;
mod python_request;
mod record;
mod remedy;
pub(crate) mod report;
mod row;
mod settings;
mod stale;
mod subject;
mod uv_cache;
mod verdict;
mod wanted;

use std::path::PathBuf;

use change::Change;
use distribution::{Distribution, Stored, Way};
pub use environment::EnvironmentChoice;
use environment::{Environment, State};
use settings::UvSettings;
use verdict::{Next, Prediction, Verdict};
use wanted::Wanted;

use super::discover::Candidate;
use super::outcome::Outcome;
use crate::cache_keys::CacheInfo;
use crate::error::Error;
use crate::fs::{Disk, path};
use crate::project::Project;
use crate::pyproject::{Declared, Pyproject};
use report::{Status, StatusProject};
use subject::Subject;

/// What the next sync does with one project.
pub(crate) fn status(disk: &Disk, project: &Project, choice: &EnvironmentChoice) -> Outcome<StatusProject> {
    match predict(disk, project, choice) {
        Ok(status) => Outcome::done(StatusProject::of(&project.pyproject, status)),
        Err(error) => Outcome::Failed(error),
    }
}

/// The outcome of a project with nothing to predict: it has neither a supported backend nor keys, or uv never builds it.
pub(crate) fn unasked<T>(disk: &Disk, candidate: &Candidate, pyproject: &Pyproject) -> Option<Outcome<T>> {
    if pyproject.backend.is_some() {
        return None;
    }
    let reason = match &pyproject.declared {
        Declared::Absent => "not built by maturin or setuptools-rust, and without cache-keys",
        _ if pyproject.never_built(disk).is_some() => "uv never builds it",
        _ => return None,
    };
    Some(Outcome::skipped(candidate, reason))
}

/// The environment in which the project is installed, and whether as editable.
pub(crate) fn installed(disk: &Disk, project: &Project) -> Option<(String, bool)> {
    let pyproject = &project.pyproject;
    let root = project.uv.workspace_root.as_ref().unwrap_or(&pyproject.dir);
    let environment = Environment::of(disk, pyproject, root, &EnvironmentChoice::default());
    let State::Usable { site_packages, .. } = environment.state else { return None };
    let name = pyproject.get_str(&["project", "name"])?;
    let distribution = Distribution::all_of(disk, &site_packages, name).into_iter().next()?;
    Some((path::display(&pyproject.dir, &environment.path), distribution.is_editable()))
}

fn predict(disk: &Disk, project: &Project, choice: &EnvironmentChoice) -> Result<Status, Error> {
    let pyproject = &project.pyproject;
    let own_root = project.uv.workspace_root.as_ref().unwrap_or(&pyproject.dir);
    let environment = Environment::of(disk, pyproject, own_root, choice);
    let root = environment.user.map_or(&**own_root, |user| &user.directory);
    let mut status = Status {
        environment: environment.path.clone(),
        is_default: environment.is_default,
        notes: environment.note.into_iter().collect(),
        complete: true,
        ..Status::default()
    };
    if let Some(reason) = pyproject.never_built(disk) {
        status.reason = Some(format!("uv never builds or installs this project: {reason}"));
        return Ok(status);
    }
    let Some(coverage) = project.effective() else { return Err(refused(project)) };
    let Some(name) = project.pyproject.get_str(&["project", "name"]) else {
        status.reason = Some("pyproject.toml has no `project.name`".to_owned());
        return Ok(status);
    };
    let mut subject = Subject {
        pyproject: &project.pyproject,
        name,
        coverage,
        written: &project.inputs.written,
        disk,
        settings: UvSettings::at(disk, root),
        environment: disk.real_directory(&environment.path),
        python: None,
        uv: None,
    };
    let (place, obstacle) = match environment.state {
        State::Usable { site_packages, python, uv, .. } => {
            (subject.python, subject.uv) = (python, uv);
            (site_packages, format!("`{name}` is not installed in {}", subject.shown(&status.environment)))
        }
        State::Unusable(reason) => (PathBuf::new(), reason),
    };
    let distributions = Distribution::all_of(disk, &place, name);
    let is_left_out = environment.user.is_none() && *root != *pyproject.dir && lock::leaves_out(disk, root, name);
    let wanted = Wanted::of(pyproject, environment.user, choice, distributions.first());
    let inputs = &project.inputs;
    let Some(distribution) = distributions.first() else {
        if is_left_out {
            status.is_left_out = true;
            status.reason = Some(format!(
                "{obstacle}: the workspace root does not depend on it (`uv sync --all-packages` installs it)"
            ));
            return Ok(status);
        }
        let noted = subject.noted(&CacheInfo::default());
        status.next = verdict::install(&subject, &noted.info, subject.revision(None, wanted.editable).as_ref());
        status.reason = Some(obstacle);
        if status.next == Next::Reinstall && wanted.editable {
            status.missing = extension::in_tree(disk, inputs, "", subject.python).missing;
            if let Some(missing) = &status.missing {
                let missing = subject.shown(missing);
                status
                    .notes
                    .insert(0, format!("{missing} is missing, and the wheel in uv's cache does not contain it"));
                if status.is_default {
                    status.commands = vec![remedy::sync(&subject, root, &[], true)];
                }
            }
        }
        return Ok(status);
    };
    if is_left_out {
        let note =
            "the workspace root does not depend on it: `uv sync` there removes it, `uv sync --all-packages` keeps it";
        status.notes.push(note.to_owned());
    }
    let stored = distribution.stored_info()?;
    let noted = subject.noted(&stored);
    if let Some(key) = noted.unwalked.and_then(|key| coverage.keys().get(key)) {
        let key = key.describe();
        status.notes.push(format!(
            "{key} makes uv walk the whole disk; cachekeys does not, so the files that it covers are unknown"
        ));
    }
    let revision = subject.revision(Some(distribution), wanted.editable);
    let prediction = verdict::predict(&subject, &distributions, &noted, revision.as_ref(), &wanted);
    let modules = extension::modules(disk, distribution, &place, inputs, subject.python);
    let lost = match prediction.next {
        Next::Nothing => modules.missing,
        // The wheel of an editable build does not contain the modules that the build copied into the source tree.
        Next::Reinstall if wanted.editable => {
            extension::in_tree(disk, inputs, &distribution.tags(disk), subject.python).missing
        }
        Next::Reinstall | Next::Build => None,
    };
    status.extensions = modules.found;
    let behind =
        if distribution.is_editable() { Vec::new() } else { copied::behind(disk, project, distribution, &place) };
    status.judge(project, distribution, prediction, behind);
    status.break_where_lost(distribution, lost);
    if status.is_outdated() {
        status.commands = remedy::commands(&subject, &status, distribution, environment.user, root);
    }
    Ok(status)
}

impl Status {
    /// Sets the verdict on the installed distribution. `behind` are the Python files whose installed copies are out of date.
    fn judge(&mut self, project: &Project, distribution: &Distribution, prediction: Prediction, behind: Vec<Change>) {
        let begun = match (&distribution.stored, &distribution.way) {
            // maturin develop writes the module before uv installs a wheel next to it.
            (_, Way::MaturinDevelop) | (Stored::Absent { .. }, _) => None,
            (Stored::Info(info), _) => info.timestamp,
        };
        self.installed = distribution.installed;
        self.editable = Some(distribution.is_editable());
        self.older = self.extensions.iter().find(|found| found.is_older_than(begun)).map(|found| found.path.clone());
        self.complete = project.inputs.complete();
        self.next = prediction.next;
        self.verdict = match prediction {
            Prediction { endless: true, .. } => Verdict::Endless,
            Prediction { next: Next::Build, .. } => Verdict::RebuildDue,
            Prediction { next: Next::Reinstall, .. } => Verdict::ReinstallDue,
            Prediction { next: Next::Nothing, .. } => Verdict::Fresh,
        };
        self.changes = prediction.changes;
        let newest = self.extensions.iter().map(|found| found.modified).max();
        let Some(since) = distribution.built.max(newest) else { return };
        if self.verdict != Verdict::Fresh {
            if !prediction.is_other_copy || behind.is_empty() {
                if distribution.is_local() && !(self.verdict == Verdict::RebuildDue && self.is_compared()) {
                    let newer = stale::newer(project, distribution, since);
                    self.add_newer(newer.into_iter().chain(behind).collect());
                }
                return;
            }
            let changes = self.changes.drain(..);
            self.notes.extend(changes.map(|change| change.reason));
        }
        let mut staleness = stale::judge(project, distribution, since, begun, &self.extensions);
        let is_new = |change: &Change| !staleness.changes.iter().any(|known| known.name == change.name);
        let behind: Vec<Change> = behind.into_iter().filter(is_new).collect();
        if project.pyproject.is_editable() && !behind.is_empty() {
            let note = "set `editable = false` in `[tool.cachekeys]`, and `check --fix` adds keys for Python files too";
            self.notes.push(note.to_owned());
        }
        staleness.changes.extend(behind);
        if !staleness.changes.is_empty() {
            self.verdict = Verdict::Stale;
            self.changes = staleness.changes;
            self.missing_keys = staleness.missing_keys;
        }
    }

    /// Adds the inputs that changed after the build, before the reasons that are only about the kind of installation.
    fn add_newer(&mut self, newer: Vec<Change>) {
        self.has_newer_inputs = !newer.is_empty();
        let (way, mut changes): (Vec<Change>, Vec<Change>) =
            self.changes.drain(..).partition(|change| change.kind == change::Kind::Distribution);
        let is_new = |change: &Change| !changes.iter().any(|known| known.name == change.name);
        let new: Vec<Change> = newer.into_iter().filter(is_new).collect();
        changes.extend(new);
        changes.extend(way);
        self.changes = changes;
    }

    /// Whether a change is more than another kind of installation, such as editable or not. That alone does not make the
    /// installed code outdated.
    fn is_compared(&self) -> bool {
        self.changes.iter().any(|change| change.kind != change::Kind::Distribution)
    }

    /// Whether Python imports something other than the current code, or nothing.
    fn is_outdated(&self) -> bool {
        match self.verdict {
            Verdict::Stale | Verdict::Broken => true,
            Verdict::RebuildDue => self.has_newer_inputs || self.is_compared(),
            Verdict::ReinstallDue | Verdict::Endless => self.has_newer_inputs,
            Verdict::Fresh | Verdict::NotInstalled => false,
        }
    }

    /// Sets the verdict `broken` if Python cannot import what is installed and the next sync does not change that.
    fn break_where_lost(&mut self, distribution: &Distribution, lost: Option<PathBuf>) {
        let unknown = distribution.record.fault.filter(|_| self.next == Next::Nothing);
        if lost.is_none() && unknown.is_none() {
            return;
        }
        self.verdict = Verdict::Broken;
        self.missing = lost;
        self.reason =
            unknown.map(|fault| format!("{}/RECORD does not list the installed files: {fault}", distribution.name()));
    }
}

/// The error for keys with which uv refuses to build.
fn refused(project: &Project) -> Error {
    let reason = match &project.keys {
        crate::project::Keys::Rejected(rejections) => rejections.first().map(|rejection| rejection.reason.clone()),
        _ => None,
    };
    let reason = format!("uv rejects `cache-keys`, so `uv sync` fails: {}", reason.unwrap_or_default());
    Error::Path { path: project.pyproject.shown.clone(), reason }
}
