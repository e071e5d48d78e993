//! Compares what rustc and cargo recorded during the last build with the keys and with the analysis.
//!
//! The records are a lower bound: they cover only the configurations that were built. A recorded file without a key is a stale
//! build. But if no recorded file lacks a key, the keys may still be incomplete.

pub(crate) mod report;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::path::Path;

use super::discover::Candidate;
use super::outcome::{Outcome, UNRELATED};
use crate::cache_keys::{Coverage, Key};
use crate::crates::workspace::TargetRole;
use crate::fs::{Disk, Resolved, path};
use crate::inputs::build_records::{self, Made, OwnTexts, Recorded, Run, Unit};
use crate::inputs::{SetBy, VariableSettings};
use crate::project::Project;
use report::{Named, Seen, Verification, VerifyProject};

/// Verifies one project by the records of its last build. A project that was not built is an error, since it is not known to be
/// right.
pub(crate) fn verify(disk: &Disk, candidate: &Candidate, project: &Project) -> Outcome<VerifyProject> {
    if !candidate.asks_for(project) {
        return Outcome::skipped(candidate, UNRELATED);
    }
    let verified = VerifyProject::of(project, &judge_records(disk, project));
    let obstacle = verified.obstacle();
    Outcome::Done(Box::new(verified), obstacle)
}

/// Reads the records of a project and compares them.
fn judge_records(disk: &Disk, project: &Project) -> Verification {
    let recorded = build_records::read(disk, &project.inputs.crates);
    let judge = Judge::new(disk, project, &recorded);
    let mut seen = BTreeMap::new();
    for unit in &recorded.units {
        judge.unit(unit, &mut seen);
    }
    for run in &recorded.runs {
        judge.run(run, &mut seen);
    }
    let is_target = |unit: &Unit| unit.role != TargetRole::BuildScript && project.inputs.crates[unit.in_crate].is_entry;
    let is_built = recorded.units.iter().any(is_target);
    Verification { seen: seen.into_values().collect(), is_built, recorded }
}

struct Judge<'a> {
    disk: &'a Disk,
    project: &'a Project,
    coverage: Option<&'a Coverage>,
    settings: VariableSettings,
    own: OwnTexts,
    made: Made,
    known: HashSet<&'a OsStr>,
}

type ByName = BTreeMap<Named, Seen>;

impl<'a> Judge<'a> {
    fn new(disk: &'a Disk, project: &'a Project, recorded: &Recorded) -> Self {
        let inputs = &project.inputs;
        Self {
            disk,
            project,
            coverage: project.effective(),
            settings: VariableSettings::of(disk, inputs, &recorded.runs),
            own: OwnTexts::of(disk, &inputs.files, &inputs.crates),
            made: Made::around(disk, &inputs.crates),
            known: inputs.files.iter().map(|input| input.path.as_os_str()).collect(),
        }
    }

    fn unit(&self, unit: &Unit, seen: &mut ByName) {
        let target = match unit.role {
            TargetRole::Library => "library",
            TargetRole::Bin => "binary",
            TargetRole::BuildScript => "build script",
        };
        let name = self.project.inputs.crates[unit.in_crate].name();
        for path in &unit.files {
            let reason = format!("read by rustc for the {target} of crate `{name}`");
            // Documentation that becomes a Python docstring is an input. Other documentation needs no key.
            let is_silent = unit.documentation.contains(path) && !self.known.contains(path.as_os_str());
            self.path(path, unit.in_crate, reason, is_silent.then_some("documentation, not part of the wheel"), seen);
        }
        for variable in &unit.variables {
            if self.settings.for_compiler(variable).is_none() {
                let reason = format!("read by rustc for the {target} of crate `{name}`");
                self.variable(variable, unit.in_crate, reason, None, seen);
            }
        }
    }

    fn run(&self, run: &Run, seen: &mut ByName) {
        let found = &self.project.inputs.crates[run.in_crate];
        let package = found.package().directory();
        let reason = format!("printed by the build script of crate `{}`", found.name());
        for path in &run.output.files {
            let path = self.disk.resolve(&package.join(path));
            if !self.made.contains(&path) && path.exists() {
                self.path(&path, run.in_crate, reason.clone(), None, seen);
            }
        }
        for variable in &run.output.variables {
            match self.settings.for_script(variable) {
                Some(SetBy::Cargo | SetBy::Config | SetBy::Script) => {}
                None => {
                    let excuse = if self.settings.is_of_the_machine(variable) {
                        Some("it depends on the machine")
                    } else {
                        let is_helpers = !self.own.name(variable);
                        is_helpers.then_some("declared by a helper crate of the build script, to find tools")
                    };
                    self.variable(variable, run.in_crate, reason.clone(), excuse, seen);
                }
            }
        }
    }

    fn path(&self, path: &Resolved, in_crate: usize, reason: String, excuse: Option<&'static str>, seen: &mut ByName) {
        let directory = path.is_dir().then(|| Named::Directory(self.disk.real_directory(path)));
        let named = directory.unwrap_or_else(|| Named::File(path.clone()));
        if seen.contains_key(&named) {
            return;
        }
        if path.components().any(|part| part.as_os_str() == ".git") {
            let (known, covered_by) = (!self.project.inputs.git.is_empty(), self.git_keys());
            seen.insert(named.clone(), Seen { named, in_crate, reason, known, covered_by, excused: None });
            return;
        }
        let files = match &named {
            Named::Directory(directory) => self.files_below(directory),
            _ => vec![path.clone()],
        };
        let known = files.iter().all(|file| self.known.contains(file.as_os_str()));
        let covered_by = if files.is_empty() { Vec::new() } else { self.keys(&files) };
        let package = self.project.inputs.crates[in_crate].package().directory();
        let excused = match &named {
            _ if self.project.outputs.contains(path) => Some("written by the build"),
            _ if self.is_excluded(path) => Some("excluded by `exclude-inputs` in `[tool.cachekeys]`"),
            _ if self.is_outside(path) => Some("outside the repository"),
            Named::Directory(directory) if package.starts_with(directory) => Some("the directory of the whole package"),
            Named::Directory(_) if files.is_empty() => Some("an empty directory"),
            _ => excuse,
        };
        seen.insert(named.clone(), Seen { named, in_crate, reason, known, covered_by, excused });
    }

    fn variable(&self, name: &str, in_crate: usize, reason: String, excused: Option<&'static str>, seen: &mut ByName) {
        let keys = self.coverage.map(Coverage::keys).unwrap_or_default();
        let is_covered = keys.iter().any(|key| matches!(key, Key::Env(covered) if covered == name));
        let covered_by = if is_covered { vec![name.to_owned()] } else { Vec::new() };
        let known = self.project.inputs.variables.iter().any(|variable| variable.name == name);
        let named = Named::Variable(name.to_owned());
        seen.entry(named.clone()).or_insert(Seen { named, in_crate, reason, known, covered_by, excused });
    }

    /// The files below a directory, except for files that the build writes.
    fn files_below(&self, directory: &Resolved) -> Vec<Resolved> {
        let is_made =
            |path: &Path| self.made.contains(path) || self.project.outputs.contains(path) || self.is_excluded(path);
        let walk = self.disk.below(directory).into_iter().filter_entry(|entry| !is_made(entry.path()));
        let files = walk.filter_map(Result::ok).filter(|entry| entry.path().is_file());
        files.map(|file| directory.met(file.into_path())).collect()
    }

    /// The keys that make uv notice a new commit. uv has a kind of key for that; file keys do not count.
    fn git_keys(&self) -> Vec<String> {
        let keys = self.coverage.map(Coverage::keys).unwrap_or_default();
        keys.iter().filter(|key| matches!(key, Key::Git { commit: true, .. })).map(Key::text).collect()
    }

    /// The keys that cover the files; empty unless every file has one.
    fn keys(&self, files: &[Resolved]) -> Vec<String> {
        let Some(coverage) = self.coverage else { return Vec::new() };
        let mut all = BTreeSet::new();
        for file in files {
            let keys = coverage.covering_keys(file);
            if keys.is_empty() {
                return Vec::new();
            }
            all.extend(keys);
        }
        all.into_iter().map(|index| coverage.keys()[index].text()).collect()
    }

    fn is_excluded(&self, path: &Path) -> bool {
        let pyproject = &self.project.pyproject;
        !pyproject.options.exclude_inputs.is_empty() && pyproject.is_excluded(&path::display(&pyproject.dir, path))
    }

    /// The same test as for inputs: a file that belongs to a crate is never outside, wherever it lies.
    fn is_outside(&self, path: &Path) -> bool {
        let directory = &self.project.pyproject.dir;
        let mut crates = self.project.inputs.crates.iter().map(|found| found.package().directory());
        if crates.clone().any(|package| path.starts_with(package)) {
            return false;
        }
        if let Some(repository) = self.disk.repository(directory) {
            return !path.starts_with(repository);
        }
        let around = |near: &Path| near.parent().is_some_and(|around| path.starts_with(around));
        !around(directory) && !crates.any(around)
    }
}
