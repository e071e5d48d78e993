//! Explains one file or variable: whether it is an input, which keys cover it, and what happens when it changes.

mod python;
pub(crate) mod report;

use std::path::{Path, PathBuf};

use super::discover::exclude::Exclusion;
use super::discover::{self, Candidate};
use super::outcome::Outcome;
use super::run;
use super::settings::Settings;
use crate::cache_keys::{Coverage, Key};
use crate::error::Error;
use crate::fs::{Disk, Resolved, path};
use crate::inputs::{Absence, Input, SetBy, VariableSettings, absence};
use crate::output::Report;
use crate::project::Project;
use crate::pyproject::options::Configuration;
use report::{ExplainProject, Explanation, Role};

/// The file or variable to explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A file that need not exist.
    File(Resolved),
    Variable(String),
}

/// The projects that `asked` concerns; all projects if it concerns none of them.
pub(crate) fn explain(
    asked: &str,
    project: Option<&Path>,
    settings: &Settings,
) -> Result<Report<ExplainProject>, Error> {
    let disk = &Disk::default();
    let subject = Subject::of(disk, asked)?;
    let configuration = Configuration::of(disk, &settings.config, settings.isolated)?;
    let exclusion = Exclusion::of(disk, settings, &configuration)?;
    let candidates = match (&subject, project) {
        (_, Some(project)) => discover::candidates(&[project.to_owned()], &exclusion, &|_| ())?,
        (Subject::File(path), None) => discover::around(path.clone(), &exclusion),
        (Subject::Variable(_), None) => discover::candidates(&[PathBuf::from(".")], &exclusion, &|_| ())?,
    };
    let mut resolver = settings.resolver(disk);
    let read = |candidate: &Candidate| run::read(disk, candidate, &configuration);
    let work = |_: &Candidate, project: Project| {
        Outcome::done(ExplainProject::of(&project, explanation(disk, &project, &subject)))
    };
    let outcomes = run::each_of(&candidates, read, &mut resolver, None, &settings.progress, run::unbuilt, work);
    let mut report = Report::collect(outcomes, resolver.notes());
    if report.projects.iter().any(|project| project.concerns) {
        report.projects.retain(|project| project.concerns);
    }
    if report.projects.is_empty() && report.errors.is_empty() {
        let reason = "it is not in a Rust extension project; use `--project` to name one".to_owned();
        report.errors.push(Error::Path { path: PathBuf::from(asked), reason });
    }
    report.asked = Some(asked.to_owned());
    Ok(report)
}

impl Subject {
    fn of(disk: &Disk, asked: &str) -> Result<Self, Error> {
        let path = Path::new(asked);
        match asked.strip_prefix('$') {
            Some(name) => Ok(Self::Variable(name.to_owned())),
            None if path.is_dir() => {
                let reason = "it is a directory; name a file in it".to_owned();
                Err(Error::Path { path: path.to_owned(), reason })
            }
            None => Ok(Self::File(disk.resolve(path))),
        }
    }
}

fn explanation(disk: &Disk, project: &Project, subject: &Subject) -> Explanation {
    match subject {
        Subject::File(path) => file(disk, project, path),
        Subject::Variable(name) => variable(disk, project, name),
    }
}

fn file(disk: &Disk, project: &Project, path: &Resolved) -> Explanation {
    let inputs = &project.inputs;
    let shown = path::display(&project.pyproject.dir, path);
    let keys = |coverage: &Coverage| -> Vec<String> {
        coverage.covering_keys(path).into_iter().map(|index| coverage.keys()[index].text()).collect()
    };
    let covered_by = project.effective().map(keys).unwrap_or_default();
    // A file that does not exist yet may belong to a directory in which every new file is an input.
    let of_tree = |input: &&Input| {
        input.tree.as_ref().is_some_and(|tree| {
            path.starts_with(&tree.directory) && (tree.whole || path.extension() == input.path.extension())
        })
    };
    let is_excluded = project.pyproject.is_excluded(&shown);
    let is_new = || !path.exists() && !project.outputs.contains(path) && !is_excluded;
    let found = inputs.files.iter().find(|input| input.path == *path);
    let found = found.map(|input| (input, false));
    let found = found.or_else(|| is_new().then(|| Some((inputs.files.iter().find(of_tree)?, true))).flatten());
    if let Some((input, is_new)) = found {
        let reason = match (is_new, input.exists) {
            (true, _) => format!("once it exists, like {}: {}", input.shown, input.reason),
            (false, false) => format!("{}; the first build writes it", input.reason),
            (false, true) => input.reason.clone(),
        };
        let reason = python::why_copied(project, input.kind, reason);
        let in_crate = inputs.crate_of(input).map(|found| found.name().to_owned());
        let role = Role { kind: input.kind.as_str(), in_crate, reason, blind: input.is_blind(), outside: input.loose };
        let tracked = input.cargo_tracks();
        return Explanation { shown, role: Ok(role), covered_by, tracked, concerns: true };
    }
    let absence = if project.outputs.contains(path) {
        Absence::new("output", "the build writes it")
    } else if is_excluded {
        Absence::new("excluded", "`exclude-inputs` in `[tool.cachekeys]` excludes it")
    } else {
        absence(disk, inputs, &project.pyproject.dir, path)
    };
    let by_installation =
        if absence.code == "python" { python::of_installation(disk, project, path) } else { Err(absence) };
    let absence = match by_installation {
        Err(absence) => absence,
        role => return Explanation { shown, role, covered_by, tracked: Some(false), concerns: true },
    };
    let is_near = path.starts_with(&project.pyproject.dir)
        || inputs.crates.iter().any(|found| path.starts_with(found.package().directory()));
    let concerns = !covered_by.is_empty() || (is_near && absence.code != "other-crate");
    // If some inputs could not be read or determined, the build may still read the file.
    let is_known = inputs.is_known();
    let tracked = match absence.code {
        "documentation" => Some(true),
        // An excluded file was not analysed.
        "excluded" => None,
        "output" | "git" | "binary" | "test" | "bench" | "example" => Some(false),
        _ => is_known.then_some(false),
    };
    Explanation { shown, role: Err(absence), covered_by, tracked, concerns }
}

fn variable(disk: &Disk, project: &Project, name: &str) -> Explanation {
    let inputs = &project.inputs;
    let keys = project.effective().map(Coverage::keys).unwrap_or_default();
    let is_key = |key: &&Key| matches!(key, Key::Env(covered) if covered == name);
    let covered_by: Vec<String> = keys.iter().filter(is_key).map(Key::text).collect();
    let shown = format!("${name}");
    let watched = inputs.variables.iter().map(|variable| (variable, false));
    let blind = inputs.blind_variables.iter().map(|variable| (variable, true));
    if let Some((variable, blind)) = watched.chain(blind).find(|(variable, _)| variable.name == name) {
        let reason = variable.reason.clone();
        let role = Role { kind: "variable", in_crate: None, reason, blind, outside: false };
        return Explanation { shown, role: Ok(role), covered_by, tracked: Some(!blind), concerns: true };
    }
    let settings = VariableSettings::of(disk, inputs, &[]);
    let set_by = settings.for_compiler(name).or_else(|| settings.for_script(name));
    let absence = match set_by {
        _ if STEERS_BUILD.contains(&name) || name.starts_with("CARGO_PROFILE_") => Absence::new("steers-build", STEERS),
        Some(SetBy::Cargo) => Absence::new("set-by-cargo", "cargo sets it"),
        Some(SetBy::Config) => {
            Absence::new("set-by-config", "`[env]` in cargo's configuration sets it, and that file is an input")
        }
        Some(SetBy::Script) => Absence::new("set-by-script", "a build script sets it with `cargo::rustc-env`"),
        None => Absence::new("not-read", "no source file or build script of the build names it"),
    };
    let tracked = match absence.code {
        "steers-build" => Some(true),
        "not-read" if !inputs.is_known() => None,
        _ => Some(false),
    };
    let concerns = !covered_by.is_empty();
    Explanation { shown, role: Err(absence), covered_by, tracked, concerns }
}

/// Variables that change how cargo and maturin build (cargo book, "Environment Variables"; maturin's user guide).
const STEERS_BUILD: &[&str] = &[
    "ARCHFLAGS", "CARGO_BUILD_TARGET", "CARGO_ENCODED_RUSTFLAGS", "MACOSX_DEPLOYMENT_TARGET", "MATURIN_PEP517_ARGS",
    "MATURIN_PGO", "MATURIN_STRIP", "RUSTFLAGS",
];

const STEERS: &str =
    "it configures cargo or maturin and may differ between shells and editors; add a key if uv should track it";
