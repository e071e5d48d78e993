//! The lines that build scripts printed during the last build, which may name paths and variables that the text of the scripts
//! does not contain.
//!
//! Only inputs that exist on every machine count: not files that the build made, not files that only existed during that build,
//! and not the variables of the machine's tools (`CC`, `PKG_CONFIG_PATH`) that helper crates declare on their own.

use std::collections::HashSet;
use std::path::Path;

use super::{Collector, Origin};
use crate::inputs::build_records::{self, Made, OwnTexts, Run};
use crate::inputs::{Kind, Variable, build_script};

const REASON: &str = "printed by the build script during the last build";

impl Collector<'_> {
    /// Adds the inputs that the last runs printed. Adds the variables that they set for the compiler to `set_by_scripts`.
    pub(super) fn printed(&mut self, set_by_scripts: &mut HashSet<String>) {
        let crates = self.crates;
        let mut runs = build_records::runs(self.disk, crates);
        // A script that has changed since may print other lines.
        runs.retain(|run| run.is_current);
        if runs.is_empty() {
            return;
        }
        let made = Made::around(self.disk, crates);
        for run in &runs {
            self.printed_files(run, &made);
        }
        let is_input = |name: &String| !build_script::is_cargos_own(name) && !build_script::is_of_the_machine(name);
        let names = runs.iter().flat_map(|run| &run.output.variables).filter(|name| is_input(name));
        let own = OwnTexts::of(self.disk, &self.files, crates);
        for name in names.filter(|name| own.name(name)) {
            if !self.variables.iter().any(|known| known.name == *name && known.reason.starts_with("rerun-if")) {
                // Like a line in the text of the script: a declared variable counts, even if the script also sets it for the
                // compiler.
                let reason = format!("rerun-if-env-changed, {REASON}");
                self.variables.push(Variable { name: name.clone(), reason });
            }
        }
        set_by_scripts.extend(runs.into_iter().flat_map(|run| run.output.sets));
    }

    fn printed_files(&mut self, run: &Run, made: &Made) {
        let package = self.crates[run.in_crate].package().directory();
        let in_crate = Some(run.in_crate);
        let origin = Origin { gives: Kind::BuildScriptInput, in_crate, by: "rerun-if-changed", file: package, line: 0 };
        for path in &run.output.files {
            let path = self.disk.resolve(&package.join(path));
            // Commits have a key of their own.
            let is_in_git = path.components().any(|part| part.as_os_str() == ".git");
            if is_in_git || made.contains(&path) || self.is_output(&path) {
                continue;
            }
            if self.disk.is_file(&path) {
                self.add(path, origin.gives, in_crate, REASON.to_owned(), None);
            } else if self.disk.is_dir(&path) {
                self.directory(&path, None, &origin, REASON);
            }
        }
    }

    /// Whether a build script makes cargo track its whole package. This does not name inputs, so it never becomes a key.
    pub(super) fn watches_package(&mut self, watched: &Path, origin: &Origin<'_>, reason: &str) -> bool {
        let package = origin.in_crate.and_then(|at| self.crates.get(at)).map(|found| found.package().directory());
        let is_script = origin.gives == Kind::BuildScriptInput;
        let is_whole = is_script && package.is_some_and(|package| package.starts_with(watched));
        if is_whole {
            self.unresolved.push(format!("{reason}: names the whole package"));
        }
        is_whole
    }
}
