//! Reduces a case on which the two sides disagree.

use super::tree::Tree;
use super::trial;
use crate::cache_keys::Key;

/// Removes keys and files as long as the two sides still disagree.
pub(super) fn shrink(mut tree: Tree, mut keys: Vec<Key>) -> (Tree, Vec<Key>) {
    loop {
        let fewer_keys = (0..keys.len()).map(|at| (tree.clone(), without(&keys, at)));
        let fewer_files = (0..tree.files.len())
            .map(|at| Tree { files: without(&tree.files, at), ..tree.clone() })
            .chain((0..tree.links.len()).map(|at| Tree { links: without(&tree.links, at), ..tree.clone() }))
            .chain((0..tree.late.len()).map(|at| Tree { late: without(&tree.late, at), ..tree.clone() }))
            .chain((0..tree.dirs.len()).map(|at| Tree { dirs: without(&tree.dirs, at), ..tree.clone() }))
            .map(|tree| (tree, keys.clone()));
        let smaller = fewer_keys
            .chain(fewer_files)
            .find(|(tree, keys)| !trial::run(tree, std::slice::from_ref(keys)).disagreements.is_empty());
        match smaller {
            Some(found) => (tree, keys) = found,
            None => return (tree, keys),
        }
    }
}

fn without<T: Clone>(from: &[T], at: usize) -> Vec<T> {
    let mut rest = from.to_vec();
    rest.remove(at);
    rest
}
