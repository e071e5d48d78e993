//! What `status` predicts on Windows for the next `uv sync`, compared with `uv sync --dry-run`.
//!
//! `status.rs` runs real syncs. Under wine, a stand-in replaces Python and cannot build. A sync stops when it starts to build,
//! and these tests write what an installation would leave. They have the requirements of `Tools::get`.
#![cfg(windows)]
#![allow(
    clippy::unwrap_used,
    clippy::permissions_set_readonly_false,
    missing_docs,
    reason = "a test fails by panicking"
)]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use environment::{Tools, UV, answer_in_environment};
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use stub::Did::{self, Build, Nothing, Reinstall};
use stub::Project;
use uv_cache_info::CacheInfo;

const INFORMATION: &str = ".venv/Lib/site-packages/ext-0.1.0.dist-info";
/// The tags of a wheel for any Python.
const ANY: &str = "py3-none-any";

/// An installed project that is up to date.
fn installed(keys: &str) -> Project {
    let mut project = Project::new(UV, keys);
    assert_eq!(step(&mut project, Build)["verdict"], "not-installed");
    install(&mut project);
    assert_eq!(step(&mut project, Nothing)["verdict"], "fresh");
    project
}

/// Runs a sync, which starts a build.
fn install(project: &mut Project) {
    let run = project.run_sync();
    match answer(project) {
        Some(answer) => {
            assert!(
                run.stderr.contains("Call to `stub.get_requires_for_build_editable` failed"),
                "{}",
                project.account
            );
            answer_in_environment(&project.path(".venv"), &answer);
            write_information(project);
        }
        None => assert_eq!(run.code, Some(0), "{}", project.account),
    }
    put_wheel(project, ANY);
}

/// Makes the wheel of the last build in uv's cache one for the Pythons of these tags.
fn put_wheel(project: &Project, tags: &str) {
    let cache = project.sandbox.path("uv-cache");
    let (file, _, id) = revision(project);
    let wheels = file.with_file_name(id);
    if wheels.exists() {
        fs::remove_dir_all(&wheels).unwrap();
    }
    fs::create_dir_all(&wheels).unwrap();
    fs::create_dir_all(cache.join("archive-v0/wheel")).unwrap();
    fs::write(wheels.join(format!("ext-0.1.0-{tags}")), "archive-v0/wheel").unwrap();
}

/// The last build in uv's cache: its file, the cache info from before the build, and the name of the directory of its wheels.
fn revision(project: &Project) -> (PathBuf, CacheInfo, String) {
    let files = walkdir::WalkDir::new(project.sandbox.path("uv-cache")).into_iter();
    let file = files.map(|entry| entry.unwrap().into_path()).find(|path| path.ends_with("revision.rev")).unwrap();
    let (info, (id, _, _)): (CacheInfo, (String, IgnoredAny, IgnoredAny)) =
        rmp_serde::from_slice(&fs::read(&file).unwrap()).unwrap();
    (file, info, id)
}

/// The answer of the stand-in for Python, if uv uses it.
fn answer(project: &Project) -> Option<PathBuf> {
    let other = project.variables.get("UV_PYTHON").map(|python| Path::new(python).with_file_name("answer.json"));
    other.or_else(|| Tools::get().answer())
}

/// Writes what uv writes when it installs.
fn write_information(project: &Project) {
    let information = project.path(INFORMATION);
    if information.exists() {
        fs::remove_dir_all(&information).unwrap();
    }
    let url = url::Url::from_file_path(project.path("")).unwrap();
    let url = url.as_str().trim_end_matches('/');
    for (file, text) in [
        ("METADATA", "Metadata-Version: 2.1\nName: ext\nVersion: 0.1.0\n".to_owned()),
        ("WHEEL", "Wheel-Version: 1.0\n".to_owned()),
        ("RECORD", "ext-0.1.0.dist-info/RECORD,,\n".to_owned()),
        ("INSTALLER", "uv".to_owned()),
        ("direct_url.json", json!({ "url": url, "dir_info": { "editable": true } }).to_string()),
        ("uv_cache.json", serde_json::to_string(&revision(project).1).unwrap()),
    ] {
        project.write(&format!("{INFORMATION}/{file}"), &text);
    }
}

/// Asserts that `status` and uv agree, and that the result is `expected`. Returns the report on the project.
#[track_caller]
fn step(project: &mut Project, expected: Did) -> Value {
    let (_, said) = project.status(&[]);
    let run = project.run_uv(&["sync", "--dry-run"]);
    assert_eq!(run.code, Some(0), "{}", project.account);
    let did = if run.stderr.contains("Would make no changes") {
        Nothing
    } else if run.stderr.contains("Would download 1 package") {
        Build
    } else {
        assert!(run.stderr.contains("Would install 1 package"), "{}", project.account);
        Reinstall
    };
    assert_eq!(did, expected, "{}", project.account);
    assert!(stub::foretells(&said, did), "a wrong prediction:\n{}", project.account);
    said
}

fn set_modified(project: &Project, file: &str, time: SystemTime) {
    fs::File::options().append(true).open(project.path(file)).unwrap().set_modified(time).unwrap();
}

#[test]
fn what_uv_notices() {
    let keys = "{ file = \"src/**/*.rs\" }, { dir = \"data\" }, { env = \"EXT_FLAVOR\" }, { git = true }";
    let mut project = installed(keys);
    let steps: &[(&str, Did, fn(&mut Project))] = &[
        ("edit", Build, |project| project.write("src/lib.rs", "mod deep; // edited\n")),
        ("new file", Build, |project| project.write("src/new.rs", "")),
        ("rename inside", Nothing, |project| project.rename("src/new.rs", "src/renamed.rs")),
        ("permissions", Nothing, |project| {
            let mut permissions = project.path("src/deep/mod.rs").metadata().unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(project.path("src/deep/mod.rs"), permissions.clone()).unwrap();
            permissions.set_readonly(false);
            fs::set_permissions(project.path("src/deep/mod.rs"), permissions).unwrap();
        }),
        ("an older file gets older", Nothing, |project| {
            set_modified(project, "src/deep/mod.rs", SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        }),
        ("the newest file gets older", Build, |project| {
            set_modified(project, "src/renamed.rs", SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        }),
        ("delete an older file", Nothing, |project| project.remove("src/renamed.rs")),
        ("delete the newest file", Build, |project| project.remove("src/lib.rs")),
        ("a directory appears", Build, |project| project.write("data/a", "")),
        ("a directory disappears", Build, |project| project.remove("data")),
        ("a variable", Build, |project| {
            project.variables.insert("EXT_FLAVOR".to_owned(), "sweet".to_owned());
        }),
        ("the first commit", Build, |project| {
            project.write(".git/HEAD", "ref: refs/heads/main\n");
            project.write(".git/refs/heads/main", "1b6638fdb424e993d8354e75c55a3e524050c857\n");
        }),
        ("the list of keys", Nothing, |project| {
            project.keys.push_str(", { file = \"no-such\" }");
            project.write_pyproject();
        }),
        ("the version", Reinstall, |project| {
            project.version = "0.2.0".to_owned();
            project.write_pyproject();
        }),
    ];
    for (what, expected, change) in steps {
        // File systems may store times coarsely.
        std::thread::sleep(Duration::from_millis(15));
        project.say(what);
        change(&mut project);
        step(&mut project, *expected);
        if *expected == Build {
            install(&mut project);
            step(&mut project, Nothing);
        }
    }
}

#[test]
fn what_was_installed_in_another_way_is_installed_anew() {
    let mut project = installed("{ file = \"src/**/*.rs\" }");
    let changes: &[(&str, Did, fn(&Project))] = &[
        ("without cache info", Reinstall, |project| project.remove(&format!("{INFORMATION}/uv_cache.json"))),
        ("from an index", Reinstall, |project| project.remove(&format!("{INFORMATION}/direct_url.json"))),
        ("from elsewhere", Reinstall, |project| {
            let text = "{\"url\": \"file:///C:/elsewhere\", \"dir_info\": {\"editable\": true}}";
            project.write(&format!("{INFORMATION}/direct_url.json"), text);
        }),
        ("twice", Reinstall, |project| {
            let other = INFORMATION.replace("0.1.0", "0.0.9");
            project.write(&format!("{other}/METADATA"), "Metadata-Version: 2.1\nName: ext\nVersion: 0.0.9\n");
            project.write(&format!("{other}/RECORD"), "");
        }),
        ("no longer", Reinstall, |project| project.remove(INFORMATION)),
    ];
    for (what, expected, change) in changes {
        project.say(what);
        change(&project);
        step(&mut project, *expected);
        let other = INFORMATION.replace("0.1.0", "0.0.9");
        if project.path(&other).exists() {
            project.remove(&other);
        }
        write_information(&project);
        step(&mut project, Nothing);
    }
    project.say("the archive has been cleaned").remove("../uv-cache/archive-v0/wheel");
    project.remove(INFORMATION);
    step(&mut project, Build);
}

#[test]
fn what_is_no_environment_is_made_anew() {
    let mut project = installed("{ file = \"src/**/*.rs\" }");
    project.remove(".venv/Scripts/python.exe");
    assert_eq!(step(&mut project, Reinstall)["verdict"], "not-installed");
    project.remove(".venv");
    assert_eq!(step(&mut project, Reinstall)["verdict"], "not-installed");
}

/// Asserts which wheels uv takes from its cache for the Python of the environment.
#[track_caller]
fn assert_taken(project: &mut Project, wheels: &[(&str, Did)]) {
    project.remove(INFORMATION);
    for (tags, expected) in wheels {
        put_wheel(project, tags);
        step(project.say(tags), *expected);
    }
}

/// The version of the environment's Python, such as `312`.
fn version(project: &Project) -> String {
    let text = fs::read_to_string(project.path(".venv/pyvenv.cfg")).unwrap();
    let version = text.lines().find_map(|line| line.strip_prefix("version_info = ")).unwrap();
    version.split('.').take(2).collect()
}

#[test]
fn a_wheel_for_another_python_is_not_taken() {
    let mut project = installed("{ file = \"src/**/*.rs\" }");
    let own = version(&project);
    assert_taken(
        &mut project,
        &[
            (&format!("cp{own}-cp{own}-win_amd64"), Reinstall),
            ("cp39-abi3-win_amd64", Reinstall),
            ("cp38-cp38-win_amd64", Build),
            (&format!("cp{own}-cp{own}t-win_amd64"), Build),
        ],
    );
}

/// Replaces the stand-in's Python 3.12 with a free-threaded 3.13.
fn free_threaded(project: &mut Project, answer: &Path) {
    let home = project.sandbox.path("python");
    let home = dunce::simplified(&home);
    fs::create_dir_all(home).unwrap();
    for name in ["python", "pythonw", "python3.13t", "pythonw3.13t"] {
        fs::copy(answer.with_file_name("python.exe"), home.join(format!("{name}.exe"))).unwrap();
    }
    let escaped = |text: &str| text.replace('\\', "\\\\");
    let text = fs::read_to_string(answer).unwrap();
    let known: Value = serde_json::from_str(&text).unwrap();
    let text = text
        .replace(&escaped(known["sys_base_prefix"].as_str().unwrap()), &escaped(home.to_str().unwrap()))
        .replace("3.12", "3.13")
        .replace("cp312", "cp313t")
        .replace("\"gil_disabled\": false", "\"gil_disabled\": true");
    fs::write(home.join("answer.json"), text).unwrap();
    project.variables.insert("UV_PYTHON".to_owned(), home.join("python.exe").to_str().unwrap().to_owned());
}

#[test]
fn a_python_without_the_global_lock_is_one() {
    let Some(answer) = Tools::get().answer() else {
        eprintln!("not asked about a free-threaded Python: only a stand-in can be one");
        return;
    };
    let mut project = Project::new(UV, "{ file = \"src/**/*.rs\" }");
    free_threaded(&mut project, &answer);
    install(&mut project);
    step(&mut project, Nothing);
    assert_taken(
        &mut project,
        &[
            (ANY, Reinstall),
            ("cp313-cp313t-win_amd64", Reinstall),
            ("cp313-cp313-win_amd64", Build),
            ("cp39-abi3-win_amd64", Build),
        ],
    );
}
