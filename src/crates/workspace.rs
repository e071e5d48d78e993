//! A cargo workspace in this crate's own terms.

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
    /// Its members; where the manifests are read, those that matter to the crate that was asked for.
    pub(crate) packages: Vec<Arc<Package>>,
}

impl Workspace {
    /// Where the member with this manifest is among the packages.
    pub(super) fn position(&self, manifest: &Resolved) -> Option<usize> {
        self.packages.iter().position(|package| package.manifest == *manifest)
    }

    /// Whether two say the same of where the workspace lies and builds.
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

/// What kind of target it is.
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
    /// The features that are asked for by name.
    pub(crate) features: Vec<String>,
    /// The manifest of a path dependency.
    pub(crate) manifest: Option<Resolved>,
}

impl Dependency {
    /// Whether this is the crate `name`, with a feature.
    pub(crate) fn has_feature(&self, name: &str, feature: &str) -> bool {
        self.name == name && self.features.iter().any(|found| found == feature)
    }
}
