//! The keys that replace an entry: keys for the inputs that it covered, and for other files globs over the same suffixes below
//! the same base.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::directories::{Company, Own};
use super::planned_key::{PlannedKey, spell};
use crate::cache_keys::{Key, System, is_glob, nests, split};
use crate::fs::{Resolved, resolve};
use crate::inputs::{InputId, Kind};
use crate::project::Project;
use crate::project::key_targets::Found;

/// An entry to replace.
pub(super) struct Replacement {
    pub(super) index: usize,
    /// The inputs that it covers or was meant to cover, even if other keys cover them too.
    pub(super) inputs: BTreeSet<InputId>,
    /// Whether its only fault is that it covers files that are not inputs.
    pub(super) is_unrelated: bool,
    /// Whether it must be removed even if no keys replace it.
    pub(super) is_harmful: bool,
    /// Whether only a few keys may replace it, since it is wide or loose but does no harm.
    pub(super) is_limited: bool,
    /// Set if the entry is harmless but a wider glob takes over its suffixes.
    pub(super) absorbed: Option<Own>,
    /// Canonical globs for the other files that it covers, sorted.
    others: BTreeSet<String>,
}

impl Replacement {
    pub(super) fn of(project: &Project, index: usize) -> Self {
        // On Windows, no other glob works next to one at the project's root. So that glob must be removed, whatever replaces it.
        let text = project.pyproject.entries()[index].key.text();
        let is_limited = System::HERE == System::Unix || !split(&text).0.is_empty();
        let others = others(project, index);
        let inputs = BTreeSet::new();
        Self { index, inputs, is_unrelated: true, is_harmful: false, is_limited, absorbed: None, others }
    }

    /// The replacement of an entry whose suffixes a wider glob takes over.
    pub(super) fn absorbed(own: Own) -> Self {
        Self {
            index: own.index,
            inputs: BTreeSet::new(),
            is_unrelated: false,
            is_harmful: false,
            is_limited: false,
            absorbed: Some(own),
            others: BTreeSet::new(),
        }
    }

    /// The globs for the other files that the entry covers.
    pub(super) fn globs(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(String::as_str).filter(|other| is_glob(other))
    }

    /// Whether a harmless entry is removed without a replacement.
    pub(super) fn is_dropped(&self) -> bool {
        self.others.is_empty() && self.drops::<()>(&[])
    }

    /// Whether a harmless entry would be lost if `keys` replaced it. Removing what the user wrote is never safe.
    pub(super) fn drops<K>(&self, keys: &[K]) -> bool {
        !self.is_harmful && self.absorbed.is_none() && keys.is_empty() && self.inputs.is_empty()
    }

    /// The keys that replace the entry. Takes the keys for its inputs from `unplaced`, and adds those for the other files.
    pub(super) fn keys(&self, unplaced: &mut Vec<PlannedKey>) -> Vec<(Key, Option<Kind>)> {
        let (own, rest) = std::mem::take(unplaced)
            .into_iter()
            .partition(|key| key.entry.is_none() && !key.inputs.is_disjoint(&self.inputs));
        *unplaced = rest;
        let own: Vec<PlannedKey> = own;
        let others = self.others.iter().map(|path| Key::File(path.clone()));
        let others = others.filter(|other| !own.iter().any(|planned| planned.key == *other)).map(|key| (key, None));
        own.iter().map(|planned| (planned.key.clone(), Some(planned.kind))).chain(others).collect()
    }
}

fn others(project: &Project, index: usize) -> BTreeSet<String> {
    let Some(entry) = project.pyproject.entries().get(index) else { return BTreeSet::new() };
    let (Some(sight), Key::File(text) | Key::Dir(text)) = (project.sight(index), &entry.key) else {
        return BTreeSet::new();
    };
    // A glob that ends in `.rs` covers no other suffix. Skip its walk, which may enter all of `target/`.
    if text.starts_with('!') || resolve::is_rust(text.as_ref()) {
        return BTreeSet::new();
    }
    let files = match (&entry.key, sight.found) {
        (key, _) if key.is_glob() => {
            project.walk().and_then(|walk| walk.keys.get(index)).map(|walked| walked.files.clone()).unwrap_or_default()
        }
        (_, Found::File) => vec![sight.place.clone()],
        // A `file` key for a directory covers nothing. It was meant to cover the files in the directory.
        (Key::File(_), Found::Directory) => project.files_below(&sight.place),
        _ => Vec::new(),
    };
    // If a glob would match what the build writes, a glob in a subdirectory may not. If every glob would, today's files are
    // listed one by one.
    let taken = bases_beside(project, index);
    let mut harmless: BTreeMap<String, bool> = BTreeMap::new();
    let written: Vec<&Resolved> = files.iter().filter(|file| project.written_by(file).is_some()).collect();
    let mut is_harmless = |glob: &String| {
        let is_apart = |base: &str| !taken.iter().any(|taken| nests(taken, base) || nests(base, taken));
        let look = || is_apart(&split(glob).0) && !reaches_output(project, glob, &written);
        *harmless.entry(glob.clone()).or_insert_with(look)
    };
    let mut key = |file: &Resolved| {
        let mut bases: Vec<&Path> =
            file.ancestors().skip(1).take_while(|above| above.starts_with(&sight.place)).collect();
        bases.reverse();
        bases
            .into_iter()
            .find_map(|base| glob(project, base, file).filter(&mut is_harmless))
            .or_else(|| spell(project, file))
    };
    let files: Vec<&Resolved> = files.iter().filter(|file| is_worth_it(project, &sight.place, file)).collect();
    let keys: Vec<Option<String>> = files.iter().map(|file| key(file)).collect();
    // On Windows, if one glob lies below another, the inner one matches nothing.
    let globs: BTreeSet<&String> = keys.iter().flatten().filter(|key| is_glob(key)).collect();
    let is_inner = |key: &String| is_glob(key) && globs.iter().any(|outer| nests(&split(outer).0, &split(key).0));
    let name = |(key, file): (&Option<String>, &&Resolved)| match key {
        Some(key) if is_inner(key) => spell(project, file),
        key => key.clone(),
    };
    keys.iter().zip(&files).filter_map(name).collect()
}

/// The bases of the other globs in the list, except for the project's root, and of the globs that the inputs will get.
fn bases_beside(project: &Project, index: usize) -> BTreeSet<String> {
    let written = Company::of(project, &|other| other == index).bases.into_iter().filter(|base| !base.is_empty());
    let trees: BTreeSet<&Path> =
        project.inputs.files.iter().filter_map(|input| Some(&*input.tree.as_ref()?.directory)).collect();
    written.chain(trees.into_iter().filter_map(|tree| spell(project, tree))).collect()
}

/// Whether a file needs a key besides those for inputs: it is not Rust, not an input, and not written by the build or git. Only
/// the path below `base` is examined, since the user named `base` even if it is hidden or called `build`.
fn is_worth_it(project: &Project, base: &Path, file: &Path) -> bool {
    let below = file.strip_prefix(base).unwrap_or(file);
    let in_git = file.components().any(|component| component.as_os_str() == ".git");
    let is_cargos = file.file_name().is_some_and(|name| name == "Cargo.toml" || name == "Cargo.lock");
    !resolve::is_rust(file)
        && !is_cargos
        && !in_git
        && !resolve::is_made_by_tools(below)
        && !project.outputs.contains(file)
        && project.written_by(file).is_none()
        && !project.inputs.files.iter().any(|input| *input.path == *file)
}

/// The glob for the suffix of `file` below `base`, or the literal path if the file has no suffix. `None` if `base` contains the
/// project, since no glob may start there.
fn glob(project: &Project, base: &Path, file: &Path) -> Option<String> {
    if project.pyproject.dir.starts_with(base) {
        return None;
    }
    match file.extension().and_then(std::ffi::OsStr::to_str) {
        Some(extension) => {
            let glob = format!("{}/**/*.{extension}", spell(project, base)?);
            (!extension.contains(['*', '?', '[', ']', '{', '}', '\\'])).then_some(glob)
        }
        None => spell(project, file),
    }
}

/// Whether a glob covers files that the build writes, or walks directories that the build writes to.
fn reaches_output(project: &Project, glob: &str, written: &[&Resolved]) -> bool {
    let Some(coverage) = project.coverage_of(&[Key::File(glob.to_owned())]) else { return true };
    project.outputs.files.iter().any(|output| coverage.covering_key(&output.path).is_some())
        || written.iter().any(|file| coverage.covering_key(file).is_some())
        || project.outputs.walked(&coverage).next().is_some()
}
