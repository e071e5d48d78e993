//! ## What it finds
//!
//! A key that starts with `!` and changes nothing: the list covers the same files without it. Found by evaluating the list with
//! and without it, on the files that are there, on what the build will write, and on files that its text would take away.
//!
//! ## Why it is bad
//!
//! The key reads as if something were left out. `!target` has no wildcard: uv takes it for a file of that name. `!src/mod/**`
//! beside `src/**/*.rs` starts a walk of its own, in a directory called `!src`. Name what is to be covered instead, in keys with
//! a literal directory in front.
//!
//! ## Example
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
//!     { file = "!target/**" },
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
use crate::cache_keys::{Entry, Key};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::project::key_targets::Found;
use crate::project::negation::{Effect, of_negation};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    when: When::SomethingCovered,
    summary: "a `!` key that changes nothing",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let finding = |(index, entry): (usize, &Entry)| {
        let Key::File(path) = &entry.key else { return None };
        if !path.starts_with('!') {
            return None;
        }
        let finding = if entry.key.is_glob() {
            if of_negation(project, index) != Effect::None {
                return None;
            }
            let coverage = project.coverage()?;
            let walks = project.outputs.walked(coverage).any(|(_, keys)| keys.contains(&index));
            let finding = Finding::new(format!("`{path}` changes nothing: the list covers the same files without it"));
            if walks {
                finding.help(
                    "all it does is to make uv walk through the whole project: the other keys say what is covered",
                )
            } else {
                finding.help("it takes nothing away: the other keys say what is covered")
            }
        } else {
            if project.sight(index)?.found == Found::File {
                return None;
            }
            Finding::new(format!("`{path}` changes nothing: without a wildcard it stands for a file of that name"))
        };
        Some(finding.at(Some(entry.span.clone()), "no effect").remedy(Remedy::Remove(index)))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
