//! Searches a directory for projects, as git sees it, on all cores.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::Scope;

use super::exclude::{Excluded, Exclusion};
use super::{Candidate, Met};
use crate::fs::gitignore::IgnoreRules;
use crate::fs::{Disk, Resolved, Unreadable, path, read, resolve};

/// The pyproject.toml files below a directory that git does not ignore. Directories that could not be entered are returned too,
/// as they may contain projects.
pub(super) fn search(directory: &Path, exclusion: &Exclusion<'_>, met: Met<'_>) -> Vec<Candidate> {
    let start = exclusion.disk.real_directory(directory);
    let own = directory.join("pyproject.toml");
    // Most searches start in a project. It is met before other threads are woken.
    if exclusion.disk.is_file(&own) {
        met(&Candidate::at(own, false));
    }
    let search = Search {
        disk: exclusion.disk,
        excluded: exclusion.of_search(directory),
        met,
        start: start.clone(),
        found: Mutex::default(),
    };
    // The current directory is not part of the paths that are shown.
    let shown = if directory == Path::new(".") { Path::new("") } else { directory };
    match exclusion.disk.rules_above(&start, IgnoreRules::of_user()) {
        Ok(above) => rayon::scope(|scope| search.enter(scope, shown, &start, &above)),
        Err(unreadable) => search.fault(shown, &start, &unreadable),
    }
    let mut found = search.found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A search for projects, on all cores.
struct Search<'a> {
    disk: &'a Disk,
    excluded: Excluded,
    met: Met<'a>,
    start: Resolved,
    found: Mutex<Vec<Candidate>>,
}

impl Search<'_> {
    /// Searches a directory and those below it. `shown` is its path in reports, `above` are the rules in its parent.
    fn enter<'s>(&'s self, scope: &Scope<'s>, shown: &Path, directory: &Resolved, above: &IgnoreRules) {
        let (names, rules) = match self.disk.names_and_rules(directory, above) {
            Ok(found) => found,
            Err(unreadable) => return self.fault(shown, directory, &unreadable),
        };
        // A virtual environment, whatever its name.
        if *directory != self.start && names.may_have("pyvenv.cfg") && self.disk.has_file(directory, "pyvenv.cfg") {
            return;
        }
        for (name, kind) in names.iter() {
            let may_matter = if kind.is_dir() { !is_made(name) } else { name == "pyproject.toml" };
            if !may_matter {
                continue;
            }
            let (path, shown) = (directory.child(name), path::join(shown, name));
            if rules.ignore(&path, kind.is_dir()) || kind.is_dir() && self.excluded.contains(&path) {
                continue;
            }
            if !kind.is_dir() {
                self.find(Candidate::at(shown, false));
            } else if name.to_str().is_some_and(|name| !name.starts_with('.')) {
                let rules = rules.clone();
                scope.spawn(move |scope| self.enter(scope, &shown, &path, &rules));
            } else if self.disk.has_file(&path, "pyproject.toml") {
                self.find(Candidate { is_hidden: true, ..Candidate::at(shown.join("pyproject.toml"), false) });
            }
        }
    }

    fn find(&self, candidate: Candidate) {
        if candidate.fault.is_none() && !candidate.is_hidden {
            (self.met)(&candidate);
        }
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(candidate);
    }

    /// A candidate for what could not be read in a directory, unless it was removed in the meantime.
    fn fault(&self, shown: &Path, directory: &Path, Unreadable { path, error }: &Unreadable) {
        if error.kind() != ErrorKind::NotFound {
            let shown = match path.strip_prefix(directory) {
                Ok(below) if below.as_os_str().is_empty() => shown.to_owned(),
                Ok(below) => shown.join(below),
                Err(_) => path.clone(),
            };
            self.find(Candidate { fault: Some(read::reason(error)), ..Candidate::at(shown, false) });
        }
    }
}

/// Whether a directory is made by tools. Such a directory is skipped even if no .gitignore lists it.
fn is_made(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| resolve::MADE_BY_TOOLS.contains(&name))
}
