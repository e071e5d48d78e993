//! One trial: creates a tree and lists of keys, and asks uv's own code about each file.
//!
//! uv only returns the newest time of all covered files. Each file in turn is therefore made the newest: uv returns that file's
//! time if and only if the file is covered. All lists are checked before the next file is touched. `pyproject.toml` is a link
//! that points to one list after another, and the lists are outside the tree.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use super::tree::{Tree, bump, os, time, write};
use super::uv::{VERSIONS, parsed, toml};
use crate::cache_keys::walk::Walk;
use crate::cache_keys::{Coverage, Key, glob};
use crate::fs::path::slashed;
use crate::fs::{Disk, resolved};

/// Replaces the root of the tree in a key.
pub(crate) const ROOT: &str = "%ROOT%";

/// The files that a version of uv covers; `None` if it rejects the list.
type Noticed = Option<BTreeSet<PathBuf>>;

/// The result of a trial.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// One per list: the paths that are covered, relative to the project (`../` above it); `None` if the list is rejected.
    pub(crate) covered: Vec<Option<BTreeSet<String>>>,
    /// The index of a list, and how the two sides differ.
    pub(crate) disagreements: Vec<(usize, String)>,
}

/// Runs one trial.
pub(crate) fn run(tree: &Tree, lists: &[Vec<Key>]) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let home = real(home.path());
    let (root, texts) = (home.join("root"), home.join("lists"));
    let project = root.join("proj");
    fs::create_dir_all(&project).unwrap();
    fs::create_dir(&texts).unwrap();
    tree.build(&root);

    let text_of = |list: usize| texts.join(format!("{list}.toml"));
    let lists: Vec<Vec<Key>> = lists.iter().map(|keys| rooted(keys, &root)).collect();
    let mut trial = Trial { tree, root: &root, project: &project, lists: &lists, outcome: Outcome::default() };
    fs::write(text_of(0), "").unwrap();
    point_at(&project, &text_of(0));
    let early: Vec<_> = trial.lists.iter().map(|keys| trial.ask_early(keys)).collect();
    for file in &tree.late {
        write(&root.join(os(file)));
    }

    let mut clock = SystemTime::UNIX_EPOCH;
    let files = tree.all_files(&root);
    for file in &files {
        clock = clock.max(time(file));
    }
    // The lists are the newest files for now. The project contains only one of them at any time.
    for (list, keys) in lists.iter().enumerate() {
        let text = toml(keys);
        assert_eq!(parsed(&text), *keys, "the test writes keys that it does not mean:\n{text}");
        fs::write(text_of(list), text).unwrap();
        bump(&text_of(list), &mut clock);
    }

    let mut noticed: Vec<[Noticed; 2]> = Vec::new();
    for list in 0..lists.len() {
        point_at(&project, &text_of(list));
        let own = real(&project.join("pyproject.toml"));
        noticed.push(VERSIONS.map(|(_, ask)| {
            let is_newest = ask(&project).ok()? == Some(time(&own));
            Some(is_newest.then(|| own.clone()).into_iter().collect())
        }));
    }
    for file in &files {
        bump(file, &mut clock);
        for (list, noticed) in noticed.iter_mut().enumerate() {
            point_at(&project, &text_of(list));
            for (noticed, (_, ask)) in noticed.iter_mut().zip(VERSIONS) {
                if let Some(noticed) = noticed
                    && ask(&project).unwrap() == Some(clock)
                {
                    noticed.insert(file.clone());
                }
            }
        }
    }
    for (list, (noticed, early)) in noticed.iter().zip(early).enumerate() {
        point_at(&project, &text_of(list));
        trial.compare(list, noticed, &early);
    }
    trial.outcome
}

struct Trial<'a> {
    tree: &'a Tree,
    root: &'a Path,
    project: &'a Path,
    lists: &'a [Vec<Key>],
    outcome: Outcome,
}

impl Trial<'_> {
    /// The results for files that do not exist yet.
    fn ask_early(&self, keys: &[Key]) -> Vec<Option<usize>> {
        // The files behind `missing/..` only come to exist together with the directory, so the early results may differ.
        let turns_back = |key: &Key| matches!(key, Key::File(text) if turns_back(text));
        match Coverage::compile(&Disk::default(), &resolved(self.project), keys) {
            Ok(coverage) if !keys.iter().any(turns_back) => {
                self.tree.late.iter().map(|file| coverage.covering_key(&resolved(self.root.join(os(file))))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn compare(&mut self, list: usize, noticed: &[Noticed; 2], early: &[Option<usize>]) {
        let keys = &self.lists[list];
        let compiled = Coverage::compile(&Disk::default(), &resolved(self.project), keys);
        let walked = compiled.as_ref().map(|coverage| (coverage, coverage.walk())).ok();
        let files = walked.as_ref().map(|(_, walk)| walk.keys.iter().flat_map(|key| &key.files));
        let covered: Noticed = files.clone().map(|files| files.map(|file| real(file)).collect());
        for ((version, _), noticed) in VERSIONS.iter().zip(noticed) {
            if covered != *noticed {
                self.disagree(list, format!("uv {version} covers {noticed:?}, the walk {covered:?}"));
            }
        }
        self.outcome.covered.push(files.map(|files| files.map(|file| self.shown(file)).collect()));

        let Some((coverage, walk)) = walked else { return };
        let answers = self.answers(keys, coverage, &walk);
        let parts = self.parts(keys, coverage, &walk);
        let changed = self.changed(coverage, early);
        for text in [answers, parts, changed].concat() {
            self.disagree(list, text);
        }
    }

    /// The differences between the results for single paths and the walk. Every path is checked, including directories.
    fn answers(&self, keys: &[Key], coverage: &Coverage, walk: &Walk) -> Vec<String> {
        // A literal that names a symlink also covers the file that it leads to.
        let leads_to = |index: usize, path: &Path| match &keys[index] {
            key @ Key::File(text) if !key.is_glob() => {
                dunce::canonicalize(self.project.join(text)).is_ok_and(|real| real == path && path.is_file())
            }
            _ => false,
        };
        let mut wrong = Vec::new();
        for path in self.tree.names(self.root).into_iter().map(resolved) {
            let expected: Vec<usize> = (0..keys.len())
                .filter(|&index| walk.keys[index].files.binary_search(&path).is_ok() || leads_to(index, &path))
                .collect();
            let (key, all) = (coverage.covering_key(&path), coverage.covering_keys(&path));
            if all != expected
                || key.is_some() == expected.is_empty()
                || key.is_some_and(|key| !expected.contains(&key))
            {
                wrong.push(format!("{path:?}: covered by {key:?} of {all:?}, in the walk by {expected:?}"));
            }
        }
        wrong
    }

    /// The differences between the other results for a key and its part in the walk.
    fn parts(&self, keys: &[Key], coverage: &Coverage, walk: &Walk) -> Vec<String> {
        let mut entered: HashMap<usize, usize> = HashMap::new();
        for dir in self.tree.directories(self.root) {
            for key in coverage.walks_into(&resolved(dir)) {
                *entered.entry(key).or_default() += 1;
            }
        }
        let mut wrong = Vec::new();
        for (index, part) in walk.keys.iter().enumerate() {
            if coverage.matches_any_file(index) == part.files.is_empty() {
                wrong.push(format!("key {index}: matches a file, or not, and has {:?} in the walk", part.files));
            }
            if part.note.is_some() && !part.files.is_empty() {
                wrong.push(format!("key {index}: has files and yet a note: {:?}", part.note));
            }
            // If a key's own base is where the walk starts, the key is a reason for every directory that the walk enters.
            let entered = entered.get(&index).copied().unwrap_or_default();
            let starts_it =
                matches!(&keys[index], Key::File(text) if part.base.as_deref() == Some(&*glob::split(text).0));
            if entered > part.directories || (starts_it && entered != part.directories) {
                wrong.push(format!("key {index}: walks into {entered} directories, {} in the walk", part.directories));
            }
        }
        wrong
    }

    /// The differences between the early results for late files and the results now.
    fn changed(&self, coverage: &Coverage, early: &[Option<usize>]) -> Vec<String> {
        let now = self.tree.late.iter().map(|file| (file, coverage.covering_key(&resolved(self.root.join(os(file))))));
        now.zip(early)
            .filter(|((_, now), before)| now != *before)
            .map(|((file, now), before)| format!("{file:?}: covered by {before:?} before it was there, now by {now:?}"))
            .collect()
    }

    fn disagree(&mut self, list: usize, text: String) {
        self.outcome.disagreements.push((list, text));
    }

    /// The path relative to the project, as in the tables.
    fn shown(&self, path: &Path) -> String {
        let shown = path.strip_prefix(self.project).map(Path::to_owned);
        let shown = shown.or_else(|_| path.strip_prefix(self.root).map(|path| Path::new("..").join(path)));
        slashed(&shown.unwrap_or_else(|_| path.to_owned()))
    }
}

/// The path without symlinks.
fn real(path: &Path) -> PathBuf {
    dunce::canonicalize(path).unwrap()
}

/// Makes pyproject.toml a symlink to `text`, because a hard link would change the file's change time. On Windows, which has no
/// change time, it is a hard link, because a symlink needs a privilege.
fn point_at(project: &Path, text: &Path) {
    let link = project.join("pyproject.toml");
    if let Err(error) = fs::remove_file(&link) {
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{error}");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(text, &link).unwrap();
    #[cfg(windows)]
    fs::hard_link(text, &link).unwrap();
}

/// Replaces [`ROOT`] in keys with the root of a tree.
pub(crate) fn rooted(keys: &[Key], root: &Path) -> Vec<Key> {
    let root = slashed(root);
    keys.iter()
        .map(|key| match key {
            Key::File(text) => Key::File(text.replace(ROOT, &root)),
            other => other.clone(),
        })
        .collect()
}

fn turns_back(text: &str) -> bool {
    let mut parts = Path::new(text).components().skip_while(|part| !matches!(part, Component::Normal(_)));
    parts.any(|part| part == Component::ParentDir)
}
