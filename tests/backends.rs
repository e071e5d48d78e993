//! Checks with the real uv and the real backends what the rules say about projects without Rust: how often uv builds in four
//! syncs, before and after the keys are changed as the report suggests.
//!
//! Needs Python 3.9 or later as `python3`, access to the index that pip is configured for, and a C compiler as `cc`. Without a
//! compiler, the tests that need it are reported as ignored.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
mod support;

use std::process::{Command, ExitCode};

use environment::{PYTHON, Tools, isolate, program};
use libtest_mimic::{Arguments, Trial};
use support::{Run, Sandbox};

/// Pinned, so that the results do not change over time.
const REQUIREMENTS: [&str; 6] = [
    "editables==0.5", "setuptools==80.9.0", "scikit-build-core==0.11.6", "cmake==3.31.6", "ninja==1.13.0",
    "hatchling==1.27.0",
];

const C: &str = "int fast(void) { return 0; }\n";

fn main() -> ExitCode {
    let test = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let has_compiler = Command::new("cc").arg("--version").output().is_ok_and(|output| output.status.success());
    let compiled = [
        test("setuptools_builds_at_every_sync_with_a_key_over_its_sources", setuptools),
        test("cmake_builds_at_every_sync_with_a_key_over_its_build_directory", cmake),
    ];
    let mut tests: Vec<Trial> = compiled.into_iter().map(|test| test.with_ignored_flag(!has_compiler)).collect();
    tests.push(test("an_import_is_a_change_for_a_key_over_all_sources", imports));
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

fn setuptools() {
    let project = Project::new("setuptools", "setuptools.build_meta", "");
    project.write("setup.py", "from setuptools import Extension, setup\n\nsetup(ext_modules=[Extension('fast._fast', ['src/fast/fast.c'])])\n");
    project.write("src/fast/__init__.py", "").write("src/fast/fast.c", C);
    project.keys(&["pyproject.toml", "setup.py", "src/**"]);
    assert_eq!(project.syncs(), [1, 1, 1, 1]);

    let help = project.help("CK201");
    assert_eq!(help, "match the files by suffix: `src/**/*.{c,py}`");
    project.keys(&["pyproject.toml", "setup.py", "src/**/*.{c,py}"]);
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.write("src/fast/fast.c", "int fast(void) { return 1; }\n");
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.is_clean();
}

fn cmake() {
    let settings = "[tool.scikit-build]\nbuild-dir = \"build\"\n\n";
    let project = Project::new("scikit-build-core", "scikit_build_core.build", settings);
    let lists = "cmake_minimum_required(VERSION 3.20)\nproject(fast LANGUAGES C)\nadd_library(_fast MODULE fast.c)\n\
                 install(TARGETS _fast DESTINATION fast)\n";
    project.write("CMakeLists.txt", lists).write("fast.c", C).write("cmake/tools.cmake", "");
    project.write("src/fast/__init__.py", "");
    project.keys(&["pyproject.toml", "CMakeLists.txt", "fast.c", "**/*.cmake"]);
    assert_eq!(project.syncs(), [1, 1, 1, 1]);

    project.finds("CK201");
    project.keys(&["pyproject.toml", "CMakeLists.txt", "fast.c", "cmake/**/*.cmake"]);
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.write("cmake/tools.cmake", "# edited\n");
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.is_clean();
}

fn imports() {
    let project = Project::new("hatchling", "hatchling.build", "");
    project.write("src/fast/__init__.py", "");
    project.keys(&["pyproject.toml", "src/**"]);
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.import();
    assert_eq!(project.syncs(), [1, 0, 0, 0]);

    assert_eq!(project.help("CK201"), "match the files by suffix: `src/**/*.py`");
    project.keys(&["pyproject.toml", "src/**/*.py"]);
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.write("src/fast/__init__.py", "x = 1\n");
    assert_eq!(project.syncs(), [1, 0, 0, 0]);
    project.import();
    assert_eq!(project.syncs(), [0, 0, 0, 0]);
    project.is_clean();
}

/// A project named `fast`.
struct Project {
    sandbox: Sandbox,
    head: String,
}

impl Project {
    fn new(requirement: &str, backend: &str, settings: &str) -> Self {
        let head = format!(
            "[build-system]\nrequires = [\"{requirement}\"]\nbuild-backend = \"{backend}\"\n\n[project]\nname = \"fast\"\n\
             version = \"0.1.0\"\nrequires-python = \">=3.9\"\n\n{settings}"
        );
        Self { sandbox: Sandbox::new(), head }
    }

    fn write(&self, file: &str, text: &str) -> &Self {
        self.sandbox.write(&format!("checkout/{file}"), text);
        self
    }

    fn keys(&self, keys: &[&str]) {
        self.write("pyproject.toml", &format!("{}[tool.uv]\ncache-keys = {keys:?}\n", self.head));
    }

    /// How often uv builds in each of four syncs.
    #[track_caller]
    fn syncs(&self) -> [usize; 4] {
        [(); 4].map(|()| {
            let tools = Tools::get();
            let mut uv = tools.uv(&self.sandbox.path("uv-cache"));
            uv.env("UV_FIND_LINKS", tools.wheels_of(&REQUIREMENTS)).arg("sync");
            let run = Run::of(uv.current_dir(self.sandbox.path("checkout")), &self.sandbox.path(""));
            assert_eq!(run.code, Some(0), "{}", run.transcript());
            run.transcript().matches("Built fast").count()
        })
    }

    /// Imports the package, as a test would. Python then writes compiled files.
    fn import(&self) {
        let mut python = Command::new(program(&self.sandbox.path("checkout/.venv"), PYTHON));
        environment::must(python.args(["-c", "import fast"]).current_dir(self.sandbox.path("")));
    }

    fn check(&self) -> serde_json::Value {
        let mut command = self.sandbox.command();
        let command = isolate(&mut command).args(["check", "--output-format", "json"]);
        let run = Run::of(command.current_dir(self.sandbox.path("checkout")), &self.sandbox.path(""));
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        report["projects"][0].clone()
    }

    #[track_caller]
    fn finds(&self, code: &str) -> serde_json::Value {
        let project = self.check();
        let findings = project["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("{project:#}")).clone()
    }

    #[track_caller]
    fn help(&self, code: &str) -> String {
        self.finds(code)["help"].as_str().unwrap().to_owned()
    }

    /// The keys are checked, and there are no findings.
    #[track_caller]
    fn is_clean(&self) {
        let project = self.check();
        assert_eq!((&project["scope"], &project["findings"]), (&"keys".into(), &serde_json::json!([])), "{project:#}");
    }
}
