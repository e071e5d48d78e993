//! ## What it finds
//!
//! A list that names every directory and file, where globs would cover the same with at least three fewer keys.
//! With `fix-style = "exact"`, `--fix` writes such lists, and they are not reported.
//!
//! ## Why it is bad
//!
//! The list is correct, but long to read, and every new crate or file needs another line. This is an info. `--fix
//! --unsafe-fixes` writes the short list. The short list may also cover files that are not inputs, and uv then also
//! rebuilds when they change.
//!
//! ## Example
//!
//! ```rust title="src/lib.rs"
//! mod convert;
//! const PAGES: [&str; 3] = [include_str!("a.html"), include_str!("b.html"), include_str!("c.html")];
//! ```
//!
//! ```html title="src/a.html"
//! <p>a</p>
//! ```
//!
//! ```html title="src/b.html"
//! <p>b</p>
//! ```
//!
//! ```html title="src/c.html"
//! <p>c</p>
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
//!     { file = "src/**/*.rs" },
//!     { file = "src/a.html" },
//!     { file = "src/b.html" },
//!     { file = "src/c.html" },
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
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.{rs,html}" },
//! ]
//! ```

use super::{Meta, When};
use crate::fix;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::pyproject::options::FixStyle;

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: Some(Applicability::Unsafe),
    when: When::SomethingCovered,
    summary: "a list that names every directory and file, where a few globs would cover the same",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let is_asked_for = project.pyproject.options.fix_style == FixStyle::Exact;
    if is_asked_for || !project.inputs.complete() {
        return Vec::new();
    }
    let finding = |list: fix::ExactList| {
        let message =
            format!("{} keys name every directory and file; {} keys would cover the same", list.keys, list.compact);
        Finding::new(message).at(Some(project.pyproject.anchor()), "longer than necessary").remedy(Remedy::Shorten)
    };
    fix::exact_list(project).map(finding).into_iter().collect()
}
