//! A cargo workspace in this crate's own terms, and the workspaces met in one run, each asked for once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::cargo::Query;

/// A cargo workspace: its members and where it builds. All paths are resolved.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target_directory: PathBuf,
    /// Where intermediate artifacts go, if not into the target directory (`build.build-dir`).
    pub(crate) build_directory: Option<PathBuf>,
    pub(crate) packages: Vec<Package>,
}

/// A member of a workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    /// Without tests, examples and benches.
    pub(crate) targets: Vec<Target>,
    /// Without dev-dependencies.
    pub(crate) dependencies: Vec<Dependency>,
}

impl Package {
    pub(crate) fn directory(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new("."))
    }
}

/// What a target is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TargetRole {
    /// Every kind of library, procedural macros included.
    Library,
    Bin,
    BuildScript,
}

#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) role: TargetRole,
    pub(crate) cdylib: bool,
    pub(crate) source: PathBuf,
}

#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// From `[build-dependencies]`.
    pub(crate) build: bool,
    /// The directory of a path dependency.
    pub(crate) path: Option<PathBuf>,
}

type Answer = Result<Arc<Workspace>, String>;

/// The workspaces met so far, by the manifests of their members.
#[derive(Default)]
pub(crate) struct Workspaces {
    by_manifest: Mutex<HashMap<PathBuf, Answer>>,
}

/// An answer that is known, or on its way.
pub(crate) enum Pending {
    Known(Answer),
    Asked(Result<Query, String>),
}

impl Workspaces {
    /// Asks for the workspace of `manifest` (resolved), unless its answer is known. Does not wait.
    pub(crate) fn ask(&self, manifest: &Path, directory: &Path) -> Pending {
        match self.lock().get(manifest) {
            Some(answer) => Pending::Known(answer.clone()),
            None => Pending::Asked(Query::start(manifest, directory)),
        }
    }

    /// Waits for the answer and keeps it for all members of the workspace.
    pub(crate) fn wait(&self, manifest: &Path, pending: Pending) -> Answer {
        let answer = match pending {
            Pending::Known(answer) => return answer,
            Pending::Asked(query) => query.and_then(Query::finish).map(Arc::new),
        };
        let mut known = self.lock();
        if let Ok(workspace) = &answer {
            for package in &workspace.packages {
                known.insert(package.manifest.clone(), answer.clone());
            }
        }
        known.insert(manifest.to_owned(), answer.clone());
        answer
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Answer>> {
        self.by_manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
