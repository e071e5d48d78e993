//! cargo's side: everything that feeds the build, each with the reason why.

mod backend;
pub(crate) mod build_records;
mod build_script;
mod collect;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod input;
mod macros;
mod not_an_input;
mod references;
mod sources;
mod unread;
mod variable_source;

use std::collections::HashSet;

use crate::crates::build_crate::Crate;
use crate::crates::closure::Closure;
use crate::crates::resolver::{Question, Resolver};
use crate::crates::target_request::Layout;
pub(crate) use collect::Scripts;
pub(crate) use input::{GitState, Input, InputId, Kind, Missing, Tree, Undetermined, Variable, Written};
pub(crate) use not_an_input::{Absence, absence};
pub(crate) use variable_source::{SetBy, Settings as VariableSettings};

use crate::crates::closure;
use crate::fs::{Disk, path};
use crate::pyproject::{Backend, Pyproject};
pub(crate) use backend::definition::{Definition, version_from_git};
use backend::{Manifests, definition, maturin, setuptools};

/// Everything that feeds the build of one project.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) crates: Vec<Crate>,
    /// Sorted by kind, then crate, then path; each path once.
    pub(crate) files: Vec<Input>,
    /// Sorted by name; each once.
    pub(crate) variables: Vec<Variable>,
    /// Variables that a build script reads and cargo does not watch. Sorted by name; each once.
    pub(crate) blind_variables: Vec<Variable>,
    /// The names of variables that build scripts set for the compiler.
    set_by_scripts: HashSet<String>,
    pub(crate) git: Vec<GitState>,
    pub(crate) undetermined: Vec<Undetermined>,
    /// Files and directories that are named and do not exist.
    pub(crate) missing: Vec<Missing>,
    /// Files and directories that build scripts write into the tree: outputs, even if git tracks them.
    pub(crate) written: Vec<Written>,
    /// Names that do not lead to an input, with the reason and the place, such as a variable whose name is computed.
    pub(crate) unresolved: Vec<String>,
    /// The manifests and crates that could not be read.
    pub(crate) failures: Vec<String>,
    /// Whether nothing determines which manifest to build.
    pub(crate) lacks_manifest: bool,
    /// The questions to the resolver that led to these crates.
    pub(crate) questions: Vec<Question>,
    pub(crate) layout: Layout,
    /// The files apart from Rust that define the build, and the files that it writes.
    pub(crate) definition: Definition,
    /// Whether pyo3 binds the extension to one version of Python, and not to the stable ABI.
    pub(crate) binds_one_python: bool,
}

impl Inputs {
    /// Whether every manifest and crate was read.
    pub(crate) fn complete(&self) -> bool {
        self.failures.is_empty()
    }

    /// Whether everything that the build may read was found and determined.
    pub(crate) fn is_known(&self) -> bool {
        self.complete() && self.unresolved.is_empty() && self.undetermined.is_empty() && self.missing.is_empty()
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

/// The first questions of [`read()`] to the resolver.
pub(crate) fn questions(disk: &Disk, pyproject: &Pyproject) -> impl Iterator<Item = Question> + use<> {
    let entries = backend::manifests(disk, pyproject).entries.into_iter();
    let directory = pyproject.dir.clone();
    entries.map(move |entry| Question { manifest: entry.manifest, directory: directory.clone(), is_entry: true })
}

/// Finds the crates and collects the inputs. `scripts` are the analysed build scripts of this run.
pub(crate) fn read(pyproject: &Pyproject, resolver: &Resolver, scripts: &Scripts) -> Inputs {
    let disk = resolver.disk();
    disk.list(&pyproject.dir);
    let Manifests { entries, failures: unfound, are_missing: lacks_manifest } = backend::manifests(disk, pyproject);
    let Closure { crates, failures, questions } = closure::closure(entries, resolver, &pyproject.dir);
    let layout = layout(disk, pyproject, resolver, &crates);
    let binds_one_python = binds_one_python(disk, pyproject, &crates);
    let definition = Definition::of(disk, pyproject);
    let (found, unread) = collect::collect(disk, pyproject, &crates, &layout, scripts, &definition);
    let unread = unread.into_iter().map(|unread| (path::display(&pyproject.dir, &unread.path), unread));
    let unread = unread
        .filter(|(shown, _)| !pyproject.is_excluded(shown))
        .map(|(shown, unread)| format!("cannot read {shown}: {}", unread.reason));
    let failures = unfound.into_iter().chain(failures).chain(unread).collect();
    Inputs { crates, failures, lacks_manifest, questions, layout, definition, binds_one_python, ..found }
}

/// Whether the build uses pyo3, and no crate enables `abi3` (pyo3's user guide, "Features reference").
fn binds_one_python(disk: &Disk, pyproject: &Pyproject, crates: &[Crate]) -> bool {
    let is_pyo3 = |name: &str| matches!(name, "pyo3" | "pyo3-ffi");
    let uses = |found: &Crate| found.package().dependencies.iter().any(|dependency| is_pyo3(&dependency.name));
    let speaks_of_abi3 = |found: &Crate| {
        let manifests = [&found.package().manifest, &found.workspace.root.child("Cargo.toml")];
        manifests.into_iter().any(|path| disk.manifest(path).is_ok_and(|text| text.contains("abi3")))
    };
    // `features` may contain tables that limit a feature to versions of Python.
    let features = pyproject.get(&["tool", "maturin", "features"]).and_then(toml_edit::Item::span);
    let features = features.and_then(|place| pyproject.text().get(place));
    let mut binding = crates.iter().filter(|found| uses(found)).peekable();
    binding.peek().is_some()
        && !features.is_some_and(|features| features.contains("abi3"))
        && !binding.any(speaks_of_abi3)
}

fn layout(disk: &Disk, pyproject: &Pyproject, resolver: &Resolver, crates: &[Crate]) -> Layout {
    match (pyproject.backend, crates.first()) {
        (Some(Backend::Maturin), Some(found)) => {
            let library = resolver.library_name(&found.package().manifest);
            let layout = maturin::maturin_layout(disk, pyproject, library, found.name());
            if found.builds_bins() {
                // A binary is put into the scripts of the wheel, never into the source tree.
                Layout { extensions: Vec::new(), ..layout }
            } else if found.generates_python(pyproject.get_str(&["tool", "maturin", "bindings"])) {
                let generated = layout.extensions.iter().map(|(directory, name)| directory.child(name)).collect();
                Layout { generated, ..layout }
            } else {
                layout
            }
        }
        // The module name is known even if its crate cannot be read.
        (Some(Backend::Maturin), None) if pyproject.get(&["tool", "maturin", "module-name"]).is_some() => {
            maturin::maturin_layout(disk, pyproject, None, "")
        }
        (Some(Backend::SetuptoolsRust), _) => setuptools::layout(disk, pyproject),
        // For other projects built by setuptools, it is not known which Python sources are inputs, only where the build writes.
        _ if definition::is_setuptools(pyproject) => Layout { package: None, ..setuptools::layout(disk, pyproject) },
        _ => Layout::default(),
    }
}
