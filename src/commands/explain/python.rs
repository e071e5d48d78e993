//! Explains a Python file: Python imports it from the source tree, or a copy of it is packed into the wheel.

use std::path::Path;

use super::report::Role;
use crate::commands::status;
use crate::fs::Disk;
use crate::inputs::{Absence, Kind};
use crate::project::Project;

/// The role of a file of the package if an installed copy is the only reason why it is an input: neither the sources of uv nor a
/// setting asks for a copy. If it is not an input, the reason.
pub(super) fn of_installation(disk: &Disk, project: &Project, path: &Path) -> Result<Role, Absence> {
    let in_package = project.inputs.layout.package.as_ref().is_some_and(|package| path.starts_with(package));
    let reason = match status::installed(disk, project) {
        Some((environment, false)) if in_package => {
            let reason = format!("part of the wheel, of which {environment} has an installed copy");
            let kind = Kind::PythonSource.as_str();
            return Ok(Role { kind, in_crate: None, reason, blind: false, outside: false });
        }
        Some((environment, true)) => {
            format!("it is a Python file, which the editable install in {environment} imports from the source tree")
        }
        _ => "it is a Python file, which an editable install imports from the source tree; uv installs the project as \
              editable unless `[tool.uv.sources]` or `--no-editable` asks for a copy"
            .to_owned(),
    };
    Err(Absence::new("python", reason))
}

/// The reason why a Python file is an input, with the reason why the project is installed as a copy.
pub(super) fn why_copied(project: &Project, kind: Kind, reason: String) -> String {
    match project.pyproject.copied().filter(|_| kind == Kind::PythonSource) {
        Some(why) => format!("{reason}; uv installs the project as a copy: {why}"),
        None => reason,
    }
}
