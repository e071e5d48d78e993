//! ## What it finds
//!
//! A manifest, a path crate, a submodule or a directory of sources that cannot be read, a source that is too large or nested too
//! deep to be followed, or a list of extensions that setup.py computes. cargo refuses
//! a whole workspace for one broken member; then the manifests are read instead, and only what hangs on the broken one is
//! not known (`--metadata` chooses who is asked). What can still be judged is judged; the report is marked as incomplete.
//!
//! ## Why it is bad
//!
//! The report does not cover what could not be read, so it must not be taken for clean.
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
    summary: "a manifest, path crate or submodule that cannot be read: the report is incomplete",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let anchor = project.pyproject.anchor();
    let finding = |failure: &crate::crates::closure::Failure| {
        Finding::new(failure.reason.clone())
            .at(Some(anchor.clone()), "judged by what could be read")
            .help("what hangs on it is not judged; mend it, or check out what is missing, and run again")
    };
    project.inputs.failures.iter().map(finding).collect()
}
