//! ## What it finds
//!
//! A key with an absolute path or glob, and a key with a `..` path that leaves the repository and does not lead to a
//! crate of the build.
//!
//! ## Why it is bad
//!
//! Such a key only works on one machine. In another checkout it matches other files, or no files. `/src/**/*.rs`
//! starts at the root of the file system, not in the project, and `/*.rs` makes uv walk the whole disk on every
//! command.
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
                "`{path}` is outside the repository (its root is {root}) and not part of a crate of the build"
            ))
            .help("move the files into the repository, or remove the key")
        } else {
            return None;
        };
        Some(finding.at(Some(entry.span.clone()), "differs between machines"))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}

fn absolute(project: &Project, path: &str, is_glob: bool) -> Finding {
    if is_glob && Path::new(&*split(path).0).parent().is_none() {
        let message = format!("`{path}` makes uv walk the whole disk at every command");
        return Finding::new(message).help("use a path relative to this file that starts with a directory");
    }
    let finding = Finding::new(format!("`{path}` is an absolute path, which does not work in other checkouts"));
    let text = slashed(Path::new(path));
    let inside = text.strip_prefix(&slashed(&project.pyproject.dir));
    match inside.map(|rest| rest.trim_start_matches('/')) {
        Some(relative) => finding.help(format!("use `{relative}`: paths are relative to this file")),
        None => finding.help("use a path relative to this file, without the leading `/`"),
    }
}
