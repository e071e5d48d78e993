//! Runs a command on many projects.
//!
//! cargo is started for every workspace at once. Meanwhile every project is analysed by its manifests, on all cores, and the command
//! runs on it. If cargo contradicts the manifests, both are done again. The result does not depend on the number of cores.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::discover::exclude::Exclusion;
use super::discover::{self, Candidate};
use super::outcome::Outcome;
use super::settings::{Progress, Settings};
use crate::crates::resolver::{Resolver, Started};
use crate::error::Error;
use crate::fs::{Disk, path};
use crate::inputs::{self, Inputs};
use crate::project::Project;
use crate::pyproject::options::Configuration;
use crate::pyproject::{Declared, Pyproject};

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
    let questions = resolver.questions(inputs::questions(resolver.disk(), pyproject));
    questions.into_iter().next().map(|question| resolver.start(question))
}

/// How far a project has come.
enum State<T> {
    Read(Box<Pyproject>),
    /// The outcome, and the inputs that it was made from, if cargo may still contradict them.
    Done(Outcome<T>, Option<Arc<Inputs>>),
}

impl<T> State<T> {
    fn inputs(&self) -> Option<&Inputs> {
        match self {
            Self::Done(_, inputs) => inputs.as_deref(),
            Self::Read(_) => None,
        }
    }

    fn outcome(self) -> Option<Outcome<T>> {
        match self {
            Self::Done(outcome, _) => Some(outcome),
            Self::Read(_) => None,
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
    let done = |outcome| State::Done(outcome, None);
    let read = |candidate: &Candidate| match read(candidate) {
        _ if candidate.is_hidden => done(Outcome::skipped(candidate, "in a hidden directory")),
        Ok(pyproject) => early(candidate, &pyproject).map_or_else(|| State::Read(Box::new(pyproject)), done),
        Err(error) if !candidate.named && is_template(&error) => done(Outcome::skipped(candidate, "a template")),
        Err(error) => done(Outcome::Failed(error)),
    };
    let mut states = in_parallel(candidates.iter().collect(), read);
    let first = states.iter().filter_map(|state| match state {
        State::Read(pyproject) => Some(inputs::questions(resolver.disk(), pyproject)),
        State::Done(..) => None,
    });
    let mut questions = resolver.questions(first.flatten());
    let scripts = inputs::Scripts::default();
    let count = AtomicUsize::new(0);
    loop {
        let known = &*resolver;
        let run = |(candidate, state)| {
            let State::Read(pyproject) = state else { return state };
            let project = Project::analyse(*pyproject, known, &scripts);
            let inputs = Arc::clone(&project.inputs);
            let outcome = work(candidate, project);
            progress.report((count.fetch_add(1, Ordering::Relaxed) + 1).min(candidates.len()), candidates.len());
            State::Done(outcome, Some(inputs))
        };
        let run = || in_parallel(candidates.iter().zip(states).collect(), run);
        states = if questions.is_empty() {
            run()
        } else {
            let query = query.take();
            let (answers, states) = beside(|| known.ask(&questions, query, rayon::current_num_threads()), run);
            resolver.learn(&questions, answers);
            states
        };
        let inputs = states.iter().filter_map(State::inputs);
        questions = resolver.questions(inputs.flat_map(|inputs| &inputs.questions).cloned());
        let is_outdated = |state: &State<T>| {
            state.inputs().is_some_and(|inputs| resolver.contradicts(&inputs.questions, &inputs.crates))
        };
        let again: Vec<bool> = states.iter().map(is_outdated).collect();
        if questions.is_empty() && !again.contains(&true) {
            return states.into_iter().filter_map(State::outcome).collect();
        }
        let again = candidates.iter().zip(states).zip(again);
        states = again.map(|((candidate, state), again)| if again { read(candidate) } else { state }).collect();
    }
}

/// Runs two functions at the same time.
fn beside<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}

/// Applies `work` to every item, on all cores. The results are in the order of the items.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    items.into_par_iter().map(work).collect()
}

/// Reads the project of a candidate, with the settings that apply to it.
pub(crate) fn read(disk: &Disk, candidate: &Candidate, configuration: &Configuration) -> Result<Pyproject, Error> {
    if let Some(reason) = &candidate.fault {
        return Err(Error::Read { path: candidate.path.clone(), reason: reason.clone() });
    }
    let pyproject = Pyproject::read(disk, &candidate.path)?;
    let options = Arc::new(configuration.options(&pyproject)?);
    let pyproject = pyproject.with_options(options);
    let is_judged = pyproject.backend.is_some() || !matches!(pyproject.declared, Declared::Absent);
    Ok(if is_judged { pyproject.with_installation(disk) } else { pyproject })
}

/// Whether a file that is not TOML is a template of one.
fn is_template(error: &Error) -> bool {
    matches!(error, Error::Toml { text, .. } if text.contains("{{") || text.contains("{%"))
}

/// The outcome of a project whose build backend is not supported.
pub(crate) fn unbuilt<T>(candidate: &Candidate, pyproject: &Pyproject) -> Option<Outcome<T>> {
    pyproject.backend.is_none().then(|| Outcome::skipped(candidate, "not built by maturin or setuptools-rust"))
}
