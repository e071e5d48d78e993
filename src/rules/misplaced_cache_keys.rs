//! ## What it finds
//!
//! Cache keys that uv never reads:
//!
//! - a misspelled name: `cache_keys`, `cachekeys` or `cache-key`;
//! - a list outside `[tool.uv]`, or in `uv.toml`;
//! - keys in a workspace root that is not built, when the Rust project is a member;
//! - keys in a project with `package = false` or without `[build-system]`. uv never builds such a project, so this is
//!   a warning.
//!
//! ## Why it is bad
//!
//! uv prints at most a warning about unknown settings and uses its defaults, which do not track Rust files. uv only
//! reads the keys in a package's own `pyproject.toml`: it does not apply the keys of a workspace root to the members,
//! and it does not read keys from `uv.toml`.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache_keys = [
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
//! ]
//! ```

use super::{Meta, When};
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::project::{Keys, Project};
use crate::pyproject::misplaced_keys::{Misplaced, misplaced_lists};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::NotRejected,
    summary: "keys that uv never reads: misspelled, in another table or file, or in a project that is not built",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let has_keys = !matches!(project.keys, Keys::Absent);
    // If uv reads another list, a misplaced list is only a warning.
    let weigh = |finding: Finding| if has_keys { finding.severity(Severity::Warning) } else { finding };
    let misplaced_lists =
        misplaced_lists(&project.pyproject).into_iter().map(|misplaced| weigh(misplaced_list(&misplaced, has_keys)));
    let elsewhere = project.uv.uv_toml.as_ref().map(|place| {
        let message = format!("{place} sets `cache-keys`, but uv only reads them from pyproject.toml");
        weigh(Finding::new(message).at(Some(project.pyproject.anchor()), "set them in `[tool.uv]` here"))
    });
    misplaced_lists.chain(elsewhere).chain(for_nobody(project)).collect()
}

fn misplaced_list(misplaced: &Misplaced, has_keys: bool) -> Finding {
    let message = format!("`{}` is not a setting of uv: use `tool.uv.cache-keys`", misplaced.path.join("."));
    let finding = Finding::new(message).at(Some(misplaced.span.clone()), "uv does not read this");
    match misplaced.path.as_slice() {
        _ if has_keys => {
            finding.help("move the entries that `tool.uv.cache-keys` lacks to that list, and remove this one")
        }
        [_, _, name] if misplaced.is_renamable => finding.remedy(Remedy::Rename(name.clone())),
        [_, _, _] if misplaced.is_misspelt() => {
            finding.help("fix the entries before you rename the list: uv rejects them")
        }
        _ => finding.help("move the list into `[tool.uv]`"),
    }
}

/// The finding for keys of a project that uv never builds.
fn for_nobody(project: &Project) -> Option<Finding> {
    if matches!(project.keys, Keys::Absent) || !project.uv.is_never_built {
        return None;
    }
    let why = if project.pyproject.is_unpackaged() { "`package = false`" } else { "it has no `[build-system]`" };
    let at = |message: String| Finding::new(message).at(Some(project.pyproject.anchor()), "uv never reads this");
    match project.uv.members_without_keys.as_slice() {
        [] => Some(
            at(format!("uv never builds this project ({why}) and does not read its keys")).severity(Severity::Warning),
        ),
        members => {
            let names: Vec<&str> = members.iter().map(String::as_str).collect();
            let message = format!(
                "uv does not apply these keys to the members of the workspace, and {} {} no keys of {} own",
                super::enumerate(&names),
                if members.len() == 1 { "has" } else { "have" },
                if members.len() == 1 { "its" } else { "their" },
            );
            Some(at(message).help("run `cachekeys check --fix` to add keys to each member's pyproject.toml"))
        }
    }
}
