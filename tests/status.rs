//! What `status` predicts for the next `uv sync` is what the sync does. Tests each kind of change that uv may notice, with three
//! versions of uv.
//!
//! Needs Python 3.9 or later as `python3`, git, and access to the index that pip is configured for.

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fs;
use std::time::Duration;

use stub::Did::{Build, Nothing, Reinstall};
use stub::{Project, VERSIONS};

const SOURCES: &str = "{ file = \"src/**/*.rs\" }";

/// A project that is built and up to date.
fn rested(uv: &'static str, keys: &str) -> Project {
    let mut project = Project::new(uv, keys);
    assert_eq!(project.step(Build)["verdict"], "not-installed");
    project.step(Nothing);
    project
}

/// Waits, since file systems may store times coarsely.
fn tick() {
    std::thread::sleep(Duration::from_millis(15));
}

#[track_caller]
fn reason(said: &serde_json::Value, kind: &str, path: &str) {
    let found = said["changes"].as_array().expect("a list").iter().any(|change| {
        change["kind"] == kind && (change["path"] == path || change["name"] == path) && !change["key"].is_null()
    });
    assert!(found, "{kind} {path} should be among {}", said["changes"]);
}

#[test]
fn what_uv_notices() {
    for uv in VERSIONS {
        let mut project = rested(uv, SOURCES);
        let lib = project.path("src/lib.rs");
        let text = fs::read_to_string(&lib).unwrap();
        tick();
        for what in ["edit", "same bytes", "touch", "permissions", "new file", "rename inside"] {
            project.say(what);
            let mut name = "src/lib.rs";
            match what {
                "edit" => project.write(name, "mod deep; // edited\n"),
                "same bytes" => fs::write(&lib, &text).unwrap(),
                "touch" => {
                    let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
                    fs::File::options().append(true).open(&lib).unwrap().set_modified(old).unwrap();
                }
                "permissions" => {
                    let mut permissions = lib.metadata().unwrap().permissions();
                    permissions.set_readonly(true);
                    fs::set_permissions(&lib, permissions.clone()).unwrap();
                    #[expect(clippy::permissions_set_readonly_false, reason = "as it was")]
                    permissions.set_readonly(false);
                    fs::set_permissions(&lib, permissions).unwrap();
                }
                "new file" => {
                    name = "src/new.rs";
                    project.write(name, "");
                }
                _ => {
                    project.rename("src/new.rs", "src/renamed.rs");
                    name = "src/renamed.rs";
                }
            }
            let said = project.step(Build);
            assert_eq!(said["verdict"], "rebuild-due");
            reason(&said, "file", name);
            project.step(Nothing);
            tick();
        }
        // The file that was renamed last is the newest.
        project.say("delete the newest");
        project.remove("src/renamed.rs");
        assert_eq!(project.step(Build)["changes"][0]["path"], serde_json::Value::Null);
        project.step(Nothing);
    }
}

#[test]
fn what_uv_does_not_notice() {
    for uv in VERSIONS {
        let mut project = Project::new(uv, SOURCES);
        for file in ["src/old.rs", "src/older.rs", "src/dir/a.rs", "src/moved/b.rs", "elsewhere/c.rs"] {
            project.write(file, "");
        }
        tick();
        project.write("src/newest.rs", "");
        project.step(Build);
        tick();
        project.say("delete an older file").remove("src/old.rs");
        project.step(Nothing);
        project.say("rename an older file out").rename("src/older.rs", "older.txt");
        project.step(Nothing);
        project.say("delete a directory").remove("src/dir");
        project.step(Nothing);
        project.say("rename a directory").rename("src/moved", "src/moved-on");
        project.step(Nothing);
        project.say("move a directory out").rename("src/moved-on", "moved");
        project.step(Nothing);
        project.say("move a directory in").rename("elsewhere", "src/elsewhere");
        project.step(Nothing);
        project.say("edit the key list").keys = "{ file = \"src/**/*.rs\" }, { file = \"no-such\" }".to_owned();
        project.write_pyproject();
        project.step(Nothing);
    }
}

#[test]
fn directories_are_noticed_as_a_whole() {
    for uv in VERSIONS {
        let mut project = rested(uv, "{ file = \"Cargo.toml\" }, { dir = \"data\" }, { dir = \"src\" }");
        project.say("inside").write("src/inside.rs", "");
        project.step(Nothing);
        project.say("appears").write("data/a", "");
        reason(&project.step(Build), "directory", "data");
        project.step(Nothing);
        tick();
        project.say("created anew").remove("data");
        project.write("data/b", "");
        reason(&project.step(Build), "directory", "data");
        project.say("gone").remove("data");
        reason(&project.step(Build), "directory", "data");
        project.step(Nothing);
    }
}

#[test]
fn commits_and_tags() {
    for uv in VERSIONS {
        let mut project = Project::new(uv, "{ file = \"Cargo.toml\" }, { git = { commit = true, tags = true } }");
        project.git(&["init", "-q", "."]);
        project.step(Build);
        project.step(Nothing);
        project.say("the first commit").git(&["commit", "-q", "--allow-empty", "-m", "one"]);
        let said = project.step(Build);
        assert!(said["changes"][0]["old"].is_null() && said["changes"][0]["new"].is_string(), "{said}");
        project.say("another").git(&["commit", "-q", "--allow-empty", "-m", "two"]);
        assert_eq!(project.step(Build)["changes"][0]["kind"], "commit");
        project.say("a tag").git(&["tag", "v1"]);
        reason(&project.step(Build), "tag", "v1");
        project.say("packed").git(&["pack-refs", "--all"]);
        // Older versions of uv do not find packed tags and branches.
        project.step(if uv == environment::UV { Nothing } else { Build });
        project.step(Nothing);
        project.say("the tag moves").git(&["tag", "-f", "-a", "-m", "moved", "v1"]);
        reason(&project.step(Build), "tag", "v1");
        project.say("a worktree").git(&["worktree", "add", "-q", "../beside"]);
        project.step(Nothing);
        project.say("detached").git(&["checkout", "-q", "--detach", "HEAD"]);
        project.step(if uv == environment::UV { Nothing } else { Build });
        project.say("the commit before").git(&["checkout", "-q", "HEAD~1"]);
        assert_eq!(project.step(Build)["changes"][0]["kind"], "commit");
        project.step(Nothing);
    }
}

#[test]
fn variables_and_their_keys() {
    for uv in VERSIONS {
        let mut project = rested(uv, "{ file = \"Cargo.toml\" }, { env = \"EXT_FLAVOR\" }");
        project.variables.insert("EXT_FLAVOR".to_owned(), String::new());
        let said = project.say("empty is not unset").step(Build);
        reason(&said, "variable", "EXT_FLAVOR");
        assert!(said["changes"][0]["old"].is_null() && said["changes"][0]["new"] == "", "{said}");
        project.variables.insert("EXT_FLAVOR".to_owned(), "sweet".to_owned());
        project.step(Build);
        project.step(Nothing);
        project.variables.clear();
        assert_eq!(project.step(Build)["changes"][0]["old"], "sweet");
        project.say("a key more").keys.push_str(", { env = \"EXT_OTHER\" }");
        project.write_pyproject();
        reason(&project.step(Build), "variable", "EXT_OTHER");
        project.say("a key less").keys = "{ file = \"Cargo.toml\" }".to_owned();
        project.write_pyproject();
        assert_eq!(project.step(Build)["changes"].as_array().unwrap().len(), 2);
        project.step(Nothing);
    }
}

#[test]
fn a_second_environment_is_filled_without_a_build() {
    for uv in VERSIONS {
        let mut project = rested(uv, SOURCES);
        project.environment = "other".to_owned();
        assert_eq!(project.step(Reinstall)["verdict"], "not-installed");
        project.step(Nothing);
        tick();
        project.write("src/lib.rs", "// edited\n");
        project.step(Build);
        project.environment = ".venv".to_owned();
        assert_eq!(project.step(Reinstall)["verdict"], "reinstall-due");
        project.step(Nothing);
        project.say("without uv's cache").environment = "other".to_owned();
        tick();
        project.write("src/lib.rs", "// edited again\n");
        project.step(Build);
        fs::remove_dir_all(project.sandbox.path("uv-cache")).unwrap();
        project.environment = ".venv".to_owned();
        assert_eq!(project.step(Build)["verdict"], "rebuild-due");
    }
}

#[test]
fn what_never_comes_to_rest() {
    for uv in VERSIONS {
        let mut nothing = Project::new(uv, "");
        nothing.step(Build);
        for _ in 0..2 {
            assert_eq!(nothing.step(Reinstall)["verdict"], "endless");
        }

        let mut generated = Project::new(uv, "{ file = \"**/*.rs\" }");
        generated.builds_write("target/release/build/x/out/made.rs");
        generated.step(Build);
        assert_eq!(generated.step(Build)["verdict"], "rebuild-due", "{}", generated.account);
        for _ in 0..2 {
            let said = generated.step(Build);
            assert_eq!((&said["verdict"], said["changes"].as_array().unwrap().len()), (&"endless".into(), 1));
            reason(&said, "file", "target/release/build/x/out/made.rs");
        }

        let mut module = Project::new(uv, "{ file = \"python/**\" }");
        module.builds_write("python/ext/_ext.abi3.so");
        module.step(Build);
        assert_eq!(module.step(Build)["verdict"], "rebuild-due");
        for _ in 0..2 {
            assert_eq!(module.step(Build)["verdict"], "endless");
        }

        let mut all = Project::new(uv, "{ file = \"**\" }");
        all.step(Build);
        for _ in 0..2 {
            assert_eq!(all.step(Build)["verdict"], "endless");
        }

        let mut lockfile = Project::new(uv, "{ file = \"Cargo.lock\" }, { file = \"Cargo.toml\" }");
        lockfile.remove("Cargo.lock");
        lockfile.builds_write("?Cargo.lock");
        lockfile.step(Build);
        assert_eq!(lockfile.step(Build)["verdict"], "rebuild-due");
        assert_eq!(lockfile.step(Nothing)["verdict"], "fresh");

        let mut always = Project::new(uv, "{ file = \"Cargo.toml\" }]\nreinstall-package = [\"Ext\"");
        always.step(Build);
        assert_eq!(always.step(Build)["verdict"], "endless");
    }
}

#[test]
fn a_version_that_no_key_covers() {
    for uv in VERSIONS {
        let mut project = rested(uv, "{ file = \"Cargo.toml\" }");
        project.version = "0.2.0".to_owned();
        project.write_pyproject();
        for _ in 0..3 {
            project.try_step().unwrap_or_else(|account| panic!("a wrong prediction:\n{account}"));
        }
    }
}
