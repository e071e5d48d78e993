//! What `status` says about unusual states, and its exit codes: cache info that is broken or of another version, directories that
//! are not environments, and environments that the user did not mean. If uv has an answer too, it is compared.
//!
//! Has the same requirements as `status.rs`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use stub::Did::{Build, Nothing, Reinstall};
use stub::Project;
use support::Run;

const SOURCES: &str = "{ file = \"src/**/*.rs\" }";

fn installed() -> Project {
    let mut project = Project::new(environment::UV, SOURCES);
    project.step(Build);
    project.step(Nothing);
    project
}

fn stored(project: &Project) -> PathBuf {
    let mut lib = project.path(".venv/lib");
    if cfg!(unix) {
        lib = fs::read_dir(lib).unwrap().next().unwrap().unwrap().path();
    }
    lib.join("site-packages/ext-0.1.0.dist-info/uv_cache.json")
}

#[track_caller]
fn assert_says(run: &Run, code: i32, text: &str) {
    assert_eq!(run.code, Some(code), "{}", run.transcript());
    assert!(run.transcript().contains(text), "`{text}` is not in:\n{}", run.transcript());
}

#[test]
fn fields_of_a_newer_uv_are_passed_over() {
    let mut project = installed();
    let text = fs::read_to_string(stored(&project)).unwrap();
    fs::write(stored(&project), text.replacen('{', "{\"of-tomorrow\": {\"a\": [1, null]}, ", 1)).unwrap();
    assert_eq!(project.step(Nothing)["verdict"], "fresh");
}

#[test]
fn cache_info_that_is_cut_off_stops_uv_and_is_an_error() {
    let mut project = installed();
    let text = fs::read_to_string(stored(&project)).unwrap();
    fs::write(stored(&project), &text[..text.len() / 2]).unwrap();
    assert_says(&project.run_status(&[]), 2, "uv_cache.json");
    let sync = project.run_sync();
    assert_ne!(sync.code, Some(0), "{}", project.account);
}

#[test]
fn without_cache_info_uv_installs_anew() {
    let mut project = installed();
    fs::remove_file(stored(&project)).unwrap();
    let (said, _) = project.try_step().unwrap_or_else(|account| panic!("a wrong prediction:\n{account}"));
    assert_eq!(said["changes"][0]["reason"], "ext-0.1.0.dist-info has no uv_cache.json: the keys tracked nothing");
    assert_eq!(project.step(Nothing)["verdict"], "fresh");
}

#[test]
fn what_comes_from_an_index_is_replaced_by_the_wheel_of_the_last_build() {
    let mut project = installed();
    fs::remove_file(stored(&project).with_file_name("direct_url.json")).unwrap();
    assert_eq!(project.step(Reinstall)["verdict"], "reinstall-due");
    project.step(Nothing);
}

#[test]
fn what_is_no_environment_says_so() {
    let mut project = Project::new(environment::UV, SOURCES);
    let venv = project.path(".venv");
    assert_says(&project.run_status(&[]), 1, "the environment .venv does not exist");
    fs::write(&venv, "").unwrap();
    assert_says(&project.run_status(&[]), 1, ".venv is a file, not an environment");
    fs::remove_file(&venv).unwrap();
    fs::create_dir_all(&venv).unwrap();
    assert_says(&project.run_status(&[]), 1, ".venv is not an environment: it has no pyvenv.cfg");
    fs::write(venv.join("pyvenv.cfg"), "home = /nowhere\n").unwrap();
    let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    assert_says(&project.run_status(&[]), 1, &format!("the environment .venv has no Python: {program} does not exist"));
    fs::remove_dir_all(&venv).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/nowhere/at/all", &venv).unwrap();
        assert_says(&project.run_status(&[]), 1, ".venv is a symlink to /nowhere/at/all, which does not exist");
        fs::remove_file(&venv).unwrap();
    }
    project.step(Build);
    fs::remove_dir_all(stored(&project).parent().unwrap()).unwrap();
    assert_says(&project.run_status(&[]), 1, "`ext` is not installed in .venv");
}

#[test]
fn of_two_environments_the_one_that_uv_takes_counts() {
    let mut project = installed();
    project.environment = "other".to_owned();
    project.step(Reinstall);
    std::thread::sleep(Duration::from_millis(15));
    project.write("src/lib.rs", "// edited\n");
    project.step(Build);
    // `other` is up to date now. `.venv`, which is the active environment, is not.
    let venv = project.path(".venv").display().to_string();
    project.variables.insert("VIRTUAL_ENV".to_owned(), venv.clone());
    assert_says(&project.run_status(&[]), 0, "the active environment is .venv, but `uv sync` uses other");
    assert_says(&project.run_status(&["--active", "--error-on-rebuild"]), 1, "reinstall-due");
    assert_says(&project.run_status(&["--venv", &venv, "--error-on-rebuild"]), 1, "reinstall-due");
    project.variables.clear();
    assert_says(&project.run_status(&["--active"]), 0, "no environment is active (`VIRTUAL_ENV` is not set)");
}

#[test]
fn exit_codes_are_those_of_the_interface() {
    let mut project = Project::new(environment::UV, SOURCES);
    assert_says(&project.run_status(&[]), 1, "not-installed");
    project.sync();
    assert_says(&project.run_status(&["--error-on-rebuild"]), 0, "fresh");
    std::thread::sleep(Duration::from_millis(15));
    project.write("src/lib.rs", "mod deep; // edited\n");
    assert_says(&project.run_status(&[]), 0, "src/lib.rs changed at");
    assert_says(&project.run_status(&["--error-on-rebuild"]), 1, "rebuild-due");
    project.sync();
    std::thread::sleep(Duration::from_millis(15));
    project.write("Cargo.toml", "[package]\nname = \"ext\"\nversion = \"0.2.0\"\n\n[workspace]\n");
    let run = project.run_status(&[]);
    assert_says(&run, 1, "stale");
    assert_says(&run, 1, "Cargo.toml changed at");
    assert_eq!(project.sync(), Nothing);
    project.keys = "{ file = \"src/[\" }".to_owned();
    project.write_pyproject();
    assert_says(&project.run_status(&[]), 2, "uv rejects `cache-keys`");
    assert_ne!(project.run_sync().code, Some(0), "{}", project.account);
}

#[test]
fn an_extension_that_somebody_put_back_is_named() {
    let module = if cfg!(windows) { "python/ext/_ext.pyd" } else { "python/ext/_ext.abi3.so" };
    let mut project = Project::new(environment::UV, SOURCES);
    project.write("python/ext/__init__.py", "");
    project.builds_write(module);
    project.layout = "python-source = \"python\"\nmodule-name = \"ext._ext\"\n".to_owned();
    project.write_pyproject();
    project.step(Build);
    let file = fs::File::options().append(true).open(project.path(module)).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
    let run = project.run_status(&[]);
    assert_says(&run, 1, "stale: the installed package is older than the code");
    assert_says(&run, 1, &format!("{module}, written on 2001-09-09"));
    assert_eq!(project.sync(), Nothing);
}

#[test]
fn a_direct_url_that_is_cut_off_stops_uv_and_is_an_error() {
    let mut project = installed();
    let file = stored(&project).with_file_name("direct_url.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    assert_says(&project.run_status(&[]), 2, "direct_url.json");
    assert_ne!(project.run_sync().code, Some(0), "{}", project.account);
}

#[test]
fn a_truncated_record_does_not_list_the_installed_files() {
    for cut in [0, 10] {
        let mut project = installed();
        let file = stored(&project).with_file_name("RECORD");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, &text[..text.len().min(cut)]).unwrap();
        let what = if cut == 0 { "it is empty" } else { "it is truncated" };
        assert_says(&project.run_status(&[]), 1, &format!("RECORD does not list the installed files: {what}"));
        assert_says(&project.run_status(&[]), 1, "run `uv sync --reinstall-package ext`");
        assert_eq!(project.sync(), Nothing);
    }
}

#[test]
fn of_two_distributions_uv_keeps_none() {
    let mut project = installed();
    let information = stored(&project).parent().unwrap().to_owned();
    let other = information.with_file_name("ext-0.0.9.dist-info");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("METADATA"), "Metadata-Version: 2.1\nName: ext\nVersion: 0.0.9\n").unwrap();
    fs::write(other.join("RECORD"), "ext-0.0.9.dist-info/METADATA,,\next-0.0.9.dist-info/RECORD,,\n").unwrap();
    let said = project.step(Reinstall);
    assert!(said["reason"].as_str().unwrap().contains("it is installed 2 times"), "{said}");
}

#[test]
fn an_environment_of_another_python_is_made_anew() {
    let mut project = installed();
    let configuration = project.path(".venv/pyvenv.cfg");
    let text = fs::read_to_string(&configuration).unwrap();
    let version = text.lines().find_map(|line| line.strip_prefix("version_info = ")).unwrap().to_owned();
    fs::write(&configuration, text.replace(&version, "3.2.1")).unwrap();
    let run = project.run_status(&[]);
    assert_says(&run, 1, "not-installed");
    assert_says(&run, 1, "the environment .venv is for Python 3.2.1");
    assert_eq!(project.sync(), Reinstall, "{}", project.account);
    project.write(".python-version", "3.2\n");
    assert_says(&project.run_status(&[]), 1, "`.python-version` asks for 3.2: uv creates a new one");
    project.remove(".python-version");
    project.write(
        "pyproject.toml",
        &fs::read_to_string(project.path("pyproject.toml")).unwrap().replace(">=3.9", ">=3.99"),
    );
    assert_says(&project.run_status(&[]), 1, "`requires-python` is >=3.99: uv creates a new one");
}

#[test]
fn what_uv_never_builds_says_why() {
    let mut project = Project::new(environment::UV, &format!("{SOURCES}]\npackage = false\nx = ["));
    assert_says(&project.run_status(&[]), 1, "uv never builds or installs this project: `package = false`");
    assert_eq!(project.run_sync().code, Some(0), "{}", project.account);
    assert_eq!(project.sandbox.read("builds"), "");
}
