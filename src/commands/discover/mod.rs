//! Finds the pyproject.toml files for the paths on the command line.

pub(crate) mod exclude;
mod search;

use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::fs::disk::Known;
use crate::fs::{Disk, Resolved, path};
use crate::project::Project;
use exclude::Exclusion;
use search::search;

/// A pyproject.toml that may be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The path as reports show it.
    pub(crate) path: PathBuf,
    /// Whether the path was named on the command line, not found by a search.
    pub(crate) named: bool,
    /// The files that were given instead of the project. The project counts only if it builds one of them.
    pub(crate) building: Vec<Resolved>,
    /// Why the project cannot be read: the search could not enter a directory.
    pub(crate) fault: Option<String>,
    /// Whether it is in a hidden directory, which a search skips.
    pub(crate) is_hidden: bool,
}

impl Candidate {
    pub(crate) fn at(path: PathBuf, named: bool) -> Self {
        Self { path, named, building: Vec::new(), fault: None, is_hidden: false }
    }

    /// Whether the project builds one of the files that were given instead of it. True if no such files were given.
    pub(crate) fn asks_for(&self, project: &Project) -> bool {
        let builds = |file: &Resolved| {
            let is_beside = file.parent() == Some(&*project.pyproject.dir);
            let in_crate = project.inputs.crates.iter().any(|found| file.starts_with(found.package().directory()));
            is_beside || in_crate || project.inputs.files.iter().any(|input| input.path == *file)
        };
        // If some inputs could not be read, the file may be one of them.
        self.building.is_empty() || !project.inputs.complete() || self.building.iter().any(builds)
    }

    /// Whether a file lies in what the search could not enter: a directory, or the directory of an ignore file that cannot be
    /// read.
    fn hides(&self, file: &Path) -> bool {
        let directory = if self.path.is_dir() { &self.path } else { path::parent(&self.path) };
        file.starts_with(directory)
    }
}

/// Called with each project as soon as the search finds it, in any order and from any thread. The project in which the search
/// starts may be met twice.
pub(crate) type Met<'a> = &'a (dyn Fn(&Candidate) + Sync);

/// The candidates in and below `paths`, sorted and without duplicates.
pub(crate) fn candidates(paths: &[PathBuf], exclusion: &Exclusion<'_>, met: Met<'_>) -> Result<Vec<Candidate>, Error> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut files = Vec::new();
    let excluded = exclusion.of_named();
    for path in paths {
        let directory = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        if path.exists() && excluded.contains(directory) {
            continue;
        }
        if path.file_name().is_some_and(|name| name == "pyproject.toml") && path.exists() {
            let named = Candidate::at(path.clone(), true);
            met(&named);
            found.push(named);
        } else if path.is_dir() {
            found.extend(search(path, exclusion, met));
        } else if path.is_file() {
            files.push(exclusion.disk.resolve(path));
        } else {
            return Err(Error::Path { path: path.clone(), reason: "no such file or directory".to_owned() });
        }
    }
    found.extend(building(&files, exclusion));
    // The project of a directory comes before those below it.
    found.sort_by(|a, b| (a.path.parent(), !a.named).cmp(&(b.path.parent(), !b.named)));
    Ok(once(exclusion.disk, found))
}

/// The candidates in the repository of `file`, which may belong to any of them. The file need not exist.
pub(crate) fn around(file: Resolved, exclusion: &Exclusion<'_>) -> Vec<Candidate> {
    once(exclusion.disk, building(&[file], exclusion))
}

/// Merges candidates of the same file. The first path is kept, and the files that were given instead of the project are combined.
fn once(disk: &Disk, found: Vec<Candidate>) -> Vec<Candidate> {
    let mut places: Known<usize> = Known::default();
    let mut unique: Vec<Candidate> = Vec::new();
    for mut candidate in found {
        match places.entry(disk.resolve(&candidate.path).as_os_str().to_owned()) {
            Entry::Vacant(place) => {
                place.insert(unique.len());
                unique.push(candidate);
            }
            Entry::Occupied(place) => {
                let first = &mut unique[*place.get()];
                first.named |= candidate.named;
                first.is_hidden &= candidate.is_hidden;
                if first.building.is_empty() || candidate.building.is_empty() {
                    first.building.clear();
                } else {
                    first.building.append(&mut candidate.building);
                }
            }
        }
    }
    unique
}

/// The projects of each file's repository, since any of them may build a path crate. Without a repository, the projects of the
/// directories above the file.
fn building(files: &[Resolved], exclusion: &Exclusion<'_>) -> Vec<Candidate> {
    let disk = exclusion.disk;
    let here = disk.here();
    let mut found = Vec::new();
    for file in files {
        let directory = file.parent().unwrap_or(Path::new(""));
        let projects: Vec<PathBuf> = match disk.repository(directory) {
            Some(repository) => {
                let (faults, projects): (Vec<_>, Vec<_>) =
                    search(repository, exclusion, &|_| ()).into_iter().partition(|candidate| candidate.fault.is_some());
                // A directory that could not be entered is an error only if the file, and so possibly its project, lies in it.
                found.extend(faults.into_iter().filter(|fault| fault.hides(file)));
                projects.into_iter().filter(|candidate| !candidate.is_hidden).map(|candidate| candidate.path).collect()
            }
            None => directory
                .ancestors()
                .map(|ancestor| ancestor.join("pyproject.toml"))
                .filter(|pyproject| pyproject.is_file())
                .collect(),
        };
        let shown = |path: PathBuf| path::relative(&here, &path).map_or(path, PathBuf::from);
        found.extend(
            projects
                .into_iter()
                .map(|path| Candidate { building: vec![file.clone()], ..Candidate::at(shown(path), false) }),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::settings::Settings;
    use crate::pyproject::options::Configuration;

    #[test]
    fn a_search_keeps_out_of_what_tools_make_and_sorts_parents_first() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["b", "a/z", "a", ".", "target/x", "ignored", "env", ".venv/x", "a/.template"] {
            let directory = dir.path().join(path);
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(directory.join("pyproject.toml"), "").unwrap();
        }
        std::fs::create_dir(dir.path().join(".git")).unwrap();
        std::fs::write(dir.path().join(".gitignore"), "/ignored\n").unwrap();
        std::fs::write(dir.path().join("env/pyvenv.cfg"), "").unwrap();
        let (disk, configuration) = (Disk::default(), Configuration::default());
        let exclusion = Exclusion::of(&disk, &Settings::default(), &configuration).unwrap();
        let found =
            candidates(&[dir.path().to_owned(), dir.path().join("a/pyproject.toml")], &exclusion, &|_| ()).unwrap();
        let shown = |candidate: &Candidate| {
            let path = candidate.path.strip_prefix(dir.path()).unwrap().to_owned();
            (path, candidate.named, candidate.is_hidden)
        };
        let shown: Vec<_> = found.iter().map(shown).collect();
        let expected = [
            ("pyproject.toml", false, false),
            ("a/pyproject.toml", true, false),
            ("a/.template/pyproject.toml", false, true),
            ("a/z/pyproject.toml", false, false),
            ("b/pyproject.toml", false, false),
        ];
        assert_eq!(shown, expected.map(|(path, named, is_hidden)| (PathBuf::from(path), named, is_hidden)));
    }
}
