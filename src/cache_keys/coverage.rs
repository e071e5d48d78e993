//! The compiled keys of one project: which files uv covers, by which key, and which directories it walks.
//!
//! Source of the facts: `src/cache_info.rs` of the crate `uv-cache-info`. A covered file is one whose change uv notices.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::OnceLock;

use super::glob;
use super::grammar::Key;
use super::group::Group;
use super::matcher::{BadGlob, Matcher};
use super::place::Place;
use super::system::System;
use crate::fs::disk::Known;
use crate::fs::{Disk, Resolved};

/// The compiled keys of one project directory.
///
/// Bases and literals are looked up on the disk when they are first needed. Later changes of directories are not seen.
#[derive(Debug)]
pub(crate) struct Coverage {
    pub(super) disk: Disk,
    keys: Vec<Key>,
    pub(super) system: System,
    pub(super) dir: Resolved,
    pub(super) groups: Vec<Group>,
    /// The group of each key that is a glob.
    pub(super) group_of: HashMap<usize, usize>,
    literals: OnceLock<Known<Vec<usize>>>,
}

impl Coverage {
    /// Compiles keys for the project at `dir`. Fails with every glob that uv rejects.
    pub(crate) fn compile(disk: &Disk, dir: &Resolved, keys: &[Key]) -> Result<Self, Vec<BadGlob>> {
        Self::compile_on(System::HERE, disk, dir, keys)
    }

    /// Like [`Self::compile`], but as uv reads the keys on `system`. The files are those on this disk.
    pub(crate) fn compile_on(system: System, disk: &Disk, dir: &Resolved, keys: &[Key]) -> Result<Self, Vec<BadGlob>> {
        let groups = compiled(system, keys)?;
        let groups: Vec<Group> =
            groups.into_iter().map(|(group, matcher)| Group::new(system, disk, dir, group, matcher)).collect();
        let group_of = groups
            .iter()
            .enumerate()
            .flat_map(|(at, group)| group.patterns.iter().map(move |pattern| (pattern.key, at)))
            .collect();
        let (disk, dir) = (disk.clone(), dir.clone());
        Ok(Coverage { disk, keys: keys.to_vec(), system, dir, groups, group_of, literals: OnceLock::new() })
    }

    /// The keys that uv uses if a project sets none.
    pub(crate) fn default_keys() -> Vec<Key> {
        let file = |name: &str| Key::File(name.to_owned());
        vec![file("pyproject.toml"), file("setup.py"), file("setup.cfg"), Key::Dir("src".to_owned())]
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key (index into the list) by which uv covers the file at `path`, or would cover it if it existed as a regular file. A
    /// literal comes first, else the last match of a walk decides.
    ///
    /// A symlink is covered by its own path. A literal that names a symlink also covers the file that it leads to.
    pub(crate) fn covering_key(&self, path: &Resolved) -> Option<usize> {
        self.covering_key_of_file(path).filter(|_| self.may_be_file(path))
    }

    /// Like [`Self::covering_key`], for a path that is known to be a file or not to exist. The disk is not asked again.
    pub(crate) fn covering_key_of_file(&self, path: &Resolved) -> Option<usize> {
        let literal = || self.literals().get(&*self.name_of(path)).and_then(|keys| keys.first().copied());
        literal().or_else(|| self.groups.iter().find_map(|group| group.takes(path)))
    }

    /// All keys that cover the file at `path`, in list order. Each of them matches the file, and the file is covered by the whole
    /// list.
    pub(crate) fn covering_keys(&self, path: &Resolved) -> Vec<usize> {
        let mut found: BTreeSet<usize> =
            self.literals().get(&*self.name_of(path)).into_iter().flatten().copied().collect();
        for group in &self.groups {
            if let Some(below) = group.below(path)
                && group.matcher.takes(below).is_some()
            {
                found.extend(group.takers(below));
            }
        }
        if found.is_empty() || !self.may_be_file(path) { Vec::new() } else { found.into_iter().collect() }
    }

    /// Whether key `index` covers at least one existing file. Stops at the first. False for a glob that starts at the root of the
    /// disk, which is not walked.
    pub(crate) fn matches_any_file(&self, index: usize) -> bool {
        match (self.group_of.get(&index), self.keys.get(index)) {
            (Some(&group), _) => self.groups[group].finds_any(index),
            (None, Some(Key::File(text))) => {
                self.disk.real_kind(&self.dir.join(text)).is_some_and(|kind| kind.is_file())
            }
            _ => false,
        }
    }

    /// The keys that make uv walk into the directory at `dir`, or would if it existed.
    pub(crate) fn walks_into(&self, dir: &Resolved) -> Vec<usize> {
        let keys: BTreeSet<usize> = self.groups.iter().flat_map(|group| group.walks_into(dir)).collect();
        keys.into_iter().collect()
    }

    /// Whether `path` is a regular file or a symlink to one, or does not exist.
    fn may_be_file(&self, path: &Path) -> bool {
        match self.disk.kind(path) {
            Some(kind) => kind.is_file(),
            None => !self.disk.may_exist(path) || path.symlink_metadata().is_err(),
        }
    }

    /// Where a literal path leads, if a file can be there.
    pub(super) fn literal(&self, text: &str) -> Option<Place> {
        Place::of(self.system, &self.disk, &self.dir, text).filter(|_| !names_directory(self.system, text))
    }

    /// The form of a path by which literals are compared. Windows ignores case, even for files that do not exist yet.
    fn name_of<'a>(&self, path: &'a Path) -> Cow<'a, OsStr> {
        if cfg!(windows) && self.system == System::Windows {
            return Cow::Owned(path.as_os_str().to_string_lossy().to_lowercase().into());
        }
        Cow::Borrowed(path.as_os_str())
    }

    fn literals(&self) -> &Known<Vec<usize>> {
        self.literals.get_or_init(|| {
            let mut literals: Known<Vec<usize>> = Known::default();
            for (index, key) in self.keys.iter().enumerate() {
                if let Key::File(text) = key
                    && !self.group_of.contains_key(&index)
                    && let Some(Place { named, real }) = self.literal(text)
                {
                    if real != named {
                        literals.entry(self.name_of(&real).into_owned()).or_default().push(index);
                    }
                    literals.entry(self.name_of(&named).into_owned()).or_default().push(index);
                }
            }
            literals
        })
    }
}

/// Whether a literal can only name a directory: no system finds a file at `Cargo.toml/`. Windows finds one at `Cargo.toml/.`,
/// because it resolves `.` as text before it looks.
fn names_directory(system: System, text: &str) -> bool {
    let text = if system == System::Windows { text } else { text.strip_suffix('.').unwrap_or(text) };
    text.ends_with(|last| system.is_separator(last))
}

/// The walks of the globs among some keys, each with its compiled patterns. Fails with every glob that uv rejects.
pub(super) fn compiled(system: System, keys: &[Key]) -> Result<Vec<(glob::Group, Matcher)>, Vec<BadGlob>> {
    let globs = keys.iter().enumerate().filter_map(|(index, key)| match key {
        Key::File(text) if key.is_glob() => Some((index, text.as_str())),
        _ => None,
    });
    let (mut groups, mut bad) = (Vec::new(), Vec::new());
    for group in glob::cluster(system, globs) {
        match Matcher::compile(system, &group.patterns) {
            Ok(matcher) => groups.push((group, matcher)),
            Err(faults) => bad.extend(faults),
        }
    }
    bad.sort_by_key(|fault| fault.index);
    if bad.is_empty() { Ok(groups) } else { Err(bad) }
}

/// Whether uv accepts all globs among some keys.
pub(crate) fn is_accepted(keys: &[Key]) -> bool {
    compiled(System::HERE, keys).is_ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::resolved;

    /// The coverage in a project that does not exist.
    fn compile(texts: &[&str]) -> Coverage {
        let keys: Vec<Key> = texts.iter().map(|text| Key::File((*text).to_owned())).collect();
        Coverage::compile(&Disk::default(), &resolved("/no/such/project"), &keys).unwrap()
    }

    fn at(path: &str) -> Resolved {
        resolved(Path::new("/no/such/project").join(path))
    }

    #[test]
    fn a_literal_comes_before_a_glob_and_the_last_match_before_the_others() {
        let coverage = compile(&["**/*.rs", "src/*.rs", "src/lib.rs", "src/lib.rs", "!src/x*", "src/**"]);
        let covered = |path: &str| (coverage.covering_key(&at(path)), coverage.covering_keys(&at(path)));
        assert_eq!(covered("src/lib.rs"), (Some(2), vec![0, 1, 2, 3, 5]));
        assert_eq!(covered("src/new.rs"), (Some(5), vec![0, 1, 5]));
        assert_eq!(covered("src/far/new.rs"), (Some(5), vec![0, 5]));
        assert_eq!(covered("new.rs"), (Some(0), vec![0]));
        assert_eq!(covered("new.txt"), (None, vec![]));
        assert_eq!(covered("src"), (None, vec![]));
    }

    #[test]
    fn the_root_of_the_disk_is_judged_but_not_walked() {
        let coverage = compile(&["/*.rs", "src/**"]);
        assert_eq!(coverage.covering_key(&resolved("/no/such/file.rs")), Some(0));
        assert_eq!(coverage.walks_into(&at("src")), [0, 1]);
        assert_eq!(coverage.walks_into(&resolved("/")), [0]);
        assert!(!coverage.matches_any_file(0));
    }

    #[test]
    fn a_walk_is_caused_by_the_keys_whose_bases_lie_above() {
        let coverage = compile(&["src/**/*.rs", "src/a/*.rs", "*.toml", "!target/**", "!**/x/**", "Cargo.toml"]);
        let causes = |dir: &str| coverage.walks_into(&at(dir));
        assert_eq!(causes(""), [2, 4]);
        assert_eq!(causes("src/b"), [0, 2, 4]);
        assert_eq!(causes("src/a/b"), [0, 1, 2, 4]);
        assert_eq!(causes("target"), [2, 4]);
        assert!(causes("target/debug").is_empty());
        assert!(coverage.walks_into(&resolved("/no/such")).is_empty());
    }

    #[test]
    fn the_defaults_are_uvs() {
        let coverage =
            Coverage::compile(&Disk::default(), &resolved("/no/such/project"), &Coverage::default_keys()).unwrap();
        assert_eq!(coverage.covering_key(&at("setup.py")), Some(1));
        assert_eq!(coverage.covering_key(&at("src/lib.rs")), None);
        assert!(!coverage.matches_any_file(0) && !coverage.matches_any_file(9));
    }

    #[test]
    fn bad_globs_are_told_in_list_order() {
        let keys = ["b/[", "*.rs", "a/{b", "Cargo.toml"].map(|text| Key::File(text.to_owned()));
        let bad = Coverage::compile(&Disk::default(), &resolved("/no/such/project"), &keys).unwrap_err();
        let bad: Vec<_> = bad.iter().map(|bad| (bad.index, bad.reason.as_str())).collect();
        assert_eq!(
            bad,
            [
                (0, "unclosed character class; missing ']'"),
                (2, "unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"),
            ]
        );
    }
}

#[cfg(test)]
#[cfg(windows)]
mod on_windows {
    use super::*;

    #[test]
    fn what_is_not_there_yet_is_found_in_any_case_of_its_letters() {
        let home = tempfile::tempdir().unwrap();
        let home = Disk::default().real_directory(home.path());
        let root = home.to_str().unwrap();
        let keys = ["CARGO.LOCK", "New/**/*.rs", &format!("gone/../{root}/src/lib.rs")];
        let keys = keys.map(|text| Key::File(text.to_owned()));
        let coverage = Coverage::compile(&Disk::default(), &home, &keys).unwrap();
        let covered = ["Cargo.lock", r"new\a.rs", r"new\a.RS", r"src\lib.rs"]
            .map(|path| coverage.covering_key(&home.child(path)));
        // In a pattern, case matters, and a second drive matches nothing.
        assert_eq!(covered, [Some(0), Some(1), None, None]);
    }
}
