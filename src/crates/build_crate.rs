//! A crate of the build, and which of its targets are compiled.

use std::path::Path;
use std::sync::Arc;

use super::target_request::Wanted;
use super::workspace::{Package, Target, TargetRole, Workspace};
use crate::fs::Resolved;

/// A crate of the closure.
#[derive(Debug, Clone)]
pub(crate) struct Crate {
    pub(crate) workspace: Arc<Workspace>,
    /// Index into [`Workspace::packages`].
    pub(super) package: usize,
    /// How it was found: "path dependency of `ext`".
    pub(crate) via: String,
    /// Whether the backend builds this crate itself.
    pub(crate) is_entry: bool,
    /// Whether it overrides another crate (`[patch]`, `[replace]`, `paths`), or is a dependency of such a crate. cargo cannot be
    /// asked about its workspace.
    pub(crate) is_override: bool,
    pub(super) wanted: Wanted,
}

impl Crate {
    pub(crate) fn package(&self) -> &Package {
        &self.workspace.packages[self.package]
    }

    pub(crate) fn name(&self) -> &str {
        &self.package().name
    }

    /// Whether `workspace` describes this crate in the same way.
    pub(crate) fn is_as_in(&self, workspace: &Arc<Workspace>) -> bool {
        let Some(package) = workspace.position(&self.package().manifest) else { return false };
        let other = Self { workspace: Arc::clone(workspace), package, ..self.clone() };
        workspace.agrees_with(&self.workspace) && other.package() == self.package() && other.bindgen() == self.bindgen()
    }

    pub(crate) fn is_proc_macro(&self) -> bool {
        self.package().targets.iter().any(|target| target.proc_macro)
    }

    /// The targets that are compiled, and those that are not.
    pub(crate) fn targets(&self) -> (Vec<&Target>, Vec<&Target>) {
        let package = self.package();
        let builds_bins = self.builds_bins();
        let has_library = package.targets.iter().any(|target| target.role == TargetRole::Library);
        package.targets.iter().partition(|target| match target.role {
            TargetRole::Library | TargetRole::BuildScript => true,
            TargetRole::Bin => builds_bins || (self.is_entry && (!has_library || is_bindgen(target))),
        })
    }

    /// The workspace member whose binary maturin runs for uniffi bindings, if the crate has no such binary itself (maturin's
    /// `uniffi_bindgen_command`).
    pub(super) fn bindgen(&self) -> Option<Resolved> {
        let has_bindgen = |package: &Package| package.targets.iter().any(is_bindgen);
        let is_uniffi = self.package().dependencies.iter().any(|dependency| dependency.name == "uniffi");
        if !self.is_entry || !is_uniffi || has_bindgen(self.package()) {
            return None;
        }
        let member = self.workspace.packages.iter().find(|package| has_bindgen(package))?;
        Some(member.manifest.clone())
    }

    /// Whether the bindings are cffi or uniffi, which write Python files beside the library into the package.
    pub(crate) fn generates_python(&self, bindings: Option<&str>) -> bool {
        let is_pyo3 = |name: &str| matches!(name, "pyo3" | "pyo3-ffi");
        match bindings {
            Some(bindings) => matches!(bindings, "cffi" | "uniffi"),
            None => !self.package().dependencies.iter().any(|dependency| is_pyo3(&dependency.name)),
        }
    }

    /// Whether maturin builds the binaries (its user guide, "Bindings"; `find_bridge` in its source): with `bindings = "bin"`, or
    /// if there is a binary, no cdylib and no uniffi.
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

/// Whether a target is the binary `uniffi-bindgen`, according to the path of its source.
fn is_bindgen(target: &Target) -> bool {
    let named = |path: Option<&Path>| path.and_then(Path::file_stem).is_some_and(|stem| stem == "uniffi-bindgen");
    target.role == TargetRole::Bin && (named(Some(&target.source)) || named(target.source.parent()))
}
