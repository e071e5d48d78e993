//! What lists of keys cover on Windows: the real uv.exe and the command must agree on each list in `tests/windows/lists.tsv`.
//!
//! `uv sync -v --dry-run` names the newest covered file, and says whether it would build. At first, all files are newer than the
//! installed project. The file that uv names is then given the time of the installation, and so on, until uv names no newer file.
//!
//! Runs on Windows only. Elsewhere, uv reads the same lists differently, and `src/cache_keys/oracle.rs` compares with uv's crate.
#![cfg(windows)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use environment::{Tools, answer_in_environment, succeed};
use serde_json::{Value, json};
use support::{Run, Sandbox};

const LISTS: &str = include_str!("windows/lists.tsv");

/// The time of the installation in seconds since 1970.
const INSTALLED: u64 = 1_600_000_000;

/// A list, and the files that it covers on Windows.
fn lists() -> Vec<(&'static str, BTreeSet<&'static str>)> {
    let rows = LISTS.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0], row[2].split_whitespace().collect())).collect()
}

struct Project {
    sandbox: Sandbox,
    files: BTreeSet<&'static str>,
}

impl Project {
    /// Writes all files that some list covers, and an environment in which the project is installed.
    fn new() -> Self {
        let files: BTreeSet<&str> = lists().into_iter().flat_map(|(_, files)| files).collect();
        let project = Self { sandbox: Sandbox::new(), files };
        for file in &project.files {
            project.sandbox.write(&format!("tree/{file}"), "");
        }
        project.write_pyproject("[]");
        let environment = project.sandbox.path("environment");
        succeed(project.uv().arg("venv").arg(&environment));
        if let Some(answer) = Tools::get().answer() {
            answer_in_environment(&environment, &answer);
        }
        let information = "environment/Lib/site-packages/ext-0.1.0.dist-info";
        let url = url::Url::from_file_path(project.sandbox.path("tree/proj")).unwrap();
        let installed = json!({ "timestamp": { "secs_since_epoch": INSTALLED, "nanos_since_epoch": 0 } });
        for (file, text) in [
            ("METADATA", "Metadata-Version: 2.1\nName: ext\nVersion: 0.1.0\n".to_owned()),
            ("RECORD", String::new()),
            ("direct_url.json", json!({ "url": url.as_str(), "dir_info": { "editable": true } }).to_string()),
            ("uv_cache.json", installed.to_string()),
        ] {
            project.sandbox.write(&format!("{information}/{file}"), text);
        }
        project
    }

    fn write_pyproject(&self, list: &str) {
        self.sandbox.write(
            "tree/proj/pyproject.toml",
            format!(
                "[build-system]\nrequires = []\nbuild-backend = \"stub\"\nbackend-path = [\".\"]\n\n[project]\nname = \"ext\"\n\
                 version = \"0.1.0\"\nrequires-python = \">=3.9\"\n\n[tool.uv]\ncache-keys = {list}\n"
            ),
        );
    }

    fn uv(&self) -> Command {
        let mut uv = Tools::get().uv(&self.sandbox.path("uv-cache"));
        uv.current_dir(self.sandbox.path("tree/proj"));
        uv.env("UV_PROJECT_ENVIRONMENT", self.sandbox.path("environment"));
        uv
    }

    /// The files that uv covers. Nothing else may make it build.
    fn covered_by_uv(&self, list: &str) -> BTreeSet<&'static str> {
        for (seconds, file) in (1..).zip(&self.files) {
            self.set_time(file, seconds);
        }
        let mut covered = BTreeSet::new();
        loop {
            let run = Run::of(self.uv().args(["sync", "-v", "--dry-run"]), &self.sandbox.path(""));
            assert_eq!(run.code, Some(0), "{list}: {}", run.transcript());
            let newest = run.stderr.lines().find_map(|line| line.split_once("Most recently modified: "));
            let Some((_, newest)) = newest else { return covered };
            let builds = run.stderr.contains("Would download 1 package");
            let newest = self.relative(Path::new(newest));
            assert_eq!(builds, !covered.contains(newest), "{list}, the newest is {newest}: {}", run.transcript());
            if !builds {
                return covered;
            }
            covered.insert(newest);
            self.set_time(newest, 0);
        }
    }

    fn covered_by_us(&self, list: &str) -> BTreeSet<&'static str> {
        let mut command = self.sandbox.command();
        command.current_dir(self.sandbox.path("tree/proj")).args(["keys", "--output-format", "json"]);
        let run = Run::of(&mut command, &self.sandbox.path(""));
        assert_eq!(run.code, Some(0), "{list}: {}", run.transcript());
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(report["projects"][0]["rejected"].is_null(), "{list}: {}", run.stdout);
        let keys = report["projects"][0]["keys"].as_array().unwrap();
        let files = keys.iter().flat_map(|key| key["files"].as_array().unwrap());
        files.map(|file| self.relative(Path::new(file.as_str().unwrap()))).collect()
    }

    /// The file of the tree with this path. The path may have another case.
    fn relative(&self, path: &Path) -> &'static str {
        let path = dunce::canonicalize(self.sandbox.path("tree/proj").join(path)).unwrap();
        let path = path.strip_prefix(self.sandbox.path("tree")).unwrap().to_str().unwrap().replace('\\', "/");
        self.files.get(path.as_str()).unwrap_or_else(|| panic!("{path} is not in the table"))
    }

    fn set_time(&self, file: &str, seconds: u64) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(INSTALLED + seconds);
        File::options().append(true).open(self.sandbox.path("tree").join(file)).unwrap().set_modified(time).unwrap();
    }
}

#[test]
fn lists_cover_what_uv_covers() {
    let project = Project::new();
    let mut wrong = BTreeMap::new();
    for (list, expected) in lists() {
        project.write_pyproject(list);
        let (uv, ours) = (project.covered_by_uv(list), project.covered_by_us(list));
        if uv != expected || ours != expected {
            wrong.insert(list, (expected, uv, ours));
        }
    }
    assert!(wrong.is_empty(), "list: what the table says, uv, the command: {wrong:#?}");
}
