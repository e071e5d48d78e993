//! A git repository with two projects, the repository of the hooks next to it, and pre-commit or prek in a minimal environment:
//! no index, no network, none of the caller's settings, and the PATH of a user without Rust.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "a module of a test")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::environment::Tools;
use crate::packages::{Distribution, Toolbox, listed};
use crate::support::{Sandbox, copy};

pub const MIRROR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pre-commit-mirror");

/// The tag of the hooks' repository, as its README describes it.
const TAG: &str = concat!("v", env!("CARGO_PKG_VERSION"));

/// All programs that the hooks, git and the installation of the wheel may use. git's submodule command is a shell script.
const PROGRAMS: [&str; 8] = ["git", "sh", "basename", "dirname", "sed", "uname", "cat", "env"];

/// Keys for a crate that is alone in its directory. `uv init` does not write them all.
const KEYS: &str = r#"cache-keys = [
    { file = "pyproject.toml" },
    { file = "Cargo.toml" },
    { file = "Cargo.lock" },
    { file = "src/**/*.rs" },
]
"#;

pub struct Repository {
    sandbox: Sandbox,
    runner: &'static str,
    /// The directory of cargo; `None` if the hooks run without cargo.
    pub cargo: Option<PathBuf>,
}

impl Repository {
    /// `runner` is `pre-commit` or `prek`.
    pub fn new(runner: &'static str) -> Self {
        let repository = Self { sandbox: Sandbox::new(), runner, cargo: None };
        repository.install();
        repository.mirror();
        for name in ["one", "two"] {
            repository.write(
                &format!("packages/{name}/pyproject.toml"),
                &format!(
                    "[build-system]\nrequires = [\"maturin>=1.9,<2\"]\nbuild-backend = \"maturin\"\n\n[project]\nname = \
                     \"{name}\"\nversion = \"0.1.0\"\n\n[tool.uv]\n{KEYS}"
                ),
            );
            repository.package(&format!("packages/{name}"), name);
            repository.write(&format!("packages/{name}/Cargo.lock"), "version = 4\n");
        }
        repository.package("shared", "shared");
        repository.write("README.md", "Two packages.\n").write("tools/release.py", "");
        let mirror = repository.sandbox.path("mirror");
        repository.write(
            ".pre-commit-config.yaml",
            &format!(
                "repos:\n  - repo: '{}'\n    rev: {TAG}\n    hooks: [{{ id: cachekeys }}, {{ id: cachekeys-fix }}]\n",
                mirror.display()
            ),
        );
        repository.git("checkout", &["init", "--quiet"]);
        repository.stage();
        repository.git("checkout", &["commit", "--quiet", "--message", "start"]);
        repository
    }

    /// Installs the programs and the wheels.
    fn install(&self) {
        let (bin, wheels) = (self.sandbox.path("bin"), self.sandbox.path("wheels"));
        for dir in [&bin, &wheels, &self.sandbox.path("home")] {
            fs::create_dir(dir).expect("created");
        }
        let python = Toolbox::get().program("python").canonicalize().expect("it is installed");
        let uv = PathBuf::from(Tools::get().uv(&self.sandbox.path("uv")).get_program());
        let found = PROGRAMS.map(|name| (name, on_path(name)));
        for (name, program) in found.into_iter().chain([("python3", python), ("uv", uv)]) {
            std::os::unix::fs::symlink(program, bin.join(name)).expect("linked");
        }
        let wheel = Distribution::get().wheel().to_owned();
        for wheel in listed(&Toolbox::get().wheels()).iter().chain([&wheel]) {
            fs::copy(wheel, wheels.join(wheel.file_name().expect("a file"))).expect("copied");
        }
    }

    fn mirror(&self) {
        let mirror = self.sandbox.path("mirror");
        fs::create_dir(&mirror).expect("created");
        copy(Path::new(MIRROR), &mirror);
        for arguments in
            [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "--message", "release"], &["tag", TAG]]
        {
            self.git("mirror", arguments);
        }
    }

    fn package(&self, directory: &str, name: &str) {
        self.write(
            &format!("{directory}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n"),
        );
        self.write(&format!("{directory}/src/lib.rs"), "");
    }

    pub fn write(&self, path: &str, text: &str) -> &Self {
        self.sandbox.write(&format!("checkout/{path}"), text);
        self
    }

    pub fn append(&self, path: &str, text: &str) -> &Self {
        self.write(path, &(self.read(path) + text))
    }

    pub fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("checkout/{path}"))
    }

    pub fn stage(&self) -> &Self {
        self.git("checkout", &["add", "--all"]);
        self
    }

    /// Returns to the first commit.
    pub fn reset(&self) -> &Self {
        self.git("checkout", &["reset", "--quiet", "--hard"]);
        self
    }

    fn git(&self, directory: &str, arguments: &[&str]) {
        let output = self.command(&on_path("git"), directory).args(arguments).output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs a hook on the staged files. Returns the exit code and all output.
    pub fn run(&self, hook: &str) -> (i32, String) {
        self.run_with(&[hook])
    }

    pub fn run_with(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = self.command(&Toolbox::get().program(self.runner), "checkout");
        let Output { status, stdout, stderr } = command.arg("run").args(arguments).output().expect("it runs");
        let text = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (status.code().expect("no signal"), text)
    }

    fn command(&self, program: &Path, directory: &str) -> Command {
        let path = [Some(self.sandbox.path("bin")), self.cargo.clone()].into_iter().flatten();
        let path: OsString = std::env::join_paths(path).expect("no separators in it");
        let mut command = Command::new(program);
        command.current_dir(self.sandbox.path(directory)).env_clear().env("PATH", path);
        for (variable, directory) in [
            ("HOME", "home"),
            ("PRE_COMMIT_HOME", "pre-commit"),
            ("PREK_HOME", "prek"),
            ("UV_CACHE_DIR", "uv"),
            ("PIP_FIND_LINKS", "wheels"),
            ("UV_FIND_LINKS", "wheels"),
        ] {
            command.env(variable, self.sandbox.path(directory));
        }
        command
            .env("PIP_NO_INDEX", "1")
            .env("UV_NO_INDEX", "1")
            .env("UV_OFFLINE", "1")
            .env("UV_PYTHON_DOWNLOADS", "never");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "a").env(format!("GIT_{role}_EMAIL"), "a@localhost");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }
}

/// The path of a program on the caller's PATH.
fn on_path(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").expect("there is a PATH");
    let found = std::env::split_paths(&path)
        .map(|entry| entry.join(name).with_extension(std::env::consts::EXE_EXTENSION))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("the tests of the hooks need `{name}` on PATH"))
}
