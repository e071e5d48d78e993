//! The forms of globs, each with the files that it covers. The expected results are checked here and with uv itself.

use std::collections::BTreeSet;

use super::tree::Tree;
use super::trial::{ROOT, run};
use crate::cache_keys::Key;

/// Keys, and the files that they cover together.
pub(super) type Row<'a> = (&'a [&'a str], &'a [&'a str]);

/// A plain project with a sibling. Its `.gitignore` ignores everything.
pub(super) fn project() -> Tree {
    let files = [
        ".gitignore", ".hidden.rs", ".venv/v.rs", "Cargo.lock", "Cargo.toml", "build.rs", "notes.txt", "src/a.rs",
        "src/lib.rs", "src/mod/a.rs", "src/mod/x.txt", "src/target/far/w.rs", "src/target/u.rs", "sub/Cargo.toml",
        "sub/s.rs", "target/debug/g.rs", "target/t.rs", "../sib/src/s.rs", "../sib/top.rs", "../up.toml",
    ];
    tree(&files, &[])
}

/// A tree of files, and of symlinks with their targets. All paths are relative to the project.
pub(super) fn tree(files: &[&str], links: &[(&str, &str)]) -> Tree {
    let place = |path: &str| path.strip_prefix("../").map_or_else(|| format!("proj/{path}"), str::to_owned);
    Tree {
        dirs: vec!["proj/.git".to_owned()],
        files: files.iter().map(|file| place(file)).collect(),
        links: links.iter().map(|(link, target)| (place(link), (*target).to_owned())).collect(),
        ..Tree::default()
    }
}

const ALL_RUST: [&str; 11] = [
    ".hidden.rs", ".venv/v.rs", "build.rs", "src/a.rs", "src/lib.rs", "src/mod/a.rs", "src/target/far/w.rs",
    "src/target/u.rs", "sub/s.rs", "target/debug/g.rs", "target/t.rs",
];
const SRC_RUST: [&str; 5] = ["src/a.rs", "src/lib.rs", "src/mod/a.rs", "src/target/far/w.rs", "src/target/u.rs"];
const SRC_ALL: [&str; 6] =
    ["src/a.rs", "src/lib.rs", "src/mod/a.rs", "src/mod/x.txt", "src/target/far/w.rs", "src/target/u.rs"];
const CHILDREN: [&str; 7] =
    [".gitignore", ".hidden.rs", "Cargo.lock", "Cargo.toml", "build.rs", "notes.txt", "pyproject.toml"];
const TOML: [&str; 3] = ["Cargo.toml", "pyproject.toml", "sub/Cargo.toml"];

/// Checks rows against this code and against uv.
pub(super) fn check(tree: &Tree, rows: &[Row]) {
    let lists: Vec<Vec<Key>> =
        rows.iter().map(|(keys, _)| keys.iter().map(|key| Key::File((*key).to_owned())).collect()).collect();
    let outcome = run(tree, &lists);
    assert_eq!(outcome.disagreements, []);
    for ((keys, expected), covered) in rows.iter().zip(outcome.covered) {
        let expected: BTreeSet<String> = expected.iter().map(|file| (*file).to_owned()).collect();
        assert_eq!(covered, Some(expected), "{keys:?}");
    }
}

pub(super) fn joined<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

#[test]
fn one_glob() {
    let src_children: &[&str] = &["src/a.rs", "src/lib.rs"];
    check(
        &project(),
        &[
            (&["*.rs"], &ALL_RUST),
            (&["./*.rs"], &ALL_RUST),
            (&["**/*.rs"], &ALL_RUST),
            (&["**.rs"], &ALL_RUST),
            (&["Cargo.*"], &["Cargo.lock", "Cargo.toml", "sub/Cargo.toml"]),
            (&["Cargo.{toml,lock}"], &["Cargo.lock", "Cargo.toml", "sub/Cargo.toml"]),
            (&["*"], &CHILDREN),
            (&["./*"], &CHILDREN),
            (&["src/*"], src_children),
            (&["src/*.rs"], &SRC_RUST),
            (&["src/?.rs"], &["src/a.rs", "src/mod/a.rs", "src/target/far/w.rs", "src/target/u.rs"]),
            (&["src/[ab].rs"], &["src/a.rs", "src/mod/a.rs"]),
            (&["src/[!a].rs"], &["src/target/far/w.rs", "src/target/u.rs"]),
            (&["src/[^a].rs"], &["src/target/far/w.rs", "src/target/u.rs"]),
            (&["{src}/*.rs"], src_children),
            (&["[s]rc/*.rs"], src_children),
            (&["*/*.rs"], &[".venv/v.rs", "src/a.rs", "src/lib.rs", "sub/s.rs", "target/t.rs"]),
            (&["**/src/*.rs"], src_children),
            (&["src/**/*.rs"], &SRC_RUST),
            (&["./src/**/*.rs"], &SRC_RUST),
            (&["src//**//*.rs"], &SRC_RUST),
            (&["src/**.rs"], &SRC_RUST),
            (&["src/**"], &SRC_ALL),
            (&["src/**/"], &SRC_ALL),
            (&["src/***"], &SRC_ALL),
            (&["nope/**"], &[]),
            (&["{a,lib}.rs"], &["src/a.rs", "src/lib.rs", "src/mod/a.rs"]),
            (&["{{a,b},lib}.rs"], &["src/a.rs", "src/lib.rs", "src/mod/a.rs"]),
            (&["{src/mod,sub}/**"], &["src/mod/a.rs", "src/mod/x.txt", "sub/Cargo.toml", "sub/s.rs"]),
            (&["{,src/}*.rs"], src_children),
            (&["*.{rs, txt}"], &ALL_RUST),
            (&["[[:alpha:]].rs"], &[]),
            (&["+(a|b).rs*"], &[]),
            (&["~/*.rs"], &[]),
            (&["$HOME/**/*.rs"], &[]),
            (&["*.RS"], &[]),
            (&["src\\*.rs"], &[]),
            (&["#*.rs"], &[]),
        ],
    );
}

#[test]
fn outside_the_project() {
    let root = format!("{ROOT}/sib/src/**/*.rs");
    check(
        &project(),
        &[
            (&["../sib/src/**/*.rs"], &["../sib/src/s.rs"]),
            (&["../sib/*.rs"], &["../sib/src/s.rs", "../sib/top.rs"]),
            (&["src/../sub/**"], &["sub/Cargo.toml", "sub/s.rs"]),
            (&[&root], &["../sib/src/s.rs"]),
            (&["../*.toml"], &["../up.toml", "Cargo.toml", "pyproject.toml", "sub/Cargo.toml"]),
            (&["/src/**/*.rs"], &[]),
            (&["**/../sub/*.rs"], &[]),
            (&["{../sib,sub}/*.rs"], &["sub/s.rs"]),
            (
                &["../sib/*.rs", "../*.toml"],
                &["../sib/top.rs", "../up.toml", "Cargo.toml", "pyproject.toml", "sub/Cargo.toml"],
            ),
        ],
    );
}

#[test]
fn globs_in_company() {
    let with_toml = joined(&[&["src/a.rs", "src/lib.rs"], &TOML]);
    let all = joined(&[&SRC_RUST, &TOML]);
    check(
        &project(),
        &[
            (&["src/*.rs", "*.toml"], &with_toml),
            (&["*.toml", "src/*.rs"], &with_toml),
            (&["src/?.rs", "*.toml"], &joined(&[&["src/a.rs"], &TOML])),
            (&["src/[ab].rs", "*.toml"], &joined(&[&["src/a.rs"], &TOML])),
            (&["src/[!l].rs", "*.toml"], &joined(&[&["src/a.rs"], &TOML])),
            (&["src/**/*.rs", "*.toml"], &all),
            // `**` only matches directories if it is a whole component.
            (&["src/**.rs", "*.toml"], &with_toml),
            (&["src/***", "notes.*"], &["notes.txt", "src/a.rs", "src/lib.rs"]),
            (&["src/**", "notes.*"], &joined(&[&SRC_ALL, &["notes.txt"]])),
            (&["src/*.rs", "Cargo.toml"], &joined(&[&SRC_RUST, &["Cargo.toml"]])),
            (&["nope/**", "src/**/*.rs"], &SRC_RUST),
            (&["src/**/*.rs", "src/**/*.rs", "Cargo.toml", "Cargo.toml"], &joined(&[&SRC_RUST, &["Cargo.toml"]])),
            // Alone, the line is a comment. Beside another glob, the `#` is no longer the first character.
            (&["src/#*"], &[]),
            (&["src/#*", "notes.*"], &["notes.txt"]),
            // A blank after the `*` prevents it from being anchored.
            (&["src/* "], &SRC_ALL),
            // A line `*/` only matches directories.
            (&["*/ "], &[]),
            (&["**/*.rs", "!*/ "], &[".hidden.rs", "build.rs"]),
        ],
    );
}

#[test]
fn negation() {
    let without_target: Vec<&str> = ALL_RUST.into_iter().filter(|file| !file.starts_with("target/")).collect();
    let without_any: Vec<&str> = ALL_RUST.into_iter().filter(|file| !file.contains("target/")).collect();
    let back: Vec<&str> =
        ALL_RUST.into_iter().filter(|file| !file.contains("target/debug/") && !file.contains("target/far/")).collect();
    check(
        &project(),
        &[
            (&["**/*.rs", "!target/**"], &without_target),
            (&["!target/**", "**/*.rs"], &without_target),
            (&["**/*.rs", "!**/target/**"], &without_any),
            (&["!**/target/**", "**/*.rs"], &back),
            (&["**/*.rs", "!target"], &ALL_RUST),
            (&["**/*.rs", "!target/"], &ALL_RUST),
            (&["src/**/*.rs", "!src/mod/**"], &SRC_RUST),
            (&["src/**/*.rs", "!**/target/**"], &["src/a.rs", "src/lib.rs", "src/mod/a.rs", "src/target/u.rs"]),
            (&["!**/target/**"], &[]),
            (&["!src/**", "!*.rs"], &[]),
            (
                &["**/*.rs", "!src/**", "src/lib.rs"],
                &joined(&[
                    &["src/lib.rs"],
                    &[".hidden.rs", ".venv/v.rs", "build.rs", "sub/s.rs", "target/debug/g.rs", "target/t.rs"],
                ]),
            ),
        ],
    );
}
