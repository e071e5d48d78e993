//! Compares the results for uv's side with uv's own code, the crate `uv-cache-info`, in two versions.
//!
//! Runs on Linux, with names of any bytes, and on Windows. Not on macOS, whose file systems compare names differently.
//!
//! `CACHEKEYS_ORACLE_CASES` sets the number of random lists of keys to try. `CACHEKEYS_SEED` repeats a run.

// The tables contain uv's results on Linux. On Windows, it reads most globs differently.
#[cfg(target_os = "linux")]
mod odd;
pub(crate) mod random;
pub(crate) mod random_keys;
mod shrink;
#[cfg(target_os = "linux")]
mod tables;
pub(crate) mod tree;
pub(crate) mod trial;
pub(crate) mod uv;

use std::time::{SystemTime, UNIX_EPOCH};

use random::Random;

/// The number of lists for one tree.
const LISTS: usize = 25;

/// The number of lists in all, each with both versions. Files take longer on Windows.
const CASES: u64 = if cfg!(windows) { 600 } else { 2000 };

#[test]
#[expect(clippy::print_stdout, reason = "the seed is what replays a run")]
fn random_keys_cover_what_uv_covers() {
    let variable = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let cases = usize::try_from(variable("CACHEKEYS_ORACLE_CASES").unwrap_or(CASES)).unwrap();
    let seed = variable("CACHEKEYS_SEED")
        .unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos().into());
    println!("CACHEKEYS_SEED={seed}");
    let (mut covered, mut rejected) = (0, 0);
    for round in 0..cases.div_ceil(LISTS) {
        let mut random = Random(seed.wrapping_add(round as u64));
        let tree = random::tree(&mut random);
        let lists: Vec<_> = (0..LISTS).map(|_| random_keys::keys(&mut random, &tree)).collect();
        let outcome = trial::run(&tree, &lists);
        if let Some((list, what)) = outcome.disagreements.first() {
            let (tree, keys) = shrink::shrink(tree, lists[*list].clone());
            let small = trial::run(&tree, std::slice::from_ref(&keys)).disagreements;
            panic!("seed {seed}, round {round}: {what}\nthe smallest such case:\n{keys:#?}\n{tree:#?}\n{small:#?}");
        }
        covered += outcome.covered.iter().flatten().filter(|files| !files.is_empty()).count();
        rejected += outcome.covered.iter().filter(|files| files.is_none()).count();
    }
    println!("{cases} cases: {covered} cover something, {rejected} are rejected");
    // Lists that cover nothing would agree with any result.
    assert!(cases < 500 || (covered * 3 > cases && rejected * 100 > cases), "{covered}, {rejected} of {cases}");
}
