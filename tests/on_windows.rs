//! Tests what is easy to get wrong only on Windows: upper and lower case, paths with a drive. If systems differ, the tests show
//! how.
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
    // Windows resolves a path as text before it accesses the disk.
    for (input, key) in [("Cargo.toml", "Cargo.toml/."), ("src/lib.rs", "missing/../src/lib.rs")] {
        let line = run.stdout.lines().find(|line| line.split_whitespace().nth(1) == Some(input)).unwrap();
        let expected = if cfg!(windows) { format!("; covered by {key}") } else { "; NOT COVERED".to_owned() };
        assert!(line.ends_with(&expected), "{line}");
    }
}

#[test]
fn a_negation_is_blamed_only_where_there_is_one() {
    // On Windows, `src/**/*.rs` matches nothing next to a glob at the root. That glob stays if its rule is ignored.
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

/// The number of entries in the directory of the example. No file may be left next to the one that was fixed.
fn entries_of(examples: &std::path::Path) -> usize {
    std::fs::read_dir(examples.join("stale-extension")).unwrap().count()
}

/// The project of [`project`] in a subdirectory, next to a file that is not TOML.
fn below(directory: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let own = project(&["pyproject.toml", "src/**/*.rs"]);
    support::copy(&own.path(""), &sandbox.path(&format!("{directory}/ext")));
    sandbox.write(&format!("{directory}/bad/pyproject.toml"), "[");
    sandbox
}

#[test]
fn paths_are_shown_with_slashes() {
    let sandbox = below("below");
    let given = std::path::Path::new("below").join("ext");
    let given = given.to_str().unwrap();
    for arguments in [
        &["check", "below"][..],
        &["check", given],
        &["check", "--output-format", "concise", given],
        &["check", "--output-format", "github", given],
        &["check", "--output-format", "junit", given],
        &["check", "--diff", given],
        &["check", "--fix-only", given],
        &["check", "--show-files", "below"],
        &["inputs", given],
        &["keys", given],
        &["status", given],
        &["verify", given],
    ] {
        let run = sandbox.run(&[arguments, &["--metadata", "manifest"]].concat());
        let all = format!("{}{}", run.stdout, run.stderr);
        assert!(all.contains("below/ext/pyproject.toml") && !all.contains('\\'), "{arguments:?}: {all}");
        assert!(arguments[1..] != ["below"] || all.contains("below/bad/pyproject.toml is not valid TOML"), "{all}");
    }
}

#[test]
fn a_file_has_the_name_that_its_directory_lists() {
    let sandbox = project(&["pyproject.toml", "src/**/*.rs"]);
    let name = std::path::Path::new("src").join("LIB.rs");
    let run = sandbox.run(&["explain", "--metadata", "manifest", name.to_str().unwrap()]);
    if cfg!(windows) {
        assert_says(&run, "src/lib.rs in pyproject.toml\n  an input (source): root of crate `ext`");
        assert_says(&run, "covered by src/**/*.rs\n");
    } else {
        assert_says(&run, "src/LIB.rs in pyproject.toml\n");
    }
}

#[test]
fn what_lies_deep_is_covered_like_all_else() {
    // Windows uses another form for paths of more than 260 characters.
    let directory = ["a-name-of-some-forty-characters-or-so-000"; 8].join("/");
    let sandbox = below(&directory);
    let run = sandbox.run(&["inputs", "--metadata", "manifest", &format!("{directory}/ext")]);
    for input in ["pyproject.toml", "src/lib.rs"] {
        let line = run.stdout.lines().find(|line| line.split_whitespace().nth(1) == Some(input));
        assert!(line.is_some_and(|line| line.contains("; covered by ")), "{input}: {}{}", run.stdout, run.stderr);
    }
    assert!(run.stdout.starts_with(&directory), "{}", run.stdout);
}

/// Tests paths in the forms in which a shell, Python or another tool may pass them.
#[cfg(windows)]
#[test]
fn a_verbatim_path_is_shown_like_any_other() {
    let sandbox = project(&["pyproject.toml", "src/**/*.rs"]);
    let root = sandbox.path("").display().to_string();
    let root = root.trim_end_matches('\\');
    let plain = root.replace('\\', "/");
    for given in [root.to_owned(), format!(r"\\?\{root}")] {
        let run = |format: &str| {
            let arguments = ["check", "--metadata", "manifest", "--output-format", format, &given];
            String::from_utf8(sandbox.command().args(arguments).output().unwrap().stdout).unwrap()
        };
        let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
        assert_eq!(json["projects"][0]["pyproject"], format!("{plain}/pyproject.toml"), "{given}");
        let sarif: serde_json::Value = serde_json::from_str(&run("sarif")).unwrap();
        let artifact = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(artifact["uri"], format!("file:///{plain}/pyproject.toml"), "{given}");
        assert!(run("full").contains(&format!("--> {plain}/pyproject.toml:")), "{given}");
        let inputs = sandbox.run(&["inputs", "--metadata", "manifest", &given]);
        assert_says(&inputs, "src/lib.rs");
        assert_says(&inputs, "; covered by src/**/*.rs");
    }
}
