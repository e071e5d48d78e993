//! What each remedy adds to the plan.

use super::edit::{Operation, REINSTALLED};
use super::plan::Draft;
use super::replace::Replacement;
use super::style::may_be_written;
use crate::project::Scope;
use crate::project::finding::{Defect, Finding, Remedy};

impl Draft<'_> {
    /// Adds the remedy of `finding` to the plan, as far as fixes of its kind may be applied.
    pub(super) fn lower(&mut self, finding: &Finding) {
        match &finding.remedy {
            Remedy::Cover => {
                self.wanted.extend(&finding.inputs);
                let new = |key: &&_| !self.others.contains(key);
                let new: Vec<_> = finding.keys.iter().filter(new).cloned().collect();
                self.others.extend(new);
            }
            Remedy::Replace(index, defect) => {
                self.wanted.extend(&finding.inputs);
                let applies = *defect != Defect::Unrelated || self.allow_unsafe;
                // If the inputs are not all known, the new keys might not cover some of them.
                let is_known = self.project.scope() == Scope::Rust && self.project.inputs.complete();
                if applies && is_known {
                    self.replace(*index, *defect, finding);
                }
            }
            Remedy::Shorten if self.allow_unsafe => {
                self.is_shortened = true;
                for (index, entry) in self.project.pyproject.entries().iter().enumerate() {
                    if may_be_written(&entry.key) {
                        self.replaced_at(index).is_limited = false;
                    }
                }
            }
            Remedy::Remove(index) if self.allow_unsafe => {
                self.removed.insert(*index);
            }
            Remedy::RemoveReinstall(index) if self.allow_unsafe => {
                self.apart.insert(Operation::Remove { list: REINSTALLED, index: *index });
            }
            Remedy::RemoveComment(at) if self.allow_unsafe => {
                self.apart.insert(Operation::RemoveComment { at: *at });
            }
            Remedy::Rename(from) => {
                self.first.get_or_insert_with(|| Operation::Rename { from: from.clone() });
            }
            Remedy::Shorten
            | Remedy::Remove(_)
            | Remedy::RemoveReinstall(_)
            | Remedy::RemoveComment(_)
            | Remedy::None => {}
        }
    }

    fn replace(&mut self, index: usize, defect: Defect, finding: &Finding) {
        let replacement = self.replaced_at(index);
        replacement.inputs.extend(&finding.inputs);
        replacement.is_unrelated &= defect == Defect::Unrelated;
        replacement.is_harmful |= defect == Defect::Harmful;
        replacement.is_limited &= defect == Defect::Harmless;
    }

    /// The replacement of an entry. Findings about the same entry share it.
    fn replaced_at(&mut self, index: usize) -> &mut Replacement {
        let at = self.replaced.partition_point(|replacement| replacement.index < index);
        if self.replaced.get(at).is_none_or(|replacement| replacement.index != index) {
            self.replaced.insert(at, Replacement::of(self.project, index));
        }
        &mut self.replaced[at]
    }
}
