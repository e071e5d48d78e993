//! Determines which workspace a crate belongs to, from cargo or from the manifests alone.
//!
//! cargo is asked in rounds ([`Resolver::questions`], [`Resolver::ask`], [`Resolver::learn`]), in an order that does not depend
//! on threads. Until cargo's answer is known, or if it has none, the manifests are used.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::build_crate::Crate;
use super::cargo_metadata::{Fault, Query};
use super::config_files;
use super::manifest::Reader;
use super::workspace::Workspace;
use crate::fs::disk::{Known, Memo};
use crate::fs::{Disk, Resolved, path};

/// What determines which crates a project is built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CrateMetadata {
    /// cargo, or the manifests if cargo is missing or refuses.
    #[default]
    Auto,
    /// cargo. A crate that it refuses cannot be read.
    Cargo,
    /// The manifests alone; cargo is not run.
    Manifest,
}

pub(crate) type Answer = Result<Arc<Workspace>, Refusal>;

/// Why a crate cannot be read, and whether cargo or the reader of manifests says so.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    Cargo(String),
    Manifest(String),
}

/// Which workspace a crate belongs to, as seen from a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) manifest: Resolved,
    /// The directory in which cargo runs. It determines cargo's configuration.
    pub(crate) directory: Resolved,
    /// Whether the backend builds this crate. It must then be a member of its workspace.
    pub(crate) is_entry: bool,
}

/// A question for which cargo is running.
pub(crate) struct Started {
    question: Question,
    query: Result<Query, String>,
}

/// cargo's answer to a [`Question`]. The outer error means that cargo cannot be run.
pub(crate) type Said = Result<Result<Workspace, Fault>, String>;

/// The workspaces that are known in a run.
#[derive(Default)]
pub(crate) struct Resolver {
    by: CrateMetadata,
    /// The time limit for cargo.
    limit: Duration,
    reader: Reader,
    /// The results from the manifests, by [`key`]: for dependencies, and for crates that a backend builds.
    by_manifest: [Memo<Answer>; 2],
    /// cargo's answers, by [`key`]. The key contains the configuration, because two members of one workspace may have different
    /// ones, and so different target directories.
    by_cargo: Known<Answer>,
    /// The [`key`]s of the supposed workspace roots for which cargo was asked.
    asked: HashSet<OsString>,
    /// The workspace roots that cargo has refused, and crates without a workspace.
    refused: HashSet<Resolved>,
    /// Why cargo is no longer asked: it is missing, or does not answer.
    given_up: Option<String>,
    /// Why manifests were read instead of asking cargo. Each reason is listed once.
    notes: BTreeSet<String>,
}

impl Resolver {
    /// `limit` is the time limit for cargo.
    pub(crate) fn new(disk: &Disk, by: CrateMetadata, limit: Duration) -> Self {
        Self { by, limit, reader: Reader::new(disk), ..Self::default() }
    }

    pub(crate) fn disk(&self) -> &Disk {
        self.reader.disk()
    }

    /// The workspace of `manifest`, as known so far.
    ///
    /// A crate that the backend builds must be a member of its workspace, or the build fails. A dependency need not be. For
    /// dependencies, the manifests are right and `cargo metadata` is not, because it treats every crate as one that is built.
    pub(super) fn workspace_of(&self, manifest: &Path, directory: &Path, is_entry: bool) -> Answer {
        let key = key(self.disk(), manifest, directory);
        match (self.by_cargo.get(&key), &self.given_up) {
            (Some(Ok(workspace)), _) => return Ok(Arc::clone(workspace)),
            (Some(refused), _) if self.by == CrateMetadata::Cargo => return refused.clone(),
            (None, Some(reason)) if self.by == CrateMetadata::Cargo => return Err(Refusal::Cargo(reason.clone())),
            _ => {}
        }
        let known = &self.by_manifest[usize::from(is_entry)];
        known.get_or(Path::new(&key), || self.read(manifest, directory, is_entry))
    }

    /// The workspace, from the manifests alone.
    pub(super) fn read(&self, manifest: &Path, directory: &Path, is_entry: bool) -> Answer {
        manifest.parent().inspect(|directory| self.disk().list(directory));
        let workspace = self.reader.read(manifest, directory, is_entry).map_err(Refusal::Manifest)?;
        // Every project of the workspace looks up files in its root.
        self.disk().list(&workspace.root);
        Ok(Arc::new(workspace))
    }

    /// `lib.name` as written in the manifest; cargo's answer does not distinguish a written name from the default.
    pub(crate) fn library_name(&self, manifest: &Path) -> Option<String> {
        self.reader.library_name(manifest)
    }

    /// The questions among `wanted` to ask cargo now, in their order: one for each workspace, as far as the text of the manifests
    /// shows the workspaces. No question is asked twice.
    pub(crate) fn questions(&self, wanted: impl IntoIterator<Item = Question>) -> Vec<Question> {
        if self.by == CrateMetadata::Manifest || self.given_up.is_some() {
            return Vec::new();
        }
        let mut workspaces = HashSet::new();
        let mut is_new = |question: &Question| {
            let root = key_of_root(self.disk(), question);
            // If cargo was asked about the root, but its answer does not contain this crate, cargo is asked about the crate
            // itself.
            let is_asked = self.asked.contains(&root);
            workspaces.insert(if is_asked { key(self.disk(), &question.manifest, &question.directory) } else { root })
        };
        wanted.into_iter().filter(|question| self.is_open(question) && is_new(question)).collect()
    }

    /// Whether cargo may answer a question and was not asked yet.
    fn is_open(&self, question: &Question) -> bool {
        let Question { manifest, directory, .. } = question;
        if self.by_cargo.contains_key(&key(self.disk(), manifest, directory)) {
            return false;
        }
        self.by == CrateMetadata::Cargo
            || self.disk().is_file(manifest)
                && !self.refused.contains(manifest)
                && (self.refused.is_empty() || !self.refused.contains(&self.root_of(manifest)))
    }

    fn root_of(&self, manifest: &Resolved) -> Resolved {
        self.reader.root_directory(manifest).unwrap_or_else(|| manifest.clone())
    }

    /// Runs cargo for a question.
    pub(crate) fn start(&self, question: Question) -> Started {
        let query = Query::start(self.disk(), &question.manifest, &question.directory, self.limit);
        Started { question, query }
    }

    /// Asks cargo the questions, `most` at a time. `early` was started before the questions were known, and is used for a
    /// question about the same workspace. Stops after an answer that means that cargo is no longer asked. There are then fewer
    /// answers than questions.
    pub(crate) fn ask(&self, questions: &[Question], mut early: Option<Started>, most: usize) -> Vec<Said> {
        let root = |question: &Question| key_of_root(self.disk(), question);
        let mut waiting = questions.iter();
        let mut running = VecDeque::new();
        let mut answers = Vec::new();
        loop {
            let free = most.max(1) - running.len();
            running.extend(waiting.by_ref().take(free).map(|question| {
                let early = early.take_if(|early| root(&early.question) == root(question));
                (question, early.unwrap_or_else(|| self.start(question.clone())))
            }));
            let Some((question, started)) = running.pop_front() else { return answers };
            let mut answer = started.query.map(|query| query.finish(self.disk()));
            // The project of the early question differs from run to run, and an error of cargo names its manifest. cargo is asked
            // again, so that messages are the same in every run.
            if started.question != *question && !has_crate(&answer, question) {
                answer = self.start(question.clone()).query.map(|query| query.finish(self.disk()));
            }
            let is_last = matches!(answer, Err(_) | Ok(Err(Fault::Silent(_))));
            answers.push(answer);
            if is_last {
                return answers;
            }
        }
    }

    /// Records cargo's answers.
    pub(crate) fn learn(&mut self, questions: &[Question], answers: Vec<Said>) {
        for (question, answer) in questions.iter().zip(answers) {
            self.asked.insert(key_of_root(self.disk(), question));
            match answer {
                Ok(Ok(workspace)) => self.learn_workspace(question, workspace),
                Ok(Err(Fault::Refuses(reason))) => self.learn_refusal(question, reason),
                Ok(Err(silent @ Fault::Silent(_))) => self.give_up("cargo did not answer", silent.to_string()),
                Err(reason) => self.give_up("cargo could not be run", reason),
            }
        }
    }

    /// Records an answer for all members of a workspace, with the configuration of the question.
    fn learn_workspace(&mut self, question: &Question, workspace: Workspace) {
        let workspace = Arc::new(workspace);
        for manifest in workspace.packages.iter().map(|package| &package.manifest).chain([&question.manifest]) {
            self.by_cargo.insert(key(self.disk(), manifest, &question.directory), Ok(Arc::clone(&workspace)));
        }
    }

    fn learn_refusal(&mut self, question: &Question, reason: String) {
        let Question { manifest, directory, is_entry } = question;
        if self.by == CrateMetadata::Auto {
            self.refused.insert(if *is_entry { self.root_of(manifest) } else { manifest.clone() });
            if *is_entry {
                self.note(&format!("cargo cannot read {}", path::display(&self.disk().here(), manifest)), &reason);
            }
        }
        self.by_cargo.insert(key(self.disk(), manifest, directory), Err(Refusal::Cargo(reason)));
    }

    /// Stops asking cargo.
    fn give_up(&mut self, what: &str, reason: String) {
        if self.by == CrateMetadata::Auto {
            self.note(what, &reason);
        }
        self.given_up = Some(reason);
    }

    fn note(&mut self, what: &str, reason: &str) {
        let reason = path::printable(&self.disk().shorten(reason, &self.disk().here()));
        self.notes.insert(format!("{what}, so cachekeys read the manifests itself: {reason}"));
    }

    /// Whether cargo's answers contradict `crates`, which were found with `questions`.
    pub(crate) fn contradicts(&self, questions: &[Question], crates: &[Crate]) -> bool {
        questions.iter().any(|question| {
            let is_meant = |found: &Crate| found.package().manifest == question.manifest;
            let found = crates.iter().find(|found| !found.is_override && is_meant(found));
            match self.by_cargo.get(&key(self.disk(), &question.manifest, &question.directory)) {
                Some(Ok(workspace)) => match found {
                    Some(found) => !found.is_as_in(workspace),
                    None => workspace.position(&question.manifest).is_some(),
                },
                Some(Err(_)) => self.by == CrateMetadata::Cargo && found.is_some(),
                None => self.by == CrateMetadata::Cargo && self.given_up.is_some() && found.is_some(),
            }
        })
    }

    /// Why manifests were read instead of asking cargo, one line for each reason.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.notes.iter().cloned().collect()
    }
}

/// Whether an answer of cargo contains the crate of a question.
fn has_crate(answer: &Said, question: &Question) -> bool {
    matches!(answer, Ok(Ok(workspace)) if workspace.position(&question.manifest).is_some())
}

/// The [`key`] of the supposed root of the workspace of a question.
fn key_of_root(disk: &Disk, question: &Question) -> OsString {
    let directory = path::parent(&question.manifest);
    let root = directory.ancestors().find(|above| looks_like_root(disk, above)).unwrap_or(directory);
    key(disk, &root.join("Cargo.toml"), &question.directory)
}

/// Whether the text of the Cargo.toml in a directory looks like that of a workspace root.
fn looks_like_root(disk: &Disk, directory: &Path) -> bool {
    disk.manifest(&directory.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace"))
}

/// A manifest, and the configuration files that cargo reads in a directory.
fn key(disk: &Disk, manifest: &Path, directory: &Path) -> OsString {
    let configurations = config_files::hierarchy(disk, directory);
    let mut key = manifest.as_os_str().to_owned();
    for path in configurations {
        key.push("\n");
        key.push(path);
    }
    key
}
