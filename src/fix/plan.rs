//! Which keys to write: planned once a project, from the remedies of all findings together.
//!
//! Every step is checked by evaluating the list as it would be: no input that was covered may be lost.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::Operation;
use super::planned_key::PlannedKey;
use super::replace;
use crate::cache_keys::Key;
use crate::fs::resolve;
use crate::inputs::{InputId, Kind};
use crate::project::finding::{Applicability, Finding, Remedy};
use crate::project::{Keys, Project};

/// What mends one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fix {
    pub(crate) applicability: Applicability,
    /// What is done: "add", "replace { file = "src" } by".
    pub(crate) action: String,
    /// The keys that are written, as one would write them.
    pub(crate) keys: Vec<String>,
}

impl Fix {
    pub(super) fn new(applicability: Applicability, action: impl Into<String>, keys: Vec<String>) -> Self {
        Self { applicability, action: action.into(), keys }
    }
}

/// The edit that mends a project, and what it does for each finding.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) operations: Vec<Operation>,
    /// One for each finding, in their order.
    pub(crate) planned: Vec<Planned>,
}

/// What the plan holds for one finding.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) fix: Option<Fix>,
    /// Why some of it cannot be mended, where that was asked for.
    pub(crate) obstacle: Option<&'static str>,
}

/// Plans the edit for `findings`; with `allow_unsafe`, also what takes away something the user wrote.
pub(crate) fn plan(project: &Project, findings: &[&Finding], allow_unsafe: bool) -> Plan {
    let mut draft = Draft::new(project, findings, allow_unsafe);
    draft.settle();
    let planned = |finding: &&Finding| Planned { fix: draft.fix(finding), obstacle: draft.obstacle(finding) };
    Plan { operations: draft.operations(), planned: findings.iter().map(planned).collect() }
}

/// A plan in the making.
pub(super) struct Draft<'a> {
    pub(super) project: &'a Project,
    /// Inputs that must be covered when all is done.
    pub(super) wanted: BTreeSet<InputId>,
    /// Those of them that findings name.
    pub(super) asked: BTreeSet<InputId>,
    /// Keys of what is no file, that must be in the list.
    pub(super) others: Vec<Key>,
    /// Inputs that no key that may be written covers.
    pub(super) hopeless: BTreeSet<InputId>,
    /// Entries that give way, with keys for what else they covered.
    pub(super) replaced: Vec<replace::Replacement>,
    /// Those of them that must give way, whether or not anything comes in their place.
    harmful: BTreeSet<usize>,
    /// Entries that are taken away.
    pub(super) removed: BTreeSet<usize>,
    /// Entries that were to go, and stay: they cover what no other key can name.
    pub(super) indispensable: BTreeSet<usize>,
    /// Entries of `reinstall-package` that are taken away.
    kept_installed: BTreeSet<usize>,
    /// Comments that are taken away, by their first byte.
    uncommented: BTreeSet<usize>,
    allow_unsafe: bool,
    /// The misspelt list that gets its name. What else there is to do shows when it can be read.
    renamed: Option<String>,
    pub(super) keys: Vec<PlannedKey>,
}

impl<'a> Draft<'a> {
    fn new(project: &'a Project, findings: &[&Finding], allow_unsafe: bool) -> Self {
        // What no edit can mend may well be covered.
        let mended = findings.iter().filter(|finding| finding.remedy != Remedy::None);
        let wanted: BTreeSet<InputId> = mended.flat_map(|finding| finding.inputs.iter().copied()).collect();
        let mut others: Vec<Key> = Vec::new();
        for key in findings.iter().flat_map(|finding| &finding.keys) {
            if !others.contains(key) {
                others.push(key.clone());
            }
        }
        let replaceable = findings
            .iter()
            .filter_map(|finding| match finding.remedy {
                Remedy::Replace(index) | Remedy::Restate(index) => {
                    Some((index, finding.inputs.iter().copied().collect()))
                }
                Remedy::Narrow(index) if allow_unsafe => Some((index, BTreeSet::new())),
                _ => None,
            })
            .filter(|_| project.inputs.complete());
        let mut gives_way: BTreeMap<usize, BTreeSet<InputId>> = BTreeMap::new();
        for (index, inputs) in replaceable {
            gives_way.entry(index).or_default().extend::<BTreeSet<InputId>>(inputs);
        }
        let removed: BTreeSet<usize> = findings
            .iter()
            .filter_map(|finding| match finding.remedy {
                Remedy::Remove(index) => Some(index),
                _ => None,
            })
            .filter(|index| allow_unsafe && !gives_way.contains_key(index))
            .collect();
        let replaced =
            gives_way.into_iter().map(|(index, inputs)| replace::Replacement::of(project, index, inputs)).collect();
        let harmful = findings.iter().filter_map(|finding| match finding.remedy {
            Remedy::Replace(index) => Some(index),
            _ => None,
        });
        let kept_installed = findings.iter().filter(|_| allow_unsafe).filter_map(|finding| match finding.remedy {
            Remedy::KeepInstalled(index) => Some(index),
            _ => None,
        });
        let uncommented = findings.iter().filter(|_| allow_unsafe).filter_map(|finding| match finding.remedy {
            Remedy::Uncomment(at) => Some(at),
            _ => None,
        });
        let renamed = findings.iter().find_map(|finding| match &finding.remedy {
            Remedy::Rename(from) => Some(from.clone()),
            _ => None,
        });
        Self {
            project,
            asked: wanted.clone(),
            wanted,
            others,
            hopeless: BTreeSet::new(),
            replaced,
            harmful: harmful.collect(),
            removed,
            indispensable: BTreeSet::new(),
            kept_installed: kept_installed.collect(),
            uncommented: uncommented.collect(),
            allow_unsafe,
            renamed,
            keys: Vec::new(),
        }
    }

    /// The new list, from the same steps as [`Self::operations`].
    pub(super) fn list(&self) -> Vec<(Key, Option<Kind>)> {
        self.steps().0
    }

    fn operations(&self) -> Vec<Operation> {
        if let Some(from) = &self.renamed {
            return vec![Operation::Rename { from: from.clone() }];
        }
        let (list, operations) = self.steps();
        let mut operations = match self.project.keys {
            _ if operations.is_empty() => Vec::new(),
            Keys::Absent => vec![Operation::Create { keys: list.into_iter().map(|(key, _)| key).collect() }],
            Keys::Rejected(_) | Keys::Read(_) => operations,
        };
        // From the back, so that the indices before stay what they were.
        operations.extend(self.kept_installed.iter().rev().map(|index| Operation::KeepInstalled { index: *index }));
        // First of all, while they are where they were found.
        let uncommented = self.uncommented.iter().rev().map(|at| Operation::Uncomment { at: *at });
        uncommented.chain(operations).collect()
    }

    fn steps(&self) -> (Vec<(Key, Option<Kind>)>, Vec<Operation>) {
        let entries = self.project.pyproject.entries().iter().enumerate();
        let mut list: Vec<(Key, Option<Kind>)> =
            entries.map(|(index, entry)| (entry.key.clone(), self.rank(index, &entry.key))).collect();
        let mut operations = Vec::new();
        let mut unplaced = self.keys.clone();
        // From the back, so that the indices before stay what they were.
        for index in (0..list.len()).rev() {
            let replacement = self.replaced.iter().find(|replacement| replacement.index == index);
            let mut keys: Vec<(Key, Option<Kind>)> = match replacement {
                Some(replacement) => replacement.keys(&mut unplaced),
                None if self.removed.contains(&index) => Vec::new(),
                None => continue,
            };
            if replacement.is_some_and(|replacement| self.drops(replacement, &keys)) && !self.allow_unsafe {
                continue;
            }
            if replacement.is_some() && keys.iter().any(|(key, _)| *key == list[index].0) {
                // It is what would be written: the others come beside it.
                unplaced.extend(
                    keys.into_iter()
                        .filter_map(|(key, kind)| Some(PlannedKey { key, kind: kind?, inputs: BTreeSet::new() })),
                );
                continue;
            }
            keys.retain(|(key, _)| !list.iter().any(|(present, _)| present == key));
            list.splice(index..=index, keys.iter().cloned());
            operations.push(if keys.is_empty() {
                Operation::Remove { index }
            } else {
                Operation::Replace { index, keys: keys.into_iter().map(|(key, _)| key).collect() }
            });
        }
        for planned in unplaced {
            let key = planned.key;
            if list.iter().any(|(present, _)| *present == key) {
                continue;
            }
            let before = |(_, rank): &(Key, Option<Kind>)| rank.is_some_and(|rank| rank <= planned.kind);
            let index = list.iter().rposition(before).map_or(0, |last| last + 1);
            list.insert(index, (key.clone(), Some(planned.kind)));
            operations.push(Operation::Insert { index, key });
        }
        (list, operations)
    }

    /// Whether something that does no harm would be gone: to drop what the user wrote is never safe.
    pub(super) fn drops<K>(&self, replacement: &replace::Replacement, keys: &[K]) -> bool {
        replacement.drops(keys) && !self.harmful.contains(&replacement.index)
    }

    /// Where an entry of the user stands in the order of keys: at the first kind of input that it covers.
    fn rank(&self, index: usize, key: &Key) -> Option<Kind> {
        let ids = self.project.inputs.iter().filter(|(id, _)| self.project.covered_by(*id) == Some(index));
        ids.map(|(_, input)| input.kind).min().or(match key {
            Key::Env(_) => Some(Kind::Variable),
            Key::Git { .. } => Some(Kind::Git),
            Key::File(path) if path.ends_with("Cargo.lock") => Some(Kind::Lockfile),
            Key::File(path) if path.ends_with("Cargo.toml") => Some(Kind::Manifest),
            Key::File(path) if resolve::is_rust(path.as_ref()) => Some(Kind::Source),
            _ => None,
        })
    }
}
