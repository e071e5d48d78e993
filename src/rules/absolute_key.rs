//! ## What it finds
//!
//! An absolute path or glob, and a path with `..` that leaves the repository without leading into a crate of the build.
//!
//! ## Why it is bad
//!
//! It means something else, or nothing, on every other machine and in every other checkout. `/src/**/*.rs` is the `src` of the
//! disk, not that of the project, and `/*.rs` makes uv walk the whole disk at every command.
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
//!     { file = "/src/**/*.rs" },
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

use std::path::Path;

use super::{Meta, When};
use crate::cache_keys::{Entry, Key, is_absolute, split};
use crate::fs::path::{self, slashed};
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: None,
    when: When::SomethingCovered,
    summary: "an absolute path or glob, or a path that leaves the repository",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let finding = |(index, entry): (usize, &Entry)| {
        let (Key::File(path) | Key::Dir(path)) = &entry.key else { return None };
        let finding = if is_absolute(path) {
            absolute(project, path, entry.key.is_glob())
        } else if project.inputs.complete() && project.sight(index)?.leaves {
            let repository = project.repository().map(|root| path::display(&project.pyproject.dir, root));
            let root = repository.unwrap_or_default();
            Finding::new(format!(
                "`{path}` leaves the repository, whose root is {root}, and leads into no crate of the build"
            ))
            .help("what lies there differs from machine to machine: take it into the repository, or take the key away")
        } else {
            return None;
        };
        Some(finding.at(Some(entry.span.clone()), "not the same on another machine"))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}

fn absolute(project: &Project, path: &str, is_glob: bool) -> Finding {
    if is_glob && Path::new(&*split(path).0).parent().is_none() {
        let message = format!("`{path}` makes uv walk the whole disk at every command");
        return Finding::new(message).help("write paths relative to this file, with a directory in front");
    }
    let finding =
        Finding::new(format!("`{path}` is absolute: the keys are read in every checkout and on every machine"));
    let text = slashed(Path::new(path));
    let inside = text.strip_prefix(&slashed(&project.pyproject.dir));
    match inside.map(|rest| rest.trim_start_matches('/')) {
        Some(relative) => finding.help(format!("write `{relative}`: paths are relative to this file")),
        None => finding.help("write a path relative to this file; without the `/` in front it starts there"),
    }
}
