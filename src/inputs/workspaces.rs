//! The workspaces met in one run, each asked for once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ahead::Ahead;
use super::cargo::{Process, Query};
use super::workspace::Workspace;

type Answer = Result<Arc<Workspace>, String>;

/// The workspaces met so far, by the manifests of their members.
#[derive(Default)]
pub(crate) struct Workspaces {
    by_manifest: Mutex<HashMap<PathBuf, Answer>>,
    /// Asked before anybody wanted to know.
    ahead: Mutex<HashMap<PathBuf, Result<Query, String>>>,
    /// The sources that are read meanwhile, by the manifest that was asked for.
    readings: Mutex<HashMap<PathBuf, Ahead>>,
    /// Have answered, and end by themselves meanwhile.
    answered: Mutex<Vec<Process>>,
}

/// An answer that is known, or on its way.
pub(crate) enum Pending {
    Known(Answer),
    Asked(Result<Query, String>),
}

impl Workspaces {
    /// Asks for the workspace of `manifest` (resolved), unless its answer is known. Does not wait.
    pub(crate) fn ask(&self, manifest: &Path, directory: &Path) -> Pending {
        if let Some(answer) = self.lock().get(manifest) {
            return Pending::Known(answer.clone());
        }
        let ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner).remove(manifest);
        Pending::Asked(ahead.unwrap_or_else(|| Query::start(manifest, directory)))
    }

    /// Asks for the workspace of `manifest` (resolved), to have the answer sooner when somebody wants it.
    pub(super) fn ask_ahead(&self, manifest: PathBuf, directory: &Path) {
        let query = Query::start(&manifest, directory);
        if query.is_ok() {
            let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
            readings.insert(manifest.clone(), Ahead::start(directory));
        }
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).insert(manifest, query);
    }

    /// The reading that goes on since `manifest` was asked for ahead.
    pub(super) fn reading(&self, manifest: &Path) -> Option<Ahead> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner).remove(manifest)
    }

    /// Waits for the answer and keeps it for all members of the workspace.
    pub(crate) fn wait(&self, manifest: &Path, pending: Pending) -> Answer {
        let answer = match pending {
            Pending::Known(answer) => return answer,
            Pending::Asked(Err(reason)) => Err(reason),
            Pending::Asked(Ok(query)) => {
                let (answer, process) = query.finish();
                self.answered.lock().unwrap_or_else(PoisonError::into_inner).push(process);
                answer.map(Arc::new)
            }
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

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Answer>> {
        self.by_manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
