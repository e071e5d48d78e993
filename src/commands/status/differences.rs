//! Compares the cache info that uv stored with that of today. Each difference is a reason to rebuild.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::change::{Change, Kind};
use crate::cache_keys::{CacheInfo, Coverage, Directory, Key, Noted};
use crate::fs::path;

/// All differences; empty if uv considers the project unchanged.
pub(super) fn between(stored: &CacheInfo, noted: &Noted, coverage: &Coverage, dir: &Path) -> Vec<Change> {
    let now = &noted.info;
    let mut changes = files(stored, noted, coverage, dir);
    if stored.commit != now.commit {
        let change = Change::of(Kind::Commit, String::new());
        let key = key(coverage, |key| matches!(key, Key::Git { commit: true, .. }));
        changes.push(Change { old: stored.commit.clone(), new: now.commit.clone(), key, ..change });
    }
    changes.extend(tags(stored, now, coverage));
    for name in union(&stored.env, &now.env) {
        let key = key(coverage, |key| matches!(key, Key::Env(of) if of == name));
        let (old, new) = (stored.env.get(name), now.env.get(name));
        if old == new {
            continue;
        }
        let reason = match (old, new) {
            (None, _) => "its key is new",
            (_, None) => "its key was removed",
            _ => "",
        };
        let value = |value: Option<&Option<String>>| value.cloned().flatten();
        changes.push(Change { old: value(old), new: value(new), key, ..Change::named(Kind::Variable, name, reason) });
    }
    for name in union(&stored.directories, &now.directories) {
        let (old, new) = (stored.directories.get(name), now.directories.get(name));
        if old == new {
            continue;
        }
        let reason = match (old, new) {
            (None, _) => "its key is new",
            (_, None) => "its key was removed, or it is a file now",
            (Some(None), _) => "it was created",
            (_, Some(None)) => "it was removed",
            _ => "another directory replaced it",
        };
        let created = match new {
            Some(Some(Directory::Created(created))) => Some(*created),
            _ => None,
        };
        let key = key(coverage, |key| matches!(key, Key::Dir(of) if of == name));
        changes.push(Change { changed: created, key, ..Change::named(Kind::Directory, name, reason) });
    }
    changes
}

/// uv stores only the time of the newest file. Files that are newer than that have changed. If no file is newer, the file that
/// was the newest is gone.
fn files(stored: &CacheInfo, noted: &Noted, coverage: &Coverage, dir: &Path) -> Vec<Change> {
    if stored.timestamp == noted.info.timestamp {
        return Vec::new();
    }
    if noted.info.timestamp > stored.timestamp {
        let change = |file: &crate::cache_keys::NewerFile| Change {
            changed: Some(file.changed),
            key: coverage.keys().get(file.key).map(Key::text),
            ..Change::named(Kind::File, &path::display(dir, &file.path), "")
        };
        return noted.newer.iter().map(change).collect();
    }
    let reason = if noted.info.timestamp.is_none() {
        "all covered files were removed or are no longer covered"
    } else {
        "the newest covered file of the last build was removed or is no longer covered"
    };
    vec![Change { changed: stored.timestamp, ..Change::of(Kind::File, reason.to_owned()) }]
}

fn tags(stored: &CacheInfo, now: &CacheInfo, coverage: &Coverage) -> Vec<Change> {
    let key = key(coverage, |key| matches!(key, Key::Git { tags: true, .. }));
    if stored.tags.is_some() != now.tags.is_some() {
        let reason =
            if now.tags.is_some() { "the tags were not tracked before" } else { "the tags are no longer tracked" };
        return vec![Change { key, ..Change::of(Kind::Tag, reason.to_owned()) }];
    }
    let (Some(old), Some(new)) = (&stored.tags, &now.tags) else { return Vec::new() };
    let differs = union(old, new).into_iter().filter(|name| old.get(*name) != new.get(*name));
    let change = |name: &String| Change {
        old: old.get(name).cloned(),
        new: new.get(name).cloned(),
        key: key.clone(),
        ..Change::named(Kind::Tag, name, "")
    };
    differs.map(change).collect()
}

fn union<'a, V>(a: &'a BTreeMap<String, V>, b: &'a BTreeMap<String, V>) -> BTreeSet<&'a String> {
    a.keys().chain(b.keys()).collect()
}

/// The first key of a kind, as it is written in pyproject.toml.
fn key(coverage: &Coverage, is_it: impl Fn(&Key) -> bool) -> Option<String> {
    coverage.keys().iter().find(|key| is_it(key)).map(Key::describe)
}
