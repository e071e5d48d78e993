//! The commit and the tags of a repository, read from its files as uv does. git is not run.
//!
//! Source of the facts: `src/git_info.rs` of the crate `uv-cache-info`, now and before uv 0.11.20. Malformed files yield nothing,
//! because uv continues without them.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::fs::Disk;

/// How a version of uv reads repositories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum GitReading {
    #[default]
    Whole,
    /// Before uv 0.11.20: packed references and the branches of a linked worktree are not found.
    LooseOnly,
}

/// The commit that is checked out in the repository around `directory`.
pub(super) fn commit(disk: &Disk, directory: &Path, reading: GitReading) -> Option<String> {
    let repository = Repository::around(disk, directory)?;
    let head = disk.text(repository.git.join("HEAD")).ok()?;
    let mut words = head.split_whitespace();
    let first = words.next()?;
    match words.next() {
        Some(name) if reading == GitReading::LooseOnly => loose_ref(disk, &repository.dot_git.join(name)).ok()?,
        Some(name) => repository.points_at(disk, name),
        None => is_commit(first).then(|| first.to_owned()),
    }
}

/// The tags of the repository around `directory`, and what they point at.
pub(super) fn tags(disk: &Disk, directory: &Path, reading: GitReading) -> Option<BTreeMap<String, String>> {
    let repository = Repository::around(disk, directory)?;
    let packed = match reading {
        GitReading::Whole => packed(disk, &repository.common).ok()?,
        GitReading::LooseOnly => BTreeMap::new(),
    };
    let named = packed.into_iter().filter_map(|(name, at)| Some((name.strip_prefix("refs/tags/")?.to_owned(), at)));
    let mut tags: BTreeMap<String, String> = named.collect();
    let loose = repository.common.join("refs/tags");
    if !loose.exists() {
        return Some(tags);
    }
    for entry in disk.below(&loose).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
        if let Some(name) = entry.path().strip_prefix(&loose).ok().and_then(Path::to_str)
            && let Some(at) = loose_ref(disk, entry.path()).ok()?
        {
            tags.insert(name.to_owned(), at);
        }
    }
    Some(tags)
}

/// The directories in which git stores its data.
struct Repository {
    /// `.git` itself, which may be a file.
    dot_git: PathBuf,
    git: PathBuf,
    /// The same as `git`, except in a linked worktree.
    common: PathBuf,
}

/// Something because of which uv gives up.
struct Malformed;

impl Repository {
    fn around(disk: &Disk, directory: &Path) -> Option<Self> {
        let dot_git = disk.repository(directory)?.join(".git");
        let git = if dot_git.is_dir() {
            dot_git.clone()
        } else {
            let text = disk.text(&dot_git).ok()?;
            dot_git.parent()?.join(text.strip_prefix("gitdir:")?.trim())
        };
        let common = match disk.text(git.join("commondir")) {
            Ok(text) => git.join(text.trim()),
            Err(error) if error.kind() == ErrorKind::NotFound => git.clone(),
            Err(_) => return None,
        };
        Some(Self { dot_git, git, common })
    }

    fn points_at(&self, disk: &Disk, name: &str) -> Option<String> {
        for directory in [&self.git, &self.common] {
            if let Some(commit) = loose_ref(disk, &directory.join(name)).ok()? {
                return Some(commit);
            }
        }
        packed(disk, &self.common).ok()?.remove(name)
    }
}

fn loose_ref(disk: &Disk, path: &Path) -> Result<Option<String>, Malformed> {
    match disk.text(path) {
        Ok(text) if is_commit(text.trim()) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        _ => Err(Malformed),
    }
}

fn packed(disk: &Disk, directory: &Path) -> Result<BTreeMap<String, String>, Malformed> {
    let text = match disk.text(directory.join("packed-refs")) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(_) => return Err(Malformed),
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '^']));
    let pair = |line: &str| match line.split_once(' ') {
        Some((commit, name)) if is_commit(commit) => Ok((name.to_owned(), commit.to_owned())),
        _ => Err(Malformed),
    };
    lines.map(pair).collect()
}

fn is_commit(text: &str) -> bool {
    text.chars().count() == 40 && text.chars().all(|c| c.is_ascii_hexdigit())
}
