//! The workspaces met in one run, each asked for once: of cargo, or of the manifests alone.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::build_crate::Crate;
use super::cargo_metadata::{Fault, Query};
use super::config_files;
use super::manifest::Reader;
use super::workspace::Workspace;
use crate::fs::disk::Known;
use crate::fs::{Disk, path};

/// Who says which crates a project is built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CrateMetadata {
    /// cargo, or the manifests where there is no cargo or it refuses.
    #[default]
    Auto,
    /// cargo; what it refuses cannot be read.
    Cargo,
    /// The manifests alone; no cargo is looked for.
    Manifest,
}

/// The crates on which each analysis is built, by the project's directory; `None` where not all could be read.
pub(crate) type Ledger = Arc<Mutex<HashMap<PathBuf, Option<Vec<Crate>>>>>;

pub(crate) type Answer = Result<Arc<Workspace>, Refusal>;

/// Why a crate cannot be read, and in whose words.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    Cargo(String),
    Manifest(String),
}

/// The workspaces met so far, by the manifests of their members, and by the configuration that cargo had: it says where
/// is built, and two members of one workspace may not agree on it.
#[derive(Default)]
pub(crate) struct Workspaces {
    by: CrateMetadata,
    /// How long cargo may take.
    limit: Duration,
    by_manifest: Mutex<Known<Answer>>,
    /// Asked before anybody wanted to know.
    ahead: Mutex<Known<Result<Query, String>>>,
    /// How many answers of cargo somebody waits for.
    awaited: AtomicUsize,
    /// Whether there is something like the root of a workspace in a directory.
    roots: Mutex<Known<bool>>,
    reader: Arc<Reader>,
    /// There is no cargo, or none that answers, and nobody need try again.
    is_missing: AtomicBool,
    /// The workspace roots, or crates without one, that cargo has refused.
    refused: Mutex<Vec<PathBuf>>,
    /// Why the manifests were read instead of cargo asked, each reason once.
    notes: Mutex<BTreeSet<String>>,
    /// Who wants to know on what each analysis is built.
    ledger: Option<Ledger>,
    /// Nobody is asked before there is a question.
    is_lazy: bool,
}

/// An answer that is known, or on its way.
enum Pending {
    Known(Answer),
    Asked {
        query: Result<Query, String>,
        /// The root of what looks like the workspace was asked about.
        of_root: bool,
    },
    /// cargo is not asked.
    Manifests,
}

impl Workspaces {
    /// cargo is given up after `limit`.
    pub(crate) fn new(disk: &Disk, by: CrateMetadata, limit: Duration) -> Self {
        Self { by, limit, reader: Arc::new(Reader::new(disk)), ..Self::default() }
    }

    pub(crate) fn disk(&self) -> &Disk {
        self.reader.disk()
    }

    /// The same for those who will hardly ever ask.
    pub(crate) fn lazy(self) -> Self {
        Self { is_lazy: true, ..self }
    }

    /// The same as the manifests alone have it; `None` where there is nobody else to ask, or mostly nothing to be asked.
    pub(crate) fn by_manifests(&self, ledger: Ledger) -> Option<Self> {
        let by = CrateMetadata::Manifest;
        let manifests = || Self { by, reader: Arc::clone(&self.reader), ledger: Some(ledger), ..Self::default() };
        (self.by != by && !self.is_lazy).then(manifests)
    }

    /// The workspace of `manifest` (resolved). cargo is asked in `directory`, and waited for.
    ///
    /// What the backend builds must be a member of its workspace, or the build fails. A crate that it depends on need not:
    /// there the manifests know better than `cargo metadata`, which takes every crate for one to be built.
    pub(crate) fn workspace_of(&self, manifest: &Path, directory: &Path, is_entry: bool) -> Answer {
        manifest.parent().inspect(|directory| self.disk().list(directory));
        let pending = self.ask(manifest, directory, is_entry);
        self.wait(manifest, directory, is_entry, pending)
    }

    /// As the manifests have it.
    pub(super) fn read(&self, manifest: &Path, directory: &Path, is_entry: bool) -> Answer {
        self.reader.read(manifest, directory, is_entry).map(Arc::new).map_err(Refusal::Manifest)
    }

    /// `lib.name` as written in the manifest; cargo's answer does not tell a written name from the default one.
    pub(crate) fn library_name(&self, manifest: &Path) -> Option<String> {
        self.reader.library_name(manifest)
    }

    /// Asks for the workspace of `manifest` (resolved), unless its answer is known. Does not wait.
    fn ask(&self, manifest: &Path, directory: &Path, is_entry: bool) -> Pending {
        let key = key(self.disk(), manifest, directory);
        if let Some(answer) = lock(&self.by_manifest).get(&key) {
            // What is refused as the crate to be built may well be one that another depends on.
            let is_known = answer.is_ok() || is_entry || self.by == CrateMetadata::Cargo;
            return if is_known { Pending::Known(answer.clone()) } else { Pending::Manifests };
        }
        if let Some(asked) = self.ahead_of(manifest, directory) {
            let mut ahead = lock(&self.ahead);
            if let Some(query) = ahead.remove(&asked) {
                self.awaited.fetch_add(1, Ordering::Relaxed);
                return Pending::Asked { query, of_root: asked != key };
            }
        }
        if !self.asks_cargo(manifest) {
            return Pending::Manifests;
        }
        self.awaited.fetch_add(1, Ordering::Relaxed);
        Pending::Asked { query: Query::start(self.disk(), manifest, directory, self.limit), of_root: false }
    }

    /// The key by which cargo was asked ahead on account of `manifest`: its own, or that of the root of the workspace that
    /// it seems to be in.
    fn ahead_of(&self, manifest: &Path, directory: &Path) -> Option<OsString> {
        let is_asked = |key: &OsString| lock(&self.ahead).contains_key(key);
        if lock(&self.ahead).is_empty() {
            return None;
        }
        let root = || Some(key(self.disk(), &self.guess(manifest.parent()?).join("Cargo.toml"), directory));
        Some(key(self.disk(), manifest, directory)).filter(is_asked).or_else(|| root().filter(is_asked))
    }

    /// The directory whose projects share a cargo workspace with the one in `directory`: the nearest ancestor whose Cargo.toml
    /// reads like a workspace root. A guess, good enough to ask cargo once for all of them.
    pub(crate) fn guess(&self, directory: &Path) -> PathBuf {
        let mut roots = lock(&self.roots);
        let mut is_root = |directory: &&Path| {
            *roots.entry(directory.as_os_str().to_owned()).or_insert_with(|| looks_like_root(self.disk(), directory))
        };
        directory.ancestors().find(&mut is_root).unwrap_or(directory).to_owned()
    }

    /// Whether cargo may have an answer that the manifests have not.
    fn asks_cargo(&self, manifest: &Path) -> bool {
        match self.by {
            CrateMetadata::Manifest => false,
            CrateMetadata::Cargo => true,
            CrateMetadata::Auto => {
                let is_refused = || {
                    let refused = lock(&self.refused);
                    !refused.is_empty()
                        && (refused.iter().any(|path| path == manifest) || refused.contains(&self.root_of(manifest)))
                };
                !self.is_missing.load(Ordering::Relaxed) && self.disk().is_file(manifest) && !is_refused()
            }
        }
    }

    fn root_of(&self, manifest: &Path) -> PathBuf {
        self.reader.root_directory(manifest).unwrap_or_else(|| manifest.to_owned())
    }

    /// Asks for the workspace of `manifest` (resolved), to have the answer sooner when somebody wants it.
    pub(crate) fn ask_ahead(&self, manifest: &Path, directory: &Path) {
        let key = key(self.disk(), manifest, directory);
        if self.ahead_of(manifest, directory).is_some() || lock(&self.by_manifest).contains_key(&key) {
            return;
        }
        if self.asks_cargo(manifest) {
            let query = Query::start(self.disk(), manifest, directory, self.limit);
            lock(&self.ahead).insert(key, query);
        }
    }

    /// Whether there is an answer of cargo to wait for: to one who was asked ahead and has still said nothing, or one for
    /// which somebody waits already.
    pub(crate) fn is_cargo_thinking(&self) -> bool {
        let ahead = lock(&self.ahead);
        self.awaited.load(Ordering::Relaxed) > 0 || ahead.values().flatten().any(|query| !query.has_spoken())
    }

    /// Notes on what crates the analysis of the project in `directory` is built, where somebody wants to know.
    pub(crate) fn testify(&self, directory: &Path, crates: &[Crate], is_complete: bool) {
        if let Some(ledger) = &self.ledger {
            lock(ledger).insert(directory.to_owned(), is_complete.then(|| crates.to_vec()));
        }
    }

    fn wait(&self, manifest: &Path, directory: &Path, is_entry: bool, pending: Pending) -> Answer {
        let read = || self.read(manifest, directory, is_entry);
        let answer = match pending {
            Pending::Known(answer) => return answer,
            Pending::Manifests => read(),
            Pending::Asked { query, of_root } => {
                let answer =
                    query.map(|query| query.finish(self.disk()).map(|workspace| self.keep(workspace, directory)));
                self.awaited.fetch_sub(1, Ordering::Relaxed);
                match answer {
                    // What is no member after all, or was refused with the others, is asked about by itself.
                    Ok(Ok(_) | Err(Fault::Refuses(_))) if of_root => {
                        return self.workspace_of(manifest, directory, is_entry);
                    }
                    Ok(Ok(workspace)) => {
                        lock(&self.by_manifest)
                            .insert(key(self.disk(), manifest, directory), Ok(Arc::clone(&workspace)));
                        return Ok(workspace);
                    }
                    Err(reason) if self.by == CrateMetadata::Auto => {
                        self.is_missing.store(true, Ordering::Relaxed);
                        self.note("there is no cargo to ask", reason);
                        read()
                    }
                    Ok(Err(silent @ Fault::Silent(_))) if self.by == CrateMetadata::Auto => {
                        self.give_up(&silent);
                        read()
                    }
                    Ok(Err(Fault::Refuses(reason))) if self.by == CrateMetadata::Auto => {
                        let what = if is_entry { self.root_of(manifest) } else { manifest.to_owned() };
                        lock(&self.refused).push(what);
                        if is_entry {
                            self.note(
                                &format!("cargo refuses {}", path::display(&here(self.disk()), manifest)),
                                reason,
                            );
                        }
                        read()
                    }
                    Ok(Err(fault)) => Err(Refusal::Cargo(fault.to_string())),
                    Err(reason) => Err(Refusal::Cargo(reason)),
                }
            }
        };
        // What is read as a dependency may be refused as the crate to be built.
        if is_entry || self.by == CrateMetadata::Cargo {
            lock(&self.by_manifest).insert(key(self.disk(), manifest, directory), answer.clone());
        }
        answer
    }

    /// cargo has answered for all members of a workspace, as far as its configuration is that of `directory`.
    fn keep(&self, workspace: Workspace, directory: &Path) -> Arc<Workspace> {
        let workspace = Arc::new(workspace);
        let keys: Vec<OsString> =
            workspace.packages.iter().map(|package| key(self.disk(), &package.manifest, directory)).collect();
        lock(&self.by_manifest).extend(keys.into_iter().map(|key| (key, Ok(Arc::clone(&workspace)))));
        workspace
    }

    /// cargo does not answer, and is not asked again.
    fn give_up(&self, silent: &Fault) {
        self.is_missing.store(true, Ordering::Relaxed);
        self.note("cargo does not answer", silent.to_string());
    }

    fn note(&self, what: &str, reason: String) {
        let reason = path::printable(&self.disk().shorten(reason, &here(self.disk())));
        lock(&self.notes).insert(format!("{what}, the manifests were read instead: {reason}"));
    }

    /// Why the manifests were read instead of cargo asked, one line each.
    pub(crate) fn notes(&self) -> Vec<String> {
        lock(&self.notes).iter().cloned().collect()
    }
}

/// Whether the Cargo.toml in a directory reads like the root of a workspace.
pub(crate) fn looks_like_root(disk: &Disk, directory: &Path) -> bool {
    disk.manifest(&directory.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace"))
}

/// A manifest, and the configuration files that cargo obeys in a directory.
fn key(disk: &Disk, manifest: &Path, directory: &Path) -> OsString {
    let configurations = config_files::hierarchy(disk, directory);
    let mut key = manifest.as_os_str().to_owned();
    for path in configurations {
        key.push("\n");
        key.push(path);
    }
    key
}

/// Where the command runs.
fn here(disk: &Disk) -> PathBuf {
    disk.real_directory(Path::new("."))
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
