//! What is found in typical source with the known macros and attributes.

use std::path::{MAIN_SEPARATOR, Path};
use std::sync::Arc;

use proptest::proptest;

use super::*;
use crate::fs::{self, Disk};

fn found(text: &str) -> Vec<String> {
    let (file, package) = (Path::new("/c/src/a/b.rs"), Path::new("/c"));
    let disk = Disk::default().with_overlay(file, text);
    let mut definitions = Definitions::default();
    definitions.add(file, package, &Arc::new(glance(text.as_bytes(), &|_| false)));
    definitions.settle(&disk);
    let origin = Origin { disk: &disk, file, package, variables: &definitions.variables };
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
    references(text, &origin, &definitions).unwrap().references.into_iter().map(show).collect()
}

#[test]
fn the_table_of_macros_and_attributes() {
    for (text, expected) in [
        ("const A: &str = include_str!(\"../x.txt\");", vec!["1:/c/src/x.txt"]),
        ("\nstd::include_bytes!(r#\"x.bin\"#)", vec!["2:/c/src/a/x.bin"]),
        ("include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));", vec![]),
        ("include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/gen/\", \"x.rs\"));", vec!["1:/c/gen/x.rs"]),
        ("include_str!(concat!(\"a\", PATH))", vec!["1:?concat!(\"a\",PATH)"]),
        ("macro_rules! m { ($f:expr) => { include_str!($f) } }", vec![]),
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
        ("quote! { include_str!(#path); include_str!(\"x\") }", vec![]),
        ("#[cfg(doctest)] mod d { #[doc = include_str!(\"x\")] #[pyclass] struct S; }", vec![]),
        ("#![debugger_visualizer(gdb_script_file = \"../x.py\")]", vec!["1:/c/src/x.py"]),
        ("#[debugger_visualizer(natvis_file = \"x.natvis\")] mod m {}", vec!["1:/c/src/a/x.natvis"]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn local_macros_are_expanded_where_they_are_called() {
    for (text, expected) in [
        ("macro_rules! m { ($f:expr) => { include_str!($f) } }\nm!(\"x\"); m!{\"y\"}", vec!["2:/c/src/a/x", "2:/c/src/a/y"]),
        (
            "macro_rules! schema { ($vis:vis $name:ident, $path:expr) => { $vis static $name: &[u8] = include_bytes!($path); } }
             schema!(pub A, \"../s/a.json\"); schema!(B, \"b.json\"); schema!(pub(crate) C, concat!(\"c\", \".json\"));",
            vec!["2:/c/src/s/a.json", "2:/c/src/a/b.json", "2:/c/src/a/c.json"],
        ),
        (
            "macro_rules! gen { ($path:literal) => { include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/generated/\", $path)); } }
             gen!(\"a.rs\"); gen!(\"b.rs\");",
            vec!["2:/c/generated/a.rs", "2:/c/generated/b.rs"],
        ),
        (
            "macro_rules! host { () => { \"www\" } } include_str!(concat!(\"../../\", host!(), \"/c.json\"));",
            vec!["1:/c/www/c.json"],
        ),
        (
            "macro_rules! all { ($($n:ident => $p:literal),* $(,)?) => { $(const $n: &str = include_str!(concat!($p, \".txt\"));)* } }
             all! { A => \"a\", B => \"b\", }",
            vec!["2:/c/src/a/a.txt", "2:/c/src/a/b.txt"],
        ),
        (
            "macro_rules! outer { ($($p:tt)*) => { inner!(@one $($p)*); } }
             macro_rules! inner { (@one $p:literal) => { include_str!($p) }; (@one $p:literal, $($rest:tt)+) => { include_str!($p); inner!(@one $($rest)+); } }
             outer!(\"a\", \"b\", \"c\");",
            vec!["3:/c/src/a/a", "3:/c/src/a/b", "3:/c/src/a/c"],
        ),
        (
            "macro_rules! shader { ($name:ident) => { include_str!(concat!(stringify!($name), \".wgsl\")) } } shader!(blur)",
            vec!["1:/c/src/a/blur.wgsl"],
        ),
        // Fixed in the body, and an argument that cannot be determined.
        ("macro_rules! m { () => { include_str!(\"x\") } }\n\nm!()", vec!["3:/c/src/a/x"]),
        ("macro_rules! m { ($f:expr) => { include_str!($f) } }\nm!(PATH);", vec!["2:?PATH"]),
        ("macro_rules! m { ($f:literal) => { include_str!($f) } }\nm!(a b);", vec!["2:?ab"]),
        ("macro_rules! m { ($($t:tt)*) => { m!($($t)*); include_str!(\"x\") } }\nm!(a);", vec!["2:?a", "2:/c/src/a/x"]),
        ("macro_rules! m { ($f:expr) => { include_str!($f) } }\n#[cfg(test)] mod t { const A: &str = m!(\"x\"); }", vec![]),
        ("macro_rules! v { ($n:literal) => { env!($n) } } v!(\"A\");", vec!["1:$A"]),
        ("macro_rules! out { ($f:expr) => { include!(concat!(env!(\"OUT_DIR\"), $f)) } } out!(x!());", vec![]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn directories_that_macros_and_attributes_read() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::default();
    let package = disk.real_directory(dir.path());
    for name in ["locales/en.ftl", "wit/a.wit", "b.wit", "assets/a", "pages/a.html"] {
        std::fs::create_dir_all(package.join(name).parent().unwrap()).unwrap();
        std::fs::write(package.join(name), "").unwrap();
    }
    std::fs::write(package.join("sailfish.toml"), "template_dirs = [\"pages\"]\n").unwrap();
    let none = Definitions::default();
    let origin =
        Origin { disk: &disk, file: &package.join("src/lib.rs"), package: &package, variables: &none.variables };
    let found = |text: &str| -> Vec<String> {
        let show = |reference: Reference| match reference.what {
            What::File(places) => fs::path::display(&package, &disk.resolve(&places[0])),
            What::Directory(directory) => fs::path::display(&package, &disk.resolve(&directory)) + "/**",
            what => format!("{what:?}"),
        };
        references(text, &origin, &none).unwrap().references.into_iter().map(show).collect()
    };
    for (text, expected) in [
        ("rust_i18n::i18n!();", vec!["locales/**"]),
        ("i18n!(\"assets\", fallback = \"en\");", vec!["assets/**"]),
        ("i18n!(fallback = \"en\");", vec!["locales/**"]),
        ("static_loader! { static L = { locales: \"./locales\", fallback_language: \"en\" }; }", vec!["locales/**"]),
        ("wit_bindgen::generate!({ world: \"a\" });", vec!["wit/**"]),
        ("bindgen!({ world: \"a\", path: \"b.wit\" });", vec!["b.wit"]),
        // Macros of other crates that have the same names.
        ("i18n!(\"gone\"); generate!({ path: \"gone\" }); generate_context!(); embed_templates!(DIRECTORY);", vec![]),
        ("#[derive(TemplateOnce)] #[template(path = \"a.html\")] struct A;", vec!["sailfish.toml", "pages/**"]),
        ("#[cfg_attr(feature = \"a\", derive(Embed), folder = \"assets\")] struct A;", vec!["assets/**"]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn what_names_nothing_is_not_read_as_tokens() {
    let names = |text: &str| glance(text.as_bytes(), &|path| path == "a/b.json").names;
    assert!(!names("fn main() { println!(\"x\"); let a = \"a/c.json\"; let b = \"a b/b.json\"; }"));
    assert!(!names("env!(\"CARGO_PKG_VERSION\")"));
    for text in ["let a = env!(\"X\");", "env!(\"CARGO_MANIFEST_DIR\")", "#[folder = \"x\"]", "sol!(\"a/b.json\")"] {
        assert!(names(text), "{text}");
    }
    let found = glance("macro_rules! a { () => { b!() } } c::d! {} if a != (b) { e\u{e9}![] }".as_bytes(), &|_| false);
    assert_eq!((&*found.defines, found.calls.len()), (&[Box::from("a")][..], 3));
    assert_eq!(found.calls[0], super::glance::hash(b"b"));
}

proptest! {
    /// The expansion of any macro ends, and is not deeper than a source may be.
    #[test]
    fn expansions_end(text in "(macro_rules! [ab] \\{( ?\\((\\$[xy]:(tt|expr|ident|ty|vis|item|pat)|\\$\\(|\\)[,;]?[*+?]|[a,;!()]| ){0,8}\\) => \\{([ab]!\\(\\$[xy]\\)|\\$[xy]|\\$\\(|\\)[,;]?[*+?]|include_str!\\(\\$[xy]\\)|[a,;()]| ){0,8}\\};?){1,3}\\} ?|[ab]!\\([a1,;\"()-]{0,6}\\); ?){1,6}") {
        found(&text);
    }
}
