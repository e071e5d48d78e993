//! What every build reads: the project's own files, each crate with its sources, and the configuration of cargo and rustup.

use std::path::Path;

use rayon::prelude::*;

use super::Collector;
use crate::crates::build_crate::Crate;
use crate::crates::config_files;
use crate::crates::workspace::{Target, TargetRole};
use crate::fs::Resolved;
use crate::inputs::backend::in_tree;
use crate::inputs::sources::{self, Fence, Sources};
use crate::inputs::{Definition, Kind, Tree};
use crate::pyproject::Pyproject;

impl Collector<'_> {
    pub(super) fn project(&mut self, pyproject: &Pyproject, definition: &Definition) {
        let reason = "sets the build backend, its options and the package's metadata";
        self.add(self.project.child("pyproject.toml"), Kind::Pyproject, None, reason.to_owned(), None);
        for (path, reason) in &definition.files {
            self.add(path.clone(), Kind::Backend, None, reason.clone(), None);
        }
        for (path, tree) in in_tree::files(self.disk, pyproject) {
            let tree = tree.map(|directory| Tree { directory, whole: false });
            self.add(path, Kind::Backend, None, "part of the build backend (`backend-path`)".to_owned(), tree);
        }
    }

    /// Adds the files that every crate has. Sources are searched in parallel.
    pub(super) fn packages(&mut self) {
        let sources: Vec<_> = self.crates.par_iter().with_max_len(1).map(|found| self.sources(found)).collect();
        for (index, sources) in sources.into_iter().enumerate() {
            self.package(index, sources);
        }
    }

    fn package(&mut self, index: usize, sources: Vec<(&Target, Sources)>) {
        let found = &self.crates[index];
        let package = found.package();
        let name = found.name();
        self.add(package.manifest.clone(), Kind::Manifest, Some(index), format!("manifest of crate `{name}`"), None);
        let root = found.workspace.root.child("Cargo.toml");
        self.add(root, Kind::Manifest, None, format!("workspace root of crate `{name}`"), None);
        if found.is_entry {
            let lockfile = found.workspace.root.child("Cargo.lock");
            let reason = format!("pins the dependencies of crate `{name}`");
            self.add(lockfile, Kind::Lockfile, Some(index), reason, None);
        }
        for (target, sources) in sources {
            let kind = if target.role == TargetRole::BuildScript { Kind::BuildScript } else { Kind::Source };
            self.unread.extend(sources.unread);
            for (path, tree) in sources.files {
                let what = match (target.role, path == target.source) {
                    (TargetRole::BuildScript, true) => "build script",
                    (TargetRole::BuildScript, false) => "module of the build script",
                    (_, true) => "root",
                    (_, false) => "module",
                };
                let tree = tree.map(|directory| Tree { directory, whole: false });
                self.add(path, kind, Some(index), format!("{what} of crate `{name}`"), tree);
            }
        }
    }

    /// The sources of each target that is compiled.
    fn sources<'c>(&self, found: &'c Crate) -> Vec<(&'c Target, Sources)> {
        let (built, unbuilt) = found.targets();
        let mut skip: Vec<Resolved> = unbuilt.iter().map(|target| target.source.clone()).collect();
        // A binary with several files has its own directory.
        skip.extend(skip.clone().iter().map(Resolved::around).filter(|directory| {
            directory.parent().is_some_and(|parent| parent.file_name().is_some_and(|name| name == "bin"))
        }));
        let around = vec![found.package().manifest.around(), self.project.clone()];
        let within = self.grounds().into_iter().map(Path::to_owned).collect();
        let fence = Fence { around, outputs: self.outputs.clone(), within };
        let of_target = |target: &'c Target| {
            let sources = match target.role {
                TargetRole::BuildScript => sources::of_modules(self.disk, &target.source, &fence),
                _ => sources::of_target(self.disk, &target.source, &fence, &skip),
            };
            (target, sources)
        };
        built.into_iter().map(of_target).collect()
    }

    /// Returns the configuration files.
    pub(super) fn environment(&mut self) -> Vec<Resolved> {
        let configs = config_files::cargo_configs(self.disk, self.project);
        let paths = configs.iter().map(|steering| steering.path.clone()).collect();
        for steering in configs {
            self.add(steering.path, Kind::CargoConfig, None, steering.reason, None);
        }
        if let Some(steering) = config_files::toolchain(self.disk, self.project) {
            self.add(steering.path, Kind::Toolchain, None, steering.reason, None);
        }
        paths
    }
}
