//! cargo's side: everything that feeds the build, each with the reason why.

mod backend;
mod build;
mod cargo;
mod closure;
mod environment;
mod modules;
mod setuptools;
mod sources;
mod workspace;
mod workspaces;

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(crate) use build::Layout;
pub(crate) use closure::{Crate, Failure};
pub(crate) use workspace::TargetRole;
pub(crate) use workspaces::Workspaces;

use crate::paths;
use crate::pyproject::{Backend, Pyproject};
use sources::Fence;
use workspaces::Pending;

/// The place of an input in [`Inputs::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct InputId(pub(crate) usize);

/// What an input is. The order is the one in which keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Pyproject,
    /// setup.py, setup.cfg: what setuptools builds from.
    Metadata,
    Manifest,
    Lockfile,
    BuildScript,
    Source,
    CargoConfig,
    Toolchain,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pyproject => "pyproject",
            Self::Metadata => "metadata",
            Self::Manifest => "manifest",
            Self::Lockfile => "lockfile",
            Self::BuildScript => "build-script",
            Self::Source => "source",
            Self::CargoConfig => "cargo-config",
            Self::Toolchain => "toolchain",
        }
    }

    /// Whether cargo would react to a change, once uv calls it.
    pub(crate) fn cargo_tracks(self) -> bool {
        !matches!(self, Self::Pyproject | Self::Metadata)
    }

    /// What goes wrong where the input is not covered: "binary", "package" or "metadata".
    pub(crate) fn effect(self) -> &'static str {
        match self {
            Self::Metadata => "package",
            _ => "binary",
        }
    }
}

/// A file that feeds the build.
#[derive(Debug)]
pub(crate) struct Input {
    /// Resolved ([`paths::resolve`]).
    pub(crate) path: PathBuf,
    /// Relative to the project directory, with `/`.
    pub(crate) shown: String,
    pub(crate) kind: Kind,
    /// Index into [`Inputs::crates`].
    pub(crate) in_crate: Option<usize>,
    pub(crate) reason: String,
    /// The directory below which every file of the same suffix is such an input.
    pub(crate) tree: Option<PathBuf>,
    /// A Cargo.lock that the first build will write does not exist yet.
    pub(crate) exists: bool,
    /// Above or beside the repository.
    pub(crate) outside: bool,
}

impl Input {
    /// Whether a missing cover is reported: what steers cargo from above the repository is named, and left alone.
    pub(crate) fn is_judged(&self) -> bool {
        !(self.outside && matches!(self.kind, Kind::CargoConfig | Kind::Toolchain))
    }
}

/// Everything that feeds the build of one project.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) crates: Vec<Crate>,
    /// Sorted by kind, then crate, then path; each path once.
    pub(crate) files: Vec<Input>,
    /// What could not be read.
    pub(crate) failures: Vec<Failure>,
    pub(crate) layout: Layout,
}

impl Inputs {
    /// Whether every manifest and crate could be read.
    pub(crate) fn complete(&self) -> bool {
        self.failures.is_empty()
    }

    pub(crate) fn get(&self, id: InputId) -> &Input {
        &self.files[id.0]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (InputId, &Input)> {
        self.files.iter().enumerate().map(|(index, input)| (InputId(index), input))
    }

    /// The crate of an input.
    pub(crate) fn crate_of(&self, input: &Input) -> Option<&Crate> {
        self.crates.get(input.in_crate?)
    }

    /// The crate that the backend builds.
    pub(crate) fn entry(&self) -> Option<&Crate> {
        self.crates.iter().find(|found| found.is_entry)
    }
}

/// An analysis that waits for cargo.
pub(crate) struct Started {
    entries: Vec<build::Entry>,
    failures: Vec<String>,
    first: Option<Pending>,
}

/// Asks cargo what [`start`] will want to know.
pub(crate) fn ask_ahead(pyproject: &Pyproject, workspaces: &Workspaces) {
    if let Some(entry) = backend::entries(pyproject).0.into_iter().next() {
        workspaces.ask_ahead(entry.manifest, &pyproject.dir);
    }
}

/// Finds the manifests and asks cargo for the first, without waiting for the answer.
pub(crate) fn start(pyproject: &Pyproject, workspaces: &Workspaces) -> Started {
    let (entries, failures) = backend::entries(pyproject);
    let first = entries.first().map(|entry| workspaces.ask(&entry.manifest, &pyproject.dir));
    Started { entries, failures, first }
}

impl Started {
    /// Waits for cargo and collects the inputs.
    pub(crate) fn finish(self, pyproject: &Pyproject, workspaces: &Workspaces) -> Inputs {
        let unfound = self.failures.into_iter().map(|reason| Failure { reason });
        let (crates, failures) = closure::closure(self.entries, self.first, workspaces, &pyproject.dir);
        let mut collector = Collector::new(&pyproject.dir, &crates);
        collector.project(pyproject);
        for index in 0..crates.len() {
            collector.package(index);
        }
        collector.environment();
        let files = collector.sorted();
        let layout = layout(pyproject, &crates);
        Inputs { crates, files, failures: unfound.chain(failures).collect(), layout }
    }
}

fn layout(pyproject: &Pyproject, crates: &[Crate]) -> Layout {
    match (pyproject.backend, crates.first()) {
        (Some(Backend::Maturin), Some(found)) => {
            let layout = backend::maturin_layout(pyproject, &found.package().manifest, found.name());
            // A binary goes into the scripts of the wheel, never into the source tree.
            if found.builds_bins() { Layout { extensions: Vec::new(), ..layout } } else { layout }
        }
        (Some(Backend::SetuptoolsRust), _) => setuptools::layout(pyproject),
        _ => Layout::default(),
    }
}

struct Collector<'a> {
    project: &'a Path,
    crates: &'a [Crate],
    repository: Option<PathBuf>,
    /// Where the build writes: no source is looked for there.
    outputs: Vec<PathBuf>,
    files: Vec<Input>,
    /// As text: to hash a path by its components takes many times as long.
    known: HashSet<OsString>,
}

impl<'a> Collector<'a> {
    fn new(project: &'a Path, crates: &'a [Crate]) -> Self {
        let outputs = crates.iter().map(|found| found.workspace.target_directory.clone());
        let mut outputs: Vec<PathBuf> = outputs.chain([project.join("target"), project.join(".venv")]).collect();
        outputs.dedup();
        let repository = paths::repository(project).map(Path::to_owned);
        Self { project, crates, repository, outputs, files: Vec::new(), known: HashSet::new() }
    }

    fn add(&mut self, path: PathBuf, kind: Kind, in_crate: Option<usize>, reason: String, tree: Option<PathBuf>) {
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
        self.add(root, Kind::Manifest, Some(index), format!("workspace root of crate `{name}`"), None);
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
                self.add(path, kind, Some(index), format!("{what} of crate `{name}`"), tree);
            }
        }
    }

    fn environment(&mut self) {
        for steering in environment::cargo_configs(self.project) {
            self.add(steering.path, Kind::CargoConfig, None, steering.reason, None);
        }
        if let Some(steering) = environment::toolchain(self.project) {
            self.add(steering.path, Kind::Toolchain, None, steering.reason, None);
        }
    }

    fn sorted(mut self) -> Vec<Input> {
        let rank = |input: &Input| (input.kind, input.in_crate);
        self.files.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| paths::compare(&a.path, &b.path)));
        self.files
    }
}
