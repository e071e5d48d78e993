//! ## What it finds
//!
//! Keys that uv never reads: a misspelt name (`cache_keys`, `cachekeys`, `cache-key`), a list in another table than
//! `[tool.uv]`, keys in uv.toml, keys of a workspace root that builds nothing while a member is the Rust project, and keys
//! of a project with `package = false` or without `[build-system]`, which uv never builds.
//!
//! ## Why it is bad
//!
//! uv prints at most a warning about unknown settings and uses its defaults, which know nothing of Rust. Each package's own
//! pyproject.toml counts, and nothing else: the keys of a workspace root do not reach its members, and those of uv.toml
//! nobody. (Where uv never builds the project at all, this is a warning.)
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
    summary: "keys that uv never reads: misspelt, in another table or file, or of a project that is not built",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let has_keys = !matches!(project.keys, Keys::Absent);
    // Beside a list that is read, one that is not is no more than a trap.
    let weigh = |finding: Finding| if has_keys { finding.severity(Severity::Warning) } else { finding };
    let misplaced_lists =
        misplaced_lists(&project.pyproject).into_iter().map(|misplaced| weigh(misplaced_list(&misplaced, has_keys)));
    let elsewhere = project.uv.uv_toml.as_ref().map(|place| {
        let message = format!("{place} sets `cache-keys`, and uv reads them from pyproject.toml only");
        weigh(
            Finding::new(message)
                .at(Some(project.pyproject.anchor()), "`cache-keys` belong into `[tool.uv]` of this file"),
        )
    });
    misplaced_lists.chain(elsewhere).chain(for_nobody(project)).collect()
}

fn misplaced_list(misplaced: &Misplaced, has_keys: bool) -> Finding {
    let message = format!("uv does not know `{}`: the setting is `tool.uv.cache-keys`", misplaced.path.join("."));
    let finding = Finding::new(message).at(Some(misplaced.span.clone()), "uv does not read this");
    match misplaced.path.as_slice() {
        _ if has_keys => finding.help("`tool.uv.cache-keys` is there too: move over what is missing there"),
        [_, _, name] if misplaced.is_renamable => finding.remedy(Remedy::Rename(name.clone())),
        [_, _, _] if misplaced.is_misspelt() => {
            finding.help("it would be a list that uv rejects: fix its entries first")
        }
        _ => finding.help("move the list into `[tool.uv]`"),
    }
}

/// Keys of a project that uv never builds.
fn for_nobody(project: &Project) -> Option<Finding> {
    if matches!(project.keys, Keys::Absent) || !project.uv.is_never_built {
        return None;
    }
    let why = if project.pyproject.is_unpackaged() { "`package = false`" } else { "without `[build-system]`" };
    let at = |message: String| Finding::new(message).at(Some(project.pyproject.anchor()), "uv never reads this");
    match project.uv.members_without_keys.as_slice() {
        [] => Some(
            at(format!("uv never builds this project ({why}), and so never reads its keys"))
                .severity(Severity::Warning),
        ),
        members => {
            let names: Vec<&str> = members.iter().map(String::as_str).collect();
            let message = format!(
                "these keys reach no member of the workspace, and {} {} none of {} own",
                super::enumerate(&names),
                if members.len() == 1 { "has" } else { "have" },
                if members.len() == 1 { "its" } else { "their" },
            );
            Some(at(message).help("each package's own pyproject.toml counts: `check --fix` writes its keys there"))
        }
    }
}
