//! The commands that install the current code if `uv sync` alone would not. They install the project in the same way as before, and
//! are to be run in the current directory.

use std::path::Path;

use super::distribution::{Distribution, Way};
use super::report::Status;
use super::settings::is_set;
use super::subject::Subject;
use super::verdict::{Next, Verdict};
use super::wanted::Wanted;
use crate::fs::path;
use crate::pyproject::uv_sources::User;

/// The commands for an outdated installation. `user` is the project to which the environment belongs, if that is another project,
/// and `root` is its root, or else the root of the workspace.
pub(super) fn commands(
    subject: &Subject,
    status: &Status,
    distribution: &Distribution,
    user: Option<&User>,
    root: &Path,
) -> Vec<String> {
    let here = subject.disk.here();
    let dir = path::display(&here, &subject.pyproject.dir);
    let of = if distribution.is_editable() { format!("-e {dir}") } else { dir.clone() };
    let install = match distribution.way {
        Way::MaturinDevelop if dir == "." => "maturin develop".to_owned(),
        Way::MaturinDevelop => return vec![format!("cd {dir}"), "maturin develop".to_owned()],
        Way::Pip { .. } => format!("pip install {of}"),
        // Without a lockfile, the packages were probably installed one by one, and `uv sync` would remove them.
        _ if status.is_default && root.join("uv.lock").exists() => {
            // uv has nothing to do, and the reason is not a missing key.
            let is_blind = status.next == Next::Nothing && status.missing_keys.is_empty();
            let source = Wanted::by_source(subject.pyproject, user);
            // If no source makes it a copy, the option has.
            let is_chosen = !distribution.is_editable() && source.is_none_or(|source| source.editable);
            let mut options = Vec::new();
            options.extend(status.is_left_out.then_some("--all-packages"));
            options.extend((is_chosen && !is_set("UV_NO_EDITABLE")).then_some("--no-editable"));
            sync(subject, root, &options, is_blind || status.verdict == Verdict::Broken)
        }
        _ => {
            let environment = path::display(&here, &status.environment);
            format!("uv pip install --python {environment} --reinstall-package {} {of}", subject.name)
        }
    };
    if status.missing_keys.is_empty() || status.verdict == Verdict::Broken {
        return vec![install];
    }
    let paths = if dir == "." { String::new() } else { format!(" {dir}") };
    vec![format!("cachekeys check{paths} --fix"), install]
}

/// `uv sync` for the project at `root`. With `again`, it installs the package although it sees no change.
pub(super) fn sync(subject: &Subject, root: &Path, options: &[&str], again: bool) -> String {
    let mut words = vec!["uv sync"];
    let here = subject.disk.here();
    let directory = path::display(&here, root);
    if !here.starts_with(root) {
        words.extend(["--directory", &directory]);
    }
    words.extend(options);
    if again {
        words.extend(["--reinstall-package", subject.name]);
    }
    words.join(" ")
}
