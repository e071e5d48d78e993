//! Who sets a variable, if not the one who calls the build.

use std::collections::HashSet;
use std::path::PathBuf;

use super::recorded::Run;
use super::{Inputs, Kind, environment, named};

/// Who sets a variable for the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetBy {
    Cargo,
    /// `[env]` in cargo's configuration.
    Config,
    /// `cargo::rustc-env=` of a build script.
    Script,
}

/// What the build sets by itself.
pub(crate) struct Settings {
    config: HashSet<String>,
    /// The crate, by its place in [`Inputs::crates`], and the name.
    scripts: HashSet<(usize, String)>,
}

impl Settings {
    pub(crate) fn of(inputs: &Inputs, runs: &[Run]) -> Self {
        let configs = inputs.files.iter().filter(|input| input.kind == Kind::CargoConfig);
        let configs: Vec<PathBuf> = configs.map(|input| input.path.clone()).collect();
        let mut scripts = HashSet::new();
        for input in inputs.files.iter().filter(|input| input.kind == Kind::BuildScript) {
            let (Some(in_crate), Some(found)) = (input.in_crate, inputs.crate_of(input)) else { continue };
            let named = named::read(&input.path, input.kind, found.package().directory());
            scripts.extend(named.sets.into_iter().map(|name| (in_crate, name)));
        }
        for run in runs {
            scripts.extend(run.output.sets.iter().map(|name| (run.in_crate, name.clone())));
        }
        Self { config: environment::variables(&configs), scripts }
    }

    /// Who sets `name` for the compiler of a crate; of any crate, where none is named.
    pub(crate) fn for_compiler(&self, name: &str, in_crate: Option<usize>) -> Option<SetBy> {
        let is_own = |(of, set): &(usize, String)| set == name && in_crate.is_none_or(|in_crate| in_crate == *of);
        match name {
            "OUT_DIR" | "CARGO" => Some(SetBy::Cargo),
            _ if name.starts_with("CARGO_") => Some(SetBy::Cargo),
            _ if self.scripts.iter().any(is_own) => Some(SetBy::Script),
            _ => self.config.contains(name).then_some(SetBy::Config),
        }
    }

    /// Who sets `name` for a build script.
    pub(crate) fn for_script(&self, name: &str) -> Option<SetBy> {
        if named::is_cargos_own(name) {
            return Some(SetBy::Cargo);
        }
        self.config.contains(name).then_some(SetBy::Config)
    }
}
