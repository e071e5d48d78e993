//! A project that is edited, synced with the real uv and maturin, checked and imported, with a log of all steps.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "a module of a test")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::environment::{Tools, isolate, program};
use crate::support::{Run, Sandbox};
use Outcome::{Built, Reinstalled, Untouched};

/// What one `uv sync` did to the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// uv built once, and installed.
    Built,
    /// uv neither built nor installed.
    Untouched,
    /// uv installed a wheel from its cache, without a build.
    Reinstalled,
}

/// A project, and a log of all steps, which every failure prints.
pub struct Story {
    sandbox: Sandbox,
    project: String,
    steps: usize,
    account: String,
}

impl Story {
    /// The project is at `project` in a temporary directory, which also contains uv's cache.
    pub fn new(project: &str) -> Self {
        let project = Path::new("checkout").join(project).display().to_string();
        Self { sandbox: Sandbox::new(), project, steps: 0, account: String::new() }
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.sandbox.path(&self.project).join(relative)
    }

    /// Writes a file. The path is relative to the project, and may contain `../`.
    pub fn write(&mut self, relative: &str, content: impl AsRef<str>) -> &mut Self {
        self.step(&format!("write {relative}"));
        std::fs::create_dir_all(self.path("")).expect("created");
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("created");
        std::fs::write(path, content.as_ref()).expect("written");
        self
    }

    /// Edits a file, as a user does in an editor.
    #[track_caller]
    pub fn edit(&mut self, relative: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(relative)).expect("readable");
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {relative}");
        self.write(relative, text.replace(from, to));
    }

    /// Writes the Cargo.lock. Otherwise the first build would write it, which is a change too.
    #[track_caller]
    pub fn lock(&mut self) {
        let mut cargo = Command::new("cargo");
        self.run(isolate(&mut cargo).arg("generate-lockfile"), "cargo generate-lockfile", 0);
    }

    /// Runs `cachekeys status`. Returns its verdict, what the next sync will do, and the reason.
    #[track_caller]
    fn predicted(&mut self, flags: &[&str]) -> (String, String, String) {
        let mut command = self.sandbox.command();
        isolate(&mut command).env("UV_CACHE_DIR", self.sandbox.path("uv-cache")).env("UV_NO_CONFIG", "1");
        command.args(["status", "--output-format", "json"]).args(flags).current_dir(self.path(""));
        self.step("cachekeys status");
        let run = Run::of(&mut command, &self.sandbox.path("checkout"));
        self.account += &run.transcript();
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        let text = |name: &str| report["projects"][0][name].as_str().unwrap_or_default().to_owned();
        (text("verdict"), text("next"), text("reason"))
    }

    /// Asserts that the verdict of `cachekeys status` is `expected`.
    #[track_caller]
    pub fn status(&mut self, expected: &str) -> &mut Self {
        let (verdict, ..) = self.predicted(&[]);
        self.hold(verdict == expected, &format!("expected the verdict `{expected}`, but it is `{verdict}`"));
        self
    }

    /// Asserts that the output of `cachekeys status` contains `expected`.
    #[track_caller]
    pub fn says(&mut self, expected: &str) -> &mut Self {
        let (.., reason) = self.predicted(&[]);
        self.hold(reason.contains(expected), &format!("expected the reason `{expected}`, but it is `{reason}`"));
        self
    }

    /// Runs a uv command, which must succeed.
    #[track_caller]
    pub fn uv(&mut self, arguments: &[&str]) -> &mut Self {
        let mut uv = Tools::get().uv(&self.sandbox.path("uv-cache"));
        self.run(uv.args(arguments), &format!("uv {}", arguments.join(" ")), 0);
        self
    }

    /// Runs `maturin develop` in the environment, with the uv of this test.
    #[track_caller]
    pub fn develop(&mut self) -> &mut Self {
        let mut maturin = Tools::get().maturin();
        maturin.env("VIRTUAL_ENV", self.path(".venv")).env("UV_CACHE_DIR", self.sandbox.path("uv-cache"));
        self.run(maturin.args(["develop", "--uv"]), "maturin develop", 0);
        self
    }

    /// Removes a file, as a user does who cleans the source tree.
    #[track_caller]
    pub fn remove(&mut self, relative: &str) -> &mut Self {
        self.step(&format!("remove {relative}"));
        std::fs::remove_file(self.path(relative)).expect("removed");
        self
    }

    /// Runs `uv sync`. Compares what it did with `expected`, and with the prediction of `cachekeys status`.
    #[track_caller]
    pub fn sync(&mut self, expected: Outcome) -> &mut Self {
        self.sync_with(&[], expected)
    }

    /// Like [`Self::sync`], with flags that `status` also accepts.
    #[track_caller]
    pub fn sync_with(&mut self, flags: &[&str], expected: Outcome) -> &mut Self {
        let (verdict, next, _) = self.predicted(flags);
        let predicted = match expected {
            Built => next == "build" && matches!(&*verdict, "rebuild-due" | "endless" | "not-installed"),
            Untouched => next == "nothing" && matches!(&*verdict, "fresh" | "stale" | "broken"),
            Reinstalled => next == "reinstall" && matches!(&*verdict, "reinstall-due" | "broken"),
        };
        self.hold(predicted, &format!("expected: {expected:?}; status predicted {next}, {verdict}"));
        let cache = self.sandbox.path("uv-cache");
        let before = wheels(&cache);
        let mut uv = Tools::get().uv(&cache);
        let said = self.run(uv.arg("sync").args(flags), &format!("uv sync, expected: {expected:?}"), 0).stderr;
        // Two independent observations: uv prints a line for each wheel that it has built, and keeps each wheel in a directory of
        // its own in its cache. The times and identities of the installed files are not enough, since they also change if a wheel
        // from the cache is installed again.
        let starts = |start: &str| said.lines().filter(|line| line.trim_start().starts_with(start)).count();
        let announced = starts("Built hello @ ");
        let kept = wheels(&cache) - before;
        self.hold(announced == kept, &format!("uv announced {announced} builds and kept {kept} wheels"));
        let installed = starts("+ hello==") + starts("~ hello==");
        let did = match (kept, installed) {
            (1, 1) => Some(Built),
            (0, 0) => Some(Untouched),
            (0, 1) => Some(Reinstalled),
            _ => None,
        };
        self.hold(did == Some(expected), &format!("expected {expected:?}, but {kept} built and {installed} installed"));
        self
    }

    /// Asserts what Python prints. This shows which code is installed.
    #[track_caller]
    pub fn greets(&mut self, expected: &str) {
        let mut python = Command::new(program(&self.path(".venv"), "python"));
        isolate(&mut python).args(["-c", "import hello; print(hello.greet())"]);
        let said = self.run(&mut python, &format!("python, expected: {expected}"), 0).stdout;
        self.hold(said.trim_end() == expected, &format!("Python should have printed `{expected}`"));
    }

    /// Asserts that Python does not find the extension.
    #[track_caller]
    pub fn fails_to_import(&mut self) -> &mut Self {
        let mut python = Command::new(program(&self.path(".venv"), "python"));
        isolate(&mut python).args(["-c", "import hello"]);
        self.run(&mut python, "python, expected: no module", 1);
        self
    }

    /// Runs `cachekeys check`. Checks the exit code, and that the report contains `says`.
    #[track_caller]
    pub fn check(&mut self, flags: &[&str], code: i32, says: &str) -> &mut Self {
        let mut command = self.sandbox.command();
        isolate(&mut command).arg("check").args(flags);
        let said = self.run(&mut command, &format!("cachekeys check {}", flags.join(" ")), code).stdout;
        self.hold(said.contains(says), &format!("the report should have said `{says}`"));
        self
    }

    /// Runs a command in the project.
    #[track_caller]
    fn run(&mut self, command: &mut Command, what: &str, code: i32) -> Run {
        self.step(what);
        let run = Run::of(command.current_dir(self.path("")), &self.sandbox.path("checkout"));
        self.account += &run.transcript();
        self.hold(run.code == Some(code), &format!("expected exit code {code}"));
        run
    }

    fn step(&mut self, what: &str) {
        self.steps += 1;
        writeln!(self.account, "\n=== step {}: {}", self.steps, what.trim_end()).expect("memory");
    }

    /// Fails at the calling line of the test, and prints all steps so far.
    #[track_caller]
    fn hold(&self, holds: bool, otherwise: &str) {
        assert!(holds, "at step {}: {otherwise}\n{}", self.steps, self.account);
    }
}

/// The number of wheels in uv's cache.
fn wheels(cache: &Path) -> usize {
    let entries = walkdir::WalkDir::new(cache).into_iter().filter_map(Result::ok);
    let built = |path: &Path| path.extension().is_some_and(|extension| extension == "whl");
    entries.filter(|entry| entry.file_type().is_file() && built(entry.path())).count()
}
