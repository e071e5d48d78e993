//! What one key does among the others, found by evaluating the list without it, alone, or in other company.

use std::path::{Path, PathBuf};

use super::coverage::Coverage;
use super::glob::{self, Group as Globs};
use super::grammar::{Key, is_glob};
use super::group::Group;
use super::sample::samples;
use crate::looked_up;

/// Where made-up paths lie: nothing is there, so that the patterns alone decide.
const NOWHERE: &str = if cfg!(windows) { r"C:\no\such\directory" } else { "/no/such/directory" };

impl Coverage {
    /// The list without entry `index`; the entries behind it have other numbers there.
    pub(crate) fn without(&self, index: usize) -> Option<Coverage> {
        self.without_all(&[index])
    }

    /// The list without some entries.
    pub(crate) fn without_all(&self, gone: &[usize]) -> Option<Coverage> {
        let keys = self.keys().iter().enumerate().filter(|(at, _)| !gone.contains(at));
        let keys: Vec<Key> = keys.map(|(_, key)| key.clone()).collect();
        Coverage::compile(&self.dir, &keys).ok()
    }

    /// The files that entry `index` is meant to match, made-up ones: absolute, resolved as text. None where single
    /// characters of the glob matter, so that samples do not tell all.
    pub(crate) fn samples_of(&self, index: usize) -> Option<Vec<PathBuf>> {
        let Key::File(text) = self.keys().get(index)? else { return None };
        let samples = samples(text);
        let place = |path: &String| crate::paths::resolve(&self.dir.join(path));
        samples.tell_all.then(|| samples.paths.iter().map(place).collect())
    }

    /// Where the walk of a glob starts, if only a symlinked directory leads there: uv enters it as the base of a walk, and
    /// not when it comes by.
    pub(crate) fn starts_at_link(&self, index: usize) -> bool {
        let Some(Key::File(text)) = self.keys().get(index) else { return false };
        let base = glob::split(text).0;
        let leads_up = base.components().any(|part| !matches!(part, std::path::Component::Normal(_)));
        let is_base = self.group_of.get(&index).is_some_and(|group| self.groups[*group].base == base);
        // To compare the base with its real path would not do: some file systems find `src` by the name `SRC`.
        let is_link =
            |part: &Path| looked_up::kind_of_itself(&self.dir.join(part)).is_some_and(|kind| kind.is_symlink());
        let mut parts = base.ancestors().filter(|part| !part.as_os_str().is_empty());
        is_base && !leads_up && parts.any(is_link)
    }

    /// The same keys as uv would read them on Windows, where patterns are joined with `\`: the matcher takes that for a
    /// separator behind a leading `**`, and for an escape everywhere else. None where it would reject the list.
    pub(crate) fn on_windows(&self) -> Option<Coverage> {
        let globs = self.keys().iter().enumerate().filter_map(|(index, key)| match key {
            Key::File(text) if key.is_glob() => Some((index, text.as_str())),
            _ => None,
        });
        let groups = glob::cluster(globs).into_iter().map(|group| {
            let patterns =
                group.patterns.into_iter().map(|pattern| glob::Pattern { text: windows(&pattern.text), ..pattern });
            Group::compile(&self.dir, Globs { base: group.base, patterns: patterns.collect() })
        });
        let groups = groups.collect::<Result<Vec<_>, _>>().ok()?;
        let mut coverage = Coverage::compile(&self.dir, self.keys()).ok()?;
        coverage.groups = groups;
        Some(coverage)
    }
}

fn windows(pattern: &str) -> String {
    let joined = pattern.replace('/', "\\");
    joined.strip_prefix("**\\").map(|rest| format!("**/{rest}")).unwrap_or(joined)
}

/// A file that a glob matches alone and not in company, or the other way round, relative to the glob's base. `*.rs` in
/// `src/*.rs` matches at any depth while `src` is where the walk starts, and direct children when it starts above.
pub(crate) fn depends_on_company(glob: &str) -> Option<String> {
    // Asked first, for it costs nothing.
    if glob.starts_with('!') || !is_glob(glob) {
        return None;
    }
    let (base, pattern) = glob::split(glob);
    let pattern = pattern.to_str()?;
    // The others have a `/` in them wherever the walk starts.
    if !is_glob(pattern) || pattern.contains('/') || pattern.starts_with("**") {
        return None;
    }
    let file = |text: &str| Key::File(text.to_owned());
    let at_base = file(&format!("base/{pattern}"));
    let alone = Coverage::compile(Path::new(NOWHERE), std::slice::from_ref(&at_base)).ok()?;
    let in_company = Coverage::compile(Path::new(NOWHERE), &[at_base, file("*.in-company")]).ok()?;
    let deep = samples(pattern).paths.into_iter().map(|path| format!("deeper/{path}"));
    let differs = |path: &String| {
        let path = Path::new(NOWHERE).join("base").join(path);
        alone.covering_key(&path).is_some() != in_company.covering_key(&path).is_some()
    };
    let found = deep.chain(samples(pattern).paths).find(differs)?;
    Some(base.join(found).to_string_lossy().into_owned())
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
            "*",
            "src/*",
            "src/**",
            "src/**.rs",
            "src/**/*.rs",
            "{src}/*.rs",
            "*/*.rs",
            "**/src/*.rs",
            "Cargo.toml",
            "!*.rs",
        ] {
            assert!(!depends(glob), "{glob}");
        }
    }

    #[test]
    fn windows_reads_a_separator_as_an_escape() {
        let covers = |keys: &[&str], path: &str| {
            let keys: Vec<Key> = keys.iter().map(|key| Key::File((*key).to_owned())).collect();
            let coverage = Coverage::compile(Path::new(NOWHERE), &keys).unwrap().on_windows().unwrap();
            coverage.covering_key(&Path::new(NOWHERE).join(path)).is_some()
        };
        assert!(covers(&["src/**/*.rs"], "src/a/lib.rs"));
        assert!(covers(&["src/*.rs"], "src/a/lib.rs"));
        assert!(!covers(&["crates/*/src/**/*.rs"], "crates/a/src/lib.rs"));
        assert!(!covers(&["**/src/*.rs"], "a/src/lib.rs"));
        assert!(!covers(&["src/**/*.rs", "*.toml"], "src/lib.rs"));
    }
}
