//! Tests with `tests/windows/lists.tsv`: key lists, and the files that the real uv covers with each on Linux and on Windows. They
//! are compared with the coverage that this tool computes for both systems, whichever system the test runs on.

use std::collections::BTreeSet;
use std::path::Path;

use toml_edit::Document;

use super::grammar;
use super::{Coverage, Key, System};

use crate::fs::{Disk, resolved};

/// All files of the tree, relative to its root. The project is `proj`.
const FILES: &str = "proj/Cargo.lock proj/Cargo.toml proj/build.rs proj/pyproject.toml proj/src/lib.rs proj/src/data.toml \
     proj/src/a/deep/y.rs proj/src/a/lib.rs proj/src/a/x.rs proj/src/b/lib.rs proj/tests/t.rs proj/crates/a/Cargo.toml \
     proj/crates/a/src/lib.rs proj/crates/a/src/m/n.rs proj/crates/b/Cargo.toml proj/crates/b/src/lib.rs \
     proj/target/release/g.rs sib/Cargo.toml sib/src/lib.rs sib/src/m/n.rs";

#[test]
fn a_list_covers_what_uv_covers_on_each_system() {
    let root = tempfile::tempdir().unwrap();
    let root = dunce::canonicalize(root.path()).unwrap();
    for file in FILES.split_whitespace() {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows/lists.tsv");
    let table = std::fs::read_to_string(table).unwrap();
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let [list, unix, windows] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        for (system, expected) in [(System::Unix, unix), (System::Windows, windows)] {
            let found = covered(system, &root, list);
            if expected.contains("REJECTED") {
                assert_eq!(found, None, "{system:?}: {list}");
            } else {
                let expected = expected.split_whitespace().map(str::to_owned).collect();
                assert_eq!(found, Some(expected), "{system:?}: {list}");
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 81);
}

/// The files of the tree that a list covers; `None` if the list is rejected.
fn covered(system: System, root: &Path, list: &str) -> Option<BTreeSet<String>> {
    let document = Document::parse(format!("keys = {list}")).unwrap();
    let keys: Vec<Key> = grammar::parse(&document["keys"], 0..0).unwrap().into_iter().map(|entry| entry.key).collect();
    let coverage = Coverage::compile_on(system, &Disk::default(), &resolved(root.join("proj")), &keys).ok()?;
    let walk = coverage.walk();
    let is_covered = |file: &&str| {
        let path = resolved(root.join(file));
        let by_path = coverage.covering_key(&path).is_some();
        let by_walk = walk.keys.iter().any(|key| key.files.contains(&path));
        assert_eq!(by_path, by_walk, "{system:?}: {file} by {list}");
        by_path
    };
    Some(FILES.split_whitespace().filter(is_covered).map(str::to_owned).collect())
}
