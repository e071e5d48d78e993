//! Manifests that cargo refuses. The reader also refuses a crate with an error of its own, but not one if the error is in another
//! crate.

use super::written;
use crate::crates::cargo_metadata::Query;
use crate::crates::manifest::Reader;
use crate::fs::Disk;

/// The reader's message for a crate that cargo refuses, the place of the crate, and the files of its project.
type Refused = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const REFUSED: &[Refused] = &[
    (
        "it is in the directory of the workspace ../Cargo.toml, but is neither a member of it nor excluded from it",
        "a",
        &[
            ("a/Cargo.toml", package!("a")),
            ("a/src/lib.rs", ""),
            ("Cargo.toml", "[workspace]\nmembers = [\"b*\"]\n"),
            ("b/Cargo.toml", package!("b")),
            ("b/src/lib.rs", ""),
        ],
    ),
    ("it has no targets", "", &[("Cargo.toml", package!("a")), ("src/other.rs", "")]),
    ("`lib.path` is not set for the library `x`", "", &[("Cargo.toml", package!("a", "[lib]\nname = \"x\"\n"))]),
    ("no source file was found for the binary `x`", "", &[("Cargo.toml", package!("a", "[[bin]]\nname = \"x\"\n"))]),
    ("a `[[bin]]` has no name", "", &[("Cargo.toml", package!("a", "[[bin]]\npath = \"x\"\n"))]),
    ("it has neither `[package]` nor `[workspace]`", "", &[("Cargo.toml", "[dependencies]\n")]),
    ("`package.name` is not set", "", &[("Cargo.toml", "[package]\nversion = \"0.1.0\"\n"), ("src/lib.rs", "")]),
    ("line 2 is not valid TOML", "", &[("Cargo.toml", "[package]\nname = {{ name }}\n"), ("src/lib.rs", "")]),
    (
        "`workspace.dependencies` lacks it",
        "a",
        &[
            ("a/Cargo.toml", package!("a", "[dependencies]\nx.workspace = true\n")),
            ("a/src/lib.rs", ""),
            ("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n"),
        ],
    ),
    (
        "there is no workspace root above it",
        "",
        &[("Cargo.toml", package!("a", "[dependencies]\nx.workspace = true\n")), ("src/lib.rs", "")],
    ),
    (
        "no workspace root above it sets `workspace.package.edition`",
        "",
        &[
            ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition.workspace = true\n"),
            ("src/lib.rs", ""),
        ],
    ),
    (
        "points to ../b/Cargo.toml, which is not a workspace root",
        "a",
        &[
            ("a/Cargo.toml", package!("a", "workspace = \"../b\"\n")),
            ("a/src/lib.rs", ""),
            ("b/Cargo.toml", package!("b")),
            ("b/src/lib.rs", ""),
        ],
    ),
    (
        "../Cargo.toml, which may be its workspace root, cannot be read: line 1 is not valid TOML",
        "a",
        &[("a/Cargo.toml", package!("a")), ("a/src/lib.rs", ""), ("Cargo.toml", "[{{ workspace }}]\n")],
    ),
    (
        "b/Cargo.toml, which cannot be read: no such file or directory",
        "a",
        &[("a/Cargo.toml", package!("a")), ("a/src/lib.rs", ""), ("Cargo.toml", "[workspace]\nmembers = [\"b\"]\n")],
    ),
    (
        ".cargo/config.toml cannot be read: line 1 is not valid TOML",
        "",
        &[("Cargo.toml", package!("a")), ("src/lib.rs", ""), (".cargo/config.toml", "[build\n")],
    ),
];

#[test]
fn what_cargo_refuses_for_its_own_fault_is_refused_without_cargo() {
    for (reason, of, files) in REFUSED {
        let dir = written(files);
        let manifest = Disk::default().resolve(&dir.path().join(of).join("Cargo.toml"));
        let directory = manifest.parent().unwrap();
        assert!(Query::asked(&manifest, directory).is_err(), "cargo reads it: {reason}");
        let own = Reader::default().read(&manifest, directory, true).unwrap_err();
        assert!(own.contains(reason), "`{reason}` is not in `{own}`");
    }
}

#[test]
fn a_broken_member_spoils_nothing_but_itself() {
    let root = "[workspace]\nmembers = [\"a\", \"b\", \"gone\"]\n[workspace.dependencies]\nc = { path = \"c\" }\n";
    let dir = written(&[
        ("Cargo.toml", root),
        (
            "a/Cargo.toml",
            package!("a", "[dependencies]\nc.workspace = true\n[dev-dependencies]\nd = { path = \"../d\" }\n"),
        ),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", "[package"),
        ("c/Cargo.toml", package!("c")),
        ("c/src/lib.rs", ""),
    ]);
    let root = Disk::default().real_directory(dir.path());
    let reader = Reader::default();
    for name in ["a", "c"] {
        let manifest = root.join(name).join("Cargo.toml");
        assert!(Query::asked(&manifest, &root).is_err());
        let workspace = reader.read(&manifest, &root, true).unwrap();
        assert_eq!((&workspace.root, workspace.packages[0].name.as_str()), (&root, name));
    }
    assert!(reader.read(&root.join("b/Cargo.toml"), &root, true).is_err());
}

#[test]
fn what_is_missing_beside_a_member_spoils_nothing_but_itself() {
    let dir = written(&[
        ("w/Cargo.toml", "[workspace]\nmembers = [\"a\"]\n"),
        (
            "w/a/Cargo.toml",
            package!(
                "a",
                "[dependencies]\ngone = { path = \"../../gone\" }\nb = { path = \"../b\" }\nz = { path = \"../../z\" }\n"
            ),
        ),
        ("w/a/src/lib.rs", ""),
        ("w/b/Cargo.toml", package!("b")),
        ("w/b/src/lib.rs", ""),
        ("w/c/Cargo.toml", package!("c")),
        ("w/c/src/lib.rs", ""),
    ]);
    let root = Disk::default().real_directory(dir.path()).join("w");
    let reader = Reader::default();
    let read = |name: &str| reader.read(&root.join(name).join("Cargo.toml"), &root, true);
    assert!(read("b").is_ok());
    let reason = read("c").unwrap_err();
    let expected = "z/Cargo.toml, which cannot be read: no such file or directory";
    assert!(reason.contains(expected), "{reason}");
}
