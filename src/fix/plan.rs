//! Plans which keys to write. There is one plan for a project, made from the remedies of all findings together.
//!
//! Every step is checked by evaluating the new list: every input that was covered must still be covered.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{self, Operation};
use super::planned_key::PlannedKey;
use super::replace;
use crate::cache_keys::Key;
use crate::fs::resolve;
use crate::inputs::{InputId, Kind};
use crate::project::finding::{Applicability, Finding};
use crate::project::{Keys, Project};

/// What a fix does about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixSummary {
    /// Whether `--fix` applies it.
    pub applicability: Applicability,
    /// What is done: "add", "replace { file = \"src\" } with".
    pub action: String,
    /// The keys that are written, as they are written in pyproject.toml.
    pub keys: Vec<String>,
    /// The keys that are removed, as they are written in pyproject.toml.
    pub removed: Vec<String>,
}

impl FixSummary {
    pub(super) fn new(applicability: Applicability, action: impl Into<String>, keys: Vec<String>) -> Self {
        Self { applicability, action: action.into(), keys, removed: Vec::new() }
    }

    pub(super) fn removing(mut self, removed: Vec<String>) -> Self {
        self.removed = removed;
        self
    }

    /// The fix in one line: "add { file = \"Cargo.lock\" }".
    #[must_use]
    pub fn message(&self) -> String {
        if self.keys.is_empty() { self.action.clone() } else { format!("{} {}", self.action, self.keys.join(", ")) }
    }
}

/// The edit that fixes a project, and what it does for each finding.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) operations: Vec<Operation>,
    /// One entry for each finding, in the same order.
    pub(crate) planned: Vec<Planned>,
}

/// What the plan holds for one finding.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) fix: Option<FixSummary>,
    /// Why some of it cannot be fixed although a fix was requested.
    pub(crate) obstacle: Option<&'static str>,
}

/// Plans the edit for `findings`. With `allow_unsafe`, the edit may also remove what the user wrote.
pub(crate) fn plan(project: &Project, findings: &[&Finding], allow_unsafe: bool) -> Plan {
    let mut draft = Draft::new(project, findings, allow_unsafe);
    draft.settle();
    let planned = |finding: &&Finding| Planned { fix: draft.fix(finding), obstacle: draft.obstacle(finding) };
    Plan { operations: draft.operations(), planned: findings.iter().map(planned).collect() }
}

/// A plan that is being made.
pub(super) struct Draft<'a> {
    pub(super) project: &'a Project,
    pub(super) allow_unsafe: bool,
    /// Inputs that the new list must cover.
    pub(super) wanted: BTreeSet<InputId>,
    /// Those of them that findings name.
    pub(super) asked: BTreeSet<InputId>,
    /// Keys other than `file` keys that must be in the list.
    pub(super) others: Vec<Key>,
    /// Inputs that no possible key covers.
    pub(super) hopeless: BTreeSet<InputId>,
    /// Entries to replace, with keys for the other files that they covered.
    pub(super) replaced: Vec<replace::Replacement>,
    /// Whether entries are replaced by a wider glob that takes their suffixes.
    pub(super) has_absorbed: bool,
    /// Whether the whole list is replaced by a shorter one.
    pub(super) is_shortened: bool,
    /// Entries that are removed.
    pub(super) removed: BTreeSet<usize>,
    /// Entries that should be removed or replaced but stay, with the reason.
    pub(super) kept: BTreeMap<usize, &'static str>,
    /// Operations outside the list.
    pub(super) apart: BTreeSet<Operation>,
    /// An operation without which the list cannot be read. If there is one, it is the whole plan.
    pub(super) first: Option<Operation>,
    pub(super) keys: Vec<PlannedKey>,
}

impl<'a> Draft<'a> {
    fn new(project: &'a Project, findings: &[&Finding], allow_unsafe: bool) -> Self {
        let mut draft = Self {
            project,
            allow_unsafe,
            wanted: BTreeSet::new(),
            asked: BTreeSet::new(),
            others: Vec::new(),
            hopeless: BTreeSet::new(),
            replaced: Vec::new(),
            has_absorbed: false,
            is_shortened: false,
            removed: BTreeSet::new(),
            kept: BTreeMap::new(),
            apart: BTreeSet::new(),
            first: None,
            keys: Vec::new(),
        };
        for finding in findings {
            draft.lower(finding);
        }
        draft.asked.clone_from(&draft.wanted);
        let replaced: BTreeSet<usize> = draft.replaced.iter().map(|replacement| replacement.index).collect();
        draft.removed.retain(|index| !replaced.contains(index));
        draft
    }

    /// The new list, from the same steps as [`Self::operations`].
    pub(super) fn list(&self) -> Vec<(Key, Option<Kind>)> {
        self.steps().0
    }

    fn operations(&self) -> Vec<Operation> {
        if let Some(first) = &self.first {
            return vec![first.clone()];
        }
        let (list, operations) = self.steps();
        let operations = match self.project.keys {
            _ if operations.is_empty() => Vec::new(),
            Keys::Absent => vec![Operation::Create { keys: list.into_iter().map(|(key, _)| key).collect() }],
            Keys::Rejected(_) | Keys::Read(_) => self.on_lines(operations),
        };
        self.apart.iter().rev().cloned().chain(operations).collect()
    }

    /// If the operations make a one-line list too long, the list is first broken into lines.
    fn on_lines(&self, operations: Vec<Operation>) -> Vec<Operation> {
        let edited = edit::apply(self.project.pyproject.text(), &operations);
        let is_too_wide = edited.and_then(|edited| edit::is_too_wide(&edited)).unwrap_or(false);
        let first = is_too_wide.then_some(Operation::BreakLine);
        first.into_iter().chain(operations).collect()
    }

    fn steps(&self) -> (Vec<(Key, Option<Kind>)>, Vec<Operation>) {
        let entries = self.project.pyproject.entries().iter().enumerate();
        let mut list: Vec<(Key, Option<Kind>)> =
            entries.map(|(index, entry)| (entry.key.clone(), self.rank(index, &entry.key))).collect();
        let mut operations = Vec::new();
        let (extended, mut unplaced): (Vec<PlannedKey>, Vec<PlannedKey>) =
            self.keys.iter().cloned().partition(|planned| planned.entry.is_some());
        // From the last to the first, so that the indices of earlier entries do not change.
        for index in (0..list.len()).rev() {
            let replacement = self.replaced.iter().find(|replacement| replacement.index == index);
            let mut keys: Vec<(Key, Option<Kind>)> = match replacement {
                Some(replacement) => replacement.keys(&mut unplaced),
                None if self.removed.contains(&index) => Vec::new(),
                None => match extended.iter().find(|planned| planned.entry == Some(index)) {
                    Some(planned) => vec![(planned.key.clone(), Some(planned.kind))],
                    None => continue,
                },
            };
            if replacement.is_some_and(|replacement| replacement.drops(&keys)) && !self.allow_unsafe {
                continue;
            }
            if replacement.is_some() && keys.iter().any(|(key, _)| *key == list[index].0) {
                // The entry is one of the keys to write, so it stays. The other keys are added.
                unplaced.extend(keys.into_iter().filter_map(|(key, kind)| {
                    Some(PlannedKey { key, kind: kind?, inputs: BTreeSet::new(), entry: None })
                }));
                continue;
            }
            keys.retain(|(key, _)| !list.iter().any(|(present, _)| present == key));
            list.splice(index..=index, keys.iter().cloned());
            // The first key takes the place of the entry, so that its comments stay with it. The other keys follow.
            let mut keys = (index..).zip(keys).map(|(index, (key, _))| (index, key));
            operations.push(match keys.next() {
                Some((index, key)) => Operation::Replace { index, key },
                None => Operation::Remove { list: edit::NAME, index },
            });
            operations.extend(keys.map(|(index, key)| Operation::Insert { index, key }));
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

    /// The place of a user's entry in the order of keys: the first kind of input that it covers.
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
