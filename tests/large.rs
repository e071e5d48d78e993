//! Files that are nested deeper, larger and more numerous than in any real project. The command ends, uses no more memory than
//! `limits::run` allows, and reports what it found or could not read. `benches/` measures the time.
//!
//! Runs on Linux only, where memory can be limited.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/limits.rs"]
mod limits;
mod support;

use std::fmt::Write;

use limits::{LONG, MANIFEST, PROJECT, assert_says, check, project, run};

#[test]
fn rust_is_nested_as_deep_as_anybody_likes() {
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for source in [
        format!("fn f() {{ {} }} include_str!(\"x\");", nested("(", ")")),
        format!("include_str!({});", nested("[", "]")),
        format!("#[path = \"x\"] {}", nested("mod m {", "}")),
        format!("macro_rules! m {{ {} }} env!(\"X\");", nested("{", "}")),
        format!("include_str!(\"x\"); #![doc = {}]", nested("(", ")")),
    ] {
        let sandbox = project();
        sandbox.write("src/lib.rs", &source);
        assert_says(&check(&sandbox), "cannot read src/lib.rs: nested deeper than 256 levels");
        sandbox.write("src/lib.rs", "").write("build.rs", &source);
        assert_says(&check(&sandbox), "cannot read build.rs: nested deeper than 256 levels");
    }
    // Text that is not valid Rust names no files.
    let sandbox = project();
    sandbox.write("src/lib.rs", format!("include_str!({}", "(".repeat(1_000_000)));
    assert_says(&check(&sandbox), "CK101");
}

#[test]
fn toml_is_nested_as_deep_as_anybody_likes() {
    let deep = 5000;
    for text in [
        format!("a = {}{}\n", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}{}\n", "{ b = ".repeat(deep), "}".repeat(deep)),
        format!("[{}a]\n", "a.".repeat(deep)),
        format!("{}a = 1\n", "a.".repeat(deep)),
    ] {
        for (file, reported) in [
            ("pyproject.toml", "pyproject.toml is not valid TOML"),
            ("Cargo.toml", "cannot read Cargo.toml: line 1 is not valid TOML"),
            (".cargo/config.toml", "configuration .cargo/config.toml cannot be read: line 1 is not valid TOML"),
            ("sub/Cargo.toml", "cannot read sub/Cargo.toml: line 1 is not valid TOML"),
            // Without keys, the contents of these files do not matter.
            ("Cargo.lock", "CK101"),
            ("uv.toml", "CK101"),
        ] {
            let sandbox = project();
            sandbox.write("sub/src/lib.rs", "");
            sandbox.write("Cargo.toml", format!("{MANIFEST}[dependencies]\nsub = {{ path = \"sub\" }}\n"));
            sandbox.write("sub/Cargo.toml", MANIFEST.replace("ext", "sub"));
            let before = std::fs::read_to_string(sandbox.path(file)).unwrap_or_default();
            sandbox.write(file, format!("{text}{before}"));
            assert_says(&check(&sandbox), reported);
        }
    }
}

#[test]
fn keys_are_as_long_and_as_many_as_anybody_likes() {
    let list = |keys: &str| format!("{PROJECT}\n[tool.uv]\ncache-keys = [{keys}]\n");
    let many = (0..2_000).fold(String::new(), |mut keys, at| {
        let _ = write!(keys, "'a{at}/b/**/*.rs',");
        keys
    });
    for (keys, codes) in [
        (format!("'{}*.rs'", "a/".repeat(200_000)), &["CK207"][..]),
        (format!("'{}*.rs'", "../".repeat(50_000)), &["CK207"]),
        (format!("'{}'", "a/".repeat(200_000)), &["CK207"]),
        (format!("'{}{}'", "{".repeat(50_000), "}".repeat(50_000)), &["CK001"]),
        (format!("'{}'", "{a,b}".repeat(2_000)), &["CK207"]),
        (format!("'{}'", "*".repeat(100_000)), &["CK001"]),
        (format!("'{}'", "**/".repeat(5_000)), &["CK201", "CK202"]),
        (format!("'{}'", "[a".repeat(50_000)), &["CK001"]),
        ("'src/**/*.rs',".repeat(2_000), &["CK102", "CK104", "CK105"]),
        (many, &["CK207"]),
    ] {
        let sandbox = project();
        sandbox.write("pyproject.toml", list(&keys));
        let said = run(&sandbox, &["check", "--output-format", "concise"], LONG).stdout;
        let found: Vec<&str> = said.lines().filter_map(|line| line.split(' ').nth(2)).collect();
        assert_eq!(found, codes, "{}", said.get(..2_000).unwrap_or(&said));
        // All findings are in one long line, which is not shown completely for each of them.
        let drawn = check(&sandbox);
        assert!(drawn.len() < 4 << 20, "{} bytes", drawn.len());
    }
}

#[test]
fn a_source_is_as_large_as_anybody_likes() {
    const SIZE: usize = 50 << 20;
    let line = "fn f() { let x = g(1, \"two\", [3]); }\n";
    let large = line.repeat(SIZE / line.len() + 1);
    let sandbox = project();
    sandbox.write("src/lib.rs", &large);
    assert_says(&check(&sandbox), "CK101");
    sandbox.write("src/lib.rs", large + "const A: &str = include_str!(\"x\");");
    assert_says(&check(&sandbox), "cannot read src/lib.rs: larger than 8 MiB");
    // The file has a size of one tebibyte, but no content.
    for (file, reported) in [
        ("src/lib.rs", "cannot read src/lib.rs: larger than 64 MiB"),
        ("src/a.rs", "cannot read src/a.rs: larger than 64 MiB"),
        ("pyproject.toml", "larger than 64 MiB"),
        ("sub/pyproject.toml", "larger than 64 MiB"),
        ("Cargo.toml", "cannot read Cargo.toml: larger than 64 MiB"),
        // Without keys, the content of this file does not matter.
        ("Cargo.lock", "CK101"),
    ] {
        let sandbox = project();
        sandbox.write(file, "");
        std::fs::File::options().write(true).open(sandbox.path(file)).unwrap().set_len(1 << 40).unwrap();
        // cargo reads its files completely, so it is not asked about them.
        let metadata = if file.starts_with("Cargo") { "manifest" } else { "auto" };
        let run = run(&sandbox, &["check", "--metadata", metadata], LONG);
        assert_says(&(run.stdout + &run.stderr), reported);
    }
}

#[test]
fn a_directory_holds_as_many_files_as_anybody_likes() {
    let sandbox = project();
    for number in 0..100_000 {
        std::fs::File::create(sandbox.path(&format!("src/f{number}.rs"))).unwrap();
    }
    let run = limits::run(&sandbox, &["check", "--fix"], LONG);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(sandbox.read("pyproject.toml").contains("src/**/*.rs"));
    let run = limits::run(&sandbox, &["check", "--diff"], LONG);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
}
