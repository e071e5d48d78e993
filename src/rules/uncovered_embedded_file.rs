//! ## What it finds
//!
//! A file that is embedded at compile time and that no key covers. Examples are files in `include_str!`,
//! `include_bytes!` and `include!`, directories in `include_dir!` or rust-embed, askama templates, pest grammars, and
//! the queries and migrations of sqlx and diesel.
//!
//! cachekeys expands macros that the crates define. For any other macro or attribute, a string argument counts if it
//! names an existing file, relative to the crate or to the source file: `sol!(Token, "abi/token.json")`. Other macros
//! of the standard library, and macros of logging and testing crates, do not count. Code that is only compiled with
//! `#[cfg(test)]` is skipped. If the sources do not show what an argument is, `cachekeys inputs` lists it as
//! unresolved.
//!
//! ## Why it is bad
//!
//! The file is part of the binary. cargo would recompile after a change, but uv never calls cargo.
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
    summary: "a file that is embedded with `include_str!` or a similar macro and that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Embedded, "embedded file")
}
