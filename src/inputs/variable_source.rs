//! What sets a variable for the build, other than the environment in which the user runs it.

use std::collections::HashSet;

use super::build_records::Run;
use super::{Inputs, Kind, build_script};
use crate::crates::config_files;
use crate::fs::{Disk, Resolved};

/// What sets a variable for the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetBy {
    Cargo,
    /// `[env]` in cargo's configuration.
    Config,
    /// `cargo::rustc-env=` of a build script.
    Script,
}

/// The variables that the build itself sets.
pub(crate) struct Settings {
    config: HashSet<String>,
    scripts: HashSet<String>,
}

impl Settings {
    pub(crate) fn of(disk: &Disk, inputs: &Inputs, runs: &[Run]) -> Self {
        let configs = inputs.files.iter().filter(|input| input.kind == Kind::CargoConfig);
        let configs: Vec<Resolved> = configs.map(|input| input.path.clone()).collect();
        let mut scripts = inputs.set_by_scripts.clone();
        scripts.extend(runs.iter().flat_map(|run| run.output.sets.iter().cloned()));
        Self { config: config_files::variables(disk, &configs), scripts }
    }

    /// What sets `name` for the compiler.
    pub(crate) fn for_compiler(&self, name: &str) -> Option<SetBy> {
        match name {
            "OUT_DIR" | "CARGO" => Some(SetBy::Cargo),
            _ if name.starts_with("CARGO_") => Some(SetBy::Cargo),
            _ if self.scripts.contains(name) => Some(SetBy::Script),
            _ => self.config.contains(name).then_some(SetBy::Config),
        }
    }

    /// Whether `name` depends on the machine, not on what is built.
    pub(crate) fn is_of_the_machine(&self, name: &str) -> bool {
        !self.config.contains(name) && build_script::is_of_the_machine(name)
    }

    /// What sets `name` for a build script.
    pub(crate) fn for_script(&self, name: &str) -> Option<SetBy> {
        if build_script::is_cargos_own(name) {
            return Some(SetBy::Cargo);
        }
        self.config.contains(name).then_some(SetBy::Config)
    }
}
