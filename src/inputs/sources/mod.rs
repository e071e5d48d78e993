//! The sources of a target: all `.rs` files below its directory, or its module tree if the directory is too wide for a glob.

pub(crate) mod declarations;
mod lexemes;
pub(crate) mod modules;
pub(crate) mod tokens;

use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::unread::Unread;
use crate::fs::disk::Tree;
use crate::fs::{Disk, Resolved, path, resolve};
use modules::Followed;

/// The sources of a target.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Each file once, with the directory if every `.rs` file below it counts, and `None` if the file counts by itself.
    pub(super) files: Vec<(Resolved, Option<Resolved>)>,
    pub(super) unread: Vec<Unread>,
}

/// What a glob over sources must not reach.
pub(super) struct Fence {
    /// The package and the project. No tree may be or contain them.
    pub(super) around: Vec<Resolved>,
    /// The directories where the build writes. No tree may be or contain them either.
    pub(super) outputs: Vec<Resolved>,
    /// The repository and the crates. All trees must be within them.
    pub(super) within: Vec<PathBuf>,
}

impl Fence {
    /// Whether a glob below `directory` covers sources only.
    fn admits(&self, disk: &Disk, directory: &Path) -> bool {
        // A directory with a manifest is the root of a crate, and contains its `target/` and tests.
        !disk.has_file(directory, "Cargo.toml")
            && !self.around.iter().chain(&self.outputs).any(|fenced| path::is_within(fenced, directory))
    }

    /// Whether a directory is in the repository or in a crate, and not anywhere else on the disk.
    fn holds(&self, directory: &Path) -> bool {
        self.within.iter().any(|ground| path::is_within(directory, ground))
    }
}

/// The sources of the target whose root file is `root`. `skip` names files and directories of targets that are not built.
pub(super) fn of_target(disk: &Disk, root: &Resolved, fence: &Fence, skip: &[Resolved]) -> Sources {
    let directory = &root.around();
    disk.list(directory);
    if fence.admits(disk, directory) && fence.holds(directory) {
        let mut sources = Sources::default();
        tree(disk, directory, fence, skip, &mut sources);
        // The root counts even if it does not exist, cannot be read or does not end in `.rs`.
        if !sources.files.iter().any(|(path, _)| path == root) {
            sources.files.push((root.clone(), resolve::is_rust(root).then(|| directory.clone())));
        }
        sources
    } else {
        of_modules(disk, root, fence)
    }
}

/// The files of the module tree of `root`. A directory below the root's own becomes a tree, so that new files in it count too.
pub(super) fn of_modules(disk: &Disk, root: &Resolved, fence: &Fence) -> Sources {
    let directory = root.around();
    let (files, unread) = modules_of(disk, root);
    let files = files
        .iter()
        .cloned()
        .map(|file| {
            let below = file.strip_prefix(&directory).ok().and_then(|below| below.parent()?.components().next());
            let tree = below
                .map(|first| directory.child(first))
                .filter(|tree| fence.admits(disk, tree) && resolve::is_rust(&file));
            (file, tree)
        })
        .collect();
    Sources { files, unread }
}

/// The files of the module tree of `root`. The result is cached, because many projects may share a crate.
fn modules_of(disk: &Disk, root: &Resolved) -> (Arc<[Resolved]>, Vec<Unread>) {
    if let Some(files) = disk.seen.modules.get(root) {
        return (files, Vec::new());
    }
    let Followed { files, unread } = modules::follow(disk, root);
    let files: Arc<[Resolved]> = files.into_iter().collect();
    if unread.is_empty() {
        disk.seen.modules.put(root, Arc::clone(&files));
    }
    (files, unread)
}

/// False for a directory, a FIFO, a socket and a device, even if its name looks like a source. A symlink may lead to a file
/// later.
fn may_be_file(kind: FileType) -> bool {
    kind.is_file() || kind.is_symlink()
}

/// Adds all `.rs` files below `directory`, except those of nested packages. A symlinked directory is a tree of its own, because
/// uv does not enter it.
fn tree(disk: &Disk, directory: &Resolved, fence: &Fence, skip: &[Resolved], sources: &mut Sources) {
    let mut pending = vec![directory.clone()];
    let mut seen: Vec<Resolved> = Vec::new();
    let is_skipped = |path: &Path| skip.iter().any(|skipped| path::is_within(path, skipped));
    while let Some(tree) = pending.pop() {
        if seen.iter().any(|earlier| tree.starts_with(earlier)) {
            continue;
        }
        // A symlink may lead to a directory above the one that it was found in.
        sources.files.retain(|(path, _)| seen.is_empty() || !path.starts_with(&tree));
        seen.push(tree.clone());
        let (found, unread) = below(disk, &tree);
        sources.unread.extend(unread.into_iter().filter(|unread| !is_skipped(&unread.path)));
        for link in found.links.iter().filter(|link| !is_skipped(link)) {
            let real = disk.real_directory(link);
            if !fence.holds(&real) {
                let reason = "a symlink that leads out of the repository is not followed";
                sources.unread.push(Unread::new(link, &reason));
            } else if fence.admits(disk, &real) {
                pending.push(real);
            }
        }
        let files = found.files.iter().filter(|path| !is_skipped(path));
        sources.files.extend(files.map(|path| (path.clone(), Some(tree.clone()))));
    }
}

/// The `.rs` files and the symlinks below a directory. The result is cached, because many projects may share a crate.
fn below(disk: &Disk, directory: &Resolved) -> (Arc<Tree>, Vec<Unread>) {
    if let Some(found) = disk.seen.trees.get(directory) {
        return (found, Vec::new());
    }
    let mut found = Tree::default();
    let enters = |inside: &Path| {
        disk.list(inside);
        // A directory with a manifest is another package.
        !disk.has_file(inside, "Cargo.toml")
    };
    let failed = disk.walk(directory, enters, |around, name, kind| {
        if kind.is_symlink() && disk.is_dir(&path::join(around, name)) {
            found.links.push(path::join(around, name));
        } else if may_be_file(kind) && resolve::is_rust(Path::new(name)) {
            found.files.push(directory.met(path::join(around, name)));
        }
    });
    let unread: Vec<Unread> = failed.iter().filter_map(Unread::of).collect();
    // The order must not depend on the machine: if two files name the same file, the first is reported.
    found.files.sort();
    found.links.sort();
    let found = Arc::new(found);
    if unread.is_empty() {
        disk.seen.trees.put(directory, Arc::clone(&found));
    }
    (found, unread)
}
