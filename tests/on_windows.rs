//! What would be easy to get wrong on Windows alone: letters of either case, paths with a drive. Where systems
//! differ, the tests say how.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use support::{Run, Sandbox};

/// A project with one crate and the given keys.
fn project(keys: &[&str]) -> Sandbox {
    let keys: Vec<String> = keys.iter().map(|key| format!("{{ file = \"{key}\" }}")).collect();
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "pyproject.toml",
            format!(
                "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n\n[tool.uv]\ncache-keys = [{}]\n",
                keys.join(", ")
            ),
        )
        .write("Cargo.toml", "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        .write("src/lib.rs", "");
    sandbox
}

#[track_caller]
fn assert_says(run: &Run, text: &str) {
    assert!(run.stdout.contains(text), "`{text}` is not in:\n{}{}", run.stdout, run.stderr);
}

#[test]
fn a_directory_by_other_letters_is_no_symlink() {
    let sandbox = project(&["pyproject.toml", "SRC/**/*.rs"]);
    let run = sandbox.run(&["check", "--metadata", "manifest", "--output-format", "json"]);
    assert_says(&run, "\"code\": \"CK");
    assert!(!run.stdout.contains("symlink"), "{}", run.stdout);
}

#[test]
fn a_glob_at_the_root_of_the_disk_is_said_to_be_one() {
    let sandbox = project(&["pyproject.toml", "/*.rs"]);
    assert_says(&sandbox.run(&["keys"]), "starts at the root of the disk: not walked");
}

#[test]
fn a_literal_covers_the_file_that_the_system_finds_by_it() {
    let sandbox = project(&["pyproject.toml", "Cargo.toml/.", "missing/../src/lib.rs"]);
    let run = sandbox.run(&["inputs", "--metadata", "manifest"]);
    // Windows resolves a path as text before it looks.
    for (input, key) in [("Cargo.toml", "Cargo.toml/."), ("src/lib.rs", "missing/../src/lib.rs")] {
        let line = run.stdout.lines().find(|line| line.split_whitespace().nth(1) == Some(input)).unwrap();
        let expected = if cfg!(windows) { format!("; covered by {key}") } else { "; NOT COVERED".to_owned() };
        assert!(line.ends_with(&expected), "{line}");
    }
}

#[test]
fn a_negation_is_blamed_only_where_there_is_one() {
    // On Windows `src/**/*.rs` matches nothing beside a glob at the root, which stays where its rule is ignored.
    let sandbox = project(&["pyproject.toml", "Cargo.lock", "**/Cargo.toml"]);
    let run = sandbox.run(&["check", "--metadata", "manifest", "--ignore", "CK202"]);
    assert_says(&run, "CK103");
    assert!(!run.stdout.contains("`!` key"), "{}", run.stdout);
}

#[test]
fn the_example_is_fixed_whatever_its_line_ends_are() {
    for line_end in ["\n", "\r\n"] {
        let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let sandbox = Sandbox::copy_of(&examples);
        let file = "stale-extension/pyproject.toml";
        let before = sandbox.read(file).replace("\r\n", "\n").replace('\n', line_end);
        sandbox.write(file, &before);
        let run = sandbox.run(&["check", "--fix", "--metadata", "manifest", "stale-extension"]);
        assert_eq!(run.code, Some(0), "{}", run.transcript());
        let after = sandbox.read(file);
        assert!(after.contains("../greeting/src/**/*.rs"), "{after}");
        assert_eq!(after.matches('\n').count(), after.matches(line_end).count(), "{after:?}");
        assert_eq!(std::fs::read_dir(sandbox.path("stale-extension")).unwrap().count(), entries_of(&examples));
    }
}

/// How many entries the directory of the example has: nothing is left beside the file that was fixed.
fn entries_of(examples: &std::path::Path) -> usize {
    std::fs::read_dir(examples.join("stale-extension")).unwrap().count()
}
