//! The crates that go into the build: those that the backend builds, and all their path dependencies except dev-dependencies.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use super::build_crate::Crate;
use super::patches;
use super::resolver::{Answer, Question, Refusal, Resolver};
use super::target_request::{Entry, Wanted};
use super::workspace::Workspace;
use crate::fs::disk::Known;
use crate::fs::{Disk, Resolved, path};

/// A crate to be looked up.
struct Wish {
    manifest: Resolved,
    via: String,
    is_entry: bool,
    /// Whether it overrides another crate (`[patch]`, `[replace]`, `paths`), or is a dependency of such a crate. cargo cannot be
    /// asked about its workspace.
    is_override: bool,
    wanted: Wanted,
}

/// What [`closure`] finds.
#[derive(Debug, Default)]
pub(crate) struct Closure {
    pub(crate) crates: Vec<Crate>,
    /// Why manifests or crates could not be read: the report is incomplete.
    pub(crate) failures: Vec<String>,
    /// The questions to the resolver that led to this result.
    pub(crate) questions: Vec<Question>,
}

/// Follows the path dependencies of `entries`.
pub(crate) fn closure(entries: Vec<Entry>, resolver: &Resolver, directory: &Resolved) -> Closure {
    let mut questions: Vec<Question> = Vec::new();
    let mut crates: Vec<Crate> = Vec::new();
    let mut failures: Vec<String> = Vec::new();
    let mut queue: VecDeque<Wish> = VecDeque::new();
    for Entry { manifest, wanted } in entries {
        // setuptools-rust may build a library and the binaries of one manifest.
        match queue.iter_mut().find(|known| known.manifest == manifest) {
            Some(known) if wanted == Wanted::Binaries => known.wanted = Wanted::Binaries,
            Some(_) => {}
            None => {
                let via = "built by the build backend".to_owned();
                queue.push_back(Wish { manifest, via, is_entry: true, is_override: false, wanted });
            }
        }
    }
    // The manifests seen so far, each with whether it was an entry.
    let mut seen: Known<bool> = Known::default();
    let mut are_overrides_known = false;
    loop {
        let Some(wish) = queue.pop_front() else {
            if std::mem::replace(&mut are_overrides_known, true) {
                break;
            }
            queue.extend(overrides(resolver.disk(), &crates, directory));
            continue;
        };
        // A package may be an entry and a dependency. The entry is still followed, because it may build binaries as well as the
        // library.
        if seen.get(wish.manifest.as_os_str()).is_some_and(|is_entry| *is_entry || !wish.is_entry) {
            continue;
        }
        seen.insert(wish.manifest.as_os_str().to_owned(), wish.is_entry);
        let answer = if wish.is_override {
            resolver.read(&wish.manifest, directory, wish.is_entry)
        } else {
            let Wish { manifest, is_entry, .. } = &wish;
            let answer = resolver.workspace_of(manifest, directory, *is_entry);
            let (manifest, directory) = (manifest.clone(), directory.clone());
            questions.push(Question { manifest, directory, is_entry: *is_entry });
            answer
        };
        match find(resolver.disk(), &wish, answer, directory) {
            Ok((workspace, package)) => {
                let Wish { via, is_entry, is_override, wanted, .. } = wish;
                let found = Crate { workspace, package, via, is_entry, is_override, wanted };
                queue.extend(dependencies(&found));
                queue.extend(found.bindgen().map(|manifest| Wish {
                    manifest,
                    via: format!("runs `uniffi-bindgen` for `{}`", found.name()),
                    is_entry: false,
                    is_override: false,
                    wanted: Wanted::Binaries,
                }));
                crates.push(found);
            }
            Err(reason) if failures.contains(&reason) => {}
            Err(reason) => failures.push(reason),
        }
    }
    Closure { crates, failures, questions }
}

fn find(disk: &Disk, wish: &Wish, answer: Answer, directory: &Path) -> Result<(Arc<Workspace>, usize), String> {
    let shown = path::display(directory, &wish.manifest);
    let workspace = answer.map_err(|refusal| match refusal {
        Refusal::Cargo(reason) => format!("cargo cannot read {shown}: {}", disk.shorten(&reason, directory)),
        Refusal::Manifest(reason) => format!("cannot read {shown}: {}", disk.shorten(&reason, directory)),
    })?;
    match workspace.position(&wish.manifest) {
        Some(package) => Ok((workspace, package)),
        None => Err(format!("{shown} is a virtual workspace manifest and has no crate to build")),
    }
}

/// The local crates that override others. Called once the needed crates are known.
fn overrides(disk: &Disk, crates: &[Crate], directory: &Path) -> Vec<Wish> {
    let mut roots: Vec<&Resolved> = Vec::new();
    let mut wishes = Vec::new();
    for entry in crates.iter().filter(|found| found.is_entry) {
        if !roots.contains(&&entry.workspace.root) {
            roots.push(&entry.workspace.root);
            let found = patches::overrides(disk, entry, crates, directory).into_iter();
            let wish =
                |(manifest, via)| Wish { manifest, via, is_entry: false, is_override: true, wanted: Wanted::Library };
            wishes.extend(found.map(wish));
        }
    }
    wishes
}

fn dependencies(from: &Crate) -> impl Iterator<Item = Wish> {
    from.package().dependencies.iter().filter_map(move |dependency| {
        let manifest = dependency.manifest.clone()?;
        let kind = if dependency.build { "build dependency" } else { "path dependency" };
        let via = format!("{kind} of `{}`", from.name());
        Some(Wish { manifest, via, is_entry: false, is_override: from.is_override, wanted: Wanted::Library })
    })
}
