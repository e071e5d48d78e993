//! Applies `extra-inputs` and `extra-variables` of `[tool.cachekeys]`.

use super::{CHOSEN_VARIABLE, Collector, Origin};
use crate::cache_keys::{System, split_on};
use crate::fs::{Resolved, path};
use crate::inputs::{Kind, Tree, Variable};
use crate::pyproject::Pyproject;
use crate::pyproject::options::{Pattern, VariableName};

const NAMED: &str = "listed in `extra-inputs` of `[tool.cachekeys]`";

impl Collector<'_> {
    /// Adds `extra-inputs` and `extra-variables`.
    pub(super) fn extra(&mut self, pyproject: &Pyproject) {
        for pattern in &pyproject.options.extra_inputs {
            self.extra_input(pattern);
        }
        let variable =
            |name: &VariableName| Variable { name: name.as_str().to_owned(), reason: CHOSEN_VARIABLE.to_owned() };
        self.variables.extend(pyproject.options.extra_variables.iter().map(variable));
    }

    fn extra_input(&mut self, named: &Pattern) {
        let text = named.text();
        let path = self.project.join(text);
        // Patterns of settings are written with `/` on every system.
        let (base, pattern) = split_on(System::Unix, text);
        if self.disk.is_dir(&path) {
            let origin = Origin { gives: Kind::BuildScriptInput, in_crate: None, by: "", file: self.project, line: 0 };
            self.directory(&path, None, &origin, NAMED);
        } else if self.disk.exists(&path) || pattern.is_empty() {
            // A path that does not exist is misspelled, or is written by something that has not run yet.
            if self.disk.exists(&path) {
                self.add(self.disk.resolve(&path), Kind::BuildScriptInput, None, NAMED.to_owned(), None);
            } else {
                self.unresolved.push(format!("{text}, {NAMED}: the file does not exist"));
            }
        } else {
            self.extra_glob(named, &base, &pattern);
        }
    }

    fn extra_glob(&mut self, named: &Pattern, base: &str, pattern: &str) {
        let base = self.disk.real_directory(&self.project.join(base));
        let (files, is_mixed) = self.files_in(&base);
        let is_meant = |file: &Resolved| named.matches(&path::display(self.project, file));
        let files: Vec<Resolved> = files.into_iter().filter(is_meant).collect();
        if files.is_empty() {
            self.unresolved.push(format!("{}, {NAMED}: it matches no file", named.text()));
        }
        let tree = tree(pattern, is_mixed).filter(|_| self.may_be_globbed(&base));
        for file in files {
            let tree = tree.map(|whole| Tree { directory: base.clone(), whole });
            self.add(file, Kind::BuildScriptInput, None, NAMED.to_owned(), tree);
        }
    }
}

/// Whether a pattern matches all files below its base (true) or all files with one suffix (false). `None` for any other pattern.
fn tree(pattern: &str, is_mixed: bool) -> Option<bool> {
    let last = match pattern.strip_prefix("**") {
        Some("") => "*",
        Some(rest) => rest.strip_prefix('/')?,
        None => return None,
    };
    match last.strip_prefix('*') {
        Some("") => (!is_mixed).then_some(true),
        Some(suffix) => {
            let is_suffix = suffix.strip_prefix('.').is_some_and(|suffix| suffix.chars().all(char::is_alphanumeric));
            is_suffix.then_some(false)
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_over_a_tree_is_one_on_every_system() {
        for (glob, expected) in [
            ("data/**", Some(true)),
            ("data/**/*", Some(true)),
            ("data/**/*.json", Some(false)),
            ("data/**/*.tar.gz", None),
            ("data/**/a*", None),
            ("data/*.json", None),
        ] {
            assert_eq!(tree(&split_on(System::Unix, glob).1, false), expected, "{glob}");
        }
    }
}
