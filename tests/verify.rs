//! `cachekeys verify`, and the analysis of what the last build printed, with the records of a real cargo.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/records.rs"]
mod records;
mod support;

use std::collections::BTreeSet;

use records::{MANIFEST, cargo, inputs, keys, names, project, set, touch, verify, with_script};
use serde_json::Value;
use support::Sandbox;

#[test]
fn a_covered_build_is_clean_and_a_missing_key_is_named() {
    let sandbox = project();
    // A file that is only included in documentation is not part of a wheel.
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

    // uv's default keys do not cover Rust files.
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
        assert!(run.stdout.contains("not verified, no build was found"), "{}", run.stdout);
        assert!(run.stderr.contains("pyproject.toml: no build to verify against"), "{}", run.stderr);
        // A target directory of cargo without records does not count as a build.
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

fn variables(sandbox: &Sandbox) -> BTreeSet<String> {
    names(&inputs(sandbox), "variables")
}

#[test]
fn what_the_build_script_printed_is_an_input() {
    let sandbox = with_script();
    // The script computes the name of one variable, so the analysis does not find it.
    assert_eq!(variables(&sandbox), set(&[]));
    cargo(&sandbox, &["check"]);
    let report = inputs(&sandbox);
    let printed: Vec<&Value> =
        report["inputs"].as_array().unwrap().iter().filter(|row| row["path"] == "grammar/a/x.y").collect();
    assert_eq!(printed.len(), 1, "{report:#}");
    assert_eq!(printed[0]["reason"], "printed by the build script during the last build");
    assert_eq!(report["directories"][0]["path"], "grammar");
    assert!(!report["inputs"].to_string().contains("README.md"));
    // A helper crate from a registry would have declared the other variable.
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

    // The record counts only for the script that ran, not for an edited one.
    touch(&sandbox, "build.rs", 60);
    assert_eq!(variables(&sandbox), set(&[]));
}

#[test]
fn what_the_last_run_of_a_build_script_wrote_is_an_output() {
    let sandbox = project();
    let script = "fn main() {\n    let made: String = \"sr.edam/crs\".chars().rev().collect();\n    \
                  std::fs::write(made, \"pub const MADE: u8 = 1;\").unwrap();\n}\n";
    sandbox.write("build.rs", script).write("src/lib.rs", "mod made;\npub use made::MADE;\n");
    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "build.rs", "src/**/*.rs"]);
    cargo(&sandbox, &["check"]);
    let found = || {
        let run = sandbox.run(&["check", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let findings = report["projects"][0]["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|finding| finding["code"] == "CK201")
    };
    // A file that git tracks is a source.
    assert_eq!(found(), None);
    sandbox.write(".gitignore", "made.rs\n");
    let finding = found().unwrap();
    let wrote = "matches src/made.rs, which the build script of `ext-lib` wrote during its last run, on 2";
    assert!(finding["message"].as_str().unwrap().contains(wrote), "{finding:#}");
    assert_eq!((&finding["severity"], &finding["fix"]), (&"warning".into(), &Value::Null));
    assert!(finding["help"].as_str().unwrap().contains("OUT_DIR"), "{finding:#}");

    // A file that was written later does not count, nor one that was written by an earlier version of the script.
    touch(&sandbox, "src/made.rs", 30);
    assert_eq!(found(), None);
    cargo(&sandbox, &["check"]);
    assert_ne!(found(), None);
    touch(&sandbox, "build.rs", 60);
    assert_eq!(found(), None);
}

/// A glob over a directory is replaced with one that does not cover what the script writes.
#[test]
fn a_key_that_need_not_cover_what_a_build_script_wrote_is_replaced() {
    let sandbox = project();
    let script = "fn main() {\n    let made: String = \"nosj.edam/crs\".chars().rev().collect();\n    \
                  std::fs::write(made, \"{}\").unwrap();\n}\n";
    sandbox.write("build.rs", script).write(".gitignore", "*.json\n");
    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "build.rs", "src/**/*"]);
    cargo(&sandbox, &["check"]);
    let fixed = sandbox.run(&["check", "--fix"]);
    assert!(fixed.stdout.contains("- { file = \"src/**/*\" }"), "{}", fixed.stdout);
    let text = sandbox.read("pyproject.toml");
    assert!(text.contains("\"src/**/*.{rs,txt}\"") && !text.contains("json"), "{text}");
    assert_eq!(sandbox.run(&["check"]).code, Some(0));
}
