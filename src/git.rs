//! What git would say of a path, from its ignore files alone: git is not run, and no index is read.

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use crate::looked_up::{self, known};
use crate::paths;

/// Whether the `.gitignore` files of the repository around `path` (resolved) ignore it.
pub(crate) fn ignores(path: &Path) -> bool {
    // Nothing is there, and each directory on the way would be asked about.
    if path.as_os_str().len() > paths::LONGEST {
        return false;
    }
    known(|known| &mut known.ignored, path, || look_up(path))
}

fn look_up(path: &Path) -> bool {
    let Some(repository) = path.parent().and_then(paths::repository) else { return false };
    let Ok(below) = path.strip_prefix(repository) else { return false };
    let mut builder = GitignoreBuilder::new(repository);
    let mut directory = repository.to_owned();
    // Only of files: to open a FIFO is to wait for somebody who writes.
    let mut add = |directory: &Path| {
        let rules = directory.join(".gitignore");
        if looked_up::is_file(&rules) {
            builder.add(rules);
        }
    };
    for component in below.parent().unwrap_or(Path::new("")).components() {
        add(&directory);
        directory.push(component);
    }
    add(&directory);
    builder.build().is_ok_and(|gitignore| gitignore.matched_path_or_any_parents(below, false).is_ignore())
}
