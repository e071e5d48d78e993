//! Which keys to write: planned once a project, from the remedies of all findings together.
//!
//! Every step is checked by evaluating the list as it would be: no input that was covered may be lost.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::Operation;
use super::few;
use super::key::PlannedKey;
use super::replace;
use crate::cache_keys::{Coverage, Key};
use crate::finding::{Applicability, Finding, Remedy};
use crate::inputs::{InputId, Kind};
use crate::paths;
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
    fn new(applicability: Applicability, action: impl Into<String>, keys: Vec<String>) -> Self {
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
struct Draft<'a> {
    project: &'a Project,
    /// Inputs that must be covered when all is done.
    wanted: BTreeSet<InputId>,
    /// Keys of what is no file, that must be in the list.
    others: Vec<Key>,
    /// Inputs that no key that may be written covers.
    hopeless: BTreeSet<InputId>,
    /// Entries that give way, with keys for what else they covered.
    replaced: Vec<replace::Replacement>,
    /// Entries that are taken away.
    removed: BTreeSet<usize>,
    keys: Vec<PlannedKey>,
}

impl<'a> Draft<'a> {
    fn new(project: &'a Project, findings: &[&Finding], allow_unsafe: bool) -> Self {
        let wanted = findings.iter().flat_map(|finding| finding.inputs.iter().copied()).collect();
        let mut others: Vec<Key> = Vec::new();
        for key in findings.iter().flat_map(|finding| &finding.keys) {
            if !others.contains(key) {
                others.push(key.clone());
            }
        }
        let gives_way: BTreeMap<usize, BTreeSet<InputId>> = findings
            .iter()
            .filter_map(|finding| match finding.remedy {
                Remedy::Replace(index) => Some((index, finding.inputs.iter().copied().collect())),
                _ => None,
            })
            .filter(|_| project.inputs.complete())
            .collect();
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
        Self { project, wanted, others, hopeless: BTreeSet::new(), replaced, removed, keys: Vec::new() }
    }

    /// Plans keys until every wanted input is covered in the list as it will be, or known to be out of reach: a `!` key
    /// may take a file away again, and a new glob may change the meaning of one that the user wrote.
    fn settle(&mut self) {
        let nothing_new = self.wanted.is_empty() && self.others.is_empty();
        if nothing_new && self.replaced.is_empty() && self.removed.is_empty() {
            return;
        }
        self.want_what_replaced_keys_covered();
        for _ in 0..4 {
            let wanted: Vec<InputId> = self.wanted.difference(&self.hopeless).copied().collect();
            self.keys = few::keys(self.project, &wanted);
            self.keys.extend(self.others.iter().map(|key| PlannedKey {
                key: key.clone(),
                kind: if matches!(key, Key::Git { .. }) { Kind::Git } else { Kind::Variable },
                inputs: BTreeSet::new(),
            }));
            let missed: BTreeSet<InputId> = self.missed().collect();
            if missed.is_subset(&self.hopeless) {
                return;
            }
            self.hopeless.extend(missed.intersection(&self.wanted));
            self.wanted.extend(missed);
        }
    }

    fn want_what_replaced_keys_covered(&mut self) {
        let Some(coverage) = self.project.coverage().filter(|_| !self.replaced.is_empty()) else { return };
        let gone: BTreeSet<usize> = self.replaced.iter().map(|replacement| replacement.index).collect();
        for (id, input) in self.project.inputs.iter().filter(|(_, input)| input.is_judged()) {
            let covering = coverage.covering_keys(&input.path);
            if !covering.is_empty() && covering.iter().all(|index| gone.contains(index)) {
                self.wanted.insert(id);
            }
            for replacement in &mut self.replaced {
                if covering.contains(&replacement.index) {
                    replacement.inputs.insert(id);
                }
            }
        }
    }

    /// The inputs that were covered or are wanted, and would not be covered by the new list.
    fn missed(&self) -> impl Iterator<Item = InputId> {
        let keys: Vec<Key> = self.list().into_iter().map(|(key, _)| key).collect();
        let coverage = Coverage::compile(&self.project.pyproject.dir, &keys).ok();
        self.project.inputs.iter().filter_map(move |(id, input)| {
            let matters = self.wanted.contains(&id) || self.project.covered_by(id).is_some();
            let covered = coverage.as_ref().is_some_and(|coverage| coverage.covering_key(&input.path).is_some());
            (matters && !covered).then_some(id)
        })
    }

    /// The new list, from the same steps as [`Self::operations`].
    fn list(&self) -> Vec<(Key, Option<Kind>)> {
        self.steps().0
    }

    fn operations(&self) -> Vec<Operation> {
        let (list, operations) = self.steps();
        match self.project.keys {
            _ if operations.is_empty() => Vec::new(),
            Keys::Absent => vec![Operation::Create { keys: list.into_iter().map(|(key, _)| key).collect() }],
            Keys::Rejected(_) | Keys::Read(_) => operations,
        }
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
            let keys: Vec<(Key, Option<Kind>)> = match replacement {
                Some(replacement) => replacement.keys(&mut unplaced),
                None if self.removed.contains(&index) => Vec::new(),
                None => continue,
            };
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

    /// Where an entry of the user stands in the order of keys: at the first kind of input that it covers.
    fn rank(&self, index: usize, key: &Key) -> Option<Kind> {
        let ids = self.project.inputs.iter().filter(|(id, _)| self.project.covered_by(*id) == Some(index));
        ids.map(|(_, input)| input.kind).min().or(match key {
            Key::Env(_) => Some(Kind::Variable),
            Key::Git { .. } => Some(Kind::Git),
            Key::File(path) if path.ends_with("Cargo.lock") => Some(Kind::Lockfile),
            Key::File(path) if path.ends_with("Cargo.toml") => Some(Kind::Manifest),
            Key::File(path) if paths::is_rust(path.as_ref()) => Some(Kind::Source),
            _ => None,
        })
    }

    /// Why nothing can be written for the inputs of a finding.
    fn obstacle(&self, finding: &Finding) -> Option<&'static str> {
        if matches!(finding.remedy, Remedy::Replace(_)) && !self.project.inputs.complete() {
            return Some("it can be replaced once the project can be read as a whole, see CK303");
        }
        let lost = finding.inputs.iter().find(|id| self.hopeless.contains(id))?;
        let wanted = matches!(finding.remedy, Remedy::Cover | Remedy::Replace(_));
        let planned = self.keys.iter().any(|key| key.inputs.contains(lost)) || few::can_spell(self.project, *lost);
        wanted.then_some(if planned {
            "no key that is added covers it while a `!` key takes it away again"
        } else {
            "no key can name it: its path has characters that mean something in a glob"
        })
    }

    fn fix(&self, finding: &Finding) -> Option<Fix> {
        let entry = |index: usize| self.project.pyproject.entries().get(index).map(|entry| entry.key.describe());
        match finding.remedy {
            Remedy::None => None,
            Remedy::Cover => {
                let ids: BTreeSet<InputId> = finding.inputs.iter().copied().collect();
                let is_for = |planned: &&PlannedKey| match &planned.key {
                    key @ (Key::Env(_) | Key::Git { .. }) => finding.keys.contains(key),
                    _ => !planned.inputs.is_disjoint(&ids),
                };
                let keys = self.keys.iter().filter(is_for);
                let keys: Vec<String> = keys.map(|planned| planned.key.describe()).collect();
                let reachable = !keys.is_empty() && (ids.is_empty() || !ids.is_subset(&self.hopeless));
                reachable.then(|| Fix::new(Applicability::Safe, "add", keys))
            }
            Remedy::Replace(index) => {
                let replacement = self.replaced.iter().find(|replacement| replacement.index == index)?;
                let keys = replacement.keys(&mut self.keys.clone());
                let keys: Vec<String> = keys.iter().map(|(key, _)| key.describe()).collect();
                let action = if keys.is_empty() {
                    format!("remove {}, other keys cover what it covered", entry(index)?)
                } else {
                    format!("replace {} by", entry(index)?)
                };
                Some(Fix::new(Applicability::Safe, action, keys))
            }
            Remedy::Remove(index) => {
                Some(Fix::new(Applicability::Unsafe, format!("remove {}", entry(index)?), Vec::new()))
            }
        }
    }
}
