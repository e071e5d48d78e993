//! One walk of uv: its base on the disk, its compiled patterns, and the walk itself.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;

use walkdir::DirEntry;

use super::glob::{self, Pattern};
use super::matcher::{Matcher, Verdict};
use super::place::Place;
use super::system::System;
use crate::fs::{Disk, Resolved, path};

/// A group of globs with one walk.
#[derive(Debug)]
pub(super) struct Group {
    /// As in uv: relative to the project directory, with `/`; empty for the directory itself.
    pub(super) base: String,
    pub(super) patterns: Vec<Pattern>,
    pub(super) matcher: Matcher,
    system: System,
    disk: Disk,
    dir: Resolved,
    /// Looked up on first use, because keys are often compiled only to see whether they are valid.
    place: OnceLock<Option<Place>>,
}

/// What a walk encounters.
pub(super) enum Step<'a> {
    /// A directory is entered.
    Directory,
    /// A file is covered. `below` is its path relative to the base, `key` the key that decides.
    File { path: Resolved, below: &'a Path, key: usize },
}

impl Group {
    pub(super) fn new(system: System, disk: &Disk, dir: &Resolved, group: glob::Group, matcher: Matcher) -> Self {
        let glob::Group { base, patterns } = group;
        Group { base, patterns, matcher, system, disk: disk.clone(), dir: dir.clone(), place: OnceLock::new() }
    }

    /// Where the walk starts, symlinks resolved: uv enters a base that is a symlink. `None` if it can never exist.
    pub(super) fn place(&self) -> Option<&Place> {
        self.place.get_or_init(|| Place::of(self.system, &self.disk, &self.dir, &self.base)).as_ref()
    }

    /// Whether the walk covers the whole disk.
    pub(super) fn is_disk(&self) -> bool {
        self.place().is_some_and(|place| place.real.parent().is_none())
    }

    /// The part of `path` below the base; `None` if it is not below it.
    pub(super) fn below<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        let real = &self.place()?.real;
        let below = path::strip(path, real)?;
        (!below.as_os_str().is_empty()).then_some(below)
    }

    /// The key by which the walk covers a file at `path`.
    pub(super) fn takes(&self, path: &Path) -> Option<usize> {
        self.matcher.takes(self.below(path)?)
    }

    /// The keys that make uv walk into the directory at `dir`: those whose own base is `dir` or is above it.
    pub(super) fn walks_into(&self, dir: &Path) -> impl Iterator<Item = usize> {
        self.entered(dir)
            .into_iter()
            .flat_map(|below| self.patterns.iter().filter(move |pattern| below.starts_with(&pattern.below)))
            .map(|pattern| pattern.key)
    }

    /// The part of `dir` below the base, empty for the base itself, if the walk enters it.
    fn entered<'a>(&self, dir: &'a Path) -> Option<&'a Path> {
        let place = self.place()?;
        let is = |base: &Path| path::strip(dir, base).is_some_and(|below| below.as_os_str().is_empty());
        if is(&place.named) || is(&place.real) {
            return Some(Path::new(""));
        }
        let below = self.below(dir)?;
        // A symlink is only entered as the base. A path that does not exist yet counts as a directory.
        let enterable = dir.symlink_metadata().map_or(true, |found| found.is_dir());
        (enterable && !self.matcher.closes(below)).then_some(below)
    }

    /// Whether the pattern of `key` matches an existing file that the walk covers.
    pub(super) fn finds_any(&self, key: usize) -> bool {
        let Some(pattern) = self.patterns.iter().find(|pattern| pattern.key == key) else { return false };
        let Some(place) = self.place() else { return false };
        // A `!` pattern takes nothing, and a line with `#` is a comment.
        if pattern.text.starts_with(['!', '#']) {
            return false;
        }
        // Only files below the key's own base can match, unless the pattern contains a `\`: the matcher may then read the base
        // differently.
        let mut start = Path::new("");
        if !pattern.text.contains('\\') && !pattern.below.as_os_str().is_empty() {
            start = &pattern.below;
            let path = place.real.child(start);
            // The walk only enters it if no symlink is on the way.
            if self.matcher.closes(start) || self.disk.canonical(&path).as_ref() != Some(&path) {
                return false;
            }
        }
        self.walk(start, |step| match step {
            Step::File { below, key: decides, .. }
                if decides == key || self.takers(below).any(|taker| taker == key) =>
            {
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })
        .is_break()
    }

    /// The keys that match a file that the walk covers; `below` is relative to the base.
    pub(super) fn takers(&self, below: &Path) -> impl Iterator<Item = usize> {
        self.matcher.takers(below)
    }

    /// Walks as uv does, from `start`, which is relative to the base. The root of the disk is not walked.
    pub(super) fn walk(&self, start: &Path, mut visit: impl FnMut(Step) -> ControlFlow<()>) -> ControlFlow<()> {
        let Some(place) = self.place().filter(|_| !self.is_disk()) else { return ControlFlow::Continue(()) };
        // Joining an empty path would add a trailing `/`.
        let start = if start.as_os_str().is_empty() { place.real.clone() } else { place.real.child(start) };
        let mut entries = self.disk.below(&start).into_iter();
        while let Some(entry) = entries.next() {
            // uv skips entries that it cannot read, and warns about them with -v.
            let Ok(entry) = entry else { continue };
            let is_dir = entry.file_type().is_dir();
            let Some(below) = path::strip(entry.path(), &place.real) else { continue };
            // Without `!` patterns, all directories are entered.
            let is_asked = entry.depth() > 0 && (!is_dir || self.matcher.shuts());
            let verdict = if is_asked { self.matcher.verdict(below, is_dir) } else { Verdict::Unmatched };
            match verdict {
                Verdict::Shut if is_dir => entries.skip_current_dir(),
                _ if is_dir => visit(Step::Directory)?,
                Verdict::Taken(key) if is_file(&entry) => {
                    let path = place.real.met(entry.path().to_owned());
                    visit(Step::File { path, below, key })?;
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether an entry is a regular file or a symlink to one.
fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_file() || (entry.path_is_symlink() && entry.path().is_file())
}
