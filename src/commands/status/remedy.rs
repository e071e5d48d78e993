//! The commands that bring an outdated installation up to date. They install the project in the same way as before, and are to be
//! run in the current directory.

use std::path::Path;

use super::distribution::{Distribution, Way};
use super::report::Status;
use super::settings::is_set;
use super::subject::Subject;
use super::verdict::{Next, Verdict};
use crate::fs::path;

/// `root` is the root of the workspace, or of the project to which the environment belongs.
pub(super) fn commands(
    subject: &Subject,
    status: &Status,
    distribution: &Distribution,
    name: &str,
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
        _ if status.is_default && root.join("uv.lock").exists() => sync(subject, status, distribution, name, root),
        _ => {
            let environment = path::display(&here, &status.environment);
            format!("uv pip install --python {environment} --reinstall-package {name} {of}")
        }
    };
    if status.missing_keys.is_empty() || status.verdict == Verdict::Broken {
        return vec![install];
    }
    let paths = if dir == "." { String::new() } else { format!(" {dir}") };
    vec![format!("cachekeys check{paths} --fix"), install]
}

/// The command that installs a project again although uv sees no change.
pub(super) fn reinstall(name: &str) -> String {
    format!("uv sync --reinstall-package {name}")
}

fn sync(subject: &Subject, status: &Status, distribution: &Distribution, name: &str, root: &Path) -> String {
    let mut words = vec!["uv sync"];
    let here = subject.disk.here();
    let directory = path::display(&here, root);
    if !here.starts_with(root) {
        words.extend(["--directory", &directory]);
    }
    if status.is_left_out {
        words.push("--all-packages");
    }
    // Nothing but the option can have made it a copy.
    let is_chosen = subject.pyproject.installation.copied().is_none() && !is_set("UV_NO_EDITABLE");
    if !distribution.is_editable() && is_chosen {
        words.push("--no-editable");
    }
    // uv has nothing to do, and the reason is not a missing key.
    let is_blind = status.next == Next::Nothing && status.missing_keys.is_empty();
    if is_blind || status.verdict == Verdict::Broken {
        words.extend(["--reinstall-package", name]);
    }
    words.join(" ")
}
