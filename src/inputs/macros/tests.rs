//! The table of macros and attributes, held against source as people write it.

use std::path::MAIN_SEPARATOR;

use super::*;
use crate::fs::{self, Disk};

fn found(text: &str) -> Vec<String> {
    let origin = Origin { disk: &Disk::default(), file: Path::new("/c/src/a/b.rs"), package: Path::new("/c") };
    let path = |path: &Path| fs::path::normalize(path).display().to_string().replace(MAIN_SEPARATOR, "/");
    let show = |reference: Reference| {
        let what = match reference.what {
            What::File(places) => places.iter().map(|place| path(place)).collect::<Vec<_>>().join(" or "),
            What::Directory(directory) => format!("{}/**", path(&directory)),
            What::Suffix(directory, suffix) => format!("{}/**/*.{suffix}", path(&directory)),
            What::Variable(name) => format!("${name}"),
            What::Unknown(text) => format!("?{}", text.replace(' ', "")),
        };
        format!("{}:{what}", reference.line)
    };
    references(text, &origin).unwrap().into_iter().map(show).collect()
}

#[test]
fn the_table_of_macros_and_attributes() {
    for (text, expected) in [
        ("const A: &str = include_str!(\"../x.txt\");", vec!["1:/c/src/x.txt"]),
        ("\nstd::include_bytes!(r#\"x.bin\"#)", vec!["2:/c/src/a/x.bin"]),
        ("include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));", vec![]),
        ("include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/gen/\", \"x.rs\"));", vec!["1:/c/gen/x.rs"]),
        ("include_str!(concat!(\"a\", PATH))", vec!["1:?concat!(\"a\",PATH)"]),
        ("macro_rules! m { ($f:expr) => { include_str!($f) } }", vec!["1:?$f"]),
        ("#[doc = include_str!(\"x.md\")] struct S;", vec![]),
        ("#[doc = include_str!(\"x.md\")] #[pyclass] struct S;", vec!["1:/c/src/a/x.md"]),
        ("#![doc = include_str!(\"x.md\")]", vec![]),
        ("env!(\"A\"); option_env!(\"B\", \"message\"); env!(\"CARGO_PKG_NAME\")", vec!["1:$A", "1:$B"]),
        ("#[cfg(test)] mod t { include_str!(\"x\"); } include_str!(\"y\")", vec!["1:/c/src/a/y"]),
        ("#[test] fn t() { include_str!(\"x\"); }\ninclude_str!(\"y\")", vec!["2:/c/src/a/y"]),
        ("#[cfg(test)] use x; include_str!(\"y\")", vec!["1:/c/src/a/y"]),
        ("include_dir!(\"$CARGO_MANIFEST_DIR/assets\")", vec!["1:/c/assets/**"]),
        ("#[derive(Embed)] #[folder = \"web/dist\"] struct A;", vec!["1:/c/web/dist/**"]),
        ("#[template(path = \"a.html\", escape = \"none\")] struct T;", vec!["1:/c/templates/a.html"]),
        ("#[template(source = \"x\", ext = \"txt\")] struct T;", vec![]),
        ("#[grammar = \"g.pest\"] struct P;", vec!["1:/c/g.pest or /c/src/g.pest"]),
        ("sqlx::migrate!(); sqlx::query_file!(\"q.sql\", id)", vec!["1:/c/migrations/**", "1:/c/q.sql"]),
        ("// include_str!(\"x\")\nlet s = \"include_str!(\\\"y\\\")\";", vec![]),
        ("fn broken( { include_str!(\"x\")", vec![]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn what_names_nothing_is_not_read_as_tokens() {
    assert!(!may_refer(b"fn main() { println!(\"x\"); }"));
    assert!(may_refer(b"let a = env!(\"X\");") && may_refer(b"#[folder = \"x\"]"));
}
