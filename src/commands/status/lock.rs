//! Which members of a workspace a sync at its root installs. If the root is a project, these are the members that it depends on.
//! Otherwise, they are all members.
//!
//! Source of the facts: uv's documentation, "Using workspaces", and the uv.lock that uv writes. The lockfile is read line by
//! line, since parsing a large one would take longer than everything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::fs::Disk;
use crate::fs::toml::get;
use crate::pyproject::uv_sources::normalized;

/// Whether a sync at the root does not install this member.
pub(super) fn leaves_out(disk: &Disk, root: &Path, name: &str) -> bool {
    let text = disk.text(root.join("pyproject.toml")).ok();
    let document = text.and_then(|text| toml_edit::Document::parse(text).ok());
    let own = document.as_ref().and_then(|document| get(document.as_table(), &["project", "name"])?.as_str());
    let (Some(own), Ok(lock)) = (own.map(normalized), disk.text(root.join("uv.lock"))) else { return false };
    !reached(&lock, &own).contains(normalized(name).as_str())
}

/// All packages that a package depends on, directly or indirectly, and the package itself.
fn reached<'a>(lock: &'a str, own: &'a str) -> BTreeSet<&'a str> {
    let mut dependencies: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mut package, mut counts) = ("", true);
    for line in lock.lines() {
        let entry = |start: &str| line.trim_start().strip_prefix(start)?.split('"').next();
        if line.starts_with('[') {
            // Extras are not installed by default.
            counts = matches!(line, "[[package]]" | "[package.dev-dependencies]");
        } else if let (true, Some(name)) = (counts, entry("name = \"")) {
            package = name;
        } else if let (true, Some(name)) = (counts, entry("{ name = \"")) {
            dependencies.entry(package).or_default().push(name);
        }
    }
    let mut found = BTreeSet::from([own]);
    let mut left = vec![own];
    while let Some(package) = left.pop() {
        left.extend(dependencies.get(package).into_iter().flatten().filter(|name| found.insert(**name)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_dependencies_are_reached_and_extras_are_not() {
        let lock = "[[package]]\nname = \"app\"\nsource = { virtual = \".\" }\ndependencies = [\n    { name = \"a\" },\n]\n\n\
                    [package.optional-dependencies]\nx = [\n    { name = \"c\" },\n]\n\n[package.dev-dependencies]\ndev = [\n    \
                    { name = \"d\", marker = \"python_version < '4'\" },\n]\n\n[package.metadata]\nrequires-dist = [\n    { name = \"c\" },\n\
                    ]\n\n[[package]]\nname = \"a\"\ndependencies = [\n    { name = \"b\" },\n]\n\n[[package]]\nname = \"b\"\n\n\
                    [[package]]\nname = \"c\"\ndependencies = [\n    { name = \"e\" },\n]\n";
        assert_eq!(reached(lock, "app"), BTreeSet::from(["app", "a", "b", "d"]));
    }
}
