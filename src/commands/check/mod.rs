//! `check`: applies the rules to one project, and fixes its text in memory.

#[cfg(test)]
#[cfg(target_os = "linux")]
mod oracle;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::discover::Candidate;
use super::outcome::{Outcome, UNRELATED};
use super::settings::{FixMode, Settings};
use crate::error::Error;
use crate::fix::{self, FixSummary, Plan, edit};
use crate::fs::{Disk, path};
use crate::output::{Diagnostic, Edit, ProjectReport};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::pyproject::{Declared, Pyproject};
use crate::rules::selection::Selection;
use crate::rules::{self, Rule};

pub(super) type Found = Vec<(&'static Rule, Finding)>;

/// The greatest number of edits in a row. A fix may uncover another finding, which the next edit fixes.
const ROUNDS: usize = 4;

/// Checks one project, and fixes its text in memory if that is requested.
pub(crate) fn check(
    candidate: &Candidate,
    project: &Project,
    settings: &Settings,
    selection: &Selection,
) -> Outcome<ProjectReport> {
    if !candidate.asks_for(project) {
        return Outcome::skipped(candidate, UNRELATED);
    }
    let selection = selection.over(&project.pyproject.options);
    let (report, refused) = judge(project, settings, &selection);
    Outcome::Done(Box::new(report), refused)
}

/// The outcome of a project with nothing to check: it has neither Rust code nor keys, or uv never builds it and it has no keys.
pub(crate) fn unjudged<T>(candidate: &Candidate, pyproject: &Pyproject) -> Option<Outcome<T>> {
    let has_keys = !matches!(pyproject.declared, Declared::Absent);
    if pyproject.is_unpackaged() && !has_keys {
        return Some(Outcome::skipped(candidate, "uv never builds it (`package = false` in `[tool.uv]`)"));
    }
    let is_judged = has_keys || pyproject.backend.is_some() || pyproject.shows_rust().is_some();
    (!is_judged).then(|| Outcome::skipped(candidate, "not built by maturin or setuptools-rust, and without cache-keys"))
}

/// Writes the fixed text to the file.
pub(crate) fn write(disk: &Disk, outcome: Outcome<ProjectReport>) -> Outcome<ProjectReport> {
    if let Outcome::Done(mut project, None) = outcome {
        let new = project.fixed_text.as_ref();
        let failed = new.and_then(|new| disk.replace(&project.pyproject, &project.text, new).err());
        let error = failed.map(|reason| {
            project.unfixed();
            Error::Fix { path: project.pyproject.clone(), reason }
        });
        return Outcome::Done(project, error);
    }
    outcome
}

/// The second value is the reason why a requested fix was not made.
fn judge(project: &Project, settings: &Settings, selection: &Selection) -> (ProjectReport, Option<Error>) {
    let found = findings(project, selection);
    let mut report = ProjectReport::new(project, project.pyproject.text().to_owned());
    if settings.watch {
        report.watched = watched(project);
    }
    let safe = plan(project, &found, false);
    report.findings = diagnostics(project, &found, &safe, selection);
    report.left = counted(&report.findings);
    if settings.fix == FixMode::Off && !settings.edits {
        return (report, None);
    }
    // Without `--fix`, only the edit of a safe fix is computed.
    let allow_unsafe = settings.unsafe_fixes && settings.fix != FixMode::Off;
    let chosen = if allow_unsafe { plan(project, &found, true) } else { safe };
    let fixed = match fixed(project, chosen, allow_unsafe, selection) {
        Ok(Some(fixed)) => fixed,
        Ok(None) => return (report, None),
        Err(reason) => {
            report.refuse(&reason);
            let asked = settings.fix != FixMode::Off;
            let refused = asked.then(|| Error::Fix { path: report.pyproject.clone(), reason });
            return (report, refused);
        }
    };
    match settings.fix {
        FixMode::Off => report.edits = vec![Edit::between(&report.text, &fixed.text)],
        FixMode::Diff => {
            report.left = counted(&fixed.left);
            report.fixes = fixed.lines;
            report.fixed_text = Some(fixed.text);
        }
        FixMode::Apply => {
            report.left = counted(&fixed.left);
            report.fixes = fixed.lines;
            report.before = std::mem::replace(&mut report.findings, fixed.left);
            report.fixed_text = Some(fixed.text);
        }
    }
    (report, None)
}

/// The number of errors and warnings.
fn counted(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|finding| finding.severity != Severity::Info).count()
}

/// The directories in which a changed, new or removed file may change the findings.
pub(super) fn watched(project: &Project) -> Vec<PathBuf> {
    let files = project.inputs.files.iter().filter_map(|input| input.path.parent());
    let whole = project.inputs.files.iter().filter_map(|input| Some(&*input.tree.as_ref()?.directory));
    let crates = project.inputs.crates.iter().map(|found| found.package().directory());
    let own = std::iter::once(&*project.pyproject.dir);
    let places = project.inputs.missing.iter().flat_map(|missing| &missing.places);
    let missing = places.filter_map(|place| place.ancestors().skip(1).find(|above| project.is_directory(above)));
    let all: BTreeSet<&Path> = own.chain(files).chain(whole).chain(crates).chain(missing).collect();
    all.into_iter().map(Path::to_owned).collect()
}

/// A fixed text.
pub(super) struct Fixed {
    pub(super) text: String,
    /// The lines of the report that say what was done.
    lines: Vec<String>,
    /// The findings that remain.
    left: Vec<Diagnostic>,
}

/// Applies `chosen` in memory, and then the fixes that follow from it. Afterwards, no fix is left to apply.
pub(super) fn fixed(
    project: &Project,
    mut chosen: Plan,
    allow_unsafe: bool,
    selection: &Selection,
) -> Result<Option<Fixed>, String> {
    if chosen.operations.is_empty() {
        return Ok(None);
    }
    let mut lines: Vec<String> = Vec::new();
    let mut text = project.pyproject.text().to_owned();
    for _ in 0..ROUNDS {
        let edited = edit::apply(&text, &chosen.operations).map_err(|error| error.to_string())?;
        let applies = |fix: &&FixSummary| fix.applicability == Applicability::Safe || allow_unsafe;
        let fixes = chosen.planned.iter().filter_map(|planned| planned.fix.as_ref()).filter(applies);
        for line in fixes.flat_map(changes) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let project = project.with_text(edited.clone()).map_err(|error| error.to_string())?;
        let found = findings(&project, selection);
        chosen = plan(&project, &found, allow_unsafe);
        text = edited;
        if chosen.operations.is_empty() {
            let left = diagnostics(&project, &found, &chosen, selection);
            lines.sort_by_key(|line| !line.starts_with('-'));
            return Ok(Some(Fixed { text, lines, left }));
        }
    }
    Err("a second run would edit the file again".to_owned())
}

/// What a fix changes: the keys that it removes and adds, or else its action.
fn changes(fix: &FixSummary) -> Vec<String> {
    let keys = fix.removed.iter().map(|key| format!("- {key}")).chain(fix.keys.iter().map(|key| format!("+ {key}")));
    let keys: Vec<String> = keys.collect();
    if keys.is_empty() { vec![fix.action.clone()] } else { keys }
}

/// The findings of the selected rules. A finding that is an info in this project is fixed only if its rule is selected by name.
pub(super) fn findings(project: &Project, selection: &Selection) -> Found {
    let mut found = rules::run(project, &|rule| selection.contains(rule));
    found.retain(|(rule, finding)| finding.severity != Some(Severity::Info) || !selection.hides_infos_of(rule));
    for (rule, finding) in &mut found {
        if finding.severity == Some(Severity::Info) && !selection.names(rule) && finding.remedy != Remedy::None {
            finding.remedy = Remedy::None;
            finding.help.get_or_insert_with(|| format!("use `--fix --extend-select {}` to fix it", rule.code));
        }
    }
    found
}

pub(super) fn plan(project: &Project, found: &Found, allow_unsafe: bool) -> Plan {
    let findings: Vec<&Finding> = found.iter().map(|(_, finding)| finding).collect();
    fix::plan(project, &findings, allow_unsafe)
}

pub(super) fn diagnostics(project: &Project, found: &Found, plan: &Plan, selection: &Selection) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::with_capacity(found.len());
    for ((rule, finding), planned) in found.iter().zip(&plan.planned) {
        let obstacle = planned.obstacle.map(str::to_owned);
        diagnostics.push(Diagnostic {
            code: rule.code,
            name: rule.name(),
            severity: finding.severity.unwrap_or(rule.meta.severity),
            is_named: selection.names(rule),
            message: path::printable(&finding.message),
            help: finding.help.clone().or(obstacle).map(|help| path::printable(&help)),
            label: path::printable(&finding.label),
            span: finding.span.clone(),
            inputs: finding.inputs.iter().map(|id| project.inputs.get(*id).shown.clone()).collect(),
            keys: finding.keys.iter().map(|key| path::printable(&key.text())).collect(),
            fix: planned.fix.clone(),
        });
    }
    diagnostics
}
