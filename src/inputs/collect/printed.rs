//! What the build scripts printed at the last build: paths and names that no reading of their text tells.
//!
//! Only what holds for everybody counts: not what the build made, not what was there at that build alone, and not the
//! variables of the machine's tools (`CC`, `PKG_CONFIG_PATH`) that helpers of a script declare on their own.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Collector, embedded_in};
use crate::inputs::recorded::{self, Made, OwnTexts, Run};
use crate::inputs::{Kind, Variable, environment, named};
use crate::paths;

const REASON: &str = "printed by the build script at the last build";

impl Collector<'_> {
    pub(super) fn printed(&mut self, configs: &[PathBuf]) {
        let crates = self.crates;
        let mut runs = recorded::runs(crates);
        // Another script than the one that ran may print other lines.
        runs.retain(|run| run.is_current);
        if runs.is_empty() {
            return;
        }
        let made = Made::around(crates);
        for run in &runs {
            self.printed_files(run, &made);
        }
        self.printed_variables(&runs, configs);
    }

    fn printed_files(&mut self, run: &Run, made: &Made) {
        let in_crate = Some(run.in_crate);
        let package = self.crates[run.in_crate].package().directory();
        for path in &run.output.files {
            let path = paths::resolve(&package.join(path));
            if made.contains(&path) || self.is_output(&path) {
                continue;
            }
            if path.is_file() {
                self.add(path, embedded_in(Kind::BuildScript), in_crate, REASON.to_owned(), None);
            } else if path.is_dir() {
                self.directory(Kind::BuildScript, in_crate, &path, REASON);
            }
        }
    }

    /// Whether a build script has cargo watch its whole package: that is no list of inputs, and never a key.
    pub(super) fn watches_package(&mut self, of: Kind, in_crate: Option<usize>, watched: &Path, reason: &str) -> bool {
        let package = in_crate.and_then(|at| self.crates.get(at)).map(|found| found.package().directory());
        let is_whole = of == Kind::BuildScript && package.is_some_and(|package| package.starts_with(watched));
        if is_whole {
            self.unresolved.push(format!("{reason}: the whole package"));
        }
        is_whole
    }

    fn printed_variables(&mut self, runs: &[Run], configs: &[PathBuf]) {
        let sets: HashSet<&str> = runs.iter().flat_map(|run| &run.output.sets).map(String::as_str).collect();
        // What the compiler finds set by a script is none of the environment's.
        self.variables.retain(|known| !sets.contains(known.name.as_str()) || known.reason.starts_with("rerun-if"));
        let set_by_config = environment::variables(configs);
        let is_judged = |name: &str| !named::is_cargos_own(name) && !set_by_config.contains(name);
        let names = runs.iter().flat_map(|run| &run.output.variables).filter(|name| is_judged(name));
        let own = OwnTexts::of(&self.files, self.crates);
        for name in names.filter(|name| own.name(name)) {
            if !self.variables.iter().any(|known| known.name == *name) {
                self.variables.push(Variable { name: name.clone(), reason: REASON.to_owned() });
            }
        }
    }
}
