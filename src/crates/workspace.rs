//! A cargo workspace, independent of whether cargo or the manifests describe it.

use std::path::Path;
use std::sync::Arc;

use crate::fs::{Resolved, path};

/// A cargo workspace: its members and where it builds.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: Resolved,
    pub(crate) target_directory: Resolved,
    /// Where intermediate artifacts go, if not into the target directory (`build.build-dir`).
    pub(crate) build_directory: Option<Resolved>,
    /// Its members. If the manifests are read, only those that concern the requested crate.
    pub(crate) packages: Vec<Arc<Package>>,
}

impl Workspace {
    /// The index in `packages` of the member with this manifest.
    pub(super) fn position(&self, manifest: &Resolved) -> Option<usize> {
        self.packages.iter().position(|package| package.manifest == *manifest)
    }

    /// Whether two descriptions agree on the directories of the workspace.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        self.root == other.root
            && self.target_directory == other.target_directory
            && self.build_directory == other.build_directory
    }
}

/// A member of a workspace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: Resolved,
    /// Without tests, examples and benches.
    pub(crate) targets: Vec<Target>,
    /// Without dev-dependencies.
    pub(crate) dependencies: Vec<Dependency>,
}

impl Package {
    pub(crate) fn directory(&self) -> &Path {
        path::parent(&self.manifest)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TargetRole {
    /// Every kind of library, procedural macros included.
    Library,
    Bin,
    BuildScript,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) role: TargetRole,
    pub(crate) cdylib: bool,
    pub(crate) proc_macro: bool,
    pub(crate) source: Resolved,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// From `[build-dependencies]`.
    pub(crate) build: bool,
    /// The features that the dependency lists by name.
    pub(crate) features: Vec<String>,
    /// The manifest of a path dependency.
    pub(crate) manifest: Option<Resolved>,
}

impl Dependency {
    /// Whether this is a dependency on the crate `name` that enables `feature`.
    pub(crate) fn has_feature(&self, name: &str, feature: &str) -> bool {
        self.name == name && self.features.iter().any(|found| found == feature)
    }
}
