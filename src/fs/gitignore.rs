//! What git ignores, according to its ignore files alone. git is not run, and its index is not read.

use std::fs::{FileType, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

use super::disk::Names;
use super::unreadable::Unreadable;
use super::{Disk, Resolved, path, resolve};

/// The ignore rules that apply in a directory.
#[derive(Debug, Clone, Default)]
pub(crate) struct IgnoreRules {
    /// Whether the directory is in a repository. Outside, no rules apply.
    pub(crate) is_repository: bool,
    /// The rules with the highest precedence are last (git's documentation, "gitignore").
    rules: Vec<Arc<Gitignore>>,
}

impl IgnoreRules {
    /// Whether the rules ignore an entry of the directory or explicitly do not ignore it. `None` if no rule matches it.
    pub(crate) fn decide(&self, path: &Path, is_directory: bool) -> Option<bool> {
        let matched = self.rules.iter().rev().map(|rules| rules.matched(path, is_directory));
        matched.into_iter().find(|matched| !matched.is_none()).map(|matched| matched.is_ignore())
    }
}

impl Disk {
    /// Whether the `.gitignore` files of the repository around `path` ignore it.
    pub(crate) fn is_ignored(&self, path: &Resolved) -> bool {
        // No file has such a long path, and each directory on the way would have to be looked up.
        if path.as_os_str().len() > resolve::LONGEST {
            return false;
        }
        self.seen.ignored.get_or(path, || self.look_up_ignored(path))
    }

    fn look_up_ignored(&self, path: &Path) -> bool {
        let Some(repository) = path.parent().and_then(|directory| self.repository(directory)) else { return false };
        let Ok(below) = path.strip_prefix(repository) else { return false };
        let (mut place, mut around) = (repository.to_owned(), IgnoreRules::default());
        for component in below.components() {
            around.rules.extend(self.own_rules(&place).unwrap_or_default());
            place.push(component);
            // Everything in an ignored directory is ignored, whatever rules the directory has.
            if around.decide(&place, place != path) == Some(true) {
                return true;
            }
        }
        false
    }

    /// The rules of the repository around a directory that apply in its parent.
    pub(crate) fn rules_above(&self, directory: &Path) -> Result<IgnoreRules, Unreadable> {
        let depth = directory.ancestors().position(|above| self.is_repository(above)).unwrap_or_default();
        let above: Vec<&Path> = directory.ancestors().skip(1).take(depth).collect();
        above.into_iter().rev().try_fold(IgnoreRules::default(), |rules, above| self.rules_in(above, &rules))
    }

    /// The rules that the user has for all repositories (`core.excludesFile`), with the lowest precedence.
    pub(crate) fn rules_of_user(&self, directory: &Path) -> IgnoreRules {
        let rules = gitconfig_excludes_path().and_then(|file| self.rules_of(&file, directory).ok().flatten());
        IgnoreRules { is_repository: true, rules: rules.into_iter().collect() }
    }

    /// The rules that apply in a directory. `above` are those in its parent, which do not apply in another repository.
    fn rules_in(&self, directory: &Path, above: &IgnoreRules) -> Result<IgnoreRules, Unreadable> {
        let mut rules = if self.is_repository(directory) {
            let excluded = self.excluded_file(directory)?.map(|file| self.rules_of(&file, directory)).transpose()?;
            IgnoreRules { is_repository: true, rules: excluded.flatten().into_iter().collect() }
        } else {
            above.clone()
        };
        if rules.is_repository {
            rules.rules.extend(self.own_rules(directory)?);
        }
        Ok(rules)
    }

    fn is_repository(&self, directory: &Path) -> bool {
        [".git", ".jj"].iter().any(|name| self.kind_in(directory, name).is_some())
    }

    /// The names in a directory, and the rules that apply in it.
    pub(crate) fn names_and_rules(
        &self,
        directory: &Path,
        above: &IgnoreRules,
    ) -> Result<(Arc<Names>, IgnoreRules), Unreadable> {
        let names = self.names(directory).map_err(|error| Unreadable::new(directory, error))?;
        Ok((names, self.rules_in(directory, above)?))
    }

    /// Calls `visit` for every file below a directory, with its kind and whether git ignores it. `enters` decides which
    /// directories are entered, and is told whether git ignores them. Symlinks are not followed. Returns what could not be read.
    pub(crate) fn walk_ignored(
        &self,
        directory: &Resolved,
        enters: impl Fn(&Resolved, bool) -> bool,
        mut visit: impl FnMut(Resolved, FileType, bool),
    ) -> Vec<Unreadable> {
        let rules = match self.rules_above(directory) {
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
                let is_ignored = is_ignored || rules.decide(&path, kind.is_dir()) == Some(true);
                if !kind.is_dir() {
                    visit(path, kind, is_ignored);
                } else if enters(&path, is_ignored) {
                    pending.push((path, rules.clone(), is_ignored));
                }
            }
        }
        unread
    }

    /// The rules of the `.gitignore` in a directory. Patterns are relative to it.
    fn own_rules(&self, directory: &Path) -> Result<Option<Arc<Gitignore>>, Unreadable> {
        self.seen.rules.get_or(directory, || self.rules_of(&path::join(directory, ".gitignore"), directory))
    }

    /// The rules of an ignore file for a directory.
    fn rules_of(&self, file: &Path, directory: &Path) -> Result<Option<Arc<Gitignore>>, Unreadable> {
        let bytes = match self.read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() != ErrorKind::NotFound && is_special(file) => {
                return Err(Unreadable::special(file));
            }
            Err(_) => return Ok(None),
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut rules = GitignoreBuilder::new(directory);
        for line in text.trim_start_matches('\u{feff}').lines() {
            // git skips patterns that are malformed.
            let _ = rules.add_line(None, line);
        }
        Ok(rules.build().ok().map(Arc::new))
    }

    /// The file with rules that are not shared: `info/exclude` in git's directory, of which `.git` may be the name, and which may
    /// name another one (git's documentation, "gitrepository-layout").
    fn excluded_file(&self, repository: &Path) -> Result<Option<PathBuf>, Unreadable> {
        let git = path::join(repository, ".git");
        if self.kind(&git).is_none_or(|kind| kind.is_dir()) {
            return Ok(Some(git.join("info/exclude")));
        }
        let text = |file: &Path| match self.text(file) {
            Err(_) if is_special(file) => Err(Unreadable::special(file)),
            read => Ok(read.ok()),
        };
        let Some(line) = text(&git)? else { return Ok(None) };
        let Some(real) = line.trim().strip_prefix("gitdir:") else { return Ok(None) };
        let real = repository.join(real.trim());
        let common = text(&real.join("commondir"))?.map_or_else(|| real.clone(), |common| real.join(common.trim()));
        Ok(Some(common.join("info/exclude")))
    }
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
