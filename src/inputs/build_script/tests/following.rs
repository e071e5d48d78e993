//! Functions, closures, loops and helpers that the analysis follows, and that it comes to an end.

use super::*;

#[test]
fn functions_closures_and_loops_are_followed() {
    let files =
        &["data/table.csv", "data/v-1.json", "data/v-2.json", "vendor/a", "templates/a", "grammar/x/a", "kernels/a.cu"];
    for (text, expected) in [
        (
            r#"fn watch(p: &Path) { println!("cargo:rerun-if-changed={}", p.display()); }
               fn main() { println!("cargo:rerun-if-changed=build.rs"); watch(Path::new("data/table.csv")); }"#,
            vec!["build.rs", "data/table.csv"],
        ),
        (
            r#"fn gen(v: &[&str]) { for &x in v { let path = format!("data/v-{x}.json"); println!("cargo:rerun-if-changed={path}"); } }
               fn main() { gen(&["1", "2"]); }"#,
            vec!["data/v-1.json", "data/v-2.json"],
        ),
        (
            r#"fn dir() -> PathBuf { PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap()) }
               fn main() { println!("cargo:rerun-if-changed={}", dir().join("vendor").display()); }"#,
            vec!["vendor/**"],
        ),
        (
            r#"fn main() {
                for e in std::fs::read_dir("templates").unwrap() { println!("cargo:rerun-if-changed={}", e.unwrap().path().display()); }
                for e in WalkDir::new("grammar").into_iter().filter_map(|e| e.ok()).filter(|e| e.file_type().is_file()) {
                    println!("cargo:rerun-if-changed={}", e.path().display());
                }
                for e in glob::glob("kernels/*.cu").expect("a pattern").flatten() { println!("cargo:rerun-if-changed={}", e.display()); }
            }"#,
            vec!["templates/**", "grammar/**", "kernels/**"],
        ),
        (
            r#"const FILES: [(&str, &str); 2] = [("A", "data/v-1.json"), ("B", "data/v-2.json")];
               fn main() { FILES.iter().for_each(|(name, path)| { println!("cargo:rustc-env={name}=1\ncargo:rerun-if-changed={path}"); }); }"#,
            vec!["data/v-1.json", "data/v-2.json", "sets A", "sets B"],
        ),
        (
            r#"fn main() { let watch = |name: &str| println!("cargo:rerun-if-changed=data/{}", name); for n in 1..=2 { watch(&format!("v-{n}.json")); } }"#,
            vec!["data/v-1.json", "data/v-2.json"],
        ),
        (
            r#"struct Paths { root: PathBuf } impl Paths { fn new(root: &str) -> Self { Self { root: root.into() } }
               fn table(&self) -> PathBuf { self.root.join("table.csv") } }
               fn main() { let p = Paths::new("data"); println!("cargo:rerun-if-changed={}", p.table().display()); }"#,
            vec!["data/table.csv"],
        ),
        (
            r#"fn collect(d: &Path, found: &mut Vec<PathBuf>) { for e in fs::read_dir(d).unwrap() { let p = e.unwrap().path();
               if p.is_dir() { collect(&p, found); } else { found.push(p); } } }
               fn main() { let mut found = Vec::new(); collect(Path::new("vendor"), &mut found); for f in found { println!("cargo:rerun-if-changed={}", f.display()); } }"#,
            vec!["vendor/**"],
        ),
        (
            r#"#[cfg(not(unix))] fn copy(_d: &str) {}
               #[cfg(unix)] fn copy(d: &str) { fs::read(Path::new(d).join("table.csv")); }
               fn main() { copy("data"); }"#,
            vec!["data/table.csv"],
        ),
        (
            r#"fn main() { let root = env::current_dir().unwrap().parent().and_then(Path::parent).map(PathBuf::from).unwrap();
               println!("cargo:rerun-if-changed={}", root.join("x").display()); }"#,
            vec!["../../x"],
        ),
        (
            r#"fn main() { let d = PathBuf::from(env!("CARGO_MANIFEST_DIR")); let above = d.ancestors().nth(1).unwrap();
               println!("cargo:rerun-if-changed={}", above.join("p/vendor").display()); }"#,
            vec!["vendor/**"],
        ),
        // A path from a variable is not in the repository. A path below an unknown root may be.
        (
            r#"fn main() { println!("cargo:rerun-if-env-changed=X_DIR"); let d = PathBuf::from(env::var("X_DIR").unwrap());
               println!("cargo:rerun-if-changed={}", d.join("include").display()); fs::read(d.join("x")); }"#,
            vec!["$X_DIR"],
        ),
        (
            r#"fn main() { let root = find_root(); println!("cargo:rerun-if-changed={}", root.join("data").join("table.csv").display());
               println!("cargo:rerun-if-changed={}/grammar/x/{}", root.display(), name());
               println!("cargo:rerun-if-changed={}/nowhere/x", root.display()); }"#,
            vec!["data/table.csv", "grammar/x/**", "({}/nowhere/x)"],
        ),
        // For a function that is called, only the given arguments count. For one that is never called, its literals count.
        (r#"fn main() {} fn watch() { println!("cargo:rerun-if-changed=data/table.csv"); }"#, vec!["data/table.csv"]),
        (
            r#"fn set_env(n: &str, v: &str) { println!("cargo:rustc-env={n}={v}"); } fn main() { set_env("H", "x"); }"#,
            vec!["sets H"],
        ),
        (r#"fn main() { for (n, v) in std::env::vars() { println!("cargo:rustc-env={n}={v}"); } }"#, vec!["sets ?"]),
        (r#"fn main() { println!("cargo:rerun-if-changed={}", env::args().nth(1).unwrap()); }"#, vec!["({})"]),
        (
            r#"macro_rules! watch { ($p:expr) => { println!("cargo:rerun-if-changed={}", $p) }; } fn main() { watch!("data/table.csv"); }"#,
            vec!["data/table.csv"],
        ),
    ] {
        assert_eq!(judged(text, files), expected, "{text}");
    }
}

#[test]
fn helpers_are_followed_where_they_are_called() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str, helper| File { path: dir.path().join(name), text: text.to_owned(), helper };
    let helper = Helper { name: "my-helper".to_owned(), directory: dir.path().join("helper") };
    let text = r#"pub fn generate(s: &str) { println!("cargo:rerun-if-changed={s}"); println!("cargo:rerun-if-changed={}/own", env!("CARGO_MANIFEST_DIR")); }
                  pub fn unrelated(x: &str) { println!("cargo:rerun-if-changed={x}"); }"#;
    let files = [
        file("build.rs", r#"fn main() { my_helper::generate("spec/api.yaml"); }"#, None),
        file("helper/src/lib.rs", text, Some(helper)),
    ];
    let found = analyse(&Disk::default(), &files, dir.path(), &|_, _| false);
    let expected = ["spec/api.yaml", "helper/own"].map(|path| What::File(vec![dir.path().join(path)]));
    assert_eq!(found.watched.iter().map(|named| named.what.clone()).collect::<Vec<_>>(), expected);
}

#[test]
fn any_source_comes_to_an_end() {
    let calls = |n: usize| {
        let function = |i: usize| format!("fn f{i}(x: &str) {{ f{}(x); f{}(x); }}", i + 1, i + 1);
        (0..n).map(function).collect::<Vec<_>>().concat()
    };
    let many = |n: usize, text: &str| text.repeat(n);
    for text in [
        format!("fn main() {{ f0(\"a\"); }} {}", calls(200)),
        format!("fn main() {{ let x = [1, 2]; {} }}", many(64, "let x = [x, x];")),
        format!("fn main() {{ let x = \"aa\"; {} }}", many(64, "let x = format!(\"{x}{x}\");")),
        format!("fn main() {{ {} let x = 1; }}", many(100, "for i in 0..60 { ")),
        format!("fn main() {{ let x = {}1; }}", many(1000, "!")),
        format!("fn main() {{ let x = {}1; }}", many(100_000, "!")),
        // The deepest nesting that is parsed.
        format!("fn main() {{ let x = {}1; }}", many(1900, "!")),
        format!("fn main() {{ let x = {}1; }}", many(900, "a = ")),
        format!("fn main() {{ let x = {}1; }}", many(600, "|x| ")),
        format!("fn main() {{ let x = {}1; }}", many(1900, "return ")),
        format!("fn main() {{ let x = {}{{}}; }}", many(450, "if x {} else ")),
        format!("fn main() {{ let {}x = 1; }}", many(1900, "&")),
        format!("fn main() {{ let x: {}T = 1; }}", many(1900, "&")),
        format!("fn main() {{ let x: {}B{} = 1; }}", many(640, "A<"), many(640, ">")),
        format!("fn main() {{ let x = a{}; }}", many(900, " + a")),
        format!("fn main() {{ let x = {}1{}; }}", many(240, "(!!!!!!!"), many(240, ")")),
        format!("fn main() {{ let x = {}1{}; }}", many(110, "[|x| {"), many(110, "}]")),
        format!("fn main() {{ let x = a{}; }}", many(600, ".b()")),
        format!("fn main() {{ let x = a{}; }}", many(100_000, ".b()")),
        format!("fn main() {{ let x: {}B{} = 1; }}", many(50_000, "A<B,"), many(50_000, ">")),
        format!("fn main() {{ let x = {}1{}; }}", many(200, "("), many(200, ")")),
        format!("fn main() {{ let f = {}1; f(); }}", many(900, "|x| ")),
        format!("fn main() {{ {} }}", many(20_000, "if x { y = 1; }")),
        format!(
            "fn main() {{ let v = vec![{}]; for a in v {{ println!(\"cargo:rerun-if-changed={{a}}\"); }} }}",
            many(20_000, "\"a\",")
        ),
    ] {
        let start = std::time::Instant::now();
        judged(&text, &[]);
        let (took, shown) = (start.elapsed(), &text[..60]);
        assert!(took < std::time::Duration::from_secs(20), "{shown} took {took:?}");
    }
}

#[test]
fn all_files_of_a_script_are_judged_together() {
    let file = |name: &str, text: &str| File { path: PathBuf::from(name), text: text.to_owned(), helper: None };
    let files = [
        file("build.rs", "mod paths; fn main() { println!(\"cargo:rerun-if-changed={}\", paths::SCHEMA); }"),
        file("paths.rs", "pub const DIR: &str = \"d\"; pub const SCHEMA: &str = \"d/schema.json\";"),
    ];
    let found = analyse(&Disk::default(), &files, Path::new("/p"), &|_, _| false);
    assert_eq!(found.watched[0].what, What::File(vec![PathBuf::from("/p/d/schema.json")]));
}
