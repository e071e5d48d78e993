//! Finds keys that cover the wanted inputs. The result is checked by evaluating the new list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::compact;
use super::directories::{Company, Own, STAR};
use super::plan::Draft;
use super::planned_key::PlannedKey;
use super::replace::Replacement;
use super::style::style;
use crate::cache_keys::{Coverage, Key, split};
use crate::fs::{Resolved, path};
use crate::inputs::{Input, InputId, Kind};

/// How many keys may replace an entry that does no harm.
const MOST: usize = 3;

impl Draft<'_> {
    /// Plans keys until the new list covers every wanted input, except for those that no key can cover. Several rounds may be
    /// needed: a `!` key may exclude a file again, and a new glob may change what a glob of the user matches.
    pub(super) fn settle(&mut self) {
        let nothing_new = self.wanted.is_empty() && self.others.is_empty();
        if nothing_new && self.replaced.is_empty() && self.removed.is_empty() {
            return;
        }
        self.want_what_replaced_keys_covered();
        let style = if self.is_shortened { self.project.pyproject.options.fix_style } else { style(self.project) };
        for _ in 0..8 {
            let mut company = Company::of(self.project, &|index| self.goes(index));
            let others = self.replaced.iter().flat_map(Replacement::globs);
            company.bases.extend(others.map(|glob| split(glob).0.into_owned()));
            company.absorbed = self.replaced.iter().filter_map(|replacement| replacement.absorbed.clone()).collect();
            let wanted: Vec<InputId> = self.wanted.difference(&self.hopeless).copied().collect();
            self.keys = compact::keys(self.project, &wanted, &company, style);
            self.keys.extend(self.others.iter().map(|key| PlannedKey {
                key: key.clone(),
                kind: match key {
                    Key::Git { .. } => Kind::Git,
                    Key::Env(_) => Kind::Variable,
                    Key::File(_) | Key::Dir(_) => Kind::Backend,
                },
                inputs: BTreeSet::new(),
                entry: None,
            }));
            let keys: Vec<Key> = self.list().into_iter().map(|(key, _)| key).collect();
            let new = self.project.coverage_of(&keys);
            let missed: BTreeSet<InputId> = self.missed(new.as_ref()).collect();
            if missed.is_subset(&self.hopeless) {
                let lost = self.lost_to_come(new.as_ref());
                if self.absorb(&lost)
                    || self.keep(self.too_long())
                    || self.keep(self.narrower(&lost))
                    || self.keep(self.no_better(new.as_ref()))
                {
                    continue;
                }
                return;
            }
            let lost: Vec<InputId> = missed.intersection(&self.wanted).copied().collect();
            if self.keep(self.covering(&lost)) {
                continue;
            }
            self.hopeless.extend(lost);
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

    /// The inputs that are wanted or covered today, but not covered by the new list.
    fn missed<'s>(&'s self, new: Option<&'s Coverage>) -> impl Iterator<Item = InputId> + 's {
        self.project.inputs.iter().filter_map(move |(id, input)| {
            let matters = self.wanted.contains(&id) || self.project.covered_by(id).is_some();
            let covered = new.is_some_and(|coverage| coverage.covering_key_of_file(&input.path).is_some());
            (matters && !covered).then_some(id)
        })
    }

    /// The entries that should be removed but cover a file that no other key can name.
    fn covering(&self, lost: &[InputId]) -> BTreeMap<usize, &'static str> {
        let Some(coverage) = self.project.coverage() else { return BTreeMap::new() };
        let covering = lost.iter().flat_map(|id| coverage.covering_keys(&self.project.inputs.get(*id).path));
        covering
            .filter(|index| self.goes(*index))
            .map(|index| (index, "it stays, for it covers a file that no other key can name"))
            .collect()
    }

    /// The entries that do no harm and would need more than [`MOST`] keys as a replacement.
    fn too_long(&self) -> BTreeMap<usize, &'static str> {
        let is_known = |key: &Key| self.project.pyproject.entries().iter().any(|entry| entry.key == *key);
        let is_long = |replacement: &&Replacement| {
            let keys = replacement.keys(&mut self.keys.clone());
            // If a glob with a star matches three crates, it is shorter than three keys.
            let has_star = self.project.pyproject.entries()[replacement.index].key.text().starts_with(STAR);
            let most = if has_star { MOST - 1 } else { MOST };
            replacement.is_limited && keys.iter().filter(|(key, _)| !is_known(key)).count() > most
        };
        let reason = "too many keys would take its place; name the directories yourself, or leave it";
        self.replaced.iter().filter(is_long).map(|replacement| (replacement.index, reason)).collect()
    }

    /// New files in the trees of inputs that today's list covers but the new list does not.
    fn lost_to_come(&self, new: Option<&Coverage>) -> BTreeSet<Resolved> {
        let old = self.project.coverage().filter(|_| !self.replaced.is_empty());
        let Some((old, new)) = old.zip(new) else { return BTreeSet::new() };
        let is_flat = |input: &Input| {
            let package = self.project.inputs.crate_of(input).map(|found| found.package().directory());
            input.kind == Kind::Source && package == input.path.parent()
        };
        let to_come = |input: &Input| {
            let suffix = input.path.extension()?.to_str().filter(|_| input.tree.is_some() || is_flat(input))?;
            Some(input.path.around().child(format!("file_to_come.{suffix}")))
        };
        let files = self.project.inputs.files.iter().filter_map(to_come);
        let absorbed = self.replaced.iter().filter_map(|replacement| replacement.absorbed.as_ref());
        let files = files.chain(absorbed.flat_map(|own| own.files_to_come(self.project)));
        let is_lost =
            |file: &Resolved| new.covering_key_of_file(file).is_none() && old.covering_key_of_file(file).is_some();
        files.filter(is_lost).collect()
    }

    /// The entries that must stay so that these new files are still covered.
    fn narrower(&self, lost: &BTreeSet<Resolved>) -> BTreeMap<usize, &'static str> {
        let Some(old) = self.project.coverage() else { return BTreeMap::new() };
        let covering = lost.iter().flat_map(|file| old.covering_keys(file));
        let reason = "it stays: no other glob covers new files beside the sources; move them into `src/`, or \
                      `# cachekeys: ignore[CK201, CK202]`";
        covering.filter(|index| self.replacement(*index).is_some()).map(|index| (index, reason)).collect()
    }

    /// A harmful entry may have to stay only because globs of the user lie below the directory of a tree. Then a glob of that
    /// directory replaces these globs, and takes over their suffixes. This is tried once.
    fn absorb(&mut self, lost: &BTreeSet<Resolved>) -> bool {
        let Some(old) = self.project.coverage().filter(|_| !self.has_absorbed) else { return false };
        let is_harmful = |index: usize| self.replacement(index).is_some_and(|replacement| replacement.is_harmful);
        let harmed = lost.iter().filter(|file| old.covering_keys(file).into_iter().any(is_harmful));
        let directories: Vec<&Path> = harmed.filter_map(|file| file.parent()).collect();
        let is_below = |own: &Own| {
            let base = self.project.real_directory(&own.base);
            directories.iter().any(|directory| *base != **directory && path::is_within(&base, directory))
        };
        let company = Company::of(self.project, &|index| self.goes(index));
        let absorbed: Vec<Own> = company.own.into_iter().filter(is_below).collect();
        let is_any = !absorbed.is_empty();
        for own in absorbed {
            let at = self.replaced.partition_point(|replacement| replacement.index < own.index);
            self.replaced.insert(at, Replacement::absorbed(own));
        }
        self.has_absorbed |= is_any;
        is_any
    }

    /// The harmful entries whose replacement would cover as much of what the build writes as before.
    fn no_better(&self, new: Option<&Coverage>) -> BTreeMap<usize, &'static str> {
        // If the whole list is replaced by a shorter one, its coverage does not change.
        let old = self.project.coverage().filter(|_| !self.is_shortened);
        let Some((old, new)) = old.zip(new) else { return BTreeMap::new() };
        let is_covered_again = |replacement: &&Replacement| {
            let mut outputs = self.project.covered_outputs(old, replacement.index).peekable();
            outputs.peek().is_some() && outputs.all(|output| new.covering_key(output).is_some())
        };
        let harmful = self.replaced.iter().filter(|replacement| replacement.is_harmful).filter(is_covered_again);
        harmful.map(|replacement| (replacement.index, "every key that covers the inputs covers it too")).collect()
    }

    /// Whether an entry of the list is to be removed.
    fn goes(&self, index: usize) -> bool {
        let gives_way = |replacement: &Replacement| self.allow_unsafe || !replacement.is_dropped();
        self.removed.contains(&index) || self.replacement(index).is_some_and(gives_way)
    }

    pub(super) fn replacement(&self, index: usize) -> Option<&Replacement> {
        self.replaced.iter().find(|replacement| replacement.index == index)
    }

    /// Keeps entries that should be removed. Returns whether there are any.
    fn keep(&mut self, kept: BTreeMap<usize, &'static str>) -> bool {
        if kept.is_empty() {
            return false;
        }
        self.replaced.retain(|replacement| !kept.contains_key(&replacement.index) && replacement.absorbed.is_none());
        self.removed.retain(|index| !kept.contains_key(index));
        self.kept.extend(kept);
        // Other keys need not cover the files of these entries.
        self.wanted.clone_from(&self.asked);
        self.hopeless.clear();
        self.want_what_replaced_keys_covered();
        true
    }
}
