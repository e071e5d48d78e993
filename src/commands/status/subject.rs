//! What all parts of the status need to know about a project.

use std::path::Path;

use pep440_rs::Version;

use super::distribution::Distribution;
use super::environment::{Python, is_same};
use super::settings::UvSettings;
use super::uv_cache::{self, Revision};
use crate::cache_keys::{CacheInfo, Coverage, GitReading, Noted};
use crate::fs::{Disk, Resolved, path};
use crate::inputs::Written;
use crate::pyproject::Pyproject;

/// What all parts of the status need to know about a project.
pub(super) struct Subject<'a> {
    pub(super) disk: &'a Disk,
    pub(super) pyproject: &'a Pyproject,
    /// `project.name`.
    pub(super) name: &'a str,
    pub(super) coverage: &'a Coverage,
    /// Files that build scripts write into the source tree.
    pub(super) written: &'a [Written],
    pub(super) settings: UvSettings,
    pub(super) environment: Resolved,
    pub(super) python: Option<Python>,
    /// `None` means the newest version.
    pub(super) uv: Option<Version>,
}

impl Subject<'_> {
    pub(super) fn shown(&self, path: &Path) -> String {
        path::display(&self.pyproject.dir, path)
    }

    pub(super) fn noted(&self, stored: &CacheInfo) -> Noted {
        let is_old = self.uv.as_ref().is_some_and(|uv| *uv < Version::new([0, 11, 20]));
        self.coverage.cache_info(stored, if is_old { GitReading::LooseOnly } else { GitReading::Whole })
    }

    /// The last build that uv has in its cache for the URL of this project.
    pub(super) fn revision(&self, distribution: Option<&Distribution>, editable: bool) -> Option<Revision> {
        let dir = &self.pyproject.dir;
        let known = distribution.and_then(|found| found.source.as_ref());
        let known = known.filter(|source| source.path().is_some_and(|path| is_same(self.disk, &path, dir)));
        let url = known.map_or_else(|| uv_cache::url_of(dir), |source| Some(source.url.clone()))?;
        Revision::last(self.disk, &self.settings, &url, editable)
    }
}
