//! Directories that are inputs, including files that are added to them later.

use std::path::Path;

use super::wheel::BINARIES;
use super::{Collector, Origin};
use crate::fs::{Resolved, resolve};
use crate::inputs::unread::Unread;
use crate::inputs::{Missing, Tree};

impl Collector<'_> {
    /// Adds a directory, or the files of one suffix in it.
    ///
    /// A glob over it must not match files that the build writes there. If git ignores something in the directory, each suffix
    /// has its own glob. If the build writes there, or the project itself lies there, the files are listed one by one.
    pub(super) fn directory(
        &mut self,
        directory: &Path,
        suffix: Option<&'static str>,
        origin: &Origin<'_>,
        reason: &str,
    ) {
        if !self.disk.is_dir(directory) {
            let place = self.disk.resolve(directory);
            let inside = suffix.map_or_else(|| "file".to_owned(), |suffix| format!("file.{suffix}"));
            self.missing.push(Missing { places: vec![place], inside: Some(inside), reason: reason.to_owned() });
            return;
        }
        let directory = self.disk.real_directory(directory);
        if self.is_beyond(&directory) {
            self.unresolved.push(format!("{reason}: the directory is outside the repository and is not walked"));
            return;
        }
        if suffix.is_none() && self.watches_package(&directory, origin, reason) {
            return;
        }
        let is_safe = self.may_be_globbed(&directory);
        let (files, is_mixed) = self.files_in(&directory);
        // git leaves an empty directory where a submodule is not checked out.
        if files.is_empty() && self.disk.is_in_missing_submodule(&directory) {
            self.unread.push(Unread::new(&directory, &resolve::MISSING_SUBMODULE));
        }
        // Python writes `__pycache__` beside the files that it imports.
        let is_imported = files.iter().any(|file| has_suffix(file, Some("py")));
        let whole = suffix.is_none() && !is_mixed && !is_imported;
        let tree = is_safe.then(|| Tree { directory: directory.clone(), whole });
        // No build reads `.gitignore`.
        let files = files.into_iter().filter(|file| has_suffix(file, suffix) && !file.ends_with(".gitignore"));
        let files: Vec<Resolved> = files.filter(|file| !self.is_written(file)).collect();
        for file in files {
            self.add(file, origin.gives, origin.in_crate, reason.to_owned(), tree.clone());
        }
    }

    /// The tree, unless an editable build or a generator of bindings writes files of this suffix into it.
    pub(super) fn bounded(&self, file: &Path, tree: Tree) -> Option<Tree> {
        let suffix = file.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
        if suffix == "rs" && !tree.whole {
            return Some(tree);
        }
        let is_generated = self.layout.generated.iter().any(|place| place.starts_with(&tree.directory));
        let is_written = self.layout.extensions.iter().any(|(place, _)| place.starts_with(&tree.directory));
        if is_written && BINARIES.contains(&suffix) || is_generated && suffix == "py" {
            return None;
        }
        Some(Tree { whole: tree.whole && !is_written && !is_generated, ..tree })
    }

    /// Whether the build writes nothing below a directory, and the project is not in it.
    pub(super) fn may_be_globbed(&self, directory: &Path) -> bool {
        let mut outputs = self.outputs.iter().chain(self.written.iter().map(|written| &written.path));
        !outputs.any(|output| output.starts_with(directory) || directory.starts_with(output))
            && !self.project.starts_with(directory)
    }

    /// The files below `directory` that git does not ignore, and whether git ignores other files there, or may later.
    pub(super) fn files_in(&mut self, directory: &Resolved) -> (Vec<Resolved>, bool) {
        if self.is_beyond(directory) {
            return (Vec::new(), false);
        }
        let (mut all, mut kept) = (Vec::new(), Vec::new());
        let enters = |place: &Resolved, _: bool| !self.outputs.contains(place);
        let unread = self.disk.walk_ignored(directory, enters, |file, kind, is_ignored| {
            if kind.is_file() || kind.is_symlink() && !self.disk.is_dir(&file) {
                kept.extend((!is_ignored).then(|| file.clone()));
                all.push(file);
            }
        });
        self.unread.extend(unread.iter().filter_map(Unread::of));
        let is_mixed = kept.len() < all.len() || kept.iter().any(|file| file.ends_with(".gitignore"));
        // If git ignores all files, the directory is generated: all of its files count.
        let (mut files, is_mixed) = if kept.is_empty() { (all, false) } else { (kept, is_mixed) };
        files.sort();
        (files, is_mixed)
    }
}

fn has_suffix(file: &Path, suffix: Option<&str>) -> bool {
    suffix.is_none_or(|suffix| file.extension().is_some_and(|extension| extension == suffix))
}
