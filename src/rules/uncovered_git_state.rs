//! ## What it finds
//!
//! A build script that puts the commit or the tags into the binary (`git` itself, vergen, shadow-rs, git2, gix), and no key that
//! watches them. Also a list that watches nothing but commits.
//!
//! ## Why it is bad
//!
//! After a commit the binary goes on telling the old one: cargo would run the script again, but uv never calls cargo. With
//! `git` keys alone, an edit is not built until it is committed.
//!
//! ## Example
//!
//! With a build script that asks git for the commit:
//!
//! ```rust title="build.rs"
//! use std::process::Command;
//! fn main() {
//!     println!("cargo::rerun-if-changed=.git/HEAD");
//!     let commit = Command::new("git").args(["rev-parse", "HEAD"]).output().unwrap();
//!     println!("cargo::rustc-env=COMMIT={}", String::from_utf8(commit.stdout).unwrap());
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
//!     { git = { commit = true } },
//! ]
//! ```

use super::{Meta, When};
use crate::cache_keys::Key;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "the commit or tags that a build script reads; a list of git keys alone",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(key) = project.uncovered_git() {
        let what = match key {
            Key::Git { commit: true, tags: true } => "the commit and the tags",
            Key::Git { commit: true, .. } => "the commit",
            _ => "the tags",
        };
        let readers: Vec<&str> =
            project.inputs.git.iter().filter(|git| git.tracked).map(|git| git.reason.as_str()).collect();
        findings.push(
            Finding::new(format!("no key watches {what}, which the build reads ({})", super::enumerate(&readers)))
                .at(Some(project.pyproject.anchor()), "uv does not rebuild after a commit")
                .adding(vec![key]),
        );
    }
    let keys = project.coverage().map_or(&[][..], |coverage| coverage.keys());
    if !keys.is_empty() && keys.iter().all(|key| matches!(key, Key::Git { .. })) {
        let uncovered =
            project.inputs.iter().filter(|(id, input)| input.is_judged() && project.covered_by(*id).is_none());
        findings.push(
            Finding::new("the keys watch commits alone: an edit is not built until it is committed")
                .at(Some(project.pyproject.anchor()), "no file is watched")
                .covering(uncovered.map(|(id, _)| id).collect()),
        );
    }
    findings
}
