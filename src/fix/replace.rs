//! What takes the place of a harmful key: keys for the inputs that it covered, and for files that are no Rust the same
//! suffixes below the same base.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::key::{PlannedKey, spell};
use crate::cache_keys::{Coverage, Key};
use crate::inputs::{InputId, Kind};
use crate::paths;
use crate::project::Project;

/// An entry that gives way.
pub(super) struct Replacement {
    pub(super) index: usize,
    /// The inputs that it covers, alone or with others, or that it was meant to cover.
    pub(super) inputs: BTreeSet<InputId>,
    /// Canonical globs for what else it covers, sorted.
    others: BTreeSet<String>,
}

impl Replacement {
    pub(super) fn of(project: &Project, index: usize, inputs: BTreeSet<InputId>) -> Self {
        Self { index, inputs, others: others(project, index) }
    }

    /// The keys in its place: takes those of `unplaced` that cover its inputs, and adds the other suffixes.
    pub(super) fn keys(&self, unplaced: &mut Vec<PlannedKey>) -> Vec<(Key, Option<Kind>)> {
        let (own, rest) = std::mem::take(unplaced).into_iter().partition(|key| !key.inputs.is_disjoint(&self.inputs));
        *unplaced = rest;
        let own: Vec<PlannedKey> = own;
        let others = self.others.iter().map(|path| Key::File(path.clone()));
        let others = others.filter(|other| !own.iter().any(|planned| planned.key == *other)).map(|key| (key, None));
        own.iter().map(|planned| (planned.key.clone(), Some(planned.kind))).chain(others).collect()
    }
}

fn others(project: &Project, index: usize) -> BTreeSet<String> {
    let (Some(coverage), Some(entry)) = (project.coverage(), project.pyproject.entries().get(index)) else {
        return BTreeSet::new();
    };
    // What ends in `.rs` covers no other suffix; spare the walk, it may be over all of `target/`.
    if matches!(&entry.key, Key::File(path) if paths::is_rust(path.as_ref())) {
        return BTreeSet::new();
    }
    let walk = coverage.walk();
    let Some(walked) = walk.keys.get(index) else { return BTreeSet::new() };
    let base = project.pyproject.dir.join(literal_base(&entry.key));
    let base = paths::real_directory(&base);
    let globs =
        walked.files.iter().filter(|file| is_worth_it(project, file)).filter_map(|file| glob(project, &base, file));
    let globs: BTreeSet<String> = globs.collect();
    globs.into_iter().filter(|glob| !matches_output(project, glob)).collect()
}

/// The components of a glob before the first that has a wildcard.
fn literal_base(key: &Key) -> PathBuf {
    let Key::File(path) = key else { return PathBuf::new() };
    let parts: Vec<&str> = path.split('/').collect();
    let literal = parts.iter().take(parts.len() - 1).take_while(|part| !part.contains(['*', '?', '[', ']', '{', '}']));
    literal.collect()
}

/// Files that are no Rust, no input (those have keys of their own) and nothing that the build or git writes.
fn is_worth_it(project: &Project, file: &Path) -> bool {
    let in_git = file.components().any(|component| component.as_os_str() == ".git");
    !paths::is_rust(file)
        && !in_git
        && !project.outputs.contains(file)
        && !project.inputs.files.iter().any(|input| input.path == file)
}

/// The glob for the suffix of `file` below `base`; below the first directory on the way where `base` is around the project,
/// and the literal path where there is none or the file has no suffix.
fn glob(project: &Project, base: &Path, file: &Path) -> Option<String> {
    let mut base = base.to_owned();
    if project.pyproject.dir.starts_with(&base) {
        base.push(file.strip_prefix(&base).ok()?.components().next()?);
    }
    match file.extension().and_then(std::ffi::OsStr::to_str) {
        Some(extension) if base != file => {
            let glob = format!("{}/**/*.{extension}", spell(project, &base)?);
            (!extension.contains(['*', '?', '[', ']', '{', '}', '\\'])).then_some(glob)
        }
        _ => spell(project, file),
    }
}

fn matches_output(project: &Project, glob: &str) -> bool {
    let Ok(coverage) = Coverage::compile(&project.pyproject.dir, &[Key::File(glob.to_owned())]) else { return true };
    project.outputs.files.iter().any(|output| coverage.covering_key(&output.path).is_some())
}
