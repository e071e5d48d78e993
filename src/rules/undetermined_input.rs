//! ## What it finds
//!
//! A path in a macro, an attribute or a build script that could not be determined from the sources, because it is
//! computed or comes from the output of a program. If the path comes from an environment variable, cachekeys assumes
//! that it is outside the repository and does not report it. The rule also reports a file or directory that a macro
//! or a build script names, that does not exist, and that no key would cover.
//!
//! The last line of every report counts these paths. If a build script declares nothing and reads such a path, CK108
//! reports the script instead, but the path is still counted.
//!
//! ## Why it is bad
//!
//! The file may be an input of the build that no key covers. uv then does not rebuild when it changes.
//!
//! ## Example
//!
//! ```rust title="build.rs"
//! fn main() {
//!     println!("cargo::rerun-if-changed={}", std::env::args().nth(1).unwrap_or_default());
//! }
//! ```
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "build.rs" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```
//!
//! ## Use instead
//!
//! Write the path as a literal:
//!
//! ```rust title="build.rs"
//! fn main() {
//!     println!("cargo::rerun-if-changed=data/table.csv");
//! }
//! ```
//!
//! ```text title="data/table.csv"
//! 1;2
//! ```
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "build.rs" },
//!     { file = "src/**/*.rs" },
//!     { file = "data/table.csv" },
//! ]
//! ```
//!
//! Or list the files in `extra-inputs` of `[tool.cachekeys]`. cachekeys then checks that keys cover them.

use super::{Meta, When};
use crate::fs::path;
use crate::inputs::Undetermined;
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: None,
    when: When::NotRejected,
    summary: "a path that the build may read and that could not be determined",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let anchor = project.pyproject.anchor();
    let finding = |path: &Undetermined| {
        Finding::new(format!("a path could not be determined: {}", path.reason))
            .at(Some(anchor.clone()), "a key may be missing")
            .help("if the build reads a file there, list it in `extra-inputs` of `[tool.cachekeys]`")
    };
    let missing = project.missing().map(|missing| {
        let place = missing.places.first().map(|place| path::display(&project.pyproject.dir, place));
        Finding::new(format!("{} does not exist, but {} names it", place.unwrap_or_default(), missing.reason))
            .at(Some(anchor.clone()), "a key may be missing")
            .help("create it or check it out and run cachekeys again, or add a key for it")
    });
    project.inputs.undetermined.iter().filter(|path| !path.undeclared).map(finding).chain(missing).collect()
}
