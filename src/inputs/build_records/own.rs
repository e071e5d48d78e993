//! Selects the project's own files and variables from a record. Excludes what the build made and what cargo, rustup or a helper
//! crate from a registry added.

use std::path::{Path, PathBuf};

use crate::crates::build_crate::Crate;
use crate::crates::cargo_metadata::home;
use crate::fs::{Disk, Resolved, resolve};
use crate::inputs::{Input, Kind, macros};

/// Directories that contain no inputs: those of the build, cargo and rustup.
#[derive(Debug)]
pub(crate) struct Made(Vec<PathBuf>);

impl Made {
    pub(crate) fn around(disk: &Disk, crates: &[Crate]) -> Self {
        let homes = [home("CARGO_HOME", ".cargo"), home("RUSTUP_HOME", ".rustup")];
        let workspaces = crates.iter().map(|found| &found.workspace);
        let built = workspaces.flat_map(|found| [Some(&found.target_directory), found.build_directory.as_ref()]);
        let directories = homes.into_iter().flatten().chain(built.flatten().map(|built| built.to_path_buf()));
        let directories = directories.flat_map(|path| [disk.real_directory(&path).to_path_buf(), path]);
        let mut directories: Vec<PathBuf> = directories.collect();
        directories.sort();
        directories.dedup();
        Self(directories)
    }

    pub(crate) fn contains(&self, path: &Path) -> bool {
        self.0.iter().any(|directory| path.starts_with(directory))
    }
}

/// The texts of the build scripts and of the local crates that they call. If a script declares a variable that none of them
/// names, a helper crate from a registry declared it: `CC` by cc, `PKG_CONFIG_PATH` by pkg-config. Such variables configure the
/// tools of a machine and differ from shell to shell.
pub(crate) struct OwnTexts(Vec<String>);

impl OwnTexts {
    pub(crate) fn of(disk: &Disk, files: &[Input], crates: &[Crate]) -> Self {
        let helps = |found: &Crate| found.via.starts_with("build dependency");
        let is_own = |input: &&Input| {
            let in_helper = || input.in_crate.and_then(|at| crates.get(at)).is_some_and(helps);
            input.kind == Kind::BuildScript || (input.kind == Kind::Source && in_helper())
        };
        let own = files.iter().filter(is_own);
        Self(own.filter_map(|input| disk.text(&input.path).ok()).collect())
    }

    /// Whether one of the texts contains `name` as a whole word.
    pub(crate) fn name(&self, name: &str) -> bool {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let is_word = |text: &str, at: usize| {
            !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next())
        };
        self.0.iter().any(|text| text.match_indices(name).any(|(at, _)| is_word(text, at)))
    }
}

/// The files that the sources among `files` of the crate in `package` only embed as documentation.
pub(super) fn documentation(disk: &Disk, files: &[Resolved], package: &Path) -> Vec<Resolved> {
    let sources = files.iter().filter(|path| resolve::is_rust(path));
    sources.flat_map(|source| macros::documentation(disk, source, package)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_named_as_a_word() {
        let texts = OwnTexts(vec!["let ACCESS = \"MY_CC\"; // über".to_owned(), "x(\"LIB_DIR\")=Y".to_owned()]);
        for (name, expected) in [("CC", false), ("MY_CC", true), ("LIB_DIR", true), ("LIB", false), ("Y", true)] {
            assert_eq!(texts.name(name), expected, "{name}");
        }
    }
}
