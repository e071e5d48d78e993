//! ## What it finds
//!
//! A build script that puts the git commit or tags into the binary, with `git` itself, vergen, shadow-rs, git2 or
//! gix, when no key tracks them.
//!
//! A list that contains only `git` keys, and so tracks no files, is reported too. If the build backend takes the
//! version from git (setuptools-scm, hatch-vcs, uv-dynamic-versioning, versioningit, pdm-backend) and the keys do not
//! track both the commit and the tags, this is an info.
//!
//! ## Why it is bad
//!
//! After a commit, the binary still contains the previous commit: cargo would run the script again, but uv never calls
//! cargo. With only `git` keys, uv does not rebuild after an edit until it is committed.
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
use crate::inputs::version_from_git;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a git commit or tags that the build reads and no key tracks, or a list with only git keys",
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
            Finding::new(format!("no key tracks {what}, which the build reads ({})", super::enumerate(&readers)))
                .at(Some(project.pyproject.anchor()), "uv does not rebuild after a commit")
                .adding(vec![key]),
        );
    }
    let keys = project.coverage().map_or(&[][..], |coverage| coverage.keys());
    findings.extend(version(project, keys));
    if !keys.is_empty() && keys.iter().all(|key| matches!(key, Key::Git { .. })) {
        let uncovered =
            project.inputs.iter().filter(|(id, input)| input.is_judged() && project.covered_by(*id).is_none());
        findings.push(
            Finding::new("the keys only track commits: uv does not rebuild after an edit until it is committed")
                .at(Some(project.pyproject.anchor()), "tracks no files")
                .covering(uncovered.map(|(id, _)| id).collect()),
        );
    }
    findings
}

/// The finding for a package whose version comes from git, so that it depends on the commit and the tags.
fn version(project: &Project, keys: &[Key]) -> Option<Finding> {
    let by = version_from_git(&project.pyproject)?;
    let watches = |what: fn(bool, bool) -> bool| {
        keys.iter().any(|key| matches!(key, Key::Git { commit, tags } if what(*commit, *tags)))
    };
    let (commit, tags) = (!watches(|commit, _| commit), !watches(|_, tags| tags));
    let what = match (commit, tags) {
        (false, false) => return None,
        (true, true) => "the commit and the tags",
        (true, false) => "the commit",
        (false, true) => "the tags",
    };
    let finding = Finding::new(format!("the version comes from git ({by}), but no key tracks {what}"))
        .at(Some(project.pyproject.anchor()), "uv keeps the old version")
        .severity(Severity::Info);
    Some(finding.adding(vec![Key::Git { commit, tags }]))
}
