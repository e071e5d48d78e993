//! `status` compared with the real uv over random sequences of edits, touches, renames, deletions, commits, variables and ways to
//! install.
//!
//! Each case is a list of keys and a sequence of actions. After each action, `status` predicts the next sync, and the sync is
//! run. proptest prints the case that fails, as small as possible, and keeps its seed in `proptest-regressions/`.
//! `PROPTEST_CASES=500` runs more cases than usual, `STATUS_UV=0.10.0` uses only this version of uv. Has the same requirements as
//! `status.rs`.
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

use stub::{MIXED, Project, VERSIONS, WAYS, Way};

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

/// Files that exist at the start, or may be created.
const FILES: [&str; 13] = [
    "src/lib.rs", "src/deep/mod.rs", "src/a.rs", "src/.hidden.rs", "build.rs", "Cargo.lock", "Cargo.toml",
    "data/table", "data/deep/table.rs", "python/ext/__init__.py", "target/debug/made.rs", "../shared/src/lib.rs",
    "notes.txt",
];

const DIRECTORIES: [&str; 5] = ["src/deep", "data", "data/deep", "elsewhere", "../shared/src"];

/// Files that a build writes, in the form of `stub::Project::builds_write`.
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
    Install(Way),
    /// All later syncs are of this kind.
    Editable(bool),
    LoseModule,
    LoseInstalledModule,
    LoseEnvironment,
    EditSecond,
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
        8 => select(&WAYS[..]).prop_map(Action::Install),
        3 => any::<bool>().prop_map(Action::Editable),
        3 => Just(Action::LoseModule),
        2 => Just(Action::LoseInstalledModule),
        1 => Just(Action::LoseEnvironment),
        2 => Just(Action::EditSecond),
    ]
}

/// A project, and the actions on it.
#[derive(Debug, Clone)]
struct Case {
    uv: Index,
    keys: Vec<&'static str>,
    writes: &'static str,
    editable: bool,
    is_mixed: bool,
    has_second: bool,
    actions: Vec<Action>,
}

fn case() -> impl Strategy<Value = Case> {
    let actions = prop::collection::vec(action(), 1..6);
    let flags = (prop::bool::weighted(0.8), prop::bool::weighted(0.6), prop::bool::weighted(0.2));
    (any::<Index>(), keys(), select(&WRITES[..]), flags, actions).prop_map(|(uv, keys, writes, flags, actions)| {
        let (editable, is_mixed, has_second) = flags;
        Case { uv, keys, writes, editable, is_mixed, has_second, actions }
    })
}

impl Case {
    fn run(&self) -> Result<(), String> {
        let named = std::env::var("STATUS_UV").ok();
        let named = named.and_then(|named| VERSIONS.into_iter().find(|version| *version == named));
        let uv = named.unwrap_or_else(|| VERSIONS[self.uv.index(VERSIONS.len())]);
        let mut project = Project::new(uv, &self.keys.join(", "));
        project.editable = self.editable;
        project.builds_write(self.writes);
        for file in ["../shared/src/lib.rs", "data/table", "python/ext/__init__.py"] {
            project.write(file, "");
        }
        project.git(&["init", "-q", "."]);
        if self.is_mixed {
            MIXED.clone_into(&mut project.layout);
            project.write_pyproject();
        }
        if self.has_second {
            project.add_second();
        }
        project.try_step()?;
        for action in &self.actions {
            // File systems may store times coarsely.
            std::thread::sleep(Duration::from_millis(12));
            project.say(&format!("{action:?}"));
            self.act(&mut project, action);
            project.try_step()?;
        }
        Ok(())
    }

    /// Carries out an action. If it cannot be applied, it does nothing.
    fn act(&self, project: &mut Project, action: &Action) {
        match action {
            Action::Edit(file) => {
                let text = fs::read_to_string(project.path(file)).unwrap_or_default();
                // The path may lead through a dangling symlink.
                let _ = fs::create_dir_all(project.path(file).parent().unwrap());
                let _ = fs::write(project.path(file), format!("{text}\n"));
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
                // Creating symlinks needs a privilege on Windows.
                #[cfg(not(unix))]
                let _ = to;
            }
            Action::Commit => project.git(&["commit", "-q", "--allow-empty", "-m", "more"]),
            Action::Tag(_) | Action::Checkout if !project.has_commit() => {}
            Action::EditSecond if !self.has_second => {}
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
            Action::Environment(name) => (*name).clone_into(&mut project.environment),
            Action::Nothing => {}
            Action::Install(way) => project.install(*way),
            Action::Editable(editable) => project.editable = *editable,
            Action::LoseModule => {
                for module in ["python/ext/_ext.abi3.so", "python/ext/_ext.pyd"] {
                    let _ = fs::remove_file(project.path(module));
                }
            }
            Action::LoseInstalledModule => {
                for file in ["ext/_ext.abi3.so", "ext/_ext.pyd", "ext.pth"] {
                    let installed = project.information().map(|information| information.with_file_name(file));
                    let _ = installed.map(fs::remove_file);
                }
            }
            Action::LoseEnvironment => {
                let _ = fs::remove_dir_all(project.path(&project.environment));
            }
            Action::EditSecond => project.write("../second/src/lib.rs", "// edited\n"),
            Action::LoseCache => {
                let _ = fs::remove_dir_all(project.sandbox.path("uv-cache"));
            }
        }
    }
}

/// The number of cases in a normal test run. Each step of a case runs uv.
const CASES: u32 = 30;

#[test]
fn what_is_foretold_happens() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let seeds = FileFailurePersistence::Direct("proptest-regressions/status.txt");
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 30,
        failure_persistence: Some(Box::new(seeds)),
        ..ProptestConfig::default()
    };
    proptest!(config, |(case in case())| {
        case.run().map_err(|account| TestCaseError::fail(format!("a wrong prediction:\n{account}")))?;
    });
}
