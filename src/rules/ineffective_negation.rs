//! ## What it finds
//!
//! A key that starts with `!` and has no effect: the list covers the same files without it. cachekeys compares the
//! list with and without the key, for existing files, for files that the build will write, and for files that the key
//! could exclude.
//!
//! ## Why it is bad
//!
//! The key looks as if it excluded something. `!target` contains no wildcard, so uv reads it as the name of a file.
//! Next to `src/**/*.rs`, the key `!src/mod/**` starts a separate walk in a directory named `!src`. Instead of
//! excluding files, write keys that only match what you need, each with a literal directory at the start.
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
    summary: "a `!` key that has no effect",
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
            let finding = Finding::new(format!("`{path}` has no effect: the list covers the same files without it"));
            if walks {
                finding.help("remove the key: it excludes nothing and makes uv walk the whole project")
            } else {
                finding.help("remove the key: it excludes nothing")
            }
        } else {
            if project.sight(index)?.found == Found::File {
                return None;
            }
            Finding::new(format!("`{path}` has no effect: without a wildcard, uv reads it as the name of a file"))
        };
        Some(finding.at(Some(entry.span.clone()), "no effect").remedy(Remedy::Remove(index)))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
