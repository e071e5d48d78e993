//! Collects the inputs of a project. Each path is an input once, with the first reason found.

mod bindings;
mod chosen;
mod directory;
mod macros;
mod metadata;
mod named;
mod package;
mod printed;
mod scripts;
mod wheel;

#[cfg(any(test, fuzzing))]
pub(super) use macros::names_and_literals;
pub(crate) use scripts::Scripts;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::build_script::{self, SetVariable};
use super::macros::{Definitions, Reference};
use super::unread::Unread;
use super::{Definition, GitState, Input, Inputs, Kind, Missing, Tree, Undetermined, Variable, Written};
use crate::crates::build_crate::Crate;
use crate::crates::config_files;
use crate::crates::target_request::Layout;
use crate::fs::disk::Known;
use crate::fs::{Disk, Resolved, path};
use crate::pyproject::Pyproject;

/// The reason for a variable that the user lists.
const CHOSEN_VARIABLE: &str = "listed in `extra-variables` of `[tool.cachekeys]`";

/// All inputs of the project that is built from `crates`, sorted, and what could not be read, each path once.
pub(super) fn collect(
    disk: &Disk,
    pyproject: &Pyproject,
    crates: &[Crate],
    layout: &Layout,
    scripts: &Scripts,
    definition: &Definition,
) -> (Inputs, Vec<Unread>) {
    Collector::new(disk, &pyproject.dir, crates, layout, scripts).collect(pyproject, definition)
}

struct Collector<'a> {
    disk: &'a Disk,
    project: &'a Resolved,
    crates: &'a [Crate],
    /// The analysed build scripts of this run.
    known_scripts: &'a Scripts,
    repository: Option<PathBuf>,
    /// Where the build writes. No sources are searched there.
    outputs: Vec<Resolved>,
    /// Where the backend writes among the Python sources.
    layout: &'a Layout,
    files: Vec<Input>,
    variables: Vec<Variable>,
    blind_variables: Vec<Variable>,
    git: Vec<GitState>,
    undetermined: Vec<Undetermined>,
    missing: Vec<Missing>,
    unresolved: Vec<String>,
    unread: Vec<Unread>,
    /// Files that string literals in sources name, each with the source and its crate.
    literals: Vec<(Resolved, Option<usize>, Reference)>,
    /// The index of each file in `files`.
    known: Known<usize>,
    /// What build scripts write into the tree.
    written: Vec<Written>,
    /// The variables with computed names that build scripts set, each with the index of the crate.
    computed_names: Vec<(usize, SetVariable)>,
    /// The macros of the crates, and the variables that their build scripts set for them.
    definitions: Definitions,
    /// Whether cargo watches the files that are being added.
    is_watched: Option<bool>,
}

impl<'a> Collector<'a> {
    fn collect(self, pyproject: &Pyproject, definition: &Definition) -> (Inputs, Vec<Unread>) {
        let mut collector = self;
        let disk = collector.disk;
        collector.project(pyproject, definition);
        collector.packages();
        let configs = collector.environment();
        let (mut set_by_scripts, scripts) = collector.scripts();
        collector.named();
        collector.printed(&mut set_by_scripts);
        collector.unwatched(&scripts);
        collector.macros();
        collector.literals();
        collector.bindings(pyproject);
        collector.wheel(pyproject);
        collector.extra(pyproject);
        let mut files = std::mem::take(&mut collector.files);
        // Sources are collected before the files that build scripts write are known.
        let is_written = |input: &Input| input.kind == Kind::Source && collector.is_written(&input.path);
        files.retain(|input| !pyproject.is_excluded(&input.shown) && !is_written(input));
        let set_by_config = config_files::variables(disk, &configs);
        // A variable that a script declares is read from the environment, even if the script also sets it for the compiler.
        let is_set = |variable: &Variable| {
            let by_script = set_by_scripts.contains(&variable.name) && !variable.reason.starts_with("rerun-if");
            let is_known = by_script || set_by_config.contains(&variable.name);
            let says_nothing =
                build_script::is_of_the_machine(&variable.name) || build_script::is_of_a_helper(&variable.name);
            (is_known || says_nothing) && variable.reason != CHOSEN_VARIABLE
        };
        collector.settle_missing(pyproject);
        let mut seen = HashSet::new();
        collector.unresolved.retain(|unresolved| seen.insert(unresolved.clone()));
        collector.unread.sort_by(|a, b| a.path.cmp(&b.path));
        collector.unread.dedup_by(|a, b| a.path == b.path);
        let rank = |input: &Input| (input.kind, input.in_crate);
        files.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.path.cmp(&b.path)));
        for variables in [&mut collector.variables, &mut collector.blind_variables] {
            variables.retain(|variable| !is_set(variable));
            // A stable sort keeps the first reason.
            variables.sort_by(|a, b| a.name.cmp(&b.name));
            variables.dedup_by(|a, b| a.name == b.name);
        }
        let Self { variables, blind_variables, git, undetermined, missing, written, unresolved, unread, .. } =
            collector;
        let found = Inputs {
            files,
            variables,
            blind_variables,
            set_by_scripts,
            git,
            undetermined,
            missing,
            written,
            unresolved,
            ..Inputs::default()
        };
        (found, unread)
    }

    fn new(
        disk: &'a Disk,
        project: &'a Resolved,
        crates: &'a [Crate],
        layout: &'a Layout,
        known_scripts: &'a Scripts,
    ) -> Self {
        // The default target directory counts too: another machine may use it even if this one does not.
        let places = |found: &Crate| [found.workspace.target_directory.clone(), found.workspace.root.child("target")];
        let outputs = crates.iter().flat_map(places);
        let mut outputs: Vec<Resolved> = outputs.chain([project.child("target"), project.child(".venv")]).collect();
        outputs.sort();
        outputs.dedup();
        let repository = disk.repository(project).map(Path::to_owned);
        Self {
            disk,
            project,
            crates,
            known_scripts,
            repository,
            outputs,
            layout,
            files: Vec::new(),
            variables: Vec::new(),
            blind_variables: Vec::new(),
            git: Vec::new(),
            undetermined: Vec::new(),
            missing: Vec::new(),
            unresolved: Vec::new(),
            unread: Vec::new(),
            literals: Vec::new(),
            known: Known::default(),
            written: Vec::new(),
            computed_names: Vec::new(),
            definitions: Definitions::default(),
            is_watched: Some(true),
        }
    }

    fn add(&mut self, path: Resolved, kind: Kind, in_crate: Option<usize>, reason: String, tree: Option<Tree>) {
        let tree = tree.and_then(|tree| self.bounded(&path, tree));
        if let Some(at) = self.known.get(path.as_os_str()) {
            let known = &mut self.files[*at];
            // The file was named by itself, and now its whole directory is named for the same purpose: the build also reads files
            // that are added to it later.
            let is_watched = known.watched == Some(true) && self.is_watched == Some(true);
            let is_alike = known.kind == kind && known.in_crate == in_crate && is_watched;
            if let Some(tree) = tree.filter(|tree| is_alike && holds_more(tree, known.tree.as_ref())) {
                (known.tree, known.reason) = (Some(tree), reason);
            }
            return;
        }
        if self.is_extension(&path) {
            return;
        }
        self.known.insert(path.as_os_str().to_owned(), self.files.len());
        let shown = path::display(self.project, &path);
        // Files found by a walk exist. Only the lockfile needs another check.
        let exists = kind != Kind::Lockfile || self.disk.is_file(&path);
        let outside = self.is_outside(&path, kind);
        let loose = outside
            && match kind {
                Kind::Manifest | Kind::Lockfile | Kind::Pyproject => false,
                // A source named by `#[path = "../../../etc/passwd"]` is still a source.
                Kind::Source | Kind::BuildScript => !self.is_in_crate(&path),
                _ => true,
            };
        let watched = self.is_watched;
        self.files.push(Input { path, shown, kind, in_crate, reason, tree, exists, outside, loose, watched });
    }

    fn is_in_crate(&self, path: &Path) -> bool {
        self.crates.iter().any(|found| path::is_within(path, found.package().directory()))
    }

    /// Whether a directory is outside the repository, directly or through a symlink, and in no crate. It is then not walked,
    /// because it may be huge.
    fn is_beyond(&self, directory: &Path) -> bool {
        !self.grounds().iter().any(|ground| path::is_within(directory, ground))
    }

    /// The directories that may hold inputs: the crates, and the repository or, without one, the project and its parent.
    fn grounds(&self) -> Vec<&Path> {
        let crates = self.crates.iter().map(|found| found.package().directory());
        match &self.repository {
            Some(repository) => crates.chain([repository.as_path()]).collect(),
            None => crates.chain([&**self.project]).flat_map(|place| [Some(place), place.parent()]).flatten().collect(),
        }
    }

    /// Without a repository, a configuration or toolchain file counts as outside if it lies above the project and its workspace.
    fn is_outside(&self, path: &Path, kind: Kind) -> bool {
        match &self.repository {
            Some(repository) => !path::is_within(path, repository),
            None if matches!(kind, Kind::CargoConfig | Kind::Toolchain) => {
                let mut roots = self.crates.iter().filter(|found| found.is_entry).map(|found| &found.workspace.root);
                !path.starts_with(self.project)
                    && !roots.any(|root| self.project.starts_with(root) && path.starts_with(root))
            }
            // `include_str!("/etc/passwd")`: a file like this gets no key.
            None if matches!(kind, Kind::Embedded | Kind::BuildScriptInput | Kind::Source | Kind::BuildScript) => {
                self.is_beyond(path)
            }
            None => false,
        }
    }
}

fn holds_more(tree: &Tree, known: Option<&Tree>) -> bool {
    known.is_none_or(|known| {
        let is_wider = || tree.directory != known.directory && path::is_within(&known.directory, &tree.directory);
        tree.whole && (!known.whole || is_wider())
    })
}

/// The place that names something, and the kind of input that this makes.
struct Origin<'a> {
    gives: Kind,
    in_crate: Option<usize>,
    by: &'a str,
    file: &'a Path,
    line: usize,
}

/// The kind of a file that is named in a file of this kind.
fn embedded_in(kind: Kind) -> Kind {
    if kind == Kind::BuildScript { Kind::BuildScriptInput } else { Kind::Embedded }
}
