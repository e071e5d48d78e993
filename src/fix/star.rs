//! Covers files of one name in many crates with a star, as the user's own keys do: `*/build.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::directories::{MANY, STAR};
use super::planned_key::PlannedKey;
use crate::cache_keys::Key;
use crate::inputs::Kind;
use crate::project::Project;

/// Replaces literal keys for files of one name in [`MANY`] or more crates with one starred key, if that matches nothing else.
pub(super) fn starred(project: &Project, mut keys: Vec<PlannedKey>) -> Vec<PlannedKey> {
    let mut alike: BTreeMap<(Kind, String), Vec<PlannedKey>> = BTreeMap::new();
    for key in std::mem::take(&mut keys) {
        let text = key.key.text();
        match text.split_once('/') {
            Some((around, name)) if around != ".." && !name.contains('/') && !key.key.is_glob() => {
                alike.entry((key.kind, name.to_owned())).or_default().push(key);
            }
            _ => keys.push(key),
        }
    }
    let inputs: BTreeSet<&Path> = project.inputs.files.iter().map(|input| &*input.path).collect();
    for ((kind, name), named) in alike {
        let key = Key::File(format!("{STAR}{name}"));
        let matches_inputs_alone = || {
            let walk = project.coverage_of(std::slice::from_ref(&key))?.walk();
            Some(walk.keys.first()?.files.iter().all(|file| inputs.contains(&**file)))
        };
        if named.len() >= MANY && matches_inputs_alone() == Some(true) {
            let inputs = named.into_iter().flat_map(|key| key.inputs).collect();
            keys.push(PlannedKey { key, kind, inputs, entry: None });
        } else {
            keys.extend(named);
        }
    }
    keys
}
