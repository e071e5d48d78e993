//! Describes what the plan does about one finding.

use std::collections::BTreeSet;
use std::path::Path;

use super::compact;
use super::plan::{Draft, FixSummary};
use super::planned_key::PlannedKey;
use crate::fs::path;
use crate::inputs::InputId;
use crate::project::Scope;
use crate::project::finding::{Applicability, Defect, Finding, Remedy};

/// Why a key of the project at `directory` cannot name a file.
fn unspellable(directory: &Path, path: &Path) -> &'static str {
    match (path::relative(directory, path), path.to_str()) {
        (None, Some(_)) => "no key can name it: it is on another drive",
        _ => "no key can name it: its path contains glob characters",
    }
}

impl Draft<'_> {
    /// Why the finding cannot be fixed.
    pub(super) fn obstacle(&self, finding: &Finding) -> Option<&'static str> {
        if matches!(finding.remedy, Remedy::Replace(..)) && self.project.scope() == Scope::Keys {
            return Some("`--fix` does not replace this key: the inputs of this backend are not analysed");
        }
        if matches!(finding.remedy, Remedy::Replace(..)) && !self.project.inputs.complete() {
            return Some("fix CK303 first, then `--fix` can replace this key");
        }
        if let Remedy::Replace(index, _) | Remedy::Remove(index) = finding.remedy
            && let Some(reason) = self.kept.get(&index)
        {
            return Some(reason);
        }
        if finding.remedy == Remedy::None {
            return None;
        }
        let lost = finding.inputs.iter().find(|id| self.hopeless.contains(id))?;
        let planned = self.keys.iter().any(|key| key.inputs.contains(lost)) || compact::can_spell(self.project, *lost);
        let path = &self.project.inputs.get(*lost).path;
        Some(if planned {
            "no added key can cover it while a `!` key excludes it"
        } else {
            unspellable(&self.project.pyproject.dir, path)
        })
    }

    pub(super) fn fix(&self, finding: &Finding) -> Option<FixSummary> {
        let without_keys = |applicability, action: String| FixSummary::new(applicability, action, Vec::new());
        match &finding.remedy {
            Remedy::Cover => self.added(finding),
            // An entry is changed once, even if several rules ask for it.
            Remedy::Replace(index, _) | Remedy::Remove(index) if self.replacement(*index).is_some() => {
                self.replaced(*index)
            }
            Remedy::Replace(index, Defect::Unrelated) if !self.kept.contains_key(index) => {
                // The keys that replace this entry are planned only with unsafe fixes.
                let action = format!("narrow {} to what the build reads", self.entry(*index)?);
                Some(without_keys(Applicability::Unsafe, action))
            }
            Remedy::None | Remedy::Replace(..) => None,
            Remedy::Shorten if self.is_shortened => {
                let keys: Vec<String> = self.keys.iter().map(|planned| planned.key.describe()).collect();
                let old = self.replaced.iter().filter_map(|replacement| self.entry(replacement.index));
                let (kept, removed): (Vec<_>, Vec<_>) = old.partition(|key| keys.contains(key));
                let new = keys.into_iter().filter(|key| !kept.contains(key)).collect();
                Some(FixSummary::new(Applicability::Unsafe, "shorten the list with", new).removing(removed))
            }
            Remedy::Shorten => Some(without_keys(Applicability::Unsafe, "shorten the list".to_owned())),
            Remedy::Remove(index) if self.kept.contains_key(index) => None,
            Remedy::Remove(index) => {
                let entry = self.entry(*index)?;
                Some(without_keys(Applicability::Unsafe, format!("remove {entry}")).removing(vec![entry]))
            }
            Remedy::Rename(from) => Some(without_keys(Applicability::Safe, format!("rename `{from}` to `cache-keys`"))),
            Remedy::RemoveComment(at) => {
                let comment = self.project.pyproject.text().get(*at..)?.lines().next()?;
                Some(without_keys(Applicability::Unsafe, format!("remove `{comment}`")))
            }
            Remedy::RemoveReinstall(_) => {
                Some(without_keys(Applicability::Unsafe, "remove it from `reinstall-package`".to_owned()))
            }
        }
    }

    fn added(&self, finding: &Finding) -> Option<FixSummary> {
        let ids: BTreeSet<InputId> = finding.inputs.iter().copied().collect();
        let is_for = |planned: &&PlannedKey| match &planned.key {
            key if planned.inputs.is_empty() => finding.keys.contains(key),
            _ => !planned.inputs.is_disjoint(&ids),
        };
        let planned: Vec<&PlannedKey> = self.keys.iter().filter(is_for).collect();
        let keys: Vec<String> = planned.iter().map(|planned| planned.key.describe()).collect();
        let widened: Vec<String> =
            planned.iter().filter_map(|planned| planned.entry).filter_map(|index| self.entry(index)).collect();
        let action = if widened.is_empty() { "add".to_owned() } else { format!("replace {} with", widened.join(", ")) };
        let reachable = !keys.is_empty() && (ids.is_empty() || !ids.is_subset(&self.hopeless));
        reachable.then(|| FixSummary::new(Applicability::Safe, action, keys).removing(widened))
    }

    fn replaced(&self, index: usize) -> Option<FixSummary> {
        let replacement = self.replacement(index)?;
        let entries = self.project.pyproject.entries();
        let keys = replacement.keys(&mut self.keys.clone());
        let is_unsafe = replacement.is_unrelated || replacement.drops(&keys);
        let applicability = if is_unsafe { Applicability::Unsafe } else { Applicability::Safe };
        if keys.iter().any(|(key, _)| *key == entries[index].key) {
            return None;
        }
        let new = keys.iter().filter(|(key, _)| !entries.iter().any(|entry| entry.key == *key));
        let new: Vec<String> = new.map(|(key, _)| key.describe()).collect();
        let removed = if new.is_empty() { vec![self.entry(index)?] } else { self.with_absorbed(index)? };
        let all = removed.join(", ");
        let action = match (new.is_empty(), applicability) {
            (true, Applicability::Safe) => format!("remove {all}, other keys cover what it covered"),
            (true, Applicability::Unsafe) => format!("remove {all}"),
            _ => format!("replace {all} with"),
        };
        Some(FixSummary::new(applicability, action, new).removing(removed))
    }

    /// A harmful entry, and the entries that are replaced together with it.
    fn with_absorbed(&self, index: usize) -> Option<Vec<String>> {
        let is_harmful = self.replacement(index)?.is_harmful;
        let absorbed = self.replaced.iter().filter(|other| is_harmful && other.absorbed.is_some());
        let entries = std::iter::once(index).chain(absorbed.map(|other| other.index));
        entries.map(|index| self.entry(index)).collect()
    }

    fn entry(&self, index: usize) -> Option<String> {
        self.project.pyproject.entries().get(index).map(|entry| entry.key.describe())
    }
}

#[cfg(test)]
#[cfg(windows)]
mod tests {
    use super::*;

    #[test]
    fn another_drive_has_no_relative_path() {
        let reason = |path: &str| unspellable(Path::new(r"C:\work\project"), Path::new(path));
        assert_eq!(reason(r"D:\work\core\src\lib.rs"), "no key can name it: it is on another drive");
        assert_eq!(reason(r"C:\work\{core}\src\lib.rs"), "no key can name it: its path contains glob characters");
    }
}
