//! Cargo.lock: the packages in the build of one crate.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use toml_edit::{Item, Table};

use crate::fs::Disk;
use crate::fs::toml::{self, Toml};

/// The packages of a lockfile that one crate depends on.
#[derive(Debug)]
pub(super) struct Lockfile {
    /// The names of the packages, each with whether it is local.
    packages: HashSet<(String, bool)>,
}

impl Lockfile {
    /// Reads the packages that `entry` depends on; `None` if there is no lockfile, or if it does not contain the crate.
    pub(super) fn read(disk: &Disk, path: &Path, entry: &str) -> Option<Self> {
        let document = toml::parse(disk.text(path).ok()?).ok()?;
        let packages = packages(&document);
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, package) in packages.iter().enumerate() {
            by_name.entry(package.name).or_default().push(index);
        }
        let start = packages.iter().position(|package| package.name == entry && package.is_local)?;
        let mut reached = HashSet::from([start]);
        let mut queue = vec![start];
        while let Some(index) = queue.pop() {
            for dependency in &packages[index].dependencies {
                // "name", "name version" or "name version (source)": as short as is unambiguous.
                let mut words = dependency.split(' ');
                let (name, version) = (words.next().unwrap_or_default(), words.next());
                let named = by_name.get(name).into_iter().flatten().copied();
                let meant = named.filter(|index| version.is_none_or(|version| packages[*index].version == version));
                queue.extend(meant.filter(|index| reached.insert(*index)));
            }
        }
        let names = reached.into_iter().map(|index| (packages[index].name.to_owned(), packages[index].is_local));
        Some(Self { packages: names.collect() })
    }

    /// Whether the build uses a package of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.has_local(name) || self.packages.contains(&(name.to_owned(), false))
    }

    /// Whether the build uses a local package of this name.
    pub(super) fn has_local(&self, name: &str) -> bool {
        self.packages.contains(&(name.to_owned(), true))
    }
}

struct Package<'a> {
    name: &'a str,
    version: &'a str,
    /// Packages from a registry or git have a source, local ones do not.
    is_local: bool,
    dependencies: Vec<&'a str>,
}

fn packages(document: &Toml) -> Vec<Package<'_>> {
    let tables = document.get("package").and_then(Item::as_array_of_tables);
    tables.into_iter().flatten().filter_map(package).collect()
}

fn package(table: &Table) -> Option<Package<'_>> {
    Some(Package {
        name: table.get("name")?.as_str()?,
        version: table.get("version").and_then(Item::as_str).unwrap_or_default(),
        is_local: !table.contains_key("source"),
        dependencies: toml::strings(table.get("dependencies")),
    })
}
