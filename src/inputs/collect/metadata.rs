//! Readme and licence files: part of the package's metadata, and of nothing that runs.
//!
//! Sources: the specification of pyproject.toml (`readme`, `license-files`); maturin's user guide, "Metadata"; cargo book, "The
//! `readme` field".

use std::path::PathBuf;

use globset::GlobBuilder;
use toml_edit::{Document, Item};

use super::Collector;
use crate::inputs::Kind;
use crate::paths;
use crate::pyproject::Pyproject;

impl Collector<'_> {
    /// Adds what goes into the package's metadata.
    pub(super) fn metadata(&mut self, pyproject: &Pyproject) {
        let mut files: Vec<(PathBuf, &str)> = Vec::new();
        let readme = pyproject.get(&["project", "readme"]);
        let named = readme.and_then(|readme| readme.as_str().or_else(|| readme.as_table_like()?.get("file")?.as_str()));
        files.extend(named.map(|name| (self.project.join(name), "readme")));
        let is_dynamic = pyproject.get_strings(&["project", "dynamic"]).contains(&"readme");
        if is_dynamic || pyproject.get(&["project"]).is_none() {
            files.extend(self.readme_of_crate().map(|readme| (readme, "readme")));
        }
        let licences = match pyproject.get(&["project", "license-files"]) {
            Some(_) => pyproject.get_strings(&["project", "license-files"]),
            None => vec!["LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"],
        };
        files.extend(self.matching(&licences).into_iter().map(|file| (file, "licence file")));
        let bills = pyproject.get_strings(&["tool", "maturin", "sbom", "include"]);
        files.extend(bills.into_iter().map(|bill| (self.project.join(bill), "bill of materials")));
        for (path, what) in files {
            if path.is_file() {
                self.add(paths::resolve(&path), Kind::Metadata, None, format!("{what} of the package"), None);
            }
        }
    }

    /// The readme of the crate that is built; cargo finds one by itself.
    fn readme_of_crate(&self) -> Option<PathBuf> {
        let entry = self.crates.iter().find(|found| found.is_entry)?;
        let document = Document::parse(std::fs::read_to_string(&entry.package().manifest).ok()?).ok()?;
        let named = document.get("package")?.get("readme");
        let directory = entry.package().directory();
        match named {
            Some(named) if named.as_bool() == Some(false) => None,
            Some(Item::Value(toml_edit::Value::String(name))) => Some(directory.join(name.value())),
            _ => ["README.md", "README.txt", "README"]
                .map(|name| directory.join(name))
                .into_iter()
                .find(|path| path.is_file()),
        }
    }

    /// The files of the project directory, or those that a pattern with directories names, that match one of `patterns`.
    fn matching(&self, patterns: &[&str]) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for pattern in patterns {
            let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else { continue };
            let matcher = glob.compile_matcher();
            let base = self.project.join(crate::cache_keys::split(pattern).0);
            let deep = pattern.contains("**");
            let walk = walkdir::WalkDir::new(base).max_depth(if deep { 8 } else { 1 }).sort_by_file_name();
            let files = walk.into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
            let files = files.map(walkdir::DirEntry::into_path);
            found.extend(files.filter(|file| {
                file.strip_prefix(self.project).is_ok_and(|below| matcher.is_match(below)) && !self.is_output(file)
            }));
        }
        found
    }
}
