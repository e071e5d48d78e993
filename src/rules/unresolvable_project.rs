//! ## What it finds
//!
//! A part of the project that cannot be read: a manifest, a path dependency, a submodule, a directory of sources, a
//! source file that is too large or nested too deeply, or a list of extensions that `setup.py` computes.
//! To name the crates that `setup.py` builds, list their Cargo.toml files in `manifests` of `[tool.cachekeys]`.
//!
//! If one member of a workspace is broken, cargo refuses to load the whole workspace. cachekeys then reads the
//! manifests itself, so only the broken crate and its dependencies are unknown. (`--metadata` chooses between cargo
//! and the manifests.) cachekeys still checks what it could read and marks the report as incomplete.
//!
//! ## Why it is bad
//!
//! The report does not include the parts that could not be read. They may have problems that are not reported.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.maturin]
//! manifest-path = "native/Cargo.toml"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```
//!
//! ## Use instead
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.maturin]
//! manifest-path = "Cargo.toml"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use super::{Meta, When};
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: None,
    when: When::Always,
    summary: "a manifest, path dependency or submodule that cannot be read: the report is incomplete",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let anchor = project.pyproject.anchor();
    let finding = |reason: &String| {
        Finding::new(reason.clone())
            .at(Some(anchor.clone()), "the report is incomplete")
            .help("fix it, or check out the missing files, and run cachekeys again")
    };
    project.inputs.failures.iter().map(finding).collect()
}
