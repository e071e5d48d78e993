//! Input that cannot be read leads to a message with the place and the documented exit code. Nothing is written, and nothing
//! panics.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use support::{Run, Sandbox};

const PROJECT: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";
const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

fn crate_in(sandbox: &Sandbox) -> &Sandbox {
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "").write("pyproject.toml", PROJECT)
}

#[track_caller]
fn assert_says(run: &Run, code: i32, text: &str) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(run.code, Some(code), "{said}");
    assert!(said.contains(text), "`{text}` is not in:\n{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn what_is_no_toml_is_an_error_with_its_place() {
    for (content, message) in
        [(b"[build-system\n".as_slice(), "pyproject.toml:1:14"), (b"a = 1\n\xff\xfe\n", "byte 6 is not UTF-8")]
    {
        let sandbox = Sandbox::new();
        sandbox.write("pyproject.toml", content);
        let run = sandbox.run(&["check", "--fix"]);
        assert_says(&run, 2, message);
        assert_eq!(std::fs::read(sandbox.path("pyproject.toml")).unwrap(), content);
    }
}

#[test]
fn missing_files_and_directories_in_their_place_are_errors() {
    let sandbox = Sandbox::new();
    assert_says(&sandbox.run(&["check", "gone/pyproject.toml"]), 2, "gone/pyproject.toml: no such file");
    assert_says(&sandbox.run(&["check", "gone"]), 2, "gone: no such file or directory");
    std::fs::create_dir_all(sandbox.path("a/pyproject.toml")).unwrap();
    assert_says(&sandbox.run(&["check", "a/pyproject.toml"]), 2, "it is a directory");
}

#[test]
fn paths_that_are_too_long_or_on_no_drive_lead_nowhere() {
    let sandbox = Sandbox::new();
    let deep = format!("{}pyproject.toml", "directory/".repeat(30));
    let long = format!("{}/pyproject.toml", "d".repeat(300));
    for path in [&deep, &long, "Q:/gone/pyproject.toml", "Q:/gone"] {
        assert_says(&sandbox.run(&["check", path]), 2, &format!("{path}: no such file or directory"));
    }
    for path in [&deep, "Q:/gone/settings.toml"] {
        let words = format!("cannot read {path}: no such file or directory");
        assert_says(&sandbox.run(&["check", ".", "--config", path]), 2, &words);
        let words = format!("cannot write {path}: no such file or directory");
        assert_says(&sandbox.run(&["check", ".", "--output-file", path]), 2, &words);
    }
}

#[cfg(windows)]
fn hold(path: &Path) -> File {
    use std::os::windows::fs::OpenOptionsExt;
    // Only the holder of this handle can read the file.
    File::options().read(true).share_mode(0).open(path).unwrap()
}

#[cfg(not(windows))]
fn hold(path: &Path) -> File {
    let file = File::open(path).unwrap();
    file.lock().unwrap();
    file
}

#[test]
fn a_file_that_another_program_uses_stays_as_it_is() {
    let sandbox = Sandbox::new();
    crate_in(&sandbox);
    let path = sandbox.path("pyproject.toml");
    let held = hold(&path);
    let run = sandbox.run(&["check", "--fix", "--metadata", "manifest"]);
    drop(held);
    let words = if cfg!(windows) {
        "cannot read pyproject.toml: another program is using it"
    } else {
        "cannot fix pyproject.toml: another program is writing to it"
    };
    assert_says(&run, 2, words);
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let run = sandbox.run(&["check", "--fix", "--metadata", "manifest"]);
    assert_says(&run, 2, "cannot fix pyproject.toml: it is write-protected");
    assert_eq!(sandbox.read("pyproject.toml"), PROJECT);
    assert_eq!(std::fs::read_dir(sandbox.path("")).unwrap().count(), 3);
}

/// The file is made unreadable by its mode, which Windows does not have.
#[cfg(unix)]
#[test]
fn an_unreadable_file_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    crate_in(&sandbox);
    let path = sandbox.path("pyproject.toml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser can read the file. Then it is checked as usual.
    match std::fs::read(&path) {
        Err(_) => assert_says(&sandbox.run(&["check"]), 2, "permission denied"),
        Ok(_) => assert_says(&sandbox.run(&["check"]), 1, "CK101"),
    }
    assert_says(
        &sandbox.run(&["check", "--fix"]),
        2,
        if std::fs::read(&path).is_ok() { "write-protected" } else { "cannot read" },
    );
}

#[test]
fn ten_mebibytes_of_nested_arrays_are_refused_in_time() {
    let sandbox = Sandbox::new();
    sandbox.write("pyproject.toml", format!("a = {}", "[".repeat(10 << 20)));
    assert_says(&sandbox.run(&["check"]), 2, "recurse");
}

#[test]
fn one_broken_file_does_not_stop_the_others() {
    let sandbox = Sandbox::new();
    crate_in(&sandbox).write("broken/pyproject.toml", "[").write("template/pyproject.toml", "[{{ name }}\n");
    let run = sandbox.run(&["check", "--output-format", "json"]);
    assert_eq!(run.code, Some(2));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["projects"][0]["findings"][0]["code"], "CK101");
    assert_eq!(report["errors"].as_array().unwrap().len(), 1);
    assert_eq!(report["errors"][0]["path"], "broken/pyproject.toml");
    assert_eq!(report["errors"][0]["range"]["start"]["line"], 1);
    // A template is an error if it is named on the command line.
    assert_says(&sandbox.run(&["check", "template/pyproject.toml"]), 2, "template/pyproject.toml");
}

#[test]
fn a_manifest_that_cargo_refuses_is_reported_and_nothing_is_written() {
    for (file, content, message) in [
        ("Cargo.toml", "[package\n", "CK303"),
        (
            "Cargo.toml",
            "[package]\nname = \"ext\"\nversion = \"0.1.0\"\n[dependencies]\ngone = { path = \"gone\" }\n",
            "gone",
        ),
        ("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n", "CK303"),
        (".cargo/config.toml", "[build\n", "CK303"),
    ] {
        let sandbox = Sandbox::new();
        crate_in(&sandbox).write(file, content);
        let run = sandbox.run(&["check", "--fix"]);
        assert_says(&run, 1, message);
        assert_eq!(sandbox.read("pyproject.toml"), PROJECT);
    }
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.command().arg("rule").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn exit_codes_are_those_of_the_interface() {
    let sandbox = Sandbox::new();
    crate_in(&sandbox);
    let code = |arguments: &[&str]| sandbox.run(arguments).code;
    assert_eq!(code(&["check"]), Some(1));
    assert_eq!(code(&["check", "--exit-zero"]), Some(0));
    assert_eq!(code(&["check", "--diff"]), Some(1));
    assert_eq!(code(&["check", "--ignore", "ALL"]), Some(0));
    assert_eq!(code(&["check", "--select", "CK999"]), Some(2));
    assert_eq!(code(&["check", "--no-such-flag"]), Some(2));
    assert_eq!(code(&["inputs"]), Some(0));
    assert_eq!(code(&["keys"]), Some(0));
    assert_eq!(code(&["check", "--fix"]), Some(0));
    assert_eq!(code(&["check"]), Some(0));
    assert_eq!(code(&["check", "--diff"]), Some(0));
}
