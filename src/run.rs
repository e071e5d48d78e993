//! One project after the other: read, analysed, judged, and fixed in memory. Groups of projects run in parallel.

mod each;
mod pool;
mod text;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::discover::{self, Candidate};
use crate::error::Error;
use crate::exclude::Exclusion;
use crate::finding::{Applicability, Finding, Remedy, Severity};
use crate::fix::{self, Fix, Plan};
use crate::inputs::{self, Forecast, Workspaces};
use crate::looked_up;
use crate::options::Configuration;
use crate::outcome::Outcome;
use crate::paths;
use crate::project::Project;
use crate::pyproject::{Declared, Pyproject};
use crate::report::{Diagnostic, Edit, FixSummary, ProjectReport};
use crate::rules::{self, Rule};
use crate::selection::Selection;
use crate::settings::{FixMode, Progress, Settings};

mod sides;

use each::Each;
pub(crate) use sides::{explain, file, inputs, keys, status, verify};

pub(crate) use text::text;

/// The workspaces for a run over `paths`. Where the search starts at a project, or at the root of a workspace, cargo is asked
/// about that before the search, which would be waited for otherwise.
pub(crate) fn workspaces(paths: &[PathBuf], settings: &Settings) -> Workspaces {
    let workspaces = Workspaces::new(settings.crate_metadata, settings.cargo_timeout);
    let Some(start) = paths.iter().find(|path| path.is_dir()) else { return workspaces };
    match Pyproject::read(&start.join("pyproject.toml")) {
        Ok(pyproject) if pyproject.backend.is_some() => inputs::ask_ahead(&pyproject, &workspaces),
        _ => inputs::ask_root_ahead(start, &workspaces),
    }
    workspaces
}

/// Runs `work` on every project at and below `paths`. The order of the outcomes is that of the projects.
pub(crate) fn each<T: Send>(
    paths: &[PathBuf],
    settings: &Settings,
    workspaces: &Workspaces,
    work: impl Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
) -> Result<Vec<Outcome<T>>, Error> {
    let configuration = Configuration::of(settings)?;
    let exclusion = Exclusion::of(settings, &configuration)?;
    looked_up::remembering(|| {
        let candidates = discover::candidates(paths, &exclusion)?;
        Ok(each_of(&candidates, &configuration, workspaces, &settings.progress, work))
    })
}

/// As [`each()`], for candidates that are found already.
pub(crate) fn each_of<T: Send>(
    candidates: &[Candidate],
    configuration: &Configuration,
    workspaces: &Workspaces,
    progress: &Progress,
    work: impl Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
) -> Vec<Outcome<T>> {
    let read = |candidate: &Candidate| read(candidate, configuration);
    let each = Each { candidates, workspaces, forecast: Forecast::of(workspaces), progress, read, work };
    each.outcomes()
}

/// The project of a candidate, with the settings that count for it.
fn read(candidate: &Candidate, configuration: &Configuration) -> Result<Pyproject, Error> {
    if let Some(reason) = &candidate.fault {
        return Err(Error::Read { path: candidate.path.clone(), reason: reason.clone() });
    }
    let pyproject = Pyproject::read(&candidate.path)?;
    let options = Arc::new(configuration.options(&pyproject)?);
    Ok(pyproject.with_options(options))
}

fn passed_over<T>(candidate: &Candidate) -> Outcome<T> {
    Outcome::PassedOver { path: candidate.path.clone(), named: candidate.named }
}

/// `check`: judges one project, and fixes its text where that is asked for.
pub(crate) fn project(
    candidate: &Candidate,
    pyproject: Pyproject,
    workspaces: &Workspaces,
    settings: &Settings,
    selection: &Selection,
) -> Outcome<ProjectReport> {
    if !is_judged(&pyproject) {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    if !builds_one_of(&project, candidate) {
        return passed_over(candidate);
    }
    let selection = selection.over(&project.pyproject.options);
    Outcome::Done(Box::new(judge(project, settings, &selection)))
}

/// Whether the project is built from one of the files that stand for it; always, where none were given.
fn builds_one_of(project: &Project, candidate: &Candidate) -> bool {
    let builds = |file: &PathBuf| {
        let is_beside = file.parent() == Some(&project.pyproject.dir);
        let in_crate = project.inputs.crates.iter().any(|found| file.starts_with(found.package().directory()));
        is_beside || in_crate || project.inputs.files.iter().any(|input| input.path == *file)
    };
    // What could not be read may well be built from it.
    candidate.building.is_empty() || !project.inputs.complete() || candidate.building.iter().any(builds)
}

type Found = Vec<(&'static Rule, Finding)>;

#[cfg(test)]
#[cfg(target_os = "linux")]
mod oracle;

/// How often a plan may follow from the edit before it: what a first edit uncovers, a second may mend.
const ROUNDS: usize = 4;

fn judge(project: Project, settings: &Settings, selection: &Selection) -> ProjectReport {
    let found = findings(&project, selection);
    let mut report = ProjectReport::new(&project, project.pyproject.text().to_owned());
    if settings.watch {
        report.watched = watched(&project);
    }
    let safe = plan(&project, &found, false);
    report.findings = diagnostics(&project, &found, &safe, selection);
    if settings.fix == FixMode::Off && !settings.edits {
        return report;
    }
    // Without a fix what is computed is what a safe one would change.
    let allow_unsafe = settings.unsafe_fixes && settings.fix != FixMode::Off;
    let chosen = if allow_unsafe { plan(&project, &found, true) } else { safe };
    let fixed = match mend(project, chosen, allow_unsafe, selection, &report.pyproject) {
        Ok(Some(fixed)) => fixed,
        Ok(None) => return report,
        Err(reason) => {
            report.refuse(&reason);
            let asked = settings.fix != FixMode::Off;
            report.refused = asked.then(|| Error::Fix { path: report.pyproject.clone(), reason });
            return report;
        }
    };
    match settings.fix {
        FixMode::Off => report.edits = vec![Edit::between(&report.text, &fixed.text)],
        FixMode::Diff => {
            report.fixes = fixed.lines;
            report.fixed_text = Some(fixed.text);
        }
        FixMode::Apply => {
            report.fixes = fixed.lines;
            report.before = std::mem::replace(&mut report.findings, fixed.left);
            report.fixed_text = Some(fixed.text);
        }
    }
    report
}

/// The directories in which a file that changes, comes or goes may change the verdict.
fn watched(project: &Project) -> Vec<PathBuf> {
    let files = project.inputs.files.iter().map(|input| input.path.as_path()).filter_map(Path::parent);
    let whole = project.inputs.files.iter().filter_map(|input| Some(input.tree.as_ref()?.directory.as_path()));
    let crates = project.inputs.crates.iter().map(|found| found.package().directory());
    let own = std::iter::once(project.pyproject.dir.as_path());
    let all: BTreeSet<&Path> = own.chain(files).chain(whole).chain(crates).collect();
    all.into_iter().map(Path::to_owned).collect()
}

/// A fixed text.
struct Fixed {
    text: String,
    /// What was done.
    lines: Vec<String>,
    /// The findings that remain.
    left: Vec<Diagnostic>,
}

/// Applies `chosen`, and what follows from it, in memory. The postcondition: nothing is left that would be mended.
fn mend(
    mut project: Project,
    mut chosen: Plan,
    allow_unsafe: bool,
    selection: &Selection,
    path: &Path,
) -> Result<Option<Fixed>, String> {
    if chosen.operations.is_empty() {
        return Ok(None);
    }
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..ROUNDS {
        let edited =
            fix::edit::apply(project.pyproject.text(), &chosen.operations).map_err(|error| error.to_string())?;
        let applies = |fix: &&Fix| fix.applicability == Applicability::Safe || allow_unsafe;
        let fixes = chosen.planned.iter().filter_map(|planned| planned.fix.as_ref()).filter(applies);
        for line in fixes.map(|fix| FixSummary::from(fix).message()) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let pyproject = Pyproject::parse(path, edited.text).map_err(|error| error.to_string())?;
        project = project.with_text(pyproject);
        let found = findings(&project, selection);
        chosen = plan(&project, &found, allow_unsafe);
        if chosen.operations.is_empty() {
            let left = diagnostics(&project, &found, &chosen, selection);
            return Ok(Some(Fixed { text: project.pyproject.text().to_owned(), lines, left }));
        }
    }
    Err("the edit would not be the last one".to_owned())
}

/// The findings of the selected rules. What is an info in this project is fixed only where its rule is named.
fn findings(project: &Project, selection: &Selection) -> Found {
    let mut found = rules::run(project, &|rule| selection.contains(rule));
    found.retain(|(rule, finding)| finding.severity != Some(Severity::Info) || !selection.hides_infos_of(rule));
    for (rule, finding) in &mut found {
        if finding.severity == Some(Severity::Info) && !selection.names(rule) && finding.remedy != Remedy::None {
            finding.remedy = Remedy::None;
            finding.help.get_or_insert_with(|| format!("`--fix --extend-select {}` fixes it", rule.code));
        }
    }
    found
}

fn plan(project: &Project, found: &Found, allow_unsafe: bool) -> Plan {
    let findings: Vec<&Finding> = found.iter().map(|(_, finding)| finding).collect();
    fix::plan(project, &findings, allow_unsafe)
}

fn diagnostics(project: &Project, found: &Found, plan: &Plan, selection: &Selection) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::with_capacity(found.len());
    for ((rule, finding), planned) in found.iter().zip(&plan.planned) {
        let obstacle = planned.obstacle.map(str::to_owned);
        diagnostics.push(Diagnostic {
            code: rule.code,
            name: rule.name(),
            severity: finding.severity.unwrap_or(rule.meta.severity),
            is_named: selection.names(rule),
            message: paths::printable(&finding.message),
            help: finding.help.clone().or(obstacle).map(|help| paths::printable(&help)),
            label: paths::printable(&finding.label),
            span: finding.span.clone(),
            inputs: finding.inputs.iter().map(|id| project.inputs.get(*id).shown.clone()).collect(),
            fix: planned.fix.as_ref().map(FixSummary::from),
        });
    }
    diagnostics
}

/// Whether there is anything to judge: a build that is known here, or keys.
fn is_judged(pyproject: &Pyproject) -> bool {
    pyproject.backend.is_some() || !matches!(pyproject.declared, Declared::Absent)
}
