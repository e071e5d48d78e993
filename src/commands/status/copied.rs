//! For a project that is installed as a copy: the Python files that changed after the copy was made and that uv does not track.
//!
//! Source of the facts: `write_python_part` in maturin's source. maturin packs the package below the Python root, under the same
//! paths.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::change::{Change, Kind};
use super::distribution::Distribution;
use crate::fs::{Disk, path, read};
use crate::project::Project;

/// The source files that are newer than their copies in `site_packages`, or missing there, and that no key covers. The most
/// recent comes first.
pub(super) fn behind(disk: &Disk, project: &Project, distribution: &Distribution, site_packages: &Path) -> Vec<Change> {
    let Some(built) = distribution.built else { return Vec::new() };
    let pyproject = &project.pyproject;
    let is_covered = |file: &Path| {
        let file = disk.resolve(file);
        project.effective().is_some_and(|coverage| coverage.covering_key_of_file(&file).is_some())
    };
    let change = |file: &Path, reason: &str| {
        let changed = read::modified(file).filter(|changed| *changed > built)?;
        let shown = path::display(&pyproject.dir, file);
        let is_judged = !is_covered(file) && !pyproject.is_excluded(&shown);
        is_judged.then(|| Change { changed: Some(changed), ..Change::named(Kind::File, &shown, reason) })
    };
    let packed: Vec<&str> = distribution.record.files().filter(|file| is_python(Path::new(file))).collect();
    let roots = roots(project);
    let mut changes: Vec<Change> = packed
        .iter()
        .filter_map(|file| {
            let source = roots.iter().map(|root| root.join(file)).find(|source| source.is_file())?;
            let differs = disk.read(&source).ok()? != disk.read(&site_packages.join(file)).ok()?;
            differs.then(|| change(&source, "the installed copy is older")).flatten()
        })
        .collect();
    let packed: BTreeSet<&str> = packed.into_iter().collect();
    let new = new_files(disk, project).into_iter().filter(|(below, _)| !packed.contains(below.as_str()));
    changes.extend(new.filter_map(|(_, file)| change(&file, "the installed copy lacks it")));
    changes.sort_by_key(|change| std::cmp::Reverse(change.changed));
    changes
}

/// The directories that may contain packages. They are known only for maturin's layout.
fn roots(project: &Project) -> Vec<PathBuf> {
    let dir = &project.pyproject.dir;
    let root = &project.inputs.layout.root;
    if root.as_os_str().is_empty() {
        return ["src", "python", ""].iter().map(|root| dir.join(root)).collect();
    }
    vec![root.clone()]
}

/// The Python files of the package, with their paths below the root. Empty if the project excludes files, or if the root is not
/// known.
fn new_files(disk: &Disk, project: &Project) -> Vec<(String, PathBuf)> {
    let layout = &project.inputs.layout;
    let leaves_out = project.pyproject.get(&["tool", "maturin", "exclude"]).is_some();
    let Some(package) = layout.package.as_ref().filter(|_| !leaves_out && !layout.root.as_os_str().is_empty()) else {
        return Vec::new();
    };
    let root = disk.real_directory(&layout.root);
    let files = disk.below(package).into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    let below = |file: PathBuf| Some((path::slashed(file.strip_prefix(&root).ok()?), file));
    files.filter(|file| is_python(file)).filter_map(below).collect()
}

fn is_python(file: &Path) -> bool {
    file.extension().is_some_and(|suffix| suffix == "py" || suffix == "pyi")
}
