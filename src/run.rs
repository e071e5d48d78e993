//! One project after the other: read, analysed, judged, and fixed in memory. Groups of projects run in parallel.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::discover::{self, Candidate};
use crate::error::Error;
use crate::finding::{Applicability, Finding};
use crate::fix::{self, Fix, Plan};
use crate::inputs::{self, Workspaces};
use crate::outcome::Outcome;
use crate::project::Project;
use crate::pyproject::{Declared, Pyproject};
use crate::report::{Diagnostic, Edit, FixSummary, InputsProject, KeysProject, ProjectReport};
use crate::rules::{self, Rule};
use crate::settings::{FixMode, Selection, Settings};

/// The workspaces for a run over `paths`. Where the search starts at a project, cargo is asked about that one before the
/// search, which would be waited for otherwise.
pub(crate) fn workspaces(paths: &[PathBuf]) -> Workspaces {
    let workspaces = Workspaces::default();
    let start = paths.iter().find(|path| path.is_dir()).map(|path| path.join("pyproject.toml"));
    if let Some(Ok(pyproject)) = start.map(|path| Pyproject::read(&path)) {
        inputs::ask_ahead(&pyproject, &workspaces);
    }
    workspaces
}

/// Runs `work` on every project at and below `paths`. The order of the outcomes is that of the projects.
pub(crate) fn each<T: Send>(
    paths: &[PathBuf],
    workspaces: &Workspaces,
    work: impl Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
) -> Result<Vec<Outcome<T>>, Error> {
    let candidates = discover::candidates(paths)?;
    // Projects of one cargo workspace stay in one thread, so that cargo is asked once for them.
    let mut groups: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        groups.entry(discover::workspace_guess(&candidate.path)).or_default().push(index);
    }
    let groups: Vec<Vec<usize>> = groups.into_values().collect();
    let done = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let run = || {
        while let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            for &index in group {
                let candidate = &candidates[index];
                let outcome = match Pyproject::read(&candidate.path) {
                    Ok(pyproject) => work(candidate, pyproject, workspaces),
                    Err(error) if !candidate.named && is_template(&error) => passed_over(candidate),
                    Err(error) => Outcome::Failed(error),
                };
                done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, outcome));
            }
        }
    };
    // To count the processors takes a dozen system calls.
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if groups.len() > 1 { processors().min(groups.len()) } else { 1 };
    if threads == 1 {
        run();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(run);
            }
        });
    }
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
}

fn passed_over<T>(candidate: &Candidate) -> Outcome<T> {
    Outcome::PassedOver { path: candidate.path.clone(), named: candidate.named }
}

/// Whether a file that is not TOML is a template of one.
fn is_template(error: &Error) -> bool {
    matches!(error, Error::Toml { text, .. } if text.contains("{{") || text.contains("{%"))
}

/// `check`: judges one project, and fixes its text where that is asked for.
pub(crate) fn project(
    candidate: &Candidate,
    pyproject: Pyproject,
    workspaces: &Workspaces,
    settings: &Settings,
    selection: &Selection,
) -> Outcome<ProjectReport> {
    if pyproject.backend.is_none() && matches!(pyproject.declared, Declared::Absent) {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    if !builds_one_of(&project, candidate) {
        return passed_over(candidate);
    }
    Outcome::Done(Box::new(judge(project, settings, selection)))
}

/// Whether the project is built from one of the files that stand for it; always, where none were given.
fn builds_one_of(project: &Project, candidate: &Candidate) -> bool {
    let builds = |file: &PathBuf| {
        let is_beside = file.parent() == Some(&project.pyproject.dir);
        let in_crate = project.inputs.crates.iter().any(|found| file.starts_with(found.package().directory()));
        is_beside || in_crate || project.inputs.files.iter().any(|input| input.path == *file)
    };
    candidate.building.is_empty() || candidate.building.iter().any(builds)
}

type Found = Vec<(&'static Rule, Finding)>;

fn judge(project: Project, settings: &Settings, selection: &Selection) -> ProjectReport {
    let found = rules::run(&project, &|rule| selection.contains(rule));
    let text = project.pyproject.text().to_owned();
    let safe = plan(&project, &found, false);
    let mut report = ProjectReport::new(&project, text);
    report.findings = diagnostics(&project, &found, &safe);
    match edit(&report.text, &safe) {
        Ok(edited) => report.edits = edited.iter().flat_map(|edited| &edited.splices).map(Edit::from).collect(),
        Err(error) => report.refuse(&error.to_string()),
    }
    if settings.fix != FixMode::Off {
        let chosen = if settings.unsafe_fixes { plan(&project, &found, true) } else { safe };
        if let Err(reason) = fix(project, &chosen, settings, selection, &mut report) {
            report.refused = Some(Error::Fix { path: report.pyproject.clone(), reason });
        }
    }
    report
}

/// Puts the fixed text and what remains of the findings into the report, if the edit holds its promises.
fn fix(
    project: Project,
    chosen: &Plan,
    settings: &Settings,
    selection: &Selection,
    report: &mut ProjectReport,
) -> Result<(), String> {
    let Some(edited) = edit(&report.text, chosen).map_err(|error| error.to_string())? else { return Ok(()) };
    // The postcondition: the new text has nothing left that this fixer would mend.
    let pyproject = Pyproject::parse(&report.pyproject, edited.text.clone()).map_err(|error| error.to_string())?;
    let project = project.with_text(pyproject);
    let left = rules::run(&project, &|rule| selection.contains(rule));
    let again = plan(&project, &left, settings.unsafe_fixes);
    if !again.operations.is_empty() {
        return Err(format!("the edit would not be the last one ({} more)", again.operations.len()));
    }
    let applies = |fix: &&Fix| fix.applicability == Applicability::Safe || settings.unsafe_fixes;
    report.fixes = chosen
        .planned
        .iter()
        .filter_map(|planned| planned.fix.as_ref())
        .filter(applies)
        .map(|fix| FixSummary::from(fix).message())
        .collect();
    report.fixes.dedup();
    if settings.fix == FixMode::Apply {
        report.before = std::mem::replace(&mut report.findings, diagnostics(&project, &left, &again));
    }
    report.fixed_text = Some(edited.text);
    Ok(())
}

fn plan(project: &Project, found: &Found, allow_unsafe: bool) -> Plan {
    let findings: Vec<&Finding> = found.iter().map(|(_, finding)| finding).collect();
    fix::plan(project, &findings, allow_unsafe)
}

fn edit(text: &str, plan: &Plan) -> Result<Option<fix::edit::Edited>, fix::edit::EditError> {
    if plan.operations.is_empty() {
        return Ok(None);
    }
    fix::edit::apply(text, &plan.operations).map(Some)
}

fn diagnostics(project: &Project, found: &Found, plan: &Plan) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::with_capacity(found.len());
    for ((rule, finding), planned) in found.iter().zip(&plan.planned) {
        let obstacle = planned.obstacle.map(str::to_owned);
        diagnostics.push(Diagnostic {
            code: rule.code,
            name: rule.name(),
            severity: rule.meta.severity,
            message: finding.message.clone(),
            help: finding.help.clone().or(obstacle),
            label: finding.label.clone(),
            span: finding.span.clone(),
            inputs: finding.inputs.iter().map(|id| project.inputs.get(*id).shown.clone()).collect(),
            fix: planned.fix.as_ref().map(FixSummary::from),
        });
    }
    diagnostics
}

/// `inputs`: cargo's side of one project.
pub(crate) fn inputs(candidate: &Candidate, pyproject: Pyproject, workspaces: &Workspaces) -> Outcome<InputsProject> {
    if pyproject.backend.is_none() {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    Outcome::Done(Box::new(InputsProject::of(&project)))
}

/// `keys`: uv's side of one project, cargo not asked.
pub(crate) fn keys(pyproject: &Pyproject) -> Outcome<KeysProject> {
    Outcome::Done(Box::new(KeysProject::of(pyproject)))
}
