//! Who answers which workspace a crate belongs to: cargo, or the manifests alone.
//!
//! Questions are put to cargo in rounds ([`Resolver::questions`], [`Resolver::ask`], [`Resolver::learn`]), in an order that does not
//! depend on threads. Until an answer is learned, and where cargo has none, the manifests answer.

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

/// Who says which crates a project is built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CrateMetadata {
    /// cargo, or the manifests where cargo is missing or refuses.
    #[default]
    Auto,
    /// cargo; what it refuses cannot be read.
    Cargo,
    /// The manifests alone; no cargo is looked for.
    Manifest,
}

pub(crate) type Answer = Result<Arc<Workspace>, Refusal>;

/// Why a crate cannot be read, and in whose words.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    Cargo(String),
    Manifest(String),
}

/// Which workspace a crate belongs to, as seen from a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) manifest: Resolved,
    /// Where cargo runs: its configuration follows this directory.
    pub(crate) directory: Resolved,
    /// Whether it is the crate that the backend builds, which must be a member of its workspace.
    pub(crate) is_entry: bool,
}

/// A question that cargo works on.
pub(crate) struct Started {
    question: Question,
    query: Result<Query, String>,
}

/// What cargo says to a [`Question`]; the outer error where it cannot be run.
pub(crate) type Said = Result<Result<Workspace, Fault>, String>;

/// What is known of the workspaces of a run.
#[derive(Default)]
pub(crate) struct Resolver {
    by: CrateMetadata,
    /// How long cargo may take.
    limit: Duration,
    reader: Reader,
    /// What the manifests say, by [`key`]: of dependencies, and of the crates that a backend builds.
    by_manifest: [Memo<Answer>; 2],
    /// What cargo says, by [`key`]: two members of one workspace may not have the same configuration, which says where is built.
    by_cargo: Known<Answer>,
    /// The guessed roots, by [`key`], on whose account cargo was asked.
    asked: HashSet<OsString>,
    /// The workspace roots, or crates without one, that cargo has refused.
    refused: HashSet<Resolved>,
    /// Why cargo is not asked any more: it is missing, or does not answer.
    given_up: Option<String>,
    /// Why the manifests were read instead of cargo asked, each reason once.
    notes: BTreeSet<String>,
}

impl Resolver {
    /// cargo is given up after `limit`.
    pub(crate) fn new(disk: &Disk, by: CrateMetadata, limit: Duration) -> Self {
        Self { by, limit, reader: Reader::new(disk), ..Self::default() }
    }

    pub(crate) fn disk(&self) -> &Disk {
        self.reader.disk()
    }

    /// The workspace of `manifest`, as far as it is known.
    ///
    /// What the backend builds must be a member of its workspace, or the build fails. A crate that it depends on need not:
    /// there the manifests are right and `cargo metadata` is not: it takes every crate for one to be built.
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

    /// As the manifests have it.
    pub(super) fn read(&self, manifest: &Path, directory: &Path, is_entry: bool) -> Answer {
        manifest.parent().inspect(|directory| self.disk().list(directory));
        let workspace = self.reader.read(manifest, directory, is_entry).map_err(Refusal::Manifest)?;
        // Every project of the workspace asks what is in its root.
        self.disk().list(&workspace.root);
        Ok(Arc::new(workspace))
    }

    /// `lib.name` as written in the manifest; cargo's answer does not distinguish a written name from the default.
    pub(crate) fn library_name(&self, manifest: &Path) -> Option<String> {
        self.reader.library_name(manifest)
    }

    /// Those of `wanted` that are to be put to cargo now, in their order: one for each workspace, as far as the text of the
    /// manifests shows which those are. No question is asked twice.
    pub(crate) fn questions(&self, wanted: impl IntoIterator<Item = Question>) -> Vec<Question> {
        if self.by == CrateMetadata::Manifest || self.given_up.is_some() {
            return Vec::new();
        }
        let mut workspaces = HashSet::new();
        let mut is_new = |question: &Question| {
            let root = key_of_root(self.disk(), question);
            // Where the answer for the root does not have this crate, cargo is asked about the crate itself.
            let is_asked = self.asked.contains(&root);
            workspaces.insert(if is_asked { key(self.disk(), &question.manifest, &question.directory) } else { root })
        };
        wanted.into_iter().filter(|question| self.is_open(question) && is_new(question)).collect()
    }

    /// Whether cargo may have an answer to a question, and was not asked.
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

    /// Starts cargo on a question.
    pub(crate) fn start(&self, question: Question) -> Started {
        let query = Query::start(self.disk(), &question.manifest, &question.directory, self.limit);
        Started { question, query }
    }

    /// Asks cargo the questions, `most` at a time. `early` was started before it was known what to ask, and serves for a question
    /// about the same workspace. Ends early, with fewer answers, behind one that means that cargo is given up.
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
            // Which project is met first differs from run to run, and cargo names the one that it refuses.
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

    /// Takes cargo's answers for known.
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

    /// cargo has answered for all members of a workspace, as far as its configuration is that of the question.
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

    /// cargo is not asked again.
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

    /// Whether cargo's answers contradict what `crates` were made from, which was the result of `questions`.
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

    /// Why the manifests were read instead of cargo asked, one line each.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.notes.iter().cloned().collect()
    }
}

/// Whether cargo's answer to another question holds the crate of this one.
fn has_crate(answer: &Said, question: &Question) -> bool {
    matches!(answer, Ok(Ok(workspace)) if workspace.position(&question.manifest).is_some())
}

/// The [`key`] of what looks like the root of the workspace that is asked about.
fn key_of_root(disk: &Disk, question: &Question) -> OsString {
    let directory = path::parent(&question.manifest);
    let root = directory.ancestors().find(|above| looks_like_root(disk, above)).unwrap_or(directory);
    key(disk, &root.join("Cargo.toml"), &question.directory)
}

/// Whether the Cargo.toml in a directory reads like the root of a workspace.
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
