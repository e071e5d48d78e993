//! Tests what the rules say about uv with the real uv: how often it builds before and after the fix, what it rejects, and what it
//! installs without a build. The build backend is a small stub that counts its builds and writes the files that a build would
//! write, so that a sync takes a fraction of a second.
//!
//! Needs Python 3.9 or later as `python3` (on Windows `python`), and access to the index that pip is configured for.

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fmt::Write;

use environment::{Tools, isolate};
use stub::BACKEND;
use support::{Run, Sandbox};

const PYPROJECT: &str = r#"[build-system]
requires = []
build-backend = "stub"
backend-path = ["backend"]

[project]
name = "ext"
version = "0.1.0"
requires-python = ">=3.9"

[tool.maturin]
python-source = "python"

"#;

const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\ncrate-type = \
                        [\"cdylib\"]\n\n[dependencies]\npyo3 = \"0.26\"\n";

/// Keys that are right for every project in this file, and one more key.
fn keys(one_more: &str) -> String {
    format!(
        "[tool.uv]\ncache-keys = [{{ file = \"pyproject.toml\" }}, {{ file = \"Cargo.toml\" }}, {{ file = \"Cargo.lock\" }}, \
         {{ file = \"src/**/*.rs\" }}, {{ file = \"backend/**/*.py\" }}, {one_more}]\n"
    )
}

#[test]
fn ck201_a_key_over_generated_rust_rebuilds_at_every_sync() {
    let mut project = Project::new(&keys("{ file = \"**/*.rs\" }"));
    project.builds_write("target/release/build/target-lexicon-0/out/host.rs");
    project.syncs(&[1, 1, 1]).fixed("CK201", &["--fix"]).syncs(&[1, 0, 0]);
    project.edit("src/lib.rs").syncs(&[1, 0]);
}

#[test]
fn ck201_a_key_over_the_extension_module_rebuilds_at_every_sync() {
    let mut project = Project::new(&keys("{ file = \"python/**\" }"));
    project.write("python/ext/__init__.py", "");
    project.builds_write("python/ext/ext.abi3.so");
    project.syncs(&[1, 1, 1]).fixed("CK201", &["--fix"]).syncs(&[1, 0, 0]);
    project.edit("python/ext/__init__.py").syncs(&[1, 0]);
}

#[test]
fn ck201_a_directory_that_the_build_creates_rebuilds_once_more() {
    let mut project = Project::new(&keys("{ dir = \"target\" }"));
    project.builds_write("target/CACHEDIR.TAG");
    project.syncs(&[1, 1, 0]).remove("target").syncs(&[1, 1, 0]);
    project.fixed("CK201", &["--fix", "--unsafe-fixes"]).syncs(&[1, 0]).remove("target").syncs(&[0, 0]);
}

#[test]
fn ck204_an_edit_of_a_test_rebuilds() {
    let mut project = Project::new(&keys("{ file = \"tests/**/*.rs\" }"));
    project.write("tests/it.rs", "");
    project.syncs(&[1, 0]).edit("tests/it.rs").syncs(&[1, 0]);
    project.fixed("CK204", &["--fix", "--unsafe-fixes", "-v"]).syncs(&[1, 0]);
    project.edit("tests/it.rs").syncs(&[0]).edit("src/lib.rs").syncs(&[1, 0]);
}

#[test]
fn ck205_a_reinstall_of_the_project_itself_rebuilds_at_every_sync() {
    let keys = keys("{ env = \"STUB\" }").replace("[tool.uv]\n", "[tool.uv]\nreinstall-package = [\"ext\"]\n");
    let mut project = Project::new(&keys);
    project.syncs(&[1, 1, 1]).fixed("CK205", &["--fix", "--unsafe-fixes"]).syncs(&[1, 0, 0]);
    project.edit("src/lib.rs").syncs(&[1, 0]);

    let keys = keys.replace("reinstall-package = [\"ext\"]", "reinstall = true");
    Project::new(&keys).check(&[], 1, "CK205").syncs(&[1, 1, 1]);
}

#[test]
fn ck206_a_lockfile_that_the_first_build_writes_rebuilds_once_more() {
    let mut project = Project::new(&keys("{ env = \"STUB\" }"));
    project.remove("Cargo.lock").builds_write("?Cargo.lock");
    project.check(&["-v"], 0, "CK206").syncs(&[1, 1, 0]);

    let mut with_lockfile = Project::new(&keys("{ env = \"STUB\" }"));
    with_lockfile.builds_write("?Cargo.lock").check(&["-v"], 0, "no errors or warnings").syncs(&[1, 0, 0]);
}

#[test]
fn ck207_keys_that_track_nothing_reinstall_the_old_wheel() {
    for empty in ["[tool.uv]\ncache-keys = []\n", "[tool.uv]\ncache-keys = [\"gone.txt\", \"gone/**/*.rs\"]\n"] {
        let mut project = Project::new(empty);
        project.syncs(&[1]).edit("src/lib.rs").syncs(&[0, 0]);
        project.said("~ ext==0.1.0").installed("first");
        project.fixed("CK207", &["--fix", "--unsafe-fixes"]).syncs(&[1, 0]).installed("edited");
        project.edit("src/lib.rs").syncs(&[1, 0]);
    }
}

#[test]
fn ck001_uv_rejects_malformed_keys() {
    for (malformed, reason) in [
        ("{ file = \"src/[\" }", "Failed to parse glob patterns for `cache-keys`"),
        ("{ path = \"src\" }", "unknown field `path`"),
        ("{ file = \"a\", dir = \"b\" }", "Failed to parse cache keys"),
        ("{}", "Failed to parse cache keys"),
        ("7", "Failed to parse cache keys"),
    ] {
        let mut project = Project::new(&keys(malformed));
        project.check(&[], 1, "CK001").refused(reason);
        project.check(&["--fix", "--unsafe-fixes"], 1, "CK001").refused(reason);
    }
}

#[test]
fn ck002_a_misspelled_list_is_not_read() {
    let mut project = Project::new(&keys("{ env = \"STUB\" }").replace("cache-keys", "cache_keys"));
    project.syncs(&[1]).edit("src/lib.rs").syncs(&[0]).installed("first");
    project.fixed("CK002", &["--fix"]).syncs(&[1, 0]).installed("edited").edit("src/lib.rs").syncs(&[1, 0]);
}

#[test]
fn ck002_the_keys_of_an_unpackaged_project_are_not_read() {
    let mut project = Project::new(&keys("{ file = \"[\" }").replace("cache-keys", "package = false\ncache-keys"));
    // uv builds nothing, so it does not even notice that the keys are malformed.
    project.syncs(&[0]);
    let mut project = Project::new(&keys("{ env = \"STUB\" }").replace("cache-keys", "package = false\ncache-keys"));
    project.check(&[], 1, "CK002").syncs(&[0, 0]).edit("src/lib.rs").syncs(&[0]);
}

#[test]
fn ck005_a_directory_is_not_its_contents() {
    let mut project = Project::new(&keys("{ dir = \"src\" }").replace("{ file = \"src/**/*.rs\" }, ", ""));
    project.syncs(&[1]).edit("src/lib.rs").syncs(&[0]).installed("first");
    project.fixed("CK005", &["--fix"]).syncs(&[1, 0]).edit("src/lib.rs").syncs(&[1, 0]);
}

#[test]
fn ck006_a_negation_without_effect() {
    let mut project = Project::new(&keys("{ file = \"!src/convert/**\" }, { file = \"!src\" }"));
    project.write("src/convert/mod.rs", "");
    project.syncs(&[1, 0]).edit("src/convert/mod.rs").syncs(&[1, 0]);
    project.fixed("CK006", &["--fix", "--unsafe-fixes"]).syncs(&[1, 0]).edit("src/convert/mod.rs").syncs(&[1, 0]);
}

#[test]
fn ck007_an_unrelated_key_drops_the_files_of_subdirectories() {
    let flat = keys("{ env = \"STUB\" }").replace("src/**/*.rs", "src/*.rs");
    let mut project = Project::new(&flat);
    project.write("src/convert/mod.rs", "");
    project.syncs(&[1]).edit("src/convert/mod.rs").syncs(&[1]);
    project
        .write("pyproject.toml", &(PYPROJECT.to_owned() + &flat.replace("{ env = \"STUB\" }", "{ file = \"*.md\" }")));
    project.syncs(&[1]).edit("src/convert/mod.rs").syncs(&[0]);
    project.fixed("CK007", &["--fix", "--unsafe-fixes"]).syncs(&[1]).edit("src/convert/mod.rs").syncs(&[1, 0]);
}

/// A project, and a log of all steps, which is printed if a test fails.
struct Project {
    sandbox: Sandbox,
    edits: usize,
    account: String,
}

impl Project {
    fn new(keys: &str) -> Self {
        let sandbox = Sandbox::new();
        for (file, text) in [
            ("checkout/pyproject.toml", PYPROJECT.to_owned() + keys),
            ("checkout/backend/stub.py", BACKEND.to_owned()),
            ("checkout/Cargo.toml", MANIFEST.to_owned()),
            ("checkout/Cargo.lock", "version = 4\n".to_owned()),
            ("checkout/src/lib.rs", "// first\n".to_owned()),
            ("checkout/python/keep", String::new()),
            ("checkout/.git/HEAD", String::new()),
            ("builds", String::new()),
            ("writes", String::new()),
        ] {
            sandbox.write(file, text);
        }
        Self { sandbox, edits: 0, account: String::new() }
    }

    fn write(&mut self, file: &str, text: &str) {
        self.sandbox.write(&format!("checkout/{file}"), text);
    }

    fn builds_write(&mut self, file: &str) -> &mut Self {
        self.sandbox.write("writes", file);
        self
    }

    fn remove(&mut self, name: &str) -> &mut Self {
        let path = self.sandbox.path(&format!("checkout/{name}"));
        let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        removed.expect("it was there");
        self
    }

    fn edit(&mut self, file: &str) -> &mut Self {
        self.edits += 1;
        writeln!(self.account, "edit {file}").expect("memory");
        self.write(file, &format!("# edited {}\n", self.edits));
        self
    }

    /// Runs `uv sync` once for each entry of `builds`, which is the number of builds that it must make.
    #[track_caller]
    fn syncs(&mut self, builds: &[usize]) -> &mut Self {
        for expected in builds {
            let before = self.sandbox.read("builds").lines().count();
            self.uv(0);
            let made = self.sandbox.read("builds").lines().count() - before;
            assert_eq!(made, *expected, "builds at the last of these steps:\n{}", self.account);
        }
        self
    }

    /// `uv sync` must fail with this reason.
    #[track_caller]
    fn refused(&mut self, reason: &str) -> &mut Self {
        self.uv(2);
        self.said(reason)
    }

    #[track_caller]
    fn uv(&mut self, code: i32) {
        let mut uv = Tools::get().uv(&self.sandbox.path("uv-cache"));
        let directory = self.sandbox.path("checkout");
        // uv uses only the settings of the project.
        let nowhere = self.sandbox.path("no-settings");
        uv.env_remove("UV_NO_CONFIG").env("XDG_CONFIG_HOME", &nowhere).env("XDG_CONFIG_DIRS", &nowhere);
        let run = Run::of(uv.args(["sync", "--no-editable"]).current_dir(directory), &self.sandbox.path(""));
        writeln!(self.account, "uv sync\n{}", run.transcript()).expect("memory");
        assert_eq!(run.code, Some(code), "uv sync:\n{}", self.account);
    }

    /// The last command must have printed `text`.
    #[track_caller]
    fn said(&mut self, text: &str) -> &mut Self {
        let last = self.account.rsplit("uv sync\n").next().unwrap_or_default();
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain(last).contains(&plain(text)), "uv should have said `{text}`:\n{}", self.account);
        self
    }

    /// The installed package must have been built from `text`.
    #[track_caller]
    fn installed(&mut self, text: &str) -> &mut Self {
        let environment = walkdir::WalkDir::new(self.sandbox.path("checkout/.venv")).into_iter().filter_map(Result::ok);
        let module = environment.into_iter().find(|entry| entry.file_name() == "stub_of_ext.py").expect("installed");
        let found = std::fs::read_to_string(module.path()).expect("readable");
        assert!(found.contains(text), "{found} should be from `{text}`:\n{}", self.account);
        self
    }

    /// `check` must report the rule, and must not report it after the fix.
    #[track_caller]
    fn fixed(&mut self, rule: &str, flags: &[&str]) -> &mut Self {
        let code = i32::from(!flags.contains(&"-v"));
        let more: &[&str] = if code == 0 { &["-v"] } else { &[] };
        self.check(more, code, rule).check(flags, 0, "fixed").check(&["-v"], 0, "no errors or warnings")
    }

    #[track_caller]
    fn check(&mut self, flags: &[&str], code: i32, says: &str) -> &mut Self {
        let mut command = self.sandbox.command();
        isolate(&mut command).arg("check").args(flags).current_dir(self.sandbox.path("checkout"));
        let run = Run::of(&mut command, &self.sandbox.path(""));
        writeln!(self.account, "cachekeys check {}\n{}", flags.join(" "), run.transcript()).expect("memory");
        assert!(run.stdout.contains(says), "the report should have said `{says}`:\n{}", self.account);
        assert_eq!(run.code, Some(code), "{}", self.account);
        self
    }
}
