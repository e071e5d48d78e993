//! The session of an editor: it keeps the state of the disk and cargo's answers from one check to the next.

pub(crate) mod analysis;
mod ignore;
pub(crate) mod keys;
pub(crate) mod related;

use std::path::Path;

use super::check::unjudged;
use super::discover::Candidate;
use super::outcome::Outcome;
use super::run;
use super::settings::Settings;
use crate::crates::resolver::Resolver;
use crate::error::Error;
use crate::fs::{Disk, resolve};
use crate::pyproject::options::Configuration;
use crate::rules::selection::Selection;
use analysis::Analysis;

/// What happened to a file on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The content has changed.
    Content,
    /// The file was created or removed.
    Existence,
}

/// Keeps what was read from the disk, and cargo's answers, from one check to the next. The caller has to report changes with
/// [`Session::forget`].
pub struct Session {
    settings: Settings,
    selection: Selection,
    disk: Disk,
    resolver: Resolver,
}

impl Session {
    /// Uses only those `settings` that say what to check and how to find crates. Nothing is ever written.
    ///
    /// # Errors
    ///
    /// An unknown rule in the settings.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let selection = settings.selection()?;
        let disk = Disk::default();
        let resolver = settings.resolver(&disk);
        Ok(Self { settings, selection, disk, resolver })
    }

    /// Uses this text instead of the content of the file at `path`. With `None`, the content of the file is used again.
    pub fn set_text(&mut self, path: &Path, text: Option<&str>) {
        self.disk.overlay(path, text);
    }

    /// Forgets what a change on the disk may have made outdated. cargo is asked again only if its answer may have changed.
    pub fn forget(&mut self, path: &Path, change: Change) {
        self.disk.forget(path);
        if may_change_crates(path, change) {
            self.resolver = self.settings.resolver(&self.disk);
        }
    }

    /// Analyses the project of the pyproject.toml at `path`; `None` if `check` would skip it.
    ///
    /// # Errors
    ///
    /// The text is not valid TOML, or a setting is wrong.
    pub fn analyse(&mut self, path: &Path) -> Result<Option<Analysis>, Error> {
        // No event comes for a pyproject.toml above the folders that the editor watches.
        self.disk.forget_texts("pyproject.toml");
        let configuration = Configuration::of(&self.disk, &self.settings.config, self.settings.isolated)?;
        let candidates = [Candidate::at(path.to_owned(), false)];
        let read = |candidate: &Candidate| run::read(&self.disk, candidate, &configuration);
        let work = |_: &Candidate, project| Outcome::done(Analysis::of(project, &self.selection));
        let progress = &self.settings.progress;
        let outcomes = run::each_of(&candidates, read, &mut self.resolver, None, progress, unjudged, work);
        match outcomes.into_iter().next() {
            Some(Outcome::Done(analysis, _)) => Ok(Some(*analysis)),
            Some(Outcome::Failed(error)) => Err(error),
            Some(Outcome::Skipped(_)) | None => Ok(None),
        }
    }

    /// Why manifests were read instead of asking cargo, one line each.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.resolver.notes()
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Whether a change may add or remove crates or their targets: cargo finds `src/bin/*.rs` and `build.rs` by itself.
fn may_change_crates(path: &Path, change: Change) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let steers_cargo = matches!(name, "Cargo.toml" | "Cargo.lock" | "rust-toolchain" | "rust-toolchain.toml")
        || path.parent().is_some_and(|directory| directory.ends_with(".cargo"));
    // A path without a suffix may be a directory.
    steers_cargo || change == Change::Existence && (resolve::is_rust(path) || path.extension().is_none())
}
