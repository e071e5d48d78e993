//! ## What it finds
//!
//! `reinstall-package` in `[tool.uv]` that names the project itself, or `reinstall = true`.
//!
//! ## Why it is bad
//!
//! uv builds and installs the extension on every `uv sync` and `uv run`, even when nothing has changed. With complete
//! cache keys, uv rebuilds only when an input changes. If the project has no keys yet, CK101 reports
//! that after you remove the setting.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [project]
//! name = "ext"
//! version = "0.1.0"
//!
//! [tool.uv]
//! reinstall-package = ["ext"]
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
//! [project]
//! name = "ext"
//! version = "0.1.0"
//!
//! [tool.uv]
//! reinstall-package = []
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use toml_edit::Item;

use super::{Meta, When};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::pyproject::uv_sources::normalized;

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    when: When::NotRejected,
    summary: "`reinstall-package` that names the project itself: uv rebuilds at every command",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let pyproject = &project.pyproject;
    // uv reads this setting only at the root of the workspace.
    if project.uv.is_never_built || project.uv.workspace_root.is_some() {
        return Vec::new();
    }
    if let Some(reinstall) = pyproject.get(&["tool", "uv", "reinstall"]).filter(|item| item.as_bool() == Some(true)) {
        let finding = Finding::new("`reinstall = true` makes uv rebuild the extension at every command")
            .at(reinstall.span(), "rebuilds every time")
            .help("remove it: the cache keys decide when uv rebuilds");
        return vec![finding];
    }
    let Some(name) = pyproject.get_str(&["project", "name"]).map(normalized) else { return Vec::new() };
    let packages = pyproject.get(&["tool", "uv", "reinstall-package"]).and_then(Item::as_array);
    let entries = packages.into_iter().flatten().enumerate();
    let own = entries.filter(|(_, value)| value.as_str().is_some_and(|package| normalized(package) == name));
    own.map(|(index, value)| {
        Finding::new("`reinstall-package` names the project itself: uv rebuilds it at every command")
            .at(value.span(), "rebuilds every time")
            .remedy(Remedy::RemoveReinstall(index))
    })
    .collect()
}
