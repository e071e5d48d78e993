//! The tests must test what is shipped. Their dependencies may enable features of libraries that the command uses too, so that
//! the command would behave differently when it is built for its users.
//!
//! Runs on Linux only, since libraries for other systems have other features.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Libraries for which the additional features change no result, and neither does `alloc` for any library: they add functions,
/// make functions faster, or add tables of characters that no pattern of this crate uses.
const HARMLESS: &[&str] = &[
    "either", "getrandom", "hashbrown", "linux-raw-sys", "mio", "num-traits", "potential_utf", "regex-automata",
    "regex-syntax", "rustix", "serde", "serde_core", "serde_json", "similar", "smallvec", "syn",
];

/// The features of each package and version.
fn features(arguments: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--locked", "--prefix", "none", "-f", "{p}|{f}"]).args(arguments);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let (package, features) = line.trim_end_matches(" (*)").split_once('|').unwrap();
        all.entry(package.to_owned()).or_default().extend(features.split(',').map(str::to_owned));
    }
    all
}

#[test]
fn the_tests_switch_nothing_on_that_the_command_lacks() {
    let (shipped, tested) = (features(&["-e", "no-dev"]), features(&[]));
    assert!(shipped.len() > 50 && tested.len() > shipped.len(), "{} of {}", shipped.len(), tested.len());
    for (package, own) in &shipped {
        let name = package.split(' ').next().unwrap();
        let is_more = |feature: &&String| !own.contains(*feature) && *feature != "alloc";
        let more: Vec<_> = tested.get(package).into_iter().flatten().filter(is_more).collect();
        assert!(more.is_empty() || HARMLESS.contains(&name), "{package} is tested with {more:?}");
    }
}
