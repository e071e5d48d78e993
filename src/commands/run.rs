//! Runs a command on many projects.
//!
//! cargo is started for every workspace at once. Meanwhile every project is analysed by its manifests, and the command runs on it,
//! on all cores. If cargo contradicts the manifests, both are done again. The result does not depend on the number of cores.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::discover::exclude::Exclusion;
use super::discover::{self, Candidate};
use super::outcome::Outcome;
use super::settings::{Progress, Settings};
use crate::crates::build_crate::Crate;
use crate::crates::resolver::{Question, Resolver, Started};
use crate::error::Error;
use crate::fs::{Disk, path};
use crate::inputs;
use crate::project::Project;
use crate::pyproject::Pyproject;
use crate::pyproject::options::Configuration;

/// Runs a command on every project at and below `paths`; see [`each_of`].
pub(crate) fn each<T: Send>(
    paths: &[PathBuf],
    settings: &Settings,
    resolver: &mut Resolver,
    early: impl Fn(&Candidate, &Pyproject) -> Option<Outcome<T>> + Sync,
    work: impl Fn(&Candidate, Project) -> Outcome<T> + Sync,
) -> Result<Vec<Outcome<T>>, Error> {
    let disk = resolver.disk().clone();
    let configuration = Configuration::of(&disk, &settings.config, settings.isolated)?;
    let exclusion = Exclusion::of(&disk, settings, &configuration)?;
    let read = |candidate: &Candidate| read(&disk, candidate, &configuration);
    let (is_first, first) = (AtomicBool::new(true), Mutex::new(None));
    // As soon as the search finds a first project, cargo starts on its workspace, while the search goes on.
    let met = |candidate: &Candidate| {
        if is_first.swap(false, Ordering::Relaxed)
            && let Ok(pyproject) = read(candidate)
            && early(candidate, &pyproject).is_none()
        {
            *first.lock().unwrap_or_else(PoisonError::into_inner) = start(&pyproject, resolver);
        }
    };
    let candidates = discover::candidates(paths, &exclusion, &met)?;
    let query = first.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(each_of(&candidates, read, resolver, query, &settings.progress, early, work))
}

/// Notes on a run: why cargo was not asked, and which project is above `paths` if none is below.
pub(crate) fn notes<T>(paths: &[PathBuf], outcomes: &[Outcome<T>], resolver: &Resolver) -> Vec<String> {
    let above = paths.iter().filter(|_| outcomes.is_empty()).filter_map(|path| above(resolver.disk(), path));
    resolver.notes().into_iter().chain(above).collect()
}

/// A note on the nearest pyproject.toml above a directory.
fn above(disk: &Disk, directory: &Path) -> Option<String> {
    let start = disk.real_directory(directory);
    let mut candidates = start.ancestors().skip(1).map(|above| above.join("pyproject.toml"));
    let found = candidates.find(|candidate| disk.is_file(candidate))?;
    let (directory, found) = (path::slashed(directory), path::display(&disk.here(), &found));
    Some(format!("no project found in or below {directory}; the nearest pyproject.toml above is {found}"))
}

/// Starts cargo on the first question about a project.
fn start(pyproject: &Pyproject, resolver: &Resolver) -> Option<Started> {
    questions(pyproject, resolver).into_iter().next().map(|question| resolver.start(question))
}

/// The first questions to cargo about a project.
fn questions(pyproject: &Pyproject, resolver: &Resolver) -> Vec<Question> {
    resolver.questions(inputs::questions(resolver.disk(), pyproject))
}

/// How far a project has come.
enum State<T> {
    /// Its pyproject.toml was read. These are the questions to cargo.
    Read(Box<Pyproject>, Vec<Question>),
    /// The command has run on the crates that were found, if any, with the questions that led to them.
    Done(Outcome<T>, Vec<Crate>, Vec<Question>),
}

impl<T> State<T> {
    fn questions(&self) -> &[Question] {
        let (Self::Read(_, questions) | Self::Done(.., questions)) = self;
        questions
    }

    fn is_outdated(&self, resolver: &Resolver) -> bool {
        matches!(self, Self::Done(_, crates, questions) if resolver.contradicts(questions, crates))
    }

    fn outcome(self) -> Option<Outcome<T>> {
        match self {
            Self::Done(outcome, ..) => Some(outcome),
            Self::Read(..) => None,
        }
    }
}

/// Runs a command on candidates, and returns the outcomes in their order. `query` is already with cargo. `early` is for projects
/// that need no analysis, `work` for the others; its outcome is dropped if cargo contradicts the inputs.
pub(crate) fn each_of<T: Send>(
    candidates: &[Candidate],
    read: impl Fn(&Candidate) -> Result<Pyproject, Error> + Sync,
    resolver: &mut Resolver,
    mut query: Option<Started>,
    progress: &Progress,
    early: impl Fn(&Candidate, &Pyproject) -> Option<Outcome<T>> + Sync,
    work: impl Fn(&Candidate, Project) -> Outcome<T> + Sync,
) -> Vec<Outcome<T>> {
    let done = |outcome| State::Done(outcome, Vec::new(), Vec::new());
    let ready = |candidate: &Candidate, resolver: &Resolver| {
        if candidate.is_hidden {
            return done(Outcome::skipped(candidate, "in a hidden directory"));
        }
        let pyproject = match read(candidate) {
            Ok(pyproject) => pyproject,
            Err(error) if !candidate.named && is_template(&error) => {
                return done(Outcome::skipped(candidate, "a template"));
            }
            Err(error) => return done(Outcome::Failed(error)),
        };
        if let Some(outcome) = early(candidate, &pyproject) {
            return done(outcome);
        }
        let questions = questions(&pyproject, resolver);
        State::Read(Box::new(pyproject), questions)
    };
    let known = &*resolver;
    let mut states = in_parallel(candidates.iter().collect(), |candidate| ready(candidate, known));
    let mut questions = resolver.questions(states.iter().flat_map(State::questions).cloned());
    let scripts = inputs::Scripts::default();
    let count = AtomicUsize::new(0);
    loop {
        let known = &*resolver;
        let run = |(candidate, state)| {
            let State::Read(pyproject, _) = state else { return state };
            let project = Project::analyse(*pyproject, known, &scripts);
            let (crates, questions) = (project.inputs.crates.clone(), project.inputs.questions.clone());
            let outcome = work(candidate, project);
            progress.report((count.fetch_add(1, Ordering::Relaxed) + 1).min(candidates.len()), candidates.len());
            State::Done(outcome, crates, questions)
        };
        let run = || in_parallel(candidates.iter().zip(states).collect(), run);
        states = if questions.is_empty() {
            run()
        } else {
            let query = query.take();
            let mut ran = Vec::new();
            // This thread waits for cargo while the others work.
            let answers = rayon::in_place_scope(|scope| {
                scope.spawn(|_| ran = run());
                known.ask(&questions, query, rayon::current_num_threads())
            });
            resolver.learn(&questions, answers);
            ran
        };
        questions = resolver.questions(states.iter().flat_map(State::questions).cloned());
        let again: Vec<bool> = states.iter().map(|state| state.is_outdated(resolver)).collect();
        if questions.is_empty() && !again.contains(&true) {
            return states.into_iter().filter_map(State::outcome).collect();
        }
        let again = candidates.iter().zip(states).zip(again);
        states =
            again.map(|((candidate, state), again)| if again { ready(candidate, resolver) } else { state }).collect();
    }
}

/// Applies `work` to every item, on all cores. The results are in the order of the items.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    // A core that cargo leaves free takes single items, not half of those that are left.
    items.into_par_iter().with_max_len(1).map(work).collect()
}

/// Reads the project of a candidate, with the settings that apply to it.
pub(crate) fn read(disk: &Disk, candidate: &Candidate, configuration: &Configuration) -> Result<Pyproject, Error> {
    if let Some(reason) = &candidate.fault {
        return Err(Error::Read { path: candidate.path.clone(), reason: reason.clone() });
    }
    let pyproject = Pyproject::read(disk, &candidate.path)?;
    let options = Arc::new(configuration.options(&pyproject)?);
    Ok(pyproject.with_options(options))
}

/// Whether a file that is not TOML is a template of one.
fn is_template(error: &Error) -> bool {
    matches!(error, Error::Toml { text, .. } if text.contains("{{") || text.contains("{%"))
}

/// The outcome of a project whose build backend is not supported.
pub(crate) fn unbuilt<T>(candidate: &Candidate, pyproject: &Pyproject) -> Option<Outcome<T>> {
    pyproject.backend.is_none().then(|| Outcome::skipped(candidate, "not built by maturin or setuptools-rust"))
}
