//! What git ignores, according to its ignore files alone. git is not run, and its index is not read.

use std::fs::{FileType, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

use super::disk::Names;
use super::unreadable::Unreadable;
use super::{Disk, Resolved, path, resolve};

/// The ignore rules that apply in a directory. Outside a repository, none apply.
#[derive(Debug, Clone, Default)]
pub(crate) struct IgnoreRules {
    is_repository: bool,
    /// A file with rules that the user has for all repositories (`core.excludesFile`).
    for_all: Option<PathBuf>,
    /// The rules with the highest precedence are last (git's documentation, "gitignore").
    rules: Vec<Arc<Gitignore>>,
}

impl IgnoreRules {
    /// No rules but those that the user has for all repositories.
    pub(crate) fn of_user() -> Self {
        Self { for_all: gitconfig_excludes_path(), ..Self::default() }
    }

    /// Whether the rules ignore an entry of the directory. Without a rule that matches it, it is not ignored.
    pub(crate) fn ignore(&self, path: &Path, is_directory: bool) -> bool {
        let mut matched = self.rules.iter().rev().map(|rules| rules.matched(path, is_directory));
        matched.find(|matched| !matched.is_none()).is_some_and(|matched| matched.is_ignore())
    }
}

impl Disk {
    /// Whether the rules of the repository around `path` ignore it.
    pub(crate) fn is_ignored(&self, path: &Resolved) -> bool {
        // No file has such a long path, and each directory on the way would have to be looked up.
        if path.as_os_str().len() > resolve::LONGEST {
            return false;
        }
        self.seen.ignored.get_or(path, || self.look_up_ignored(path).unwrap_or(false))
    }

    fn look_up_ignored(&self, path: &Path) -> Option<bool> {
        let directory = path.parent()?;
        let depth = self.depth_in_repository(directory)?;
        let on_the_way: Vec<&Path> = path.ancestors().take(depth + 1).collect();
        let mut rules = IgnoreRules::default();
        for place in on_the_way.into_iter().rev() {
            rules = self.rules_in(path::parent(place), &rules, None).ok()?;
            // Everything in an ignored directory is ignored, whatever rules the directory has.
            if rules.ignore(place, place != path) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// The rules of the repository around a directory that apply in its parent, in addition to `rules`.
    pub(crate) fn rules_above(&self, directory: &Path, rules: IgnoreRules) -> Result<IgnoreRules, Unreadable> {
        let depth = self.depth_in_repository(directory).unwrap_or_default();
        let above: Vec<&Path> = directory.ancestors().skip(1).take(depth).collect();
        above.into_iter().rev().try_fold(rules, |rules, above| self.rules_in(above, &rules, None))
    }

    /// The rules that apply in a directory, whose names may be known. `above` are those in its parent, which do not apply in
    /// another repository.
    fn rules_in(
        &self,
        directory: &Path,
        above: &IgnoreRules,
        names: Option<&Names>,
    ) -> Result<IgnoreRules, Unreadable> {
        let mut rules = above.clone();
        if self.is_repository(directory, names) {
            rules.is_repository = true;
            let for_all = rules.for_all.as_ref().and_then(|file| self.rules_of(file, directory).ok().flatten());
            rules.rules = for_all.into_iter().chain(self.unshared_rules(directory)?).collect();
        }
        if rules.is_repository && names.is_none_or(|names| names.may_have(".gitignore")) {
            rules.rules.extend(self.own_rules(directory)?);
        }
        Ok(rules)
    }

    /// How many levels a directory is below the root of its repository.
    fn depth_in_repository(&self, directory: &Path) -> Option<usize> {
        directory.ancestors().position(|above| self.is_repository(above, None))
    }

    /// Whether a directory is the root of a repository of git or of jj, which honors the same rules.
    fn is_repository(&self, directory: &Path, names: Option<&Names>) -> bool {
        let may_have = |name: &&&str| names.is_none_or(|names| names.may_have(name));
        [".git", ".jj"].iter().filter(may_have).any(|name| self.kind_in(directory, name).is_some())
    }

    /// The names in a directory, and the rules that apply in it. `above` are those in its parent.
    pub(crate) fn names_and_rules(
        &self,
        directory: &Path,
        above: &IgnoreRules,
    ) -> Result<(Arc<Names>, IgnoreRules), Unreadable> {
        let names = self.names(directory)?;
        let rules = self.rules_in(directory, above, Some(&names))?;
        Ok((names, rules))
    }

    /// Calls `visit` for every file below a directory, with its kind and whether git ignores it. `enters` decides which directories
    /// are entered; its second argument is whether git ignores the directory. Symlinks are not followed. Returns what could not be
    /// read.
    pub(crate) fn walk_ignored(
        &self,
        directory: &Resolved,
        enters: impl Fn(&Resolved, bool) -> bool,
        mut visit: impl FnMut(Resolved, FileType, bool),
    ) -> Vec<Unreadable> {
        let rules = match self.rules_above(directory, IgnoreRules::default()) {
            Ok(rules) => rules,
            Err(unreadable) => return vec![unreadable],
        };
        let (mut pending, mut unread) = (vec![(directory.clone(), rules, false)], Vec::new());
        while let Some((place, above, is_ignored)) = pending.pop() {
            let (names, rules) = match self.names_and_rules(&place, &above) {
                Ok(found) => found,
                Err(unreadable) => {
                    unread.push(unreadable);
                    continue;
                }
            };
            for (name, kind) in names.iter() {
                let path = place.child(name);
                let is_ignored = is_ignored || rules.ignore(&path, kind.is_dir());
                if !kind.is_dir() {
                    visit(path, kind, is_ignored);
                } else if enters(&path, is_ignored) {
                    pending.push((path, rules.clone(), is_ignored));
                }
            }
        }
        unread
    }

    /// The rules of the `.gitignore` in a directory. git does not follow a symlink of that name.
    fn own_rules(&self, directory: &Path) -> Result<Option<Arc<Gitignore>>, Unreadable> {
        let file = path::join(directory, ".gitignore");
        let read = || match self.kind_of_itself(&file) {
            Some(kind) if !kind.is_symlink() => self.rules_of(&file, directory),
            _ => Ok(None),
        };
        self.seen.rules.get_or(&file, read)
    }

    /// The rules of a repository that are not shared: `info/exclude` in git's directory. `.git` is that directory, or a file with
    /// its path. In a worktree, its `commondir` has the path of the common one (git's documentation, "gitrepository-layout").
    fn unshared_rules(&self, repository: &Path) -> Result<Option<Arc<Gitignore>>, Unreadable> {
        let git = path::join(repository, ".git");
        let read = || {
            if self.kind(&git).is_none_or(|kind| kind.is_dir()) {
                return self.rules_of(&git.join("info/exclude"), repository);
            }
            let Some(line) = self.text_unless_special(&git)? else { return Ok(None) };
            let Some(real) = line.trim().strip_prefix("gitdir:") else { return Ok(None) };
            let real = repository.join(real.trim());
            let common = self.text_unless_special(&real.join("commondir"))?;
            let common = common.map_or_else(|| real.clone(), |common| real.join(common.trim()));
            self.rules_of(&common.join("info/exclude"), repository)
        };
        self.seen.rules.get_or(&git, read)
    }

    /// The rules of an ignore file. Patterns are relative to `directory`.
    fn rules_of(&self, file: &Path, directory: &Path) -> Result<Option<Arc<Gitignore>>, Unreadable> {
        let Some(text) = self.text_unless_special(file)? else { return Ok(None) };
        let mut rules = GitignoreBuilder::new(directory);
        for line in text.trim_start_matches('\u{feff}').lines() {
            // git skips patterns that are malformed.
            let _ = rules.add_line(None, &without_alternatives(line));
        }
        Ok(rules.build().ok().map(Arc::new))
    }

    /// The text of a file that git reads, if there is one.
    fn text_unless_special(&self, file: &Path) -> Result<Option<String>, Unreadable> {
        match self.read(file) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() != ErrorKind::NotFound && is_special(file) => Err(Unreadable::special(file)),
            Err(_) => Ok(None),
        }
    }
}

/// A pattern in which braces stand for themselves, as in git.
fn without_alternatives(pattern: &str) -> String {
    let mut escaped = String::new();
    for (at, c) in pattern.char_indices() {
        if matches!(c, '{' | '}') && !pattern[..at].ends_with('\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Whether there is a FIFO, a socket or a device at a path, but not the null device, which sandboxes put in the place of a file.
/// git would wait for the writer of a FIFO.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir() && !is_null(&found))
}

#[cfg(unix)]
fn is_null(found: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    found.file_type().is_char_device() && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev())
}

#[cfg(not(unix))]
fn is_null(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
