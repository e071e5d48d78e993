//! What takes the place of a harmful key: keys for the inputs that it covered, and for files that are no Rust the same
//! suffixes below the same base.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::key::{PlannedKey, spell};
use crate::cache_keys::{Coverage, Key, split};
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
    let (base, files) = match &entry.key {
        key @ Key::File(text) if key.is_glob() => {
            let Some(walked) = coverage.walk().keys.into_iter().nth(index) else { return BTreeSet::new() };
            (project.pyproject.dir.join(split(text).0), walked.files)
        }
        // A directory given as a file covers nothing; what it was meant to cover is what is in it.
        Key::File(text) => {
            let directory = project.pyproject.dir.join(text);
            let walk = WalkDir::new(&directory).into_iter().filter_map(Result::ok);
            let files =
                walk.filter(|entry| entry.file_type().is_file()).map(|entry| paths::resolve(entry.path())).collect();
            (directory, files)
        }
        _ => return BTreeSet::new(),
    };
    let base = paths::real_directory(&base);
    // Where a glob would reach what the build writes, the files of today stand for themselves.
    let mut harmless: BTreeMap<String, bool> = BTreeMap::new();
    let key = |file: &PathBuf| {
        let glob = glob(project, &base, file)?;
        let is_harmless = *harmless.entry(glob.clone()).or_insert_with(|| !matches_output(project, &glob));
        if is_harmless { Some(glob) } else { spell(project, file) }
    };
    files.iter().filter(|file| is_worth_it(project, file)).filter_map(key).collect()
}

/// Files that are no Rust, no input (those have keys of their own) and nothing that the build or git writes.
fn is_worth_it(project: &Project, file: &Path) -> bool {
    let below = file.strip_prefix(&project.pyproject.dir).unwrap_or(file);
    let in_git = file.components().any(|component| component.as_os_str() == ".git");
    !paths::is_rust(file)
        && !in_git
        && !paths::is_made_by_tools(below)
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
