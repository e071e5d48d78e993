//! ## What it finds
//!
//! A glob that starts with `..` or `/` in a project whose `tool.uv.required-version` allows uv versions before
//! 0.7.21.
//!
//! ## Why it is bad
//!
//! In uv before 0.7.21, such a glob matches nothing, and uv prints no warning. Everybody who uses an older version
//! gets a stale extension. Literal paths such as `../Cargo.toml` work in all versions.
//!
//! ## Example
//!
//! ```rust title="src/lib.rs"
//! pub const TERMS: [&str; 2] = [include_str!("../../shared/en.txt"), include_str!("../../shared/de.txt")];
//! ```
//!
//! ```text title="../shared/en.txt"
//! red
//! ```
//!
//! ```text title="../shared/de.txt"
//! rot
//! ```
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! required-version = ">=0.7"
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//!     { file = "../shared/**/*.txt" },
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
//! required-version = ">=0.7.21"
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//!     { file = "../shared/**/*.txt" },
//! ]
//! ```

use std::path::{Component, Path};
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use super::{Meta, When};
use crate::cache_keys::{Entry, split};
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: None,
    when: When::SomethingCovered,
    summary: "a `..` or absolute glob that matches nothing in uv versions that `required-version` allows",
};

/// The last patch release that is too old, for each minor version before 0.8 (uv's releases), newest first.
const TOO_OLD: [(u64, u64); 8] = [(7, 20), (6, 17), (5, 31), (4, 30), (3, 5), (2, 37), (1, 45), (0, 5)];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(required) = project.pyproject.get_str(&["tool", "uv", "required-version"]) else { return Vec::new() };
    let Some(version) = admitted(required) else { return Vec::new() };
    let finding = |entry: &Entry| {
        let text = entry.key.text();
        let base = split(&text).0;
        let starts = Path::new(&*base).components().next().or_else(|| Path::new(&text).components().next());
        if !entry.key.is_glob()
            || !matches!(starts, Some(Component::ParentDir | Component::RootDir | Component::Prefix(_)))
        {
            return None;
        }
        let message = format!("`{text}` matches nothing in uv before 0.7.21, but `required-version` allows {version}");
        let finding = Finding::new(message).at(Some(entry.span.clone()), "needs uv 0.7.21");
        Some(finding.help("set `required-version = \">=0.7.21\"`"))
    };
    project.pyproject.entries().iter().filter_map(finding).collect()
}

/// The newest version that `required` admits and that is too old. uv reads a version without an operator as `==`.
fn admitted(required: &str) -> Option<Version> {
    let specifiers = VersionSpecifiers::from_str(required)
        .or_else(|_| VersionSpecifiers::from_str(&format!("=={required}")))
        .ok()?;
    let versions = TOO_OLD
        .into_iter()
        .flat_map(|(minor, last)| (0..=last).rev().map(move |patch| Version::new([0, minor, patch])));
    versions.into_iter().find(|version| specifiers.contains(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_are_found_among_the_admitted() {
        for (required, expected) in [
            (">=0.7.21", None),
            (">=0.7.20", Some("0.7.20")),
            (">0.7.20", None),
            ("~=0.7.21", None),
            ("~=0.6", Some("0.7.20")),
            ("==0.5.*", Some("0.5.31")),
            ("0.4.10", Some("0.4.10")),
            (">=0.8,<1", None),
            ("<0.6", Some("0.5.31")),
            ("nonsense", None),
        ] {
            assert_eq!(admitted(required).map(|version| version.to_string()).as_deref(), expected, "{required}");
        }
    }
}
