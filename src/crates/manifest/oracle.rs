//! Tests the reader of manifests against cargo, on every crate of every project in the tests and on the unusual projects below.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// The beginning of most manifests.
macro_rules! package {
    ($name:literal, $rest:literal) => {
        concat!("[package]\nname = \"", $name, "\"\nversion = \"0.1.0\"\nedition = \"2021\"\n", $rest)
    };
    ($name:literal) => {
        package!($name, "")
    };
}

mod odd;
mod random;
mod refused;

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Reader;
use crate::crates::cargo_metadata::Query;
use crate::crates::workspace::{Package, Workspace};
use crate::fs::Disk;

/// Everything that both must agree on, as text.
fn shown(workspace: &Workspace, package: &Package) -> String {
    let Workspace { root, target_directory, build_directory, packages: _ } = workspace;
    format!("{root:?}\n{target_directory:?}\n{build_directory:?}\n{package:#?}")
}

/// Compares both on every crate that cargo knows below `directory`. Returns how many there are, and what the manifests say about
/// the crates that cargo refuses.
fn compare(directory: &Path) -> Result<(usize, Vec<String>), String> {
    let directory = Disk::default().real_directory(directory);
    let mut compared = 0;
    let mut refused = Vec::new();
    let is_manifest = |entry: &walkdir::DirEntry| entry.file_name() == "Cargo.toml" && entry.file_type().is_file();
    let walk = WalkDir::new(&directory).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| entry.file_name() != "target");
    for manifest in walk.map(Result::unwrap).filter(is_manifest) {
        let manifest = manifest.into_path();
        let name = manifest.strip_prefix(&directory).unwrap().display().to_string();
        let answer = Query::asked(&manifest, &directory);
        // A reader with an empty cache, as for the first crate of a run.
        let read = |manifest: &Path| Reader::default().read(manifest, &directory, true);
        let is_refused = |manifest: &Path| Query::asked(manifest, &directory).is_err();
        match answer {
            Err(reason) => match read(&manifest) {
                Ok(_) => refused.push(format!("{name}: read, though {reason}")),
                Err(own) => refused.push(format!("{name}: {own}, and {reason}")),
            },
            Ok(workspace) => {
                for package in &workspace.packages {
                    let own = match read(&package.manifest) {
                        Ok(own) => own,
                        // cargo lists a member that belongs to another workspace, but refuses to read it directly.
                        Err(_) if is_refused(&package.manifest) => continue,
                        Err(reason) => return Err(format!("{name}: {reason}")),
                    };
                    let own_package = own.packages.iter().find(|own| own.manifest == package.manifest);
                    let found = own_package.map(|own_package| shown(&own, own_package)).unwrap_or_default();
                    let expected = shown(&workspace, package);
                    if found != expected {
                        return Err(format!("{name}: cargo says {expected}\nthe manifests say {found}"));
                    }
                    compared += 1;
                }
                let is_virtual = !workspace.packages.iter().any(|package| *package.manifest == *manifest);
                if is_virtual && !read(&manifest).is_ok_and(|own| own.packages.is_empty()) {
                    return Err(format!("{name}: it is virtual"));
                }
            }
        }
    }
    Ok((compared, refused))
}

/// Writes these files into a new project.
fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

/// A copy outside the repository, so that the cargo configuration of the repository does not apply.
fn copy(from: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for entry in WalkDir::new(from).into_iter().filter_entry(|entry| entry.file_name() != "target").map(Result::unwrap)
    {
        let target = dir.path().join(entry.path().strip_prefix(from).unwrap());
        if entry.path_is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
    dir
}

#[test]
fn cargo_and_the_manifests_agree_on_every_project_of_the_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = |of: PathBuf| {
        let entries = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<PathBuf>>()
    };
    let mut projects: Vec<PathBuf> = folders(root.join("tests/cases")).into_iter().flat_map(folders).collect();
    projects.extend(folders(root.join("tests/truth")));
    projects.extend(folders(root.join("examples")));
    projects.sort();
    let mut compared = 0;
    for project in projects {
        let (crates, _) =
            compare(copy(&project).path()).unwrap_or_else(|difference| panic!("{}: {difference}", project.display()));
        compared += crates;
    }
    assert!(compared > 100, "only {compared} crates were compared");
}
