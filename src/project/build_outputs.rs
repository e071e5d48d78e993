//! The files that the build writes, whether or not they exist: the findings must be the same for a fresh clone and after a build.
//!
//! Sources: cargo book, "Build cache" (`target/`); maturin's user guide, "Local Development" (the extension module is copied
//! into the Python package of a mixed layout); uv's documentation, "Project environments" (`.venv`).

use std::collections::BTreeSet;
use std::path::Path;

use crate::cache_keys::{Coverage, split};
use crate::crates::build_crate::Crate;
use crate::crates::workspace::TargetRole;
use crate::fs::{Disk, Resolved, path};
use crate::inputs::{Definition, Input, InputId, Inputs, Kind};
use crate::pyproject::Pyproject;
use crate::pyproject::uv_workspace::UvProject;

/// The program that writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writer {
    Cargo,
    /// The backend, into the Python package.
    Backend,
    /// uv, into the environment.
    Uv,
    /// Python, when the package is imported.
    Python,
    /// A build script, into the tree.
    Script {
        /// Whether it writes the file again whenever the extension is built.
        again: bool,
    },
}

impl Writer {
    /// Whether every build writes the file again, so that every sync rebuilds.
    pub(crate) fn is_endless(self) -> bool {
        matches!(self, Self::Backend | Self::Uv | Self::Script { again: true })
    }

    /// The part of a sentence that says who writes the file, and what happens if a key matches it. cargo does not touch its files
    /// if nothing changed; the others write theirs each time.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cargo => "cargo writes during a build: uv sees a change and builds once more",
            Self::Backend => "the build backend writes for an editable install: uv rebuilds at every sync",
            Self::Uv => "uv writes during an install: uv rebuilds at the next sync",
            Self::Python => "Python writes when the package is imported: uv rebuilds at the next sync",
            Self::Script { again: true } => "a build script writes at each build: uv rebuilds at every sync",
            Self::Script { again: false } => "a build script writes: uv builds once more after each run of the script",
        }
    }
}

/// A file that a build writes.
#[derive(Debug)]
pub(crate) struct Output {
    /// The file need not exist.
    pub(crate) path: Resolved,
    pub(crate) writer: Writer,
}

/// Stands for the hash of a package in cargo's build directory.
const HASH: &str = "0123456789abcdef";

impl Output {
    /// The path in messages: relative to the project, with `*` for the parts that differ from build to build.
    pub(crate) fn shown(&self, project: &Path) -> String {
        path::display(project, &self.path).replace(HASH, "*").replace("cpython-312-x86_64-linux-gnu", "*")
    }
}

/// The files and directories that the build of one project writes.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    /// Directories in which all files belong to the build.
    pub(crate) directories: Vec<Resolved>,
    /// A sample for each kind of file that the build writes.
    pub(crate) files: Vec<Output>,
    /// Directories with thousands of files in which a walk finds no inputs: target directories, the environment, `.git`,
    /// `node_modules`. They need not exist.
    pub(crate) deep: Vec<Resolved>,
    /// Files and directories that build scripts write into the tree.
    pub(crate) written: Vec<Resolved>,
    /// The Cargo.lock, if a fresh clone has none, so that its first build writes it.
    pub(crate) lockfile: Option<InputId>,
}

impl Outputs {
    pub(crate) fn of(disk: &Disk, pyproject: &Pyproject, inputs: &Inputs, uv: &UvProject) -> Self {
        let mut outputs = Self::default();
        if pyproject.backend.is_some() {
            outputs.cargo(disk, pyproject, inputs);
        }
        outputs.environments(disk, pyproject);
        for (directory, name) in &inputs.layout.extensions {
            for suffix in [".abi3.so", ".cpython-312-x86_64-linux-gnu.so", ".pyd"] {
                outputs.file(directory.child(format!("{name}{suffix}")), Writer::Backend);
            }
        }
        for directory in &inputs.layout.generated {
            for name in ["__init__.py", "ffi.py", "libnative.so"] {
                outputs.file(directory.child(name), Writer::Backend);
            }
            outputs.directories.push(directory.clone());
        }
        for written in &inputs.written {
            let is_directory = disk.is_dir(&written.path) || written.path.extension().is_none();
            let path = if is_directory { written.path.child("generated.rs") } else { written.path.clone() };
            outputs.file(path, Writer::Script { again: written.again });
            outputs.written.push(written.path.clone());
        }
        if let Some(package) = &inputs.layout.package {
            outputs.file(package.child("__pycache__/__init__.cpython-312.pyc"), Writer::Python);
        }
        outputs.definition(&inputs.definition);
        outputs.deep(disk, pyproject, inputs, uv);
        let comes = |input: &Input| input.kind == Kind::Lockfile && (!input.exists || disk.is_ignored(&input.path));
        outputs.lockfile = inputs.iter().find(|(_, input)| comes(input)).map(|(id, _)| id);
        outputs
    }

    /// The deep directories that uv walks, each with the entries that cause it: those whose walk starts above the directory.
    pub(crate) fn walked<'a>(&'a self, coverage: &'a Coverage) -> impl Iterator<Item = (&'a Path, Vec<usize>)> {
        self.deep.iter().filter_map(|directory| {
            // uv enters the directory itself even if a `!` key excludes everything in it.
            let inside = coverage.walks_into(&directory.child("any"));
            let above = coverage.walks_into(&directory.around());
            let keys: Vec<usize> = inside.into_iter().filter(|key| above.contains(key)).collect();
            (!keys.is_empty()).then_some((&**directory, keys))
        })
    }

    fn deep(&mut self, disk: &Disk, pyproject: &Pyproject, inputs: &Inputs, uv: &UvProject) {
        match inputs.entry() {
            Some(entry) => {
                let workspace = &entry.workspace;
                self.deep.push(workspace.root.child("target"));
                self.deep.push(workspace.target_directory.clone());
                self.deep.extend(workspace.build_directory.clone());
            }
            None if pyproject.backend.is_some() => self.deep.push(pyproject.dir.child("target")),
            None => {}
        }
        let built = inputs.definition.directories.iter().filter(|directory| directory.is_deep);
        self.deep.extend(built.map(|directory| directory.path.clone()));
        // A workspace member uses the environment of its workspace.
        self.deep.push(uv.workspace_root.as_ref().unwrap_or(&pyproject.dir).child(".venv"));
        let repository = disk.repository(&pyproject.dir);
        self.deep.extend(repository.map(|repository| disk.resolve(&path::join(repository, ".git"))));
        // A fresh clone has the package.json, and `npm install` creates `node_modules` beside it.
        let has_packages = |place: &Path| disk.has_file(place, "package.json");
        let globs = pyproject.entries().iter().filter(|entry| entry.key.is_glob());
        let bases = globs.map(|entry| disk.real_directory(&pyproject.dir.join(&*split(&entry.key.text()).0)));
        let mut places: BTreeSet<Resolved> = bases.filter(|place| has_packages(place)).collect();
        let crates = inputs.crates.iter().map(|found| found.package().directory());
        let around = crates.chain(repository).chain([&*pyproject.dir]);
        places.extend(around.filter(|place| has_packages(place)).map(|place| disk.real_directory(place)));
        self.deep.extend(places.into_iter().map(|place| place.child("node_modules")));
        let mut seen = BTreeSet::new();
        self.deep.retain(|directory| seen.insert(directory.clone()));
    }

    /// Whether a file is in a directory where the build writes, or is one of the files that it writes.
    pub(crate) fn contains(&self, path: &Path) -> bool {
        self.directories.iter().any(|directory| path::is_within(path, directory))
            || is_made_by_python(path)
            || self.is_extension_module(path)
            || self.written.iter().any(|written| path::is_within(path, written))
    }

    /// Whether a path is an extension module for any Python and platform: in the right directory, with the right name.
    fn is_extension_module(&self, path: &Path) -> bool {
        let stem = |path: &Path| path.file_name()?.to_str()?.split('.').next().map(str::to_owned);
        let is_binary =
            path.extension().is_some_and(|ext| ext == "so" || ext == "pyd" || ext == "dylib" || ext == "pdb");
        is_binary
            && self.files.iter().any(|output| {
                output.writer == Writer::Backend
                    && output.path.parent() == path.parent()
                    && stem(&output.path) == stem(path)
            })
    }

    fn file(&mut self, path: Resolved, writer: Writer) {
        self.files.push(Output { path, writer });
    }

    fn cargo(&mut self, disk: &Disk, pyproject: &Pyproject, inputs: &Inputs) {
        let profile = profile_directory(pyproject);
        let Some(entry) = inputs.entry() else {
            // cargo's target directory is unknown, so this uses its default, beside the project.
            self.target_directory(&pyproject.dir.child("target"), profile, "extension", true);
            return;
        };
        let name = entry.name().replace('-', "_");
        let generates = inputs.crates.iter().any(|found| generates_rust(disk, found));
        let workspace = &entry.workspace;
        // The default target directory counts too: another machine may use it even if this one does not (CARGO_TARGET_DIR).
        let default = workspace.root.child("target");
        let mut places = vec![&workspace.target_directory, &default];
        places.extend(&workspace.build_directory);
        places.dedup();
        for place in places {
            self.target_directory(place, profile, &name, generates);
        }
        // Path crates in other workspaces have target directories of their own, which other builds use.
        self.directories.extend(inputs.crates.iter().map(|found| found.workspace.target_directory.clone()));
        self.directories.sort();
        self.directories.dedup();
    }

    fn target_directory(&mut self, directory: &Resolved, profile: &str, name: &str, generates: bool) {
        let names = [
            "CACHEDIR.TAG".to_owned(),
            ".rustc_info.json".to_owned(),
            format!("{profile}/lib{name}.d"),
            format!("{profile}/lib{name}.rlib"),
            format!("{profile}/lib{name}.so"),
            format!("{profile}/{name}.dll"),
            format!("{profile}/build/target-lexicon-{HASH}/output"),
        ];
        for file in names {
            self.file(directory.child(file), Writer::Cargo);
        }
        if generates {
            // Every build with pyo3 has this file. Files of other build scripts are in similar places.
            let host = format!("{profile}/build/target-lexicon-{HASH}/out/host.rs");
            self.file(directory.child(host), Writer::Cargo);
        }
        self.directories.push(directory.clone());
    }

    /// `.venv` beside the project or at the root of its uv workspace, which is one of its ancestors.
    fn environments(&mut self, disk: &Disk, pyproject: &Pyproject) {
        let top = disk.repository(&pyproject.dir).unwrap_or(&pyproject.dir);
        for ancestor in pyproject.dir.upwards().take_while(|ancestor| path::is_within(ancestor, top)) {
            let environment = ancestor.child(".venv");
            let packages = environment.child("lib/python3.12/site-packages");
            for name in ["package/__init__.py", "package/extension.abi3.so", "package-1.0.0.dist-info/RECORD"] {
                self.file(packages.child(name), Writer::Uv);
            }
            self.file(environment.child("pyvenv.cfg"), Writer::Uv);
            self.directories.push(environment);
        }
        if let Some(environment) = std::env::var_os("UV_PROJECT_ENVIRONMENT").filter(|value| !value.is_empty()) {
            self.directories.push(disk.resolve(&pyproject.dir.join(environment)));
        }
    }

    /// Adds the files that the backend writes, whatever it compiles.
    fn definition(&mut self, definition: &Definition) {
        for directory in &definition.directories {
            for sample in &directory.samples {
                self.file(sample.clone(), Writer::Backend);
            }
            self.directories.push(directory.path.clone());
        }
        for written in &definition.written {
            self.file(written.clone(), Writer::Backend);
            self.written.push(written.clone());
        }
    }
}

/// Whether a path contains a `__pycache__` or an egg-info. Few do, so the text is checked first.
fn is_made_by_python(path: &Path) -> bool {
    let is_made = |name: &str| name == "__pycache__" || name.ends_with(".egg-info");
    let is_named = path.to_str().is_none_or(|text| text.contains("__pycache__") || text.contains(".egg-info"));
    is_named && path.components().any(|component| component.as_os_str().to_str().is_some_and(is_made))
}

/// The directory of the profile, relative to the target directory: PEP 517 builds use the release profile, unless
/// `[tool.maturin]` sets another.
fn profile_directory(pyproject: &Pyproject) -> &str {
    let set = |name| pyproject.get_str(&["tool", "maturin", name]);
    match set("editable-profile").or_else(|| set("profile")) {
        Some("dev" | "test") => "debug",
        Some("bench") | None => "release",
        Some(profile) => profile,
    }
}

/// Whether a build of the crate may leave generated `.rs` files in `OUT_DIR`: pyo3's target-lexicon does, and any build script
/// may.
fn generates_rust(disk: &Disk, found: &Crate) -> bool {
    let package = found.package();
    let scripts = package.targets.iter().filter(|target| target.role == TargetRole::BuildScript);
    package.dependencies.iter().any(|dependency| matches!(dependency.name.as_str(), "pyo3" | "pyo3-ffi"))
        || scripts
            .filter_map(|script| disk.text(&script.source).ok())
            .any(|text| text.contains("OUT_DIR") && text.contains(".rs"))
}
