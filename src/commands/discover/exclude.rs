//! The directories whose projects a search passes over: `exclude` of the directory where it starts, and `--exclude`.

use std::path::{Path, PathBuf};

use crate::commands::settings::Settings;
use crate::error::Error;
use crate::fs::{path, resolve};
use crate::pyproject::Pyproject;
use crate::pyproject::options::{Configuration, Pattern};

/// What is excluded, by whom.
#[derive(Debug)]
pub(crate) struct Exclusion<'a> {
    configuration: &'a Configuration,
    /// By the command line, below the current directory.
    given: Vec<Pattern>,
    force: bool,
}

/// The directories that one search passes over.
#[derive(Debug, Clone)]
pub(crate) struct Excluded(Vec<(PathBuf, Vec<Pattern>)>);

impl<'a> Exclusion<'a> {
    pub(crate) fn of(settings: &Settings, configuration: &'a Configuration) -> Result<Self, Error> {
        let pattern = |text: &String| {
            let refuse = |reason| Error::Path { path: PathBuf::from("--exclude"), reason };
            Pattern::try_from(text.clone()).map_err(refuse)
        };
        let given = settings.exclude.iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(Self { configuration, given, force: settings.force_exclude })
    }

    /// What a search from `start` passes over.
    pub(crate) fn of_search(&self, start: &Path) -> Excluded {
        let own = (resolve::real_directory(&resolve::absolute(start)), self.declared(start));
        Excluded(vec![own, (here(), self.given.clone())])
    }

    /// What is passed over though it is named; nothing, unless that is asked for.
    pub(crate) fn of_named(&self) -> Excluded {
        if !self.force {
            return Excluded(Vec::new());
        }
        Excluded(vec![(here(), self.declared(Path::new("."))), (here(), self.given.clone())])
    }

    /// `exclude` of the project in `directory`. Settings that cannot be read are complained about when it is judged.
    fn declared(&self, directory: &Path) -> Vec<Pattern> {
        let options = match Pyproject::read(&directory.join("pyproject.toml")) {
            Ok(pyproject) => self.configuration.options(&pyproject).unwrap_or_default(),
            Err(_) => self.configuration.overrides(),
        };
        options.exclude
    }
}

fn here() -> PathBuf {
    std::env::current_dir().map(|directory| resolve::real_directory(&directory)).unwrap_or_default()
}

impl Excluded {
    /// Whether a directory is one of those, or lies below one.
    pub(crate) fn contains(&self, directory: &Path) -> bool {
        if self.0.iter().all(|(_, patterns)| patterns.is_empty()) {
            return false;
        }
        let directory = resolve::real_directory(&resolve::absolute(directory));
        self.0.iter().any(|(root, patterns)| {
            let below = directory.starts_with(root) && directory != *root;
            let path = path::relative(root, &directory).filter(|_| below);
            path.is_some_and(|path| patterns.iter().any(|pattern| pattern.matches(&path)))
        })
    }
}
