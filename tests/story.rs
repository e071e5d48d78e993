//! What the tool is for, played with the real uv, maturin, cargo and Python: a stale extension and an endless rebuild,
//! each before `cachekeys check --fix` and after it.
//!
//! Needs Python 3.9 or later as `python3` (on Windows `python`), and access to the registries that pip and cargo are
//! set up for.

#[path = "support/environment.rs"]
mod environment;
mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use environment::{MATURIN, Tools, isolate, program};
use support::{Run, Sandbox};

/// The keys that `uv init --build-backend maturin` writes.
const KEYS_OF_UV_INIT: &str = r#"
[tool.uv]
cache-keys = [{ file = "pyproject.toml" }, { file = "src/**/*.rs" }, { file = "Cargo.toml" }, { file = "Cargo.lock" }]
"#;

const KEYS_WITH_ALL_RUST: &str = r#"
[tool.uv]
cache-keys = [{ file = "pyproject.toml" }, { file = "Cargo.toml" }, { file = "Cargo.lock" }, { file = "**/*.rs" }]
"#;

const KEYS_WITH_ALL_PYTHON: &str = r#"
[tool.uv]
cache-keys = [
    { file = "pyproject.toml" },
    { file = "Cargo.toml" },
    { file = "Cargo.lock" },
    { file = "src/**/*.rs" },
    { file = "python/**" },
]
"#;

/// A build script that writes Rust into `OUT_DIR`, and that cargo runs on every build since it watches a file that does
/// not exist. With no such line it is rarer: cargo then reruns it only when it takes a file of the package for changed.
const GENERATING_BUILD_SCRIPT: &str = r#"
fn main() {
    println!("cargo::rerun-if-changed=no-such-file");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("generated.rs"), "pub const ANSWER: u8 = 42;\n").unwrap();
}
"#;

#[test]
fn a_project_without_keys_is_stale_until_it_is_fixed() {
    let mut story = Story::new("");
    story.write("pyproject.toml", pyproject("", ""));
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("hello", r#""one""#)).lock();

    story.sync(Built).greets("one");
    story.edit("src/lib.rs", "one", "two");
    story.sync(Untouched).greets("one");

    story.check(&[], 1, "CK101").check(&["--fix"], 0, "1 fixed").check(&[], 0, "");
    story.sync(Built).greets("two");
    story.edit("src/lib.rs", "two", "three");
    story.sync(Built).greets("three");
    story.sync(Untouched);
}

#[test]
fn a_path_crate_beside_the_project_is_stale_until_it_is_fixed() {
    let mut story = Story::new("app");
    story.write("../Cargo.toml", "[workspace]\nmembers = [\"app\", \"core\"]\nresolver = \"2\"\n");
    story.write("../core/Cargo.toml", "[package]\nname = \"hello-core\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    // The profile of the workspace root decides which of the two it is.
    story.write(
        "../core/src/lib.rs",
        "pub fn greet() -> &'static str {\n    if cfg!(debug_assertions) { \"one\" } else { \"unchecked\" }\n}\n",
    );
    story.write("pyproject.toml", pyproject("", KEYS_OF_UV_INIT));
    story.write("Cargo.toml", manifest("hello-core = { path = \"../core\" }\n"));
    story.write("src/lib.rs", extension("hello", "hello_core::greet()")).lock();

    story.sync(Built).greets("one");
    story.edit("../core/src/lib.rs", "one", "two");
    story.sync(Untouched).greets("one");

    // The key `Cargo.lock` of `uv init` matches nothing in a member of a workspace; to take a key away is no safe fix.
    story.check(&[], 1, "CK103").check(&["--fix", "--unsafe-fixes"], 0, "fixed").check(&[], 0, "");
    story.sync(Built).greets("two");
    story.edit("../core/src/lib.rs", "two", "three");
    story.sync(Built).greets("three");
    story.sync(Untouched);

    // The least that recompiles: one crate's profile.
    story.edit(
        "../Cargo.toml",
        "resolver = \"2\"\n",
        "resolver = \"2\"\n[profile.dev.package.hello-core]\ndebug-assertions = false\n",
    );
    story.sync(Built).greets("unchecked");
    story.sync(Untouched);
}

#[test]
fn a_key_over_all_rust_rebuilds_for_nothing_until_it_is_fixed() {
    let mut story = Story::new("");
    story.write("pyproject.toml", pyproject("", KEYS_WITH_ALL_RUST));
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("hello", r#""one""#)).lock();

    // A dependency of pyo3, target-lexicon, writes a `.rs` into its OUT_DIR when it is built, and only then.
    story.sync(Built);
    story.sync(Built);
    story.sync(Untouched).greets("one");

    story.write("build.rs", GENERATING_BUILD_SCRIPT);
    for _ in 0..4 {
        story.sync(Built);
    }

    story.check(&[], 1, "CK201").check(&["--fix"], 0, "2 fixed").check(&[], 0, "");
    story.sync(Built);
    story.sync(Untouched);
    story.edit("src/lib.rs", "one", "two");
    story.sync(Built).greets("two");
    story.sync(Untouched);
}

#[test]
fn a_key_over_the_python_package_rebuilds_on_every_sync_until_it_is_fixed() {
    let mut story = Story::new("");
    let layout = "python-source = \"python\"\nmodule-name = \"hello._native\"\n";
    story.write("pyproject.toml", pyproject(layout, KEYS_WITH_ALL_PYTHON));
    story.write("python/hello/__init__.py", "from ._native import greet\n");
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("_native", r#""one""#)).lock();

    // Python does not run yet: the byte code that it writes into the package would be a second cause.
    for _ in 0..4 {
        story.sync(Built);
    }

    story.check(&[], 1, "CK201").check(&["--fix"], 0, "1 fixed").check(&[], 0, "");
    story.sync(Built).greets("one");
    story.sync(Untouched);
    story.edit("src/lib.rs", "one", "two");
    story.sync(Built).greets("two");
    story.sync(Untouched);
}

/// What distinguishes the projects: lines of `[tool.maturin]`, and the keys. The profile is what keeps it fast.
fn pyproject(maturin: &str, keys: &str) -> String {
    format!(
        "[project]\nname = \"hello\"\nversion = \"0.1.0\"\nrequires-python = \">=3.9\"\n\n[build-system]\n\
         requires = [\"maturin=={MATURIN}\"]\nbuild-backend = \"maturin\"\n\n\
         [tool.maturin]\nprofile = \"dev\"\n{maturin}{keys}"
    )
}

fn manifest(dependencies: &str) -> String {
    format!(
        "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\npyo3 = {{ version = \"=0.30.1\", features = [\"abi3-py39\"] }}\n{dependencies}"
    )
}

/// An extension module whose one function, `greet`, returns `value`.
fn extension(module: &str, value: &str) -> String {
    format!(
        "#[pyo3::pymodule]\nmod {module} {{\n    #[pyo3::pyfunction]\n    fn greet() -> &'static str {{\n        \
         {value}\n    }}\n}}\n"
    )
}

/// What one `uv sync` did to the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Built once, and installed.
    Built,
    /// Neither built nor installed.
    Untouched,
}
use Outcome::{Built, Untouched};

/// One project, and the account of what was done to it, which every failure prints.
struct Story {
    sandbox: Sandbox,
    project: String,
    steps: usize,
    account: String,
}

impl Story {
    /// The project lies at `project` below a directory that is the story's own; so does uv's cache.
    fn new(project: &str) -> Self {
        let project = Path::new("checkout").join(project).display().to_string();
        Self { sandbox: Sandbox::new(), project, steps: 0, account: String::new() }
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.sandbox.path(&self.project).join(relative)
    }

    /// Files stand where they do for the project, `../` included.
    fn write(&mut self, relative: &str, content: impl AsRef<str>) -> &mut Self {
        self.step(&format!("write {relative}"));
        std::fs::create_dir_all(self.path("")).expect("created");
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("created");
        std::fs::write(path, content.as_ref()).expect("written");
        self
    }

    /// As somebody does in an editor.
    #[track_caller]
    fn edit(&mut self, relative: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(relative)).expect("readable");
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {relative}");
        self.write(relative, text.replace(from, to));
    }

    /// The Cargo.lock that a checkout has. Were it for the first build to write, that would be a change of its own.
    #[track_caller]
    fn lock(&mut self) {
        let mut cargo = Command::new("cargo");
        self.run(isolate(&mut cargo).arg("generate-lockfile"), "cargo generate-lockfile", 0);
    }

    /// Runs `uv sync`, and holds what it did against `expected`.
    #[track_caller]
    fn sync(&mut self, expected: Outcome) -> &mut Self {
        let cache = self.sandbox.path("uv-cache");
        let before = wheels(&cache);
        let mut uv = Tools::get().uv(&cache);
        let said = self.run(uv.arg("sync"), &format!("uv sync, expected: {expected:?}"), 0).stderr;
        // Two witnesses that know nothing of each other: uv announces each wheel that the build backend has handed
        // over, and keeps each in a directory of its own in its cache. Times and identities of the installed files
        // would not do: a wheel from the cache that is installed anew changes them too.
        let starts = |start: &str| said.lines().filter(|line| line.trim_start().starts_with(start)).count();
        let announced = starts("Built hello @ ");
        let kept = wheels(&cache) - before;
        self.hold(announced == kept, &format!("uv announced {announced} builds and kept {kept} wheels"));
        let installed = starts("+ hello==") + starts("~ hello==");
        let did = match (kept, installed) {
            (1, 1) => Some(Built),
            (0, 0) => Some(Untouched),
            _ => None,
        };
        self.hold(did == Some(expected), &format!("expected {expected:?}, but {kept} built and {installed} installed"));
        self
    }

    /// What Python prints, which is what a user goes by.
    #[track_caller]
    fn greets(&mut self, expected: &str) {
        let mut python = Command::new(program(&self.path(".venv"), "python"));
        isolate(&mut python).args(["-c", "import hello; print(hello.greet())"]);
        let said = self.run(&mut python, &format!("python, expected: {expected}"), 0).stdout;
        self.hold(said.trim_end() == expected, &format!("Python should have printed `{expected}`"));
    }

    /// Runs `cachekeys check`: its exit code, and something that its report says.
    #[track_caller]
    fn check(&mut self, flags: &[&str], code: i32, says: &str) -> &mut Self {
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

    /// Fails at the line of the story, with all that happened before.
    #[track_caller]
    fn hold(&self, holds: bool, otherwise: &str) {
        assert!(holds, "at step {}: {otherwise}\n{}", self.steps, self.account);
    }
}

/// The wheels that uv built and kept.
fn wheels(cache: &Path) -> usize {
    let entries = walkdir::WalkDir::new(cache).into_iter().filter_map(Result::ok);
    let built = |path: &Path| path.extension().is_some_and(|extension| extension == "whl");
    entries.filter(|entry| entry.file_type().is_file() && built(entry.path())).count()
}
