//! Random workspaces: if cargo reads one, the manifests alone must give the same result for every crate.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::{compare, written};

/// Where crates may lie: beside, below and apart from each other.
const PLACES: [&str; 6] = ["", "a", "b", "a/c", "x/y", "a/c/d"];
/// Members that a root in the first place may list, and the crates that must exist for that.
const MEMBERS: [(&str, &[usize]); 7] = [
    ("a", &[1]),
    ("./b", &[2]),
    ("[ab]", &[1, 2]),
    ("x/*", &[4]),
    ("**/c", &[3]),
    ("x/../a/c", &[3, 4]),
    ("a/c/?", &[5]),
];
const SECTIONS: [&str; 6] = [
    "dependencies",
    "build-dependencies",
    "dev-dependencies",
    "target.'cfg(unix)'.dependencies",
    "target.wasm32-unknown-unknown.build-dependencies",
    "target.'cfg(windows)'.dev-dependencies",
];
/// Files that define targets.
const FILES: [&str; 7] =
    ["src/lib.rs", "src/main.rs", "build.rs", "src/bin/one.rs", "src/bin/two/main.rs", "src/tool.rs", "make/build.rs"];
/// Lines of `[package]`, and tables that define targets.
const PACKAGE: [&str; 7] = [
    "autobins = false", "autolib = false", "build = false", "build = \"make/build.rs\"", "build = true",
    "edition.workspace = true", "autobins = true",
];
const TARGETS: [&str; 6] = [
    "[lib]\ncrate-type = [\"cdylib\"]\n",
    "[lib]\nname = \"named\"\npath = \"src/tool.rs\"\n",
    "[[bin]]\nname = \"one\"\n",
    "[[bin]]\nname = \"tool\"\npath = \"src/../src/tool.rs\"\n",
    "[[bin]]\nname = \"two\"\n[[bin]]\nname = \"one\"\npath = \"src/bin/one.rs\"\n",
    "[lib]\nproc-macro = true\n",
];

#[derive(Debug, Clone)]
struct Crate {
    edition: Option<&'static str>,
    files: Vec<&'static str>,
    package: Vec<&'static str>,
    targets: Vec<&'static str>,
    /// The section, the place of the other crate, and whether it is inherited.
    dependencies: Vec<(&'static str, usize, bool)>,
    root: Root,
}

/// Whether the crate is a workspace root, points to one, or neither.
#[derive(Debug, Clone)]
enum Root {
    Is { members: Vec<usize>, exclude: Vec<&'static str>, virtual_: bool },
    At(usize),
    None,
}

fn root() -> impl Strategy<Value = Root> {
    let members = prop::sample::subsequence((0..MEMBERS.len()).collect::<Vec<usize>>(), 0..=4);
    let exclude = prop::sample::subsequence(PLACES[1..].to_vec(), 0..=1);
    prop_oneof![
        2 => (members, exclude, any::<bool>())
            .prop_map(|(members, exclude, virtual_)| Root::Is { members, exclude, virtual_ }),
        1 => (0..PLACES.len()).prop_map(Root::At),
        6 => Just(Root::None),
    ]
}

fn one_crate() -> impl Strategy<Value = Crate> {
    let edition = prop::sample::select(vec![None, Some("2015"), Some("2018"), Some("2021"), Some("2024")]);
    let dependency = (prop::sample::select(SECTIONS.to_vec()), 0..PLACES.len(), any::<bool>());
    (
        edition,
        prop::sample::subsequence(FILES[1..].to_vec(), 0..=5),
        prop::option::weighted(0.3, prop::sample::select(PACKAGE.to_vec())),
        prop::option::weighted(0.4, prop::sample::select(TARGETS.to_vec())),
        prop::collection::vec(dependency, 0..3),
        root(),
    )
        .prop_map(|(edition, mut files, package, targets, dependencies, root)| {
            // cargo refuses a package without targets, so most crates get a library.
            files.push("src/lib.rs");
            let [package, targets] = [package, targets].map(|some| some.into_iter().collect());
            Crate { edition, files, package, targets, dependencies, root }
        })
}

/// The crates by their places.
fn workspace() -> impl Strategy<Value = BTreeMap<usize, Crate>> {
    (one_crate(), prop::collection::btree_map(1..PLACES.len(), one_crate(), 0..5)).prop_map(|(first, mut others)| {
        others.insert(0, first);
        others
    })
}

fn name(place: usize) -> String {
    format!("crate-{place}")
}

/// The relative path from one place to another.
fn way(from: usize, to: usize) -> String {
    let up = PLACES[from].split('/').filter(|part| !part.is_empty()).map(|_| "../").collect::<String>();
    format!("{up}{}", PLACES[to])
}

fn manifest(place: usize, found: &Crate, all: &BTreeMap<usize, Crate>) -> String {
    let mut text = String::new();
    let is_virtual = matches!(found.root, Root::Is { virtual_: true, .. });
    if let Root::Is { members, exclude, .. } = &found.root {
        let can = |member: &&usize| place == 0 && MEMBERS[**member].1.iter().all(|place| all.contains_key(place));
        let members: Vec<&str> = members.iter().filter(can).map(|member| MEMBERS[*member].0).collect();
        writeln!(
            text,
            "[workspace]\nmembers = {members:?}\nexclude = {exclude:?}\n[workspace.package]\nedition = \"2021\""
        )
        .unwrap();
        writeln!(text, "[workspace.dependencies]").unwrap();
        for other in all.keys() {
            writeln!(text, "{} = {{ path = {:?}, features = [\"base\"] }}", name(*other), way(place, *other)).unwrap();
        }
    }
    if is_virtual {
        return text;
    }
    writeln!(text, "[package]\nname = {:?}\nversion = \"0.1.0\"", name(place)).unwrap();
    let is_root = |place: &usize| all.get(place).is_some_and(|found| matches!(found.root, Root::Is { .. }));
    let has_root = all.keys().any(is_root);
    let inherits_edition = has_root && found.package.contains(&"edition.workspace = true");
    if let Some(edition) = found.edition.filter(|_| !inherits_edition) {
        writeln!(text, "edition = {edition:?}").unwrap();
    }
    if let Root::At(root) = found.root
        && is_root(&root)
    {
        writeln!(text, "workspace = {:?}", format!("./{}", way(place, root))).unwrap();
    }
    for line in found.package.iter().filter(|line| has_root || !line.contains("workspace")) {
        writeln!(text, "{line}").unwrap();
    }
    for table in &found.targets {
        text.push_str(table);
    }
    let mut sections: BTreeMap<&str, BTreeMap<usize, bool>> = BTreeMap::new();
    for (section, other, inherits) in
        found.dependencies.iter().filter(|(_, other, _)| all.contains_key(other) && *other != place)
    {
        sections.entry(section).or_default().insert(*other, *inherits);
    }
    for (section, dependencies) in sections {
        writeln!(text, "[{section}]").unwrap();
        for (other, inherits) in dependencies {
            let path = way(place, other);
            if inherits && has_root {
                writeln!(text, "{} = {{ workspace = true, features = [\"own\"] }}", name(other)).unwrap();
            } else {
                writeln!(text, "alias{other} = {{ path = {path:?}, package = {:?} }}", name(other)).unwrap();
            }
        }
    }
    text
}

proptest! {
    // Each case runs cargo several times.
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn cargo_and_the_manifests_agree_on_random_workspaces(crates in workspace()) {
        let mut files: Vec<(String, String)> = Vec::new();
        for (place, found) in &crates {
            let base = if PLACES[*place].is_empty() { String::new() } else { format!("{}/", PLACES[*place]) };
            files.push((format!("{base}Cargo.toml"), manifest(*place, found, &crates)));
            files.extend(found.files.iter().map(|file| (format!("{base}{file}"), String::new())));
        }
        let borrowed: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let dir = written(&borrowed);
        if let Err(difference) = compare(dir.path()) {
            let manifests = files.iter().filter(|(path, _)| path.ends_with("Cargo.toml"));
            let manifests: Vec<_> = manifests.collect();
            prop_assert!(false, "{difference}\n{manifests:#?}");
        }
    }
}
