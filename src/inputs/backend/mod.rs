//! The build backend: where it finds the crates, what it reads itself, and what it writes.

pub(crate) mod definition;
pub(crate) mod in_tree;
pub(crate) mod maturin;
pub(crate) mod setuptools;

use crate::crates::target_request::{Entry, Wanted};
use crate::fs::Disk;
use crate::pyproject::{Backend, Pyproject};

/// The manifests that a project names.
#[derive(Debug, Default)]
pub(crate) struct Manifests {
    /// The manifests that were found.
    pub(crate) entries: Vec<Entry>,
    /// Why other manifests could not be found.
    pub(crate) failures: Vec<String>,
    /// Whether nothing names a manifest to build. The requirement of setuptools-rust may then be a leftover.
    pub(crate) are_missing: bool,
}

/// The manifests that the backend builds.
pub(crate) fn manifests(disk: &Disk, pyproject: &Pyproject) -> Manifests {
    let mut found = match pyproject.backend {
        Some(Backend::Maturin) => match maturin::entry(disk, pyproject) {
            Ok(entry) => Manifests { entries: vec![entry], ..Manifests::default() },
            Err(reason) => Manifests { failures: vec![reason], are_missing: true, ..Manifests::default() },
        },
        Some(Backend::SetuptoolsRust) => setuptools::manifests(disk, pyproject),
        Some(Backend::Manifests) | None => Manifests::default(),
    };
    for relative in &pyproject.options.manifests {
        let manifest = pyproject.dir.join(relative.text());
        if !disk.is_file(&manifest) {
            let reason = format!("`manifests` of `[tool.cachekeys]` names `{}`, which does not exist", relative.text());
            found.failures.push(reason);
            continue;
        }
        let manifest = disk.resolve(&manifest);
        if !found.entries.iter().any(|entry| entry.manifest == manifest) {
            found.entries.push(Entry { manifest, wanted: Wanted::Detect });
        }
    }
    found
}
