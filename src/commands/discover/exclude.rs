//! The directories that a search skips: the `exclude` setting of the directory in which it starts, and `--exclude`.

use std::path::{Path, PathBuf};

use crate::commands::settings::Settings;
use crate::error::Error;
use crate::fs::{Disk, Resolved, path};
use crate::pyproject::Pyproject;
use crate::pyproject::options::{Configuration, Pattern};

/// The `exclude` patterns of the settings and of the command line.
#[derive(Debug)]
pub(crate) struct Exclusion<'a> {
    pub(super) disk: &'a Disk,
    configuration: &'a Configuration,
    /// `--exclude`, relative to the current directory.
    given: Vec<Pattern>,
    force: bool,
}

/// The directories that one search skips.
#[derive(Debug, Clone)]
pub(crate) struct Excluded {
    disk: Disk,
    /// Lists of patterns, each with the directory to which its patterns are relative.
    roots: Vec<(Resolved, Vec<Pattern>)>,
}

impl<'a> Exclusion<'a> {
    pub(crate) fn of(disk: &'a Disk, settings: &Settings, configuration: &'a Configuration) -> Result<Self, Error> {
        let pattern = |text: &String| {
            let refuse = |reason| Error::Path { path: PathBuf::from("--exclude"), reason };
            Pattern::try_from(text.clone()).map_err(refuse)
        };
        let given = settings.exclude.iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(Self { disk, configuration, given, force: settings.force_exclude })
    }

    /// What a search from `start` skips.
    pub(crate) fn of_search(&self, start: &Path) -> Excluded {
        let own = (self.disk.real_directory(start), self.declared(start));
        self.excluded(vec![own, (self.disk.here(), self.given.clone())])
    }

    /// Which directories are skipped even if they are named on the command line: none without `--force-exclude`.
    pub(crate) fn of_named(&self) -> Excluded {
        if !self.force {
            return self.excluded(Vec::new());
        }
        let here = self.disk.here();
        self.excluded(vec![(here.clone(), self.declared(Path::new("."))), (here, self.given.clone())])
    }

    fn excluded(&self, roots: Vec<(Resolved, Vec<Pattern>)>) -> Excluded {
        Excluded { disk: self.disk.clone(), roots }
    }

    /// The `exclude` setting of the project in `directory`. Settings that cannot be read are reported when that project is
    /// checked.
    fn declared(&self, directory: &Path) -> Vec<Pattern> {
        let options = match Pyproject::read(self.disk, &directory.join("pyproject.toml")) {
            Ok(pyproject) => self.configuration.options(&pyproject).unwrap_or_default(),
            Err(_) => self.configuration.overrides(),
        };
        options.exclude
    }
}

impl Excluded {
    /// Whether a directory is excluded or is below an excluded one.
    pub(crate) fn contains(&self, directory: &Path) -> bool {
        if self.roots.iter().all(|(_, patterns)| patterns.is_empty()) {
            return false;
        }
        let directory = self.disk.real_directory(directory);
        self.roots.iter().any(|(root, patterns)| {
            let below = directory.starts_with(root) && directory != *root;
            let path = path::relative(root, &directory).filter(|_| below);
            path.is_some_and(|path| patterns.iter().any(|pattern| pattern.matches(&path)))
        })
    }
}
