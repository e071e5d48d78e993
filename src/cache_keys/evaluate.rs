//! The effect of one key, computed by evaluating the list without it, the key alone, or the key in another list.

use std::path::Path;

use super::coverage::{Coverage, compiled};
use super::glob;
use super::grammar::{Key, is_glob};
use super::matcher::Matcher;
use super::sample::samples;
use super::system::System;
use crate::fs::Resolved;

impl Coverage {
    /// The list without entry `index`. Later entries have other indices there.
    pub(crate) fn without(&self, index: usize) -> Option<Coverage> {
        self.without_all(&[index])
    }

    /// The list without some entries.
    pub(crate) fn without_all(&self, gone: &[usize]) -> Option<Coverage> {
        let keys = self.keys().iter().enumerate().filter(|(at, _)| !gone.contains(at));
        let keys: Vec<Key> = keys.map(|(_, key)| key.clone()).collect();
        Coverage::compile(&self.disk, &self.dir, &keys).ok()
    }

    /// Sample files that entry `index` is meant to match. `None` if single characters of the glob matter, so that samples are not
    /// enough.
    pub(crate) fn samples_of(&self, index: usize) -> Option<Vec<Resolved>> {
        let Key::File(text) = self.keys().get(index)? else { return None };
        let samples = samples(text);
        let place = |path: &String| self.disk.resolve(&self.dir.join(path));
        samples.tell_all.then(|| samples.paths.iter().map(place).collect())
    }

    /// Whether the walk of a glob starts at or below a symlinked directory. uv follows a symlink on the way to the base of a
    /// walk, but not one that it meets during the walk.
    pub(crate) fn starts_at_link(&self, index: usize) -> bool {
        let Some(Key::File(text)) = self.keys().get(index) else { return false };
        let base = glob::split(text).0;
        let leads_up = Path::new(&*base).components().any(|part| !matches!(part, std::path::Component::Normal(_)));
        let is_base = self.group_of.get(&index).is_some_and(|group| self.groups[*group].base == base);
        // Comparing the base with its real path would not work, because some file systems find `src` by the name `SRC`.
        let is_link =
            |part: &Path| self.disk.kind_of_itself(&self.dir.join(part)).is_some_and(|kind| kind.is_symlink());
        let mut parts = Path::new(&*base).ancestors().filter(|part| !part.as_os_str().is_empty());
        is_base && !leads_up && parts.any(is_link)
    }

    /// The same keys as uv would read them on the other system, with the files on this disk. `None` if it would reject the list.
    pub(crate) fn elsewhere(&self) -> Option<Coverage> {
        Coverage::compile_on(System::ELSEWHERE, &self.disk, &self.dir, self.keys()).ok()
    }

    /// Why entry `index`, a glob, does not cover the same files on Windows.
    pub(crate) fn obstacle(&self, index: usize) -> Option<Obstacle> {
        let Some(Key::File(text)) = self.keys().get(index).filter(|key| key.is_glob()) else { return None };
        let pattern = glob::split_on(System::Unix, text).1;
        if pattern.strip_prefix("**/").unwrap_or(&pattern).contains('/') {
            return Some(Obstacle::Components);
        }
        let patterns = &self.groups[*self.group_of.get(&index)?].patterns;
        let below = &patterns.iter().find(|pattern| pattern.key == index)?.below;
        let is_above = |above: &&glob::Pattern| below != &above.below && below.starts_with(&above.below);
        patterns.iter().find(is_above).map(|above| Obstacle::Above(above.key))
    }

    /// Whether every key is read alike on all systems, apart from the case of names.
    pub(crate) fn is_portable(&self) -> bool {
        let is_plain = |key: &Key| !matches!(key, Key::File(text) if text.contains('\\'));
        self.keys().iter().all(is_plain) && (0..self.keys().len()).all(|index| self.obstacle(index).is_none())
    }
}

/// Why a glob does not cover the same files on Windows, where uv joins its parts with `\`. Measured: `tests/windows/lists.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The part after its literal base has more than one component, not counting a leading `**/`.
    Components,
    /// The base of this other entry is above its own base.
    Above(usize),
}

/// A file that a glob matches alone but not beside other globs, or the other way round, relative to the glob's base. `*.rs` in
/// `src/*.rs` matches at any depth if the walk starts at `src`, and only direct children if it starts above.
pub(crate) fn depends_on_company(glob: &str) -> Option<String> {
    // The cheap check comes first.
    if glob.starts_with('!') || !is_glob(glob) {
        return None;
    }
    let (base, pattern) = glob::split(glob);
    // Other patterns contain a `/` wherever the walk starts, so they do not change.
    if !is_glob(&pattern) || pattern.contains(std::path::is_separator) || pattern.starts_with("**") {
        return None;
    }
    let file = |text: &str| Key::File(text.to_owned());
    let at_base = file(&format!("base/{pattern}"));
    let alone = compiled(System::HERE, std::slice::from_ref(&at_base)).ok()?;
    let in_company = compiled(System::HERE, &[at_base, file("*.in-company")]).ok()?;
    let deep = samples(&pattern).paths.into_iter().map(|path| format!("deeper/{path}"));
    let differs = |path: &String| {
        let path = Path::new("base").join(path);
        let covers = |walks: &[(glob::Group, Matcher)]| {
            walks
                .iter()
                .any(|(walk, matcher)| path.strip_prefix(&walk.base).is_ok_and(|below| matcher.takes(below).is_some()))
        };
        covers(&alone) != covers(&in_company)
    };
    let found = deep.chain(samples(&pattern).paths).find(differs)?;
    Some(if base.is_empty() { found } else { format!("{base}/{found}") })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lone_pattern_means_something_else_in_company() {
        let depends = |glob: &str| depends_on_company(glob).is_some();
        for glob in ["*.toml", "src/*.rs", "src/?.rs", "src/[ab].rs", "Cargo.{toml,lock}", "../*.rs", "a/b/Cargo.*"] {
            assert!(depends(glob), "{glob}");
        }
        for glob in [
            "*", "src/*", "src/**", "src/**.rs", "src/**/*.rs", "{src}/*.rs", "*/*.rs", "**/src/*.rs", "Cargo.toml",
            "!*.rs",
        ] {
            assert!(!depends(glob), "{glob}");
        }
    }
}
