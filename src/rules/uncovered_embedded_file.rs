//! ## What it finds
//!
//! A file that is embedded at compile time and that no key covers: `include_str!`, `include_bytes!` and `include!`, a directory of
//! `include_dir!` or rust-embed, a template of askama, a grammar of pest, the queries and migrations of sqlx and diesel. The macros
//! of the crates are expanded where they are called. A string in the arguments of any other macro or attribute counts if it names
//! an existing file, relative to the crate or to the source: `sol!(Token, "abi/token.json")`. Macros of the standard library, of
//! logging and of testing do not count. An argument that the source alone does not tell is listed by `cachekeys inputs` as not
//! resolved. What `#[cfg(test)]` hides is not looked at.
//!
//! ## Why it is bad
//!
//! The file is part of the binary. cargo would build it anew, but uv never calls cargo.
//!
//! ## Example
//!
//! With a file that the extension embeds:
//!
//! ```rust title="src/lib.rs"
//! pub const QUERY: &str = include_str!("query.sql");
//! ```
//!
//! ```sql title="src/query.sql"
//! select 1;
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
//!     { file = "src/**/*.rs" },
//!     { file = "src/query.sql" },
//! ]
//! ```

use super::{Meta, When};
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "include_str! and its kin",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Embedded, "embedded file")
}
