//! Whether uv keeps an environment. It does if the environment has the Python that the project requests.
//!
//! Source of the facts: `check_environment_compatibility` in uv's crate `uv`, and uv's documentation, "Python versions". The
//! request is `UV_PYTHON`. If that is not set, it is the nearest `.python-version`, up to the root of the workspace.

use std::path::Path;

use pep440_rs::{Version, VersionSpecifiers};

use crate::fs::Disk;
use crate::pyproject::Pyproject;

/// Why uv replaces an environment with this version of Python; `None` if it keeps the environment. Requests without a version are
/// ignored.
pub(super) fn refused(disk: &Disk, pyproject: &Pyproject, root: &Path, version: &Version) -> Option<String> {
    let of_root = || Pyproject::read(disk, &root.join("pyproject.toml")).ok();
    let refuses = |pyproject: &Pyproject| {
        let required = pyproject.get_str(&["project", "requires-python"])?;
        let specifiers: VersionSpecifiers = required.parse().ok()?;
        (!specifiers.contains(version)).then(|| format!("`requires-python` is {required}"))
    };
    if let Some(reason) = refuses(pyproject) {
        return Some(reason);
    }
    if *root != *pyproject.dir
        && let Some(reason) = of_root().and_then(|root| refuses(&root))
    {
        return Some(reason);
    }
    if let Some(request) = std::env::var("UV_PYTHON").ok().filter(|request| !request.is_empty()) {
        return (!satisfies(version, &request)).then(|| format!("UV_PYTHON is {request}"));
    }
    let places = pyproject.dir.ancestors().take_while(|place| place.starts_with(root));
    let text = places.map(|place| place.join(".python-version")).find_map(|file| disk.text(file).ok())?;
    let request = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    (!satisfies(version, request)).then(|| format!("`.python-version` asks for {request}"))
}

/// Whether a version satisfies a request such as `3.12` or `3.12.1`. True for requests in other forms.
fn satisfies(version: &Version, request: &str) -> bool {
    let parts: Option<Vec<u64>> = request.split('.').map(|part| part.parse().ok()).collect();
    parts.is_none_or(|parts| version.release().starts_with(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_version_or_not_judged() {
        let version: Version = "3.11.7".parse().unwrap();
        for (request, expected) in [
            ("3", true),
            ("3.11", true),
            ("3.11.7", true),
            ("3.1", false),
            ("3.12", false),
            ("pypy", true),
            (">=3.12", true),
        ] {
            assert_eq!(satisfies(&version, request), expected, "{request}");
        }
    }
}
