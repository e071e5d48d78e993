//! Collects the inputs of a project: each path once, the first reason wins.

mod printed;

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::closure::Crate;
use super::named;
use super::scan::What;
use super::sources::{self, Fence};
use super::workspace::TargetRole;
use super::{Input, Kind, Tree, Variable, environment};
use crate::paths;
use crate::pyproject::{Backend, Pyproject};

/// What was found, sorted.
pub(super) struct Collected {
    pub(super) files: Vec<Input>,
    pub(super) variables: Vec<Variable>,
    pub(super) unresolved: Vec<String>,
}

/// All inputs of the project that is built from `crates`. The sources in `silent` are known to name nothing.
pub(super) fn collect(pyproject: &Pyproject, crates: &[Crate], silent: &HashSet<OsString>) -> Collected {
    Collector::collect(pyproject, crates, silent)
}

struct Collector<'a> {
    project: &'a Path,
    crates: &'a [Crate],
    repository: Option<PathBuf>,
    /// Where the build writes: no source is looked for there.
    outputs: Vec<PathBuf>,
    files: Vec<Input>,
    variables: Vec<Variable>,
    unresolved: Vec<String>,
    /// As text: to hash a path by its components takes many times as long.
    known: HashSet<OsString>,
}

impl<'a> Collector<'a> {
    fn collect(pyproject: &'a Pyproject, crates: &'a [Crate], silent: &HashSet<OsString>) -> Collected {
        let mut collector = Self::new(&pyproject.dir, crates);
        collector.project(pyproject);
        for index in 0..crates.len() {
            collector.package(index);
        }
        let configs = collector.environment();
        collector.named(&configs, silent);
        collector.printed(&configs);
        let rank = |input: &Input| (input.kind, input.in_crate);
        collector.files.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| paths::compare(&a.path, &b.path)));
        collector.variables.sort_by(|a, b| a.name.cmp(&b.name));
        Collected { files: collector.files, variables: collector.variables, unresolved: collector.unresolved }
    }

    fn new(project: &'a Path, crates: &'a [Crate]) -> Self {
        let outputs = crates.iter().map(|found| found.workspace.target_directory.clone());
        let mut outputs: Vec<_> = outputs.chain([project.join("target"), project.join(".venv")]).collect();
        outputs.dedup();
        let repository = paths::repository(project).map(Path::to_owned);
        Self {
            project,
            crates,
            repository,
            outputs,
            files: Vec::new(),
            variables: Vec::new(),
            unresolved: Vec::new(),
            known: HashSet::new(),
        }
    }

    fn add(&mut self, path: PathBuf, kind: Kind, in_crate: Option<usize>, reason: String, tree: Option<Tree>) {
        if !self.known.insert(path.clone().into()) {
            return;
        }
        let shown = paths::display(self.project, &path);
        // What was met by walking exists; only few are looked at again.
        let exists = kind != Kind::Lockfile || path.is_file();
        let outside = self.is_outside(&path, kind);
        self.files.push(Input { path, shown, kind, in_crate, reason, tree, exists, outside });
    }

    /// Without a repository, only what steers cargo and lies above the project and its workspace counts as outside.
    fn is_outside(&self, path: &Path, kind: Kind) -> bool {
        match &self.repository {
            Some(repository) => !path.starts_with(repository),
            None if matches!(kind, Kind::CargoConfig | Kind::Toolchain) => {
                let mut roots = self.crates.iter().filter(|found| found.is_entry).map(|found| &found.workspace.root);
                !path.starts_with(self.project)
                    && !roots.any(|root| self.project.starts_with(root) && path.starts_with(root))
            }
            // `include_str!("/etc/passwd")`: named, and no key is written that climbs there.
            None if matches!(kind, Kind::Embedded | Kind::BuildScriptInput) => {
                let crates = self.crates.iter().map(|found| found.package().directory());
                let mut around = crates.chain([self.project]).filter_map(Path::parent);
                !around.any(|around| path.starts_with(around))
            }
            None => false,
        }
    }

    fn project(&mut self, pyproject: &Pyproject) {
        let add = |this: &mut Self, name: &str, kind, reason: &str| {
            this.add(this.project.join(name), kind, None, reason.to_owned(), None);
        };
        add(self, "pyproject.toml", Kind::Pyproject, "build backend, its options and the package's metadata");
        if pyproject.backend == Some(Backend::SetuptoolsRust) {
            for name in ["setup.py", "setup.cfg"] {
                if self.project.join(name).is_file() {
                    add(self, name, Kind::Metadata, "read by setuptools");
                }
            }
        }
    }

    fn package(&mut self, index: usize) {
        let found = &self.crates[index];
        let package = found.package();
        let name = found.name();
        self.add(package.manifest.clone(), Kind::Manifest, Some(index), format!("manifest of crate `{name}`"), None);
        let root = found.workspace.root.join("Cargo.toml");
        self.add(root, Kind::Manifest, None, format!("workspace root of crate `{name}`"), None);
        if found.is_entry {
            let lockfile = found.workspace.root.join("Cargo.lock");
            let reason = format!("versions of all dependencies of crate `{name}`");
            self.add(lockfile, Kind::Lockfile, Some(index), reason, None);
        }
        let (built, unbuilt) = found.targets();
        let mut skip: Vec<PathBuf> = unbuilt.iter().map(|target| target.source.clone()).collect();
        // A binary of several files has a directory of its own.
        skip.extend(skip.clone().iter().filter_map(|source| Some(source.parent()?.to_owned())).filter(|directory| {
            directory.parent().is_some_and(|parent| parent.file_name().is_some_and(|name| name == "bin"))
        }));
        let around = vec![package.directory().to_owned(), self.project.to_owned()];
        let fence = Fence { around, outputs: self.outputs.clone() };
        for target in built {
            let (kind, sources) = match target.role {
                TargetRole::BuildScript => (Kind::BuildScript, sources::of_modules(&target.source, &fence)),
                _ => (Kind::Source, sources::of_target(&target.source, &fence, &skip)),
            };
            for (path, tree) in sources {
                let what = match (target.role, path == target.source) {
                    (TargetRole::BuildScript, true) => "build script",
                    (TargetRole::BuildScript, false) => "module of the build script",
                    (_, true) => "root",
                    (_, false) => "module",
                };
                let tree = tree.map(|directory| Tree { directory, whole: false });
                self.add(path, kind, Some(index), format!("{what} of crate `{name}`"), tree);
            }
        }
    }

    /// Returns the configuration files.
    fn environment(&mut self) -> Vec<PathBuf> {
        let configs = environment::cargo_configs(self.project);
        let paths = configs.iter().map(|steering| steering.path.clone()).collect();
        for steering in configs {
            self.add(steering.path, Kind::CargoConfig, None, steering.reason, None);
        }
        if let Some(steering) = environment::toolchain(self.project) {
            self.add(steering.path, Kind::Toolchain, None, steering.reason, None);
        }
        paths
    }

    /// What the sources and build scripts name: read in parallel, taken over in their order.
    fn named(&mut self, configs: &[PathBuf], silent: &HashSet<OsString>) {
        let crates = self.crates;
        let package = |in_crate: Option<usize>| crates.get(in_crate?).map(|found| found.package().directory());
        let mut files: Vec<(PathBuf, Kind, Option<usize>)> = self
            .files
            .iter()
            .filter(|input| match input.kind {
                Kind::Source => !silent.contains(input.path.as_os_str()),
                kind => kind == Kind::BuildScript,
            })
            .map(|input| (input.path.clone(), input.kind, input.in_crate))
            .collect();
        let set_by_config = environment::variables(configs);
        let mut set_by_scripts = HashSet::new();
        let mut variables = Vec::new();
        // `include!` brings in source that names more; its files are read in the next round.
        while !files.is_empty() {
            let read = in_parallel(&files, |(path, kind, in_crate)| {
                package(*in_crate).map(|package| named::read(path, *kind, package)).unwrap_or_default()
            });
            let mut included = Vec::new();
            for ((path, kind, in_crate), named) in std::mem::take(&mut files).into_iter().zip(read) {
                set_by_scripts.extend(named.sets);
                for module in named.modules {
                    if !self.known.contains(module.as_os_str()) && !self.is_output(&module) {
                        let name = in_crate.and_then(|index| crates.get(index)).map_or("", Crate::name);
                        let reason = format!("module of crate `{name}`, by `#[path]`");
                        self.add(module.clone(), kind, in_crate, reason, None);
                        included.push((module, kind, in_crate));
                    }
                }
                for reference in named.references {
                    let place = format!("{}:{}", paths::display(self.project, &path), reference.line);
                    let reason = format!("{} in {place}", reference.by);
                    match reference.what {
                        What::Variable(name) => variables.push(Variable { name, reason }),
                        What::Unknown(text) => self.unresolved.push(format!("{}({text}) in {place}", reference.by)),
                        What::File(places) => {
                            let found = self.file(kind, in_crate, &places, reason);
                            included.extend(
                                found.filter(|_| reference.by == "include!").map(|file| (file, kind, in_crate)),
                            );
                        }
                        What::Directory(directory) => self.directory(kind, in_crate, &directory, &reason),
                    }
                }
            }
            files = included;
        }
        // A script that declares a variable depends on the environment's, also where it sets it for the compiler.
        let is_set = |found: &Variable| set_by_scripts.contains(&found.name) && !found.reason.starts_with("rerun-if");
        variables.retain(|variable| !is_set(variable) && !set_by_config.contains(&variable.name));
        for variable in variables {
            if !self.variables.iter().any(|known| known.name == variable.name) {
                self.variables.push(variable);
            }
        }
    }

    /// Adds the first of `places` that is a file, unless the build writes it; returns it where it is new.
    fn file(&mut self, of: Kind, in_crate: Option<usize>, places: &[PathBuf], reason: String) -> Option<PathBuf> {
        let found = places.iter().find(|place| place.is_file());
        let Some(path) = found.map(|place| paths::resolve(place)) else {
            self.unresolved.push(format!("{reason}: the file is not there"));
            return None;
        };
        if self.known.contains(path.as_os_str()) || self.is_output(&path) {
            return None;
        }
        self.add(path.clone(), embedded_in(of), in_crate, reason, None);
        Some(path)
    }

    fn is_output(&self, path: &Path) -> bool {
        self.outputs.iter().any(|output| path.starts_with(output))
    }

    /// Adds a directory as a whole; its files one by one where a glob would reach what the build writes.
    fn directory(&mut self, of: Kind, in_crate: Option<usize>, directory: &Path, reason: &str) {
        if !directory.is_dir() {
            self.unresolved.push(format!("{reason}: the directory is not there"));
            return;
        }
        let directory = paths::real_directory(directory);
        if self.watches_package(of, in_crate, &directory, reason) {
            return;
        }
        let is_safe =
            !self.outputs.iter().any(|output| output.starts_with(&directory) || directory.starts_with(output))
                && !self.project.starts_with(&directory);
        let tree = is_safe.then(|| Tree { directory: directory.clone(), whole: true });
        let outputs = self.outputs.clone();
        let walk = WalkDir::new(&directory).into_iter();
        let walk = walk.filter_entry(|entry| !outputs.iter().any(|output| output == entry.path()));
        for entry in walk.filter_map(Result::ok).filter(|entry| !entry.path().is_dir()) {
            self.add(entry.into_path(), embedded_in(of), in_crate, reason.to_owned(), tree.clone());
        }
    }
}

/// What a file is that a source or a build script names.
fn embedded_in(of: Kind) -> Kind {
    if of == Kind::BuildScript { Kind::BuildScriptInput } else { Kind::Embedded }
}

/// Runs `work` on all items, on all cores where it is worth it; the results are in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const WORTH_A_THREAD: usize = 64;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = items.len().div_ceil(cores).max(WORTH_A_THREAD);
    if items.len() <= size {
        return items.iter().map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            items.chunks(size).map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>())).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
