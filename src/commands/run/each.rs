//! What is done with each project: by the forecast while cargo thinks, and again where cargo says otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::forecast::Forecast;
use super::{passed_over, pool};
use crate::commands::discover::Candidate;
use crate::commands::outcome::Outcome;
use crate::commands::settings::Progress;
use crate::crates::resolver::Workspaces;
use crate::error::Error;
use crate::inputs;
use crate::pyproject::Pyproject;

/// One kind of work on many projects.
pub(crate) struct Each<'a, R, W> {
    pub(crate) candidates: &'a [Candidate],
    pub(crate) workspaces: &'a Workspaces,
    /// `None` where cargo is not asked.
    pub(crate) forecast: Option<Forecast>,
    pub(crate) progress: &'a Progress,
    pub(crate) read: R,
    pub(crate) work: W,
}

impl<T, R, W> Each<'_, R, W>
where
    T: Send,
    R: Fn(&Candidate) -> Result<Pyproject, Error> + Sync,
    W: Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
{
    /// The outcomes in the order of the candidates.
    pub(crate) fn outcomes(self) -> Vec<Outcome<T>> {
        let mut groups: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
        for (index, candidate) in self.candidates.iter().enumerate() {
            let directory = self.workspaces.disk().absolute(candidate.path.parent().unwrap_or(Path::new("")));
            groups.entry(self.workspaces.guess(&directory)).or_default().push(index);
        }
        let count = AtomicUsize::new(0);
        let mut done = pool::run(groups.into_values().collect(), &Counted { each: self, count });
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// What comes of a project if cargo says what the manifests say.
    fn foretell(&self, candidate: &Candidate, first: bool) -> Option<(PathBuf, Outcome<T>)> {
        let forecast = self.forecast.as_ref()?;
        let pyproject = (self.read)(candidate).ok()?;
        if first {
            inputs::ask_ahead(&pyproject, self.workspaces);
        }
        let directory = pyproject.dir.clone();
        let foretell = || (directory, (self.work)(candidate, pyproject, forecast.workspaces()));
        self.workspaces.is_cargo_thinking().then(foretell)
    }

    fn tell(&self, candidate: &Candidate) -> Outcome<T> {
        match (self.read)(candidate) {
            Ok(pyproject) => (self.work)(candidate, pyproject, self.workspaces),
            Err(error) if !candidate.named && is_template(&error) => passed_over(candidate),
            Err(error) => Outcome::Failed(error),
        }
    }
}

struct Counted<'a, R, W> {
    each: Each<'a, R, W>,
    /// How many are finished.
    count: AtomicUsize,
}

impl<T, R, W> pool::Work for Counted<'_, R, W>
where
    T: Send,
    R: Fn(&Candidate) -> Result<Pyproject, Error> + Sync,
    W: Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
{
    type Begun = Option<(PathBuf, Outcome<T>)>;
    type Done = Outcome<T>;

    fn begin(&self, index: usize, first: bool) -> Self::Begun {
        self.each.foretell(&self.each.candidates[index], first)
    }

    fn is_waiting(&self) -> bool {
        self.each.forecast.is_some() && self.each.workspaces.is_cargo_thinking()
    }

    fn finish(&self, index: usize, begun: Option<Self::Begun>) -> Outcome<T> {
        let Each { candidates, workspaces, forecast, progress, .. } = &self.each;
        let holds = |directory: &Path| forecast.as_ref().is_some_and(|forecast| forecast.holds(directory, workspaces));
        let foretold = begun.flatten().filter(|(directory, _)| holds(directory));
        let outcome = foretold.map_or_else(|| self.each.tell(&candidates[index]), |(_, outcome)| outcome);
        progress.tell(self.count.fetch_add(1, Ordering::Relaxed) + 1, candidates.len());
        outcome
    }
}

/// Whether a file that is not TOML is a template of one.
fn is_template(error: &Error) -> bool {
    matches!(error, Error::Toml { text, .. } if text.contains("{{") || text.contains("{%"))
}
