//! `status` against the real uv over random sequences of edits, touches, renames, deletions, commits and variables.
//!
//! Each case is a list of keys and a sequence of actions; after each action `status` foretells the next sync, and the sync
//! is run. proptest prints the case that fails, made as small as it can, and keeps its seed in `proptest-regressions/`.
//! `PROPTEST_CASES=500` runs more than the gate does. Needs what `status.rs` needs.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fs;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::test_runner::FileFailurePersistence;

use stub::{Project, VERSIONS};

const KEYS: [&str; 14] = [
    "{ file = \"pyproject.toml\" }",
    "\"Cargo.toml\"",
    "{ file = \"Cargo.lock\" }",
    "{ file = \"src/**/*.rs\" }",
    "{ file = \"src/*.rs\" }",
    "\"*.toml\"",
    "{ file = \"**/*.rs\" }",
    "{ file = \"!src/deep/**\" }",
    "{ file = \"python/**\" }",
    "{ file = \"../shared/**/*.rs\" }",
    "{ dir = \"data\" }",
    "{ dir = \"src\" }",
    "{ git = { commit = true, tags = true } }",
    "{ env = \"EXT_FLAVOR\" }",
];

/// Files that are there at the beginning, or may come to be.
const FILES: [&str; 13] = [
    "src/lib.rs",
    "src/deep/mod.rs",
    "src/a.rs",
    "src/.hidden.rs",
    "build.rs",
    "Cargo.lock",
    "Cargo.toml",
    "data/table",
    "data/deep/table.rs",
    "python/ext/__init__.py",
    "target/debug/made.rs",
    "../shared/src/lib.rs",
    "notes.txt",
];

const DIRECTORIES: [&str; 5] = ["src/deep", "data", "data/deep", "elsewhere", "../shared/src"];

/// What a build writes, as `stub::Project::builds_write` takes it.
const WRITES: [&str; 4] = ["", "target/release/build/x/out/made.rs", "python/ext/_ext.abi3.so", "?Cargo.lock"];

#[derive(Debug, Clone)]
enum Action {
    Nothing,
    Edit(&'static str),
    Touch(&'static str),
    Permissions(&'static str),
    Delete(&'static str),
    Rename(&'static str, &'static str),
    DeleteDirectory(&'static str),
    RenameDirectory(&'static str, &'static str),
    Symlink(&'static str, &'static str),
    Commit,
    Tag(u8),
    PackRefs,
    Checkout,
    Variable(Option<&'static str>),
    Keys(Vec<&'static str>),
    Environment(&'static str),
    LoseCache,
}

fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(KEYS.to_vec(), 0..6).prop_shuffle()
}

fn action() -> impl Strategy<Value = Action> {
    let file = || select(&FILES[..]);
    let directory = || select(&DIRECTORIES[..]);
    prop_oneof![
        2 => Just(Action::Nothing),
        8 => file().prop_map(Action::Edit),
        4 => file().prop_map(Action::Touch),
        2 => file().prop_map(Action::Permissions),
        4 => file().prop_map(Action::Delete),
        4 => (file(), file()).prop_map(|(from, to)| Action::Rename(from, to)),
        2 => directory().prop_map(Action::DeleteDirectory),
        2 => (directory(), directory()).prop_map(|(from, to)| Action::RenameDirectory(from, to)),
        1 => (file(), file()).prop_map(|(from, to)| Action::Symlink(from, to)),
        3 => Just(Action::Commit),
        2 => (0_u8..3).prop_map(Action::Tag),
        1 => Just(Action::PackRefs),
        1 => Just(Action::Checkout),
        3 => select(vec![None, Some(""), Some("sweet"), Some("sour")]).prop_map(Action::Variable),
        2 => keys().prop_map(Action::Keys),
        1 => select(vec![".venv", "other"]).prop_map(Action::Environment),
        1 => Just(Action::LoseCache),
    ]
}

/// A project and what happens to it.
#[derive(Debug, Clone)]
struct Case {
    uv: Index,
    keys: Vec<&'static str>,
    writes: &'static str,
    editable: bool,
    actions: Vec<Action>,
}

fn case() -> impl Strategy<Value = Case> {
    let actions = prop::collection::vec(action(), 1..6);
    (any::<Index>(), keys(), select(&WRITES[..]), prop::bool::weighted(0.8), actions)
        .prop_map(|(uv, keys, writes, editable, actions)| Case { uv, keys, writes, editable, actions })
}

impl Case {
    fn run(&self) -> Result<(), String> {
        let mut project = Project::new(VERSIONS[self.uv.index(VERSIONS.len())], &self.keys.join(", "));
        project.editable = self.editable;
        project.builds_write(self.writes);
        for file in ["../shared/src/lib.rs", "data/table", "python/ext/__init__.py"] {
            project.write(file, "");
        }
        project.git(&["init", "-q", "."]);
        project.try_step()?;
        for action in &self.actions {
            // The clock of a file system can be coarse.
            std::thread::sleep(Duration::from_millis(12));
            project.say(&format!("{action:?}"));
            self.act(&mut project, action);
            project.try_step()?;
        }
        Ok(())
    }

    /// Where an action has nothing to act on, it does nothing.
    fn act(&self, project: &mut Project, action: &Action) {
        match action {
            Action::Edit(file) => {
                let text = fs::read_to_string(project.path(file)).unwrap_or_default();
                if !project.path(file).is_dir() {
                    project.write(file, &format!("{text}\n"));
                }
            }
            Action::Touch(file) => {
                if let Ok(file) = fs::File::options().append(true).open(project.path(file)) {
                    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
                }
            }
            Action::Permissions(file) => {
                if let Ok(found) = project.path(file).metadata() {
                    fs::set_permissions(project.path(file), found.permissions()).unwrap();
                }
            }
            Action::Delete(file) => {
                let _ = fs::remove_file(project.path(file));
            }
            Action::Rename(from, to) | Action::RenameDirectory(from, to) => {
                let (from, to) = (project.path(from), project.path(to));
                let _ = fs::create_dir_all(to.parent().unwrap());
                let _ = fs::rename(from, to);
            }
            Action::DeleteDirectory(directory) => {
                let _ = fs::remove_dir_all(project.path(directory));
            }
            Action::Symlink(to, at) => {
                let _ = fs::remove_file(project.path(at));
                let _ = fs::create_dir_all(project.path(at).parent().unwrap());
                let to = project.path(to);
                #[cfg(unix)]
                let _ = std::os::unix::fs::symlink(to, project.path(at));
                // There links take a privilege.
                #[cfg(not(unix))]
                let _ = to;
            }
            Action::Commit => project.git(&["commit", "-q", "--allow-empty", "-m", "more"]),
            Action::Tag(_) | Action::Checkout if !project.has_commit() => {}
            Action::Tag(name) => project.git(&["tag", "-f", &format!("v{name}")]),
            Action::Checkout => project.git(&["checkout", "-q", "--detach", "HEAD"]),
            Action::PackRefs => project.git(&["pack-refs", "--all"]),
            Action::Variable(value) => {
                project.variables.clear();
                project.variables.extend(value.map(|value| ("EXT_FLAVOR".to_owned(), value.to_owned())));
            }
            Action::Keys(keys) => {
                project.keys = keys.join(", ");
                project.write_pyproject();
            }
            // What is not installed anywhere is taken for what is to be editable.
            Action::Environment(name) if self.editable => (*name).clone_into(&mut project.environment),
            Action::Nothing | Action::Environment(_) => {}
            Action::LoseCache => {
                let _ = fs::remove_dir_all(project.sandbox.path("uv-cache"));
            }
        }
    }
}

/// What the gate runs; each step of a case is a run of uv.
const CASES: u32 = 20;

#[test]
fn what_is_foretold_happens() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let seeds = FileFailurePersistence::Direct("proptest-regressions/status.txt");
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 100,
        failure_persistence: Some(Box::new(seeds)),
        ..ProptestConfig::default()
    };
    proptest!(config, |(case in case())| {
        case.run().map_err(|account| TestCaseError::fail(format!("a wrong prediction:\n{account}")))?;
    });
}
