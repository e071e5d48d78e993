//! The crates that go into the build: what the backend builds, and every path dependency of it but the dev ones.

use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::build::{Entry, Wanted};
use super::overrides::{self, Override};
use super::workspace::{Package, Target, TargetRole, Workspace};
use super::workspaces::{Answer, Pending, Refusal, Workspaces};
use crate::paths;

/// A crate of the closure.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) workspace: Arc<Workspace>,
    /// Index into [`Workspace::packages`].
    package: usize,
    /// How it is reached: "path dependency of `ext`".
    pub(crate) via: String,
    /// Whether the backend builds this very crate.
    pub(crate) is_entry: bool,
    wanted: Wanted,
}

impl Crate {
    pub(crate) fn package(&self) -> &Package {
        &self.workspace.packages[self.package]
    }

    pub(crate) fn name(&self) -> &str {
        &self.package().name
    }

    pub(super) fn is_proc_macro(&self) -> bool {
        self.package().targets.iter().any(|target| target.proc_macro)
    }

    /// The targets that are compiled, and those that are not.
    pub(super) fn targets(&self) -> (Vec<&Target>, Vec<&Target>) {
        let package = self.package();
        let builds_bins = self.builds_bins();
        let has_library = package.targets.iter().any(|target| target.role == TargetRole::Library);
        package.targets.iter().partition(|target| match target.role {
            TargetRole::Library | TargetRole::BuildScript => true,
            TargetRole::Bin => builds_bins || (self.is_entry && (!has_library || is_bindgen(target))),
        })
    }

    /// The member of the workspace whose binary maturin runs for uniffi bindings, where the crate has none itself (its
    /// `uniffi_bindgen_command`).
    fn bindgen(&self) -> Option<PathBuf> {
        let has_bindgen = |package: &Package| package.targets.iter().any(is_bindgen);
        let is_uniffi = self.package().dependencies.iter().any(|dependency| dependency.name == "uniffi");
        if !self.is_entry || !is_uniffi || has_bindgen(self.package()) {
            return None;
        }
        let member = self.workspace.packages.iter().find(|package| has_bindgen(package))?;
        Some(member.manifest.clone())
    }

    /// Whether the bindings are cffi's or uniffi's, which write Python files beside the library into the package.
    pub(crate) fn generates_python(&self, bindings: Option<&str>) -> bool {
        let is_pyo3 = |name: &str| matches!(name, "pyo3" | "pyo3-ffi");
        match bindings {
            Some(bindings) => matches!(bindings, "cffi" | "uniffi"),
            None => !self.package().dependencies.iter().any(|dependency| is_pyo3(&dependency.name)),
        }
    }

    /// Whether maturin takes the binaries (its user guide, "Bindings"; `find_bridge` in its source): with `bindings =
    /// "bin"`, else where there is a binary and neither a cdylib nor uniffi.
    pub(crate) fn builds_bins(&self) -> bool {
        let package = self.package();
        let depends_on = |names: &[&str]| package.dependencies.iter().any(|d| names.contains(&d.name.as_str()));
        match self.wanted {
            Wanted::Binaries => true,
            Wanted::Library => false,
            Wanted::Detect => {
                let has_bin = package.targets.iter().any(|target| target.role == TargetRole::Bin);
                let has_cdylib = package.targets.iter().any(|target| target.cdylib);
                has_bin && !has_cdylib && (depends_on(&["pyo3", "pyo3-ffi"]) || !depends_on(&["uniffi"]))
            }
        }
    }
}

/// A manifest or crate that could not be read: the report is incomplete.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) reason: String,
}

/// A crate to be looked up.
struct Wish {
    manifest: PathBuf,
    via: String,
    is_entry: bool,
    /// Stands in for another, or is what such a one depends on: no member of a workspace that cargo could be asked about.
    is_override: bool,
    wanted: Wanted,
}

/// Follows the path dependencies of `entries`. `first` is the answer for the first of them, asked for earlier.
pub(super) fn closure(
    entries: Vec<Entry>,
    mut first: Option<Pending>,
    workspaces: &Workspaces,
    directory: &Path,
) -> (Vec<Crate>, Vec<Failure>) {
    let mut crates: Vec<Crate> = Vec::new();
    let mut failures: Vec<Failure> = Vec::new();
    let mut queue: VecDeque<Wish> = entries
        .into_iter()
        .map(|entry| Wish {
            manifest: entry.manifest,
            via: "the crate that the build backend builds".to_owned(),
            is_entry: true,
            is_override: false,
            wanted: entry.wanted,
        })
        .collect();
    // setuptools-rust may build a library and the binaries of one manifest.
    let mut entries: Vec<Wish> = Vec::new();
    for wish in std::mem::take(&mut queue) {
        match entries.iter_mut().find(|known| known.manifest == wish.manifest) {
            Some(known) if wish.wanted == Wanted::Binaries => known.wanted = Wanted::Binaries,
            Some(_) => {}
            None => entries.push(wish),
        }
    }
    queue.extend(entries);
    // Whether as an entry, by manifest. Resolved paths are compared as text, which is faster by far.
    let mut seen: HashMap<OsString, bool> = HashMap::new();
    let mut are_overrides_known = false;
    loop {
        let Some(wish) = queue.pop_front() else {
            if std::mem::replace(&mut are_overrides_known, true) {
                break;
            }
            queue.extend(overrides(&crates, directory));
            continue;
        };
        // A binary of a package and its library may both be wanted: an entry counts beside a dependency.
        if seen.get(wish.manifest.as_os_str()).is_some_and(|is_entry| *is_entry || !wish.is_entry) {
            continue;
        }
        seen.insert(wish.manifest.clone().into(), wish.is_entry);
        let pending = first.take().unwrap_or_else(|| {
            if wish.is_override { Pending::Manifests } else { workspaces.ask(&wish.manifest, directory) }
        });
        match find(&wish, workspaces.wait(&wish.manifest, directory, wish.is_entry, pending), directory) {
            Ok((workspace, package)) => {
                let found = Crate { workspace, package, via: wish.via, is_entry: wish.is_entry, wanted: wish.wanted };
                queue.extend(dependencies(&found, wish.is_override));
                queue.extend(found.bindgen().map(|manifest| Wish {
                    manifest,
                    via: format!("runs `uniffi-bindgen` for `{}`", found.name()),
                    is_entry: false,
                    is_override: false,
                    wanted: Wanted::Binaries,
                }));
                crates.push(found);
            }
            Err(reason) => {
                let failure = Failure { reason };
                if !failures.iter().any(|known| known.reason == failure.reason) {
                    failures.push(failure);
                }
            }
        }
    }
    (crates, failures)
}

fn find(wish: &Wish, answer: Answer, directory: &Path) -> Result<(Arc<Workspace>, usize), String> {
    let shown = paths::display(directory, &wish.manifest);
    let workspace = answer.map_err(|refusal| match refusal {
        Refusal::Cargo(reason) => format!("cargo cannot read {shown}: {}", shorten(reason, directory)),
        Refusal::Manifest(reason) => format!("cannot read {shown}: {}", shorten(reason, directory)),
    })?;
    match workspace.packages.iter().position(|package| package.manifest.as_os_str() == wish.manifest.as_os_str()) {
        Some(package) => Ok((workspace, package)),
        None => Err(format!("{shown} is a virtual workspace manifest and has no crate to build")),
    }
}

/// Whether a target is the binary `uniffi-bindgen`, from where its source lies.
fn is_bindgen(target: &Target) -> bool {
    let named = |path: Option<&Path>| path.and_then(Path::file_stem).is_some_and(|stem| stem == "uniffi-bindgen");
    target.role == TargetRole::Bin && (named(Some(&target.source)) || named(target.source.parent()))
}

/// Paths below the repository as seen from the project directory.
pub(super) fn shorten(mut text: String, directory: &Path) -> String {
    let top = paths::repository(directory).unwrap_or(directory);
    for (climbs, ancestor) in directory.ancestors().take_while(|ancestor| ancestor.starts_with(top)).enumerate() {
        text = text.replace(&format!("{}{}", ancestor.display(), std::path::MAIN_SEPARATOR), &"../".repeat(climbs));
    }
    text
}

/// The local crates that stand in for others, once it is known what is asked for.
fn overrides(crates: &[Crate], directory: &Path) -> Vec<Wish> {
    let mut roots: Vec<&Path> = Vec::new();
    let mut wishes = Vec::new();
    for entry in crates.iter().filter(|found| found.is_entry) {
        if !roots.contains(&entry.workspace.root.as_path()) {
            roots.push(&entry.workspace.root);
            let found = overrides::overrides(entry, crates, directory).into_iter();
            wishes.extend(found.map(|Override { manifest, via }| Wish {
                manifest,
                via,
                is_entry: false,
                is_override: true,
                wanted: Wanted::Library,
            }));
        }
    }
    wishes
}

fn dependencies(from: &Crate, is_override: bool) -> impl Iterator<Item = Wish> {
    from.package().dependencies.iter().filter_map(move |dependency| {
        let manifest = dependency.manifest.clone()?;
        let kind = if dependency.build { "build dependency" } else { "path dependency" };
        let via = format!("{kind} of `{}`", from.name());
        Some(Wish { manifest, via, is_entry: false, is_override, wanted: Wanted::Library })
    })
}
