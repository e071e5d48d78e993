//! `cachekeys verify` and what the last build printed, with the records of a real cargo and with records made by hand.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::fs::File;
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use support::Sandbox;

const MANIFEST: &str = "[package]\nname = \"ext-lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";

/// A project whose keys cover what is usual.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "pub const A: &str = include_str!(\"a b.txt\");\n");
    sandbox.write("src/a b.txt", "text");
    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "src/**/*.rs", "src/a b.txt"]);
    sandbox
}

fn keys(sandbox: &Sandbox, files: &[&str]) {
    let keys: Vec<String> = files.iter().map(|file| format!("    {{ file = \"{file}\" }},\n")).collect();
    let keys = keys.concat();
    let head =
        "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n\n[tool.uv]\ncache-keys = [\n";
    sandbox.write("pyproject.toml", format!("{head}    {{ file = \"pyproject.toml\" }},\n{keys}]\n"));
}

fn cargo(sandbox: &Sandbox, arguments: &[&str]) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(sandbox.path("")).args(arguments).env("CARGO_TARGET_DIR", sandbox.path("target"));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The exit code, and the one project.
fn verify(sandbox: &Sandbox) -> (Option<i32>, Value) {
    let run = sandbox.run(&["verify", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr));
    assert_eq!(report["version"], 1);
    (run.code, report["projects"][0].clone())
}

fn names(project: &Value, list: &str) -> BTreeSet<String> {
    project[list].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn set(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn a_covered_build_is_clean_and_a_missing_key_is_named() {
    let sandbox = project();
    // What is documentation alone is in no wheel.
    let source = "#![doc = include_str!(\"../README.md\")]\npub const A: &str = include_str!(\"a b.txt\");\n";
    sandbox.write("src/lib.rs", source).write("README.md", "");
    cargo(&sandbox, &["check"]);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!((names(&report, "uncovered"), names(&report, "unknown")), (set(&[]), set(&[])));
    assert_eq!(names(&report, "excused"), set(&["README.md"]));
    assert_eq!(report["recorded"]["files"], 3);
    assert_eq!(report["builds"][0]["units"][0]["up_to_date"], true);

    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "src/**/*.rs"]);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(1));
    assert_eq!(names(&report, "uncovered"), set(&["src/a b.txt"]));
    let text = sandbox.run(&["verify"]).stdout;
    assert!(
        text.contains("NOT COVERED: file      src/a b.txt  read by rustc for the library of crate `ext-lib`"),
        "{text}"
    );

    // uv's defaults know nothing of Rust.
    sandbox.write("pyproject.toml", "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n");
    assert_eq!(names(&verify(&sandbox).1, "uncovered"), set(&["src/a b.txt", "src/lib.rs"]));
}

#[test]
fn what_only_a_macro_names_was_not_found_by_the_analysis() {
    let sandbox = project();
    let dependency = format!("{MANIFEST}\n[dependencies]\nembed = {{ path = \"embed\" }}\n");
    sandbox.write("Cargo.toml", dependency).write("src/lib.rs", "pub const A: &str = embed::hidden!();\n");
    let manifest = "[package]\nname = \"embed\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\nproc-macro = true\n";
    let source = "use proc_macro::TokenStream;\n#[proc_macro]\npub fn hidden(_: TokenStream) -> TokenStream {\n    \
                  let path = std::env::var(\"CARGO_MANIFEST_DIR\").unwrap() + \"/hidden/data.txt\";\n    \
                  [\"include\", \"_str!(\\\"\", &path, \"\\\")\"].concat().parse().unwrap()\n}\n";
    sandbox.write("embed/Cargo.toml", manifest).write("embed/src/lib.rs", source).write("hidden/data.txt", "");
    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "src/**/*.rs", "embed/Cargo.toml", "embed/src/**/*.rs"]);
    cargo(&sandbox, &["check"]);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(1));
    assert_eq!(names(&report, "uncovered"), set(&["hidden/data.txt"]));
    assert_eq!(names(&report, "unknown"), set(&["hidden/data.txt"]));

    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "src/**/*.rs", "embed/**/*.rs", "embed/Cargo.toml", "hidden/*.txt"]);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0));
    assert_eq!(names(&report, "unknown"), set(&["hidden/data.txt"]));
    assert_eq!(report["unknown"][0]["covered_by"][0], "hidden/*.txt");
}

#[test]
fn nothing_built_is_never_clean() {
    let sandbox = project();
    for _ in 0..2 {
        let run = sandbox.run(&["verify"]);
        assert_eq!(run.code, Some(2));
        assert!(run.stdout.contains("not verified, there is no build to verify against"), "{}", run.stdout);
        assert!(run.stderr.contains("pyproject.toml: no build to verify against"), "{}", run.stderr);
        // A directory of cargo's without records is none either.
        sandbox.write("target/debug/deps/other-0123456789abcdef.d", "a: b.rs\n");
    }
    let elsewhere = Sandbox::new();
    assert!(elsewhere.run(&["verify"]).stdout.contains("No project was verified."));
}

#[test]
fn tests_of_the_crate_are_no_part_of_the_wheel() {
    let sandbox = project();
    let tests = "\n#[cfg(test)]\nmod tests {\n    const T: &str = include_str!(\"../tests/data.txt\");\n}\n";
    sandbox.write("src/lib.rs", "pub const A: &str = include_str!(\"a b.txt\");".to_owned() + tests);
    sandbox.write("tests/data.txt", "").write("tests/it.rs", "const B: Option<&str> = option_env!(\"ONLY_TESTS\");");
    cargo(&sandbox, &["check", "--all-targets"]);
    cargo(&sandbox, &["test", "--no-run"]);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["recorded"]["files"], 2);
    assert_eq!(report["recorded"]["variables"], 0);
}

/// Names that the text does not give away; that of the variable stands in it all the same.
const SCRIPT: &str = r#"
fn turned(text: &str) -> String {
    text.chars().rev().collect()
}

fn main() {
    println!("cargo::rerun-if-changed={}", turned("rammarg"));
    println!("cargo::rerun-if-changed={}", turned("txt.enog"));
    let _ = "EXT_FLAVOR";
    println!("cargo::rerun-if-env-changed={}", turned("ROVALF_TXE"));
    println!("cargo::rerun-if-env-changed={}", turned("HTAP_GIFNOC_GKP"));
    println!("cargo::rerun-if-env-changed={}", ["PATH"].concat());
    println!("cargo:rustc-env={}=1", turned("EREHEDAM"));
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/made.txt"), "").unwrap();
    println!("cargo:rerun-if-changed={out}/made.txt");
    println!("cargo:rerun-if-changed=.");
}
"#;

fn with_script() -> Sandbox {
    let sandbox = project();
    sandbox.write("build.rs", SCRIPT).write("grammar/a/x.y", "").write("README.md", "");
    sandbox.write("src/lib.rs", "pub const A: &str = env!(\"MADEHERE\");\n");
    sandbox
}

fn inputs(sandbox: &Sandbox) -> Value {
    let report = sandbox.run(&["inputs", "--output-format", "json"]).stdout;
    serde_json::from_str::<Value>(&report).unwrap()["projects"][0].clone()
}

fn variables(sandbox: &Sandbox) -> BTreeSet<String> {
    names(&inputs(sandbox), "variables")
}

#[test]
fn what_the_build_script_printed_is_an_input() {
    let sandbox = with_script();
    assert_eq!(variables(&sandbox), set(&["MADEHERE"]));
    cargo(&sandbox, &["check"]);
    let report = inputs(&sandbox);
    let printed: Vec<&Value> =
        report["inputs"].as_array().unwrap().iter().filter(|row| row["path"] == "grammar/a/x.y").collect();
    assert_eq!(printed.len(), 1, "{report:#}");
    assert_eq!(printed[0]["reason"], "printed by the build script at the last build");
    assert_eq!(report["directories"][0]["path"], "grammar");
    assert!(!report["inputs"].to_string().contains("README.md"));
    // The script sets one, a helper from a registry would have declared the other.
    assert_eq!(variables(&sandbox), set(&["EXT_FLAVOR"]));

    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(1));
    assert_eq!(names(&report, "uncovered"), set(&["EXT_FLAVOR", "build.rs", "grammar"]));
    assert_eq!(names(&report, "unknown"), set(&[]));
    assert_eq!(names(&report, "excused"), set(&[".", "PATH", "PKG_CONFIG_PATH"]));

    let fixed = sandbox.run(&["check", "--fix"]);
    assert_eq!(fixed.code, Some(0), "{}", fixed.stdout);
    assert!(
        sandbox.read("pyproject.toml").contains("{ file = \"grammar/**/*\" }"),
        "{}",
        sandbox.read("pyproject.toml")
    );
    assert_eq!(verify(&sandbox).0, Some(0));

    // Another script than the one that ran prints what it prints.
    touch(&sandbox, "build.rs", 60);
    assert_eq!(variables(&sandbox), set(&["MADEHERE"]));
}

/// Sets the time of a file to so many seconds from now.
fn touch(sandbox: &Sandbox, path: &str, seconds: i64) {
    let now = SystemTime::now();
    let shift = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { now - shift } else { now + shift };
    File::options().append(true).open(sandbox.path(path)).unwrap().set_modified(time).unwrap();
}

/// The records of cargo's new layout, as its `layout.rs` lays them out.
#[test]
fn the_new_layout_is_read() {
    let sandbox = with_script();
    for (base, made) in [("target/release", ""), ("target/x86_64-unknown-linux-gnu/release", "more.txt")] {
        std::fs::remove_dir_all(sandbox.path("target")).ok();
        let unit = format!("{base}/build/ext-lib/d52536f35a717518");
        let rule = format!("/x/target/liba.rlib: src/lib.rs src/a\\ b.txt src/../{made}\n\n# env-dep:NEW_LAYOUT=1\n");
        sandbox.write("more.txt", "");
        sandbox.write(&format!("{unit}/out/ext_lib.d"), rule).write(&format!("{unit}/fingerprint/lib-ext_lib"), "");
        let test = format!("{base}/build/ext-lib/3ad3c39977a65667");
        sandbox.write(&format!("{test}/out/ext_lib-3ad3c39977a65667.d"), "t: src/lib.rs README.md\n");
        sandbox.write(&format!("{test}/fingerprint/test-lib-ext_lib"), "");
        let run = format!("{base}/build/ext-lib/b2ba8cb3bc26fa42/run");
        sandbox.write(&format!("{run}/stdout"), "cargo::rerun-if-changed=grammar\ncargo::rustc-env=MADEHERE=1\n");
        // Of a registry's crate: no record of this project.
        sandbox
            .write(&format!("{base}/build/pyo3-ffi/0123456789abcdef/run/stdout"), "cargo:rerun-if-changed=README.md\n");
        let (code, report) = verify(&sandbox);
        assert_eq!(code, Some(1), "{report:#}");
        let mut expected = set(&["NEW_LAYOUT", "grammar"]);
        expected.extend(Some(made.to_owned()).filter(|made| !made.is_empty()));
        assert_eq!(names(&report, "uncovered"), expected);
        assert_eq!(report["builds"][0]["directory"], base);
        assert!(inputs(&sandbox)["inputs"].to_string().contains("grammar/a/x.y"));
    }
}

/// The newest record of a target counts, unless an older one still holds.
#[test]
fn records_of_earlier_sources_do_not_count() {
    let sandbox = project();
    let unit = |hash: &str, rule: &str, age: i64| {
        sandbox.write(&format!("target/debug/deps/ext_lib-{hash}.d"), rule);
        touch(&sandbox, &format!("target/debug/deps/ext_lib-{hash}.d"), age);
        sandbox.write(&format!("target/debug/.fingerprint/ext-lib-{hash}/lib-ext_lib"), "");
    };
    for name in ["old.txt", "gone-option.txt"] {
        sandbox.write(name, "");
        touch(&sandbox, name, -1000);
    }
    touch(&sandbox, "src/lib.rs", -100);
    touch(&sandbox, "src/a b.txt", -100);
    unit("0000000000000001", "a: src/lib.rs old.txt\n", -200);
    unit("0000000000000002", "a: src/lib.rs gone-option.txt\n", -150);
    // None of them holds: the newest is all there is.
    let (_, report) = verify(&sandbox);
    assert_eq!(names(&report, "uncovered"), set(&["gone-option.txt"]));
    assert_eq!(report["builds"][0]["units"][0]["up_to_date"], false);
    unit("0000000000000003", "a: src/lib.rs\n", -50);
    unit("0000000000000004", "a: src/lib.rs src/a\\ b.txt\n", -40);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["builds"][0]["units"].as_array().unwrap().len(), 2);
}

/// Whatever lies in the target directory: no panic, no harm, and nothing read that lies elsewhere.
#[test]
#[cfg(unix)]
fn garbage_in_the_target_directory_is_survived() {
    use std::os::unix::fs::symlink;
    let sandbox = project();
    sandbox.write("build.rs", "fn main() {}");
    let deps = "target/debug/deps";
    sandbox.write(&format!("{deps}/ext_lib-0000000000000001.d"), b"\xff\xfe\0: \\ \\\n# env-dep:\xff".as_slice());
    sandbox.write(&format!("{deps}/ext_lib-0000000000000002.d"), "a: src/lib.rs src/a\\");
    sandbox.write(&format!("{deps}/é.d"), "").write(&format!("{deps}/-.d"), "a: src/lib.rs");
    std::fs::create_dir(sandbox.path(&format!("{deps}/directory.d"))).unwrap();
    File::create(sandbox.path(&format!("{deps}/huge.d"))).unwrap().set_len(1 << 32).unwrap();
    symlink("/dev/zero", sandbox.path(&format!("{deps}/endless.d"))).unwrap();
    symlink("/", sandbox.path("target/everything")).unwrap();
    symlink("..", sandbox.path("target/debug/deps/up")).unwrap();
    // A link out of the target directory is not followed, though what it names looks like a record.
    sandbox.write("elsewhere/record.d", "a: src/lib.rs elsewhere/record.d\n");
    symlink(sandbox.path("elsewhere/record.d"), sandbox.path(&format!("{deps}/ext_lib-0000000000000003.d"))).unwrap();
    symlink(sandbox.path("elsewhere"), sandbox.path("target/debug/build")).unwrap();
    sandbox.write("elsewhere/ext-lib-0000000000000004/output", "cargo:rerun-if-changed=src/a b.txt\n");
    for hash in 1..=3 {
        sandbox.write(&format!("target/debug/.fingerprint/ext-lib-000000000000000{hash}/lib-ext_lib"), "");
    }
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["recorded"]["files"], 1);
    assert_eq!(report["unread"][0], format!("{deps}/huge.d"));
    assert!(!inputs(&sandbox).to_string().contains("printed by"));
}
