//! Runs a command on many projects.
//!
//! cargo is started for every workspace at once. Meanwhile every project is analysed by reading its manifests, on all cores. If
//! cargo's answer differs, the project is analysed again. The result does not depend on the number of cores.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::discover::exclude::Exclusion;
use super::discover::{self, Candidate};
use super::outcome::Outcome;
use super::settings::{Progress, Settings};
use crate::crates::resolver::{Resolver, Started};
use crate::error::Error;
use crate::fs::Disk;
use crate::inputs;
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

/// Starts cargo on the first question about a project.
fn start(pyproject: &Pyproject, resolver: &Resolver) -> Option<Started> {
    let questions = resolver.questions(inputs::questions(resolver.disk(), pyproject));
    questions.into_iter().next().map(|question| resolver.start(question))
}

/// How far a project has come.
enum State<T> {
    Done(Outcome<T>),
    Read(Box<Pyproject>),
    Analysed(Box<Project>),
}

/// An analysed project, or the outcome of one that needs no analysis.
type Analysed<T> = Result<Box<Project>, Outcome<T>>;

/// Runs a command on candidates and returns the outcomes in their order. `query` is the question that cargo already works on.
/// `early` gives the outcome of projects that need no analysis, `work` that of the others.
pub(crate) fn each_of<T: Send>(
    candidates: &[Candidate],
    read: impl Fn(&Candidate) -> Result<Pyproject, Error> + Sync,
    resolver: &mut Resolver,
    query: Option<Started>,
    progress: &Progress,
    early: impl Fn(&Candidate, &Pyproject) -> Option<Outcome<T>> + Sync,
    work: impl Fn(&Candidate, Project) -> Outcome<T> + Sync,
) -> Vec<Outcome<T>> {
    let states = in_parallel(candidates.iter().collect(), |candidate| match read(candidate) {
        _ if candidate.is_hidden => State::Done(Outcome::skipped(candidate, "in a hidden directory")),
        Ok(pyproject) => early(candidate, &pyproject).map_or_else(|| State::Read(Box::new(pyproject)), State::Done),
        Err(error) if !candidate.named && is_template(&error) => State::Done(Outcome::skipped(candidate, "a template")),
        Err(error) => State::Done(Outcome::Failed(error)),
    });
    let analysed = analyse(states, resolver, query);
    let count = AtomicUsize::new(0);
    in_parallel(candidates.iter().zip(analysed).collect(), |(candidate, analysed)| {
        let outcome = analysed.map_or_else(|outcome| outcome, |project| work(candidate, *project));
        progress.report(count.fetch_add(1, Ordering::Relaxed) + 1, candidates.len());
        outcome
    })
}

/// Analyses every project that was read, and repeats the analysis until it agrees with cargo for all projects.
fn analyse<T: Send>(
    mut states: Vec<State<T>>,
    resolver: &mut Resolver,
    mut query: Option<Started>,
) -> Vec<Analysed<T>> {
    let first = states.iter().filter_map(|state| match state {
        State::Read(pyproject) => Some(inputs::questions(resolver.disk(), pyproject)),
        _ => None,
    });
    let mut questions = resolver.questions(first.flatten());
    let scripts = inputs::Scripts::default();
    loop {
        let known = &*resolver;
        let analyse = || {
            in_parallel(states, |state| match state {
                State::Read(pyproject) => Ok(Box::new(Project::analyse(*pyproject, known, &scripts))),
                State::Analysed(project) => Ok(project),
                State::Done(outcome) => Err(outcome),
            })
        };
        let analysed: Vec<Analysed<T>> = if questions.is_empty() {
            analyse()
        } else {
            let query = query.take();
            let (answers, analysed) = beside(|| known.ask(&questions, query, rayon::current_num_threads()), analyse);
            resolver.learn(&questions, answers);
            analysed
        };
        questions =
            resolver.questions(analysed.iter().flatten().flat_map(|project| &project.inputs.questions).cloned());
        let is_outdated = |project: &Project| resolver.contradicts(&project.inputs.questions, &project.inputs.crates);
        if questions.is_empty() && !analysed.iter().flatten().any(|project| is_outdated(project)) {
            return analysed;
        }
        let again = |analysed: Analysed<T>| match analysed {
            Ok(project) if is_outdated(&project) => State::Read(Box::new(project.pyproject)),
            Ok(project) => State::Analysed(project),
            Err(outcome) => State::Done(outcome),
        };
        states = analysed.into_iter().map(again).collect();
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
