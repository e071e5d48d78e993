//! Literals, odd names, symlinks and malformed globs, checked like the rows of [`tables`](super::tables).

use super::tables::{Row, check, joined, project, tree};
use super::trial::{ROOT, run};
use crate::cache_keys::Key;

#[test]
fn literals() {
    let absolute = format!("{ROOT}/sib/top.rs");
    check(
        &project(),
        &[
            (&["src"], &[]),
            (&["src/"], &[]),
            (&["."], &[]),
            (&["./"], &[]),
            (&[""], &[]),
            (&["missing.rs"], &[]),
            (&["src\\lib.rs"], &[]),
            (&["Cargo.toml"], &["Cargo.toml"]),
            (&["./src//lib.rs"], &["src/lib.rs"]),
            (&["Cargo.toml/"], &[]),
            (&["Cargo.toml/."], &[]),
            (&["Cargo.toml "], &[]),
            (&[" Cargo.toml"], &[]),
            (&["src/../Cargo.toml"], &["Cargo.toml"]),
            (&["missing/../Cargo.toml"], &[]),
            (&["Cargo.toml/../Cargo.toml"], &[]),
            (&["../sib/top.rs"], &["../sib/top.rs"]),
            (&["../proj/Cargo.toml"], &["Cargo.toml"]),
            (&[&absolute], &["../sib/top.rs"]),
            (&["Cargo.toml\0"], &[]),
        ],
    );
}

#[test]
fn odd_names() {
    let files = [
        " lead.rs", "!n.rs", "#c.rs", "a.rs", "b]c.rs", "back\\slash.rs", "br{ace}.rs", "brk[1].rs", "trail.rs ",
        "über.rs", "*.rs", "lib.rs", "lib.x.rs", "!a.rs",
    ];
    let rows: &[Row] = &[
        (&["?ber.rs"], &[]),
        (&["??ber.rs"], &["über.rs"]),
        (&["ü*.rs"], &["über.rs"]),
        (&["[ü]ber.rs"], &[]),
        // A character class matches one byte of a character.
        (&["[ü][ü]ber.rs"], &["über.rs"]),
        (&["a?rs "], &["a.rs"]),
        (&["trail*"], &["trail.rs "]),
        (&["*.rs "], &joined(&[&files[..8], &files[9..]])),
        (&["trail.rs "], &["trail.rs "]),
        (&[" l*.rs"], &[" lead.rs"]),
        (&["  l*.rs"], &[]),
        (&["[#]*.rs"], &["#c.rs"]),
        (&["\\#*.rs"], &["#c.rs"]),
        (&["\\!n*.rs"], &["!n.rs"]),
        (&["br{ace}.rs"], &[]),
        (&["br[{]ace[}].rs"], &["br{ace}.rs"]),
        (&["brk[1].rs"], &[]),
        (&["brk[[]1].rs"], &["brk[1].rs"]),
        (&["b[]]c.rs"], &["b]c.rs"]),
        (&["[!]a].rs"], &["*.rs"]),
        (&["[!a].rs"], &["*.rs"]),
        (&["back[\\]slash.rs"], &["back\\slash.rs"]),
        (&["back\\slash.rs"], &["back\\slash.rs"]),
        (&["\\*.rs"], &["*.rs"]),
        (&["lib{,.x}.rs"], &["lib.x.rs"]),
    ];
    check(&tree(&files, &[]), rows);
}

#[test]
fn symlinks() {
    let tree = tree(
        &["real/f.rs", "real/deep/g.rs", "../out/target.rs", "../sib/s.rs", "../sib/deep/t.rs"],
        &[
            ("link.rs", "../out/target.rs"),
            ("broken.rs", "missing"),
            ("real/dir.rs", "../real/deep"),
            ("linkdir", "real"),
            ("away", "../sib"),
            ("filelink", "real/f.rs"),
        ],
    );
    check(
        &tree,
        &[
            (&["*.rs"], &["link.rs", "real/deep/g.rs", "real/f.rs"]),
            (&["real/**"], &["real/deep/g.rs", "real/f.rs"]),
            (&["real/dir.rs/*"], &["real/deep/g.rs"]),
            (&["linkdir/**/*.rs"], &["real/deep/g.rs", "real/f.rs"]),
            (&["away/**/*.rs"], &["../sib/deep/t.rs", "../sib/s.rs"]),
            (&["linkdir/**/*.rs", "*.toml"], &["pyproject.toml"]),
            (&["linkdir/deep/*.rs"], &["real/deep/g.rs"]),
            (&["away/../*/*.rs"], &["../out/target.rs", "../sib/s.rs", "link.rs"]),
            (&["link.rs"], &["link.rs"]),
            (&["broken.rs"], &[]),
            (&["linkdir/f.rs"], &["real/f.rs"]),
            (&["filelink"], &["filelink"]),
            (&["filelink/*.rs"], &[]),
            (&["broken.rs/*.rs"], &[]),
        ],
    );
}

#[test]
fn bytes_that_are_no_text() {
    let found: &[&str] = &["by\u{FFFD}te.rs"];
    let tree = tree(&["by\u{FFFD}te.rs"], &[]);
    check(&tree, &[(&["by?te.rs"], found), (&["*.rs"], found), (&["by\u{FFFD}te*"], &[])]);
}

#[test]
fn malformed_globs() {
    let deep = format!("{}a{}*", "{".repeat(400), "}".repeat(400));
    let bad = ["src/[", "a{b", "*a}", "[b-a]", "*\\", "[", "[]", "*.{rs", "br[{]ace}.rs", &deep];
    let lists: Vec<Vec<Key>> =
        bad.iter().map(|glob| vec![Key::File((*glob).to_owned()), Key::File("Cargo.toml".to_owned())]).collect();
    let outcome = run(&project(), &lists);
    assert_eq!(outcome.disagreements, []);
    for (glob, covered) in bad.iter().zip(outcome.covered) {
        assert_eq!(covered, None, "{glob}");
    }
    // As a comment, the pattern hides the error. Beside another glob, the `#` is no longer the first character.
    check(&project(), &[(&["src/#["], &[])]);
    assert_eq!(run(&project(), &[vec![Key::File("src/#[".to_owned()), Key::File("*.rs".to_owned())]]).covered, [None]);
}
