//! Finds the cheapest list: the keys that cover the wanted inputs, both today's files and new ones.
//!
//! Each key has a price, and so does each covered file that is not an input ([`directories`]). A glob starts only in a directory
//! below which nothing is built. No glob starts below another, since on Windows the inner one would match nothing. So each
//! directory either has one glob for everything below it, or leaves that to its subdirectories. The cheaper of the two is chosen,
//! from the leaves up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::directories::{self, Company, Directory, KEY, MANY, Own, is_plain, suffix};
use super::planned_key::{PlannedKey, spell};
use super::star::starred;
use crate::cache_keys::Key;
use crate::fs::path;
use crate::inputs::{InputId, Kind};
use crate::project::Project;
use crate::project::build_outputs::Output;
use crate::pyproject::options::FixStyle;

/// The cost if new files of an input directory are covered only if they have one of today's suffixes.
const NARROW: usize = 2 * KEY;
/// The cost if new files of a tree are not covered.
const LOST: usize = 50 * KEY;
/// One more suffix in a glob.
const SUFFIX: usize = 3 * KEY / 10;

/// The keys that cover `inputs`, in the order in which they are written. Inputs that no key can name are left out.
pub(super) fn keys(project: &Project, inputs: &[InputId], company: &Company, style: FixStyle) -> Vec<PlannedKey> {
    let root = Directory::of(project, inputs, company);
    let planner = Planner { project, is_exact: style == FixStyle::Exact };
    let mut keys: Vec<PlannedKey> =
        planner.cheapest(&root).keys.into_iter().filter_map(|chosen| chosen.key(project)).collect();
    if company.has_star {
        keys = starred(project, keys);
    }
    keys.sort_by_cached_key(|key| order(project, key));
    keys
}

/// Whether a key can be written for an input.
pub(super) fn can_spell(project: &Project, id: InputId) -> bool {
    spell(project, &project.inputs.get(id).path).is_some()
}

/// Sorts by kind. Within a kind, files of the project come before others, files in the project directory itself before those
/// below it, and the crate that is built before other crates.
fn order(project: &Project, key: &PlannedKey) -> (Kind, bool, bool, bool, String) {
    let text = key.key.text();
    let is_own = |id: &InputId| project.inputs.crate_of(project.inputs.get(*id)).is_some_and(|found| found.is_entry);
    (key.kind, text.starts_with("../"), text.contains('/'), !key.inputs.iter().any(is_own), text)
}

/// Keys, and what they cost.
#[derive(Debug, Default)]
struct Choice {
    cost: usize,
    keys: Vec<Chosen>,
}

/// One key.
#[derive(Debug)]
enum Chosen {
    Literal(InputId),
    Glob { base: String, form: Form, entry: Option<usize>, inputs: BTreeSet<InputId> },
}

/// What a glob matches below its base.
#[derive(Debug)]
enum Form {
    All,
    Manifests,
    Suffixes(BTreeSet<String>),
}

impl Chosen {
    fn key(self, project: &Project) -> Option<PlannedKey> {
        let (text, inputs, entry) = match self {
            Self::Literal(id) => (spell(project, &project.inputs.get(id).path)?, BTreeSet::from([id]), None),
            Self::Glob { base, form, entry, inputs } => (form.glob(&base), inputs, entry),
        };
        let kinds = || inputs.iter().map(|id| project.inputs.get(*id).kind);
        // A glob over sources and manifests is sorted with the sources.
        let kind = if kinds().any(|kind| kind == Kind::Source) { Some(Kind::Source) } else { kinds().min() };
        Some(PlannedKey { key: Key::File(text), kind: kind?, inputs, entry })
    }
}

impl Form {
    fn glob(&self, base: &str) -> String {
        match self {
            Self::All => format!("{base}/**/*"),
            Self::Manifests => format!("{base}/**/Cargo.toml"),
            Self::Suffixes(suffixes) => {
                // `rs` first, then `toml`, then the rest by name.
                let mut suffixes: Vec<&str> = suffixes.iter().map(String::as_str).collect();
                suffixes.sort_by_key(|suffix| (*suffix != "rs", *suffix != "toml", *suffix));
                match suffixes.as_slice() {
                    [one] => format!("{base}/**/*.{one}"),
                    many => format!("{base}/**/*.{{{}}}", many.join(",")),
                }
            }
        }
    }
}

fn literals(files: &[InputId], choice: &mut Choice) {
    choice.cost += files.len() * KEY;
    choice.keys.extend(files.iter().map(|id| Chosen::Literal(*id)));
}

struct Planner<'a> {
    project: &'a Project,
    /// Whether only inputs may be covered.
    is_exact: bool,
}

impl Planner<'_> {
    fn cheapest(&self, directory: &Directory) -> Choice {
        if let Some(own) = &directory.own {
            return self.glob(directory, &own.base, Some(own));
        }
        let apart = self.apart(directory);
        let is_tree = directory.is_whole || !directory.trees.is_empty();
        match &directory.base {
            Some(base) if is_tree || !self.is_exact => {
                let glob = self.glob(directory, base, None);
                // At the same cost, prefer the globs further down, which cover less.
                if glob.cost < apart.cost { glob } else { apart }
            }
            _ => apart,
        }
    }

    /// The keys if no glob starts here.
    fn apart(&self, directory: &Directory) -> Choice {
        let mut choice = Choice::default();
        choice.cost += LOST * usize::from(directory.is_whole || !directory.trees.is_empty());
        literals(&directory.files, &mut choice);
        for below in directory.below.values() {
            let below = self.cheapest(below);
            choice.cost += below.cost;
            choice.keys.extend(below.keys);
        }
        choice
    }

    /// The keys if one glob starts here, with literals for what it does not cover.
    fn glob(&self, directory: &Directory, base: &str, own: Option<&Own>) -> Choice {
        let all = directory.all();
        if directory.is_whole && own.is_none() {
            let cost = KEY + directory.foreign.values().sum::<usize>();
            let inputs = all.into_iter().collect();
            return Choice {
                cost,
                keys: vec![Chosen::Glob { base: base.to_owned(), form: Form::All, entry: None, inputs }],
            };
        }
        let mut must = BTreeSet::new();
        let narrowed = directory.must(&mut must);
        let mut groups: BTreeMap<&str, Vec<InputId>> = BTreeMap::new();
        for id in all {
            groups.entry(suffix(&self.project.inputs.get(id).path)).or_default().push(id);
        }
        let held = own.map(|own| own.suffixes.clone()).unwrap_or_default();
        let mut choice = Choice { cost: NARROW * narrowed, keys: Vec::new() };
        let mut suffixes = held.clone();
        let mut inputs = BTreeSet::new();
        let mut left: Vec<InputId> = Vec::new();
        // What the optional suffixes of the glob save, compared with literals.
        let mut saved = 0;
        for (suffix, ids) in groups {
            let cost = directory.foreign(suffix) + if own.is_some() && !held.contains(suffix) { SUFFIX } else { 0 };
            let is_due = held.contains(suffix) || (must.contains(suffix) && !directory.is_built_in);
            if is_due || (self.may_join(directory, suffix, &ids) && cost < ids.len() * KEY) {
                saved += if is_due { 0 } else { ids.len() * KEY - cost };
                choice.cost += if held.contains(suffix) { 0 } else { cost };
                suffixes.insert(suffix.to_owned());
                inputs.extend(ids);
            } else {
                left.extend(ids);
            }
        }
        // The glob is written anyway, so it also takes suffixes that match only inputs.
        if !suffixes.is_empty() && suffixes != held && !self.is_exact && !directory.is_built_in {
            let joins = |id: &InputId| self.is_alone(directory, suffix(&self.project.inputs.get(*id).path));
            let (joining, rest) = left.into_iter().partition(joins);
            left = rest;
            let joining: Vec<InputId> = joining;
            let new = joining.iter().map(|id| suffix(&self.project.inputs.get(*id).path));
            let new: BTreeSet<String> = new.map(str::to_owned).collect();
            choice.cost += new.len() * SUFFIX;
            suffixes.extend(new);
            inputs.extend(joining);
        }
        suffixes.extend(directory.absorbed.iter().cloned());
        choice.cost += if own.is_some() { 0 } else { KEY };
        if own.is_none() || suffixes != held {
            let form = Form::Suffixes(suffixes);
            let entry = own.map(|own| own.index);
            choice.keys.push(Chosen::Glob { base: base.to_owned(), form, entry, inputs });
        }
        literals(&left, &mut choice);
        let is_free = must.is_empty() && own.is_none();
        let manifests = is_free.then(|| self.manifests(directory, base)).flatten();
        manifests.filter(|manifests| saved < KEY || manifests.cost <= choice.cost).unwrap_or(choice)
    }

    /// The keys if one glob covers the manifests below, and literals the rest.
    fn manifests(&self, directory: &Directory, base: &str) -> Option<Choice> {
        let all = directory.all();
        let is_manifest = |id: &InputId| self.project.inputs.get(*id).path.ends_with("Cargo.toml");
        let (manifests, rest): (Vec<InputId>, Vec<InputId>) = all.into_iter().partition(is_manifest);
        if manifests.len() < MANY || self.is_exact {
            return None;
        }
        let mut choice = Choice { cost: KEY + directory.foreign_manifests, keys: Vec::new() };
        let inputs = manifests.into_iter().collect();
        choice.keys.push(Chosen::Glob { base: base.to_owned(), form: Form::Manifests, entry: None, inputs });
        literals(&rest, &mut choice);
        Some(choice)
    }

    /// Whether a suffix matches only inputs, and nothing that the build writes.
    fn is_alone(&self, directory: &Directory, suffix: &str) -> bool {
        let is_built = |output: &Output| {
            path::is_within(&output.path, &directory.path) && directories::suffix(&output.path) == suffix
        };
        is_plain(suffix) && directory.foreign(suffix) == 0 && !self.project.outputs.files.iter().any(is_built)
    }

    /// Whether a glob over a suffix may cover files outside a tree: Rust sources and manifests may, and so may many files of one
    /// directory.
    fn may_join(&self, directory: &Directory, suffix: &str, ids: &[InputId]) -> bool {
        let path = |id: &InputId| &*self.project.inputs.get(*id).path;
        let in_input_directory = |id: &InputId| self.project.inputs.get(*id).tree.is_some();
        let mut beside: BTreeMap<Option<&Path>, usize> = BTreeMap::new();
        for id in ids {
            *beside.entry(path(id).parent()).or_default() += 1;
        }
        let is_cargos = ids.iter().any(|id| directories::is_cargos(path(id)));
        let is_free = directory.foreign(suffix) == 0;
        let are_many = ids.len() >= MANY && directory.foreign(suffix) <= KEY;
        // Where something is built, only `toml` may be used: build outputs hardly ever contain manifests.
        is_plain(suffix)
            && (!directory.is_built_in || suffix == "toml")
            && if self.is_exact {
                is_free && is_cargos && directory.trees.contains(suffix)
            } else {
                is_cargos || ids.iter().any(in_input_directory) || beside.values().any(|many| *many >= MANY) || are_many
            }
    }
}

impl Directory {
    /// All wanted inputs in this directory and below.
    fn all(&self) -> Vec<InputId> {
        let below = self.below.values().flat_map(Self::all);
        self.files.iter().copied().chain(below).collect()
    }

    /// Adds the suffixes that a glob here must have. Returns the number of directories here and below that are inputs as a whole,
    /// and so should have a glob for all files.
    fn must(&self, suffixes: &mut BTreeSet<String>) -> usize {
        suffixes.extend(self.trees.iter().cloned());
        let below: usize = self.below.values().map(|below| below.must(suffixes)).sum();
        below + usize::from(self.is_whole)
    }

    fn foreign(&self, suffix: &str) -> usize {
        self.foreign.get(suffix).copied().unwrap_or_default()
    }
}
