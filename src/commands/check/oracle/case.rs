//! Random lists of keys in random trees, with random inputs.

use proptest::prelude::*;

use crate::cache_keys::Key;
use crate::cache_keys::oracle::random::{Random, tree};
use crate::cache_keys::oracle::random_keys;
use crate::cache_keys::oracle::tree::Tree;

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) tree: Tree,
    pub(super) keys: Vec<Key>,
    /// Files that are inputs by themselves, by index.
    pub(super) single: Vec<prop::sample::Index>,
    /// Directories of which all `.rs` files are inputs, by index.
    pub(super) sources: Vec<prop::sample::Index>,
}

pub(super) fn case() -> impl Strategy<Value = Case> {
    let some = |most: usize| prop::collection::vec(any::<prop::sample::Index>(), 0..most);
    let kept = |most: usize| prop::collection::vec(any::<bool>(), most);
    (any::<u64>().no_shrink(), kept(40), kept(10), some(5), some(3)).prop_map(|(seed, files, keys, single, sources)| {
        let mut random = Random(seed);
        let mut made = tree(&mut random);
        made.late.clear();
        // If an input is reached through a symlink, uv may notice a change by the name of the symlink. A fix need not preserve
        // that.
        let leads_to = |target: &str| {
            made.files.iter().any(|file| !file.starts_with("out/") && target.trim_start_matches("../") == file)
        };
        made.links.retain(|(_, target)| !leads_to(target));
        for file in
            ["proj/target/release/build/t-0/out/host.rs", "proj/.venv/pyvenv.cfg", "proj/src/lib.rs", "sib/src/lib.rs"]
        {
            let links = made.links.iter().map(|(link, _)| link);
            let mut taken = made.files.iter().chain(links);
            if !taken.any(|known| known == file || file.starts_with(&format!("{known}/"))) {
                made.files.push(file.to_owned());
            }
        }
        let list = random_keys::keys(&mut random, &made);
        let keep = |kept: &[bool], at: usize| kept.get(at).copied().unwrap_or(true);
        let list: Vec<Key> =
            list.into_iter().enumerate().filter(|(at, _)| keep(&keys, *at)).map(|(_, key)| key).collect();
        let all = std::mem::take(&mut made.files);
        made.files = all.into_iter().enumerate().filter(|(at, _)| keep(&files, *at)).map(|(_, file)| file).collect();
        Case { tree: made, keys: list, single, sources }
    })
}
