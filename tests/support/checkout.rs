//! A checkout with an environment that contains pytest, pytest-xdist and the wheel of this project, and the output of pytest in
//! it.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::environment::{Tools, program, succeed};
use crate::packages::{Distribution, temporary};
use crate::support::{Run, Sandbox};

/// Pinned, so that the results do not change over time. The others are dependencies on other systems, which uv locks too.
pub const WHEELS: [&str; 6] =
    ["pytest==9.2.0", "pytest-xdist==3.8.0", "colorama", "exceptiongroup", "tomli", "typing-extensions"];
pub const PACKAGES: [&str; 3] = ["pytest", "pytest-xdist", "cachekeys"];

pub struct Checkout {
    sandbox: Sandbox,
    target: PathBuf,
    /// All steps so far. Every failure prints them.
    account: String,
}

/// The output of a run of pytest.
pub struct Said<'a> {
    checkout: &'a Checkout,
    run: Run,
    /// What the tests wrote to the file `ran`; empty if they did not run.
    ran: String,
}

impl Checkout {
    /// `name` is that of a directory for cargo, which is kept so that pyo3 is compiled only once.
    pub fn new(name: &str) -> Self {
        let target = temporary("pytest-plugin").join(name);
        let checkout = Self { sandbox: Sandbox::new(), target, account: String::new() };
        checkout.write(".gitignore", "target\n.venv\n__pycache__\n*.so\nran\n").write(".git/HEAD", "");
        checkout
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.sandbox.path("checkout").join(file)
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) -> &Self {
        self.sandbox.write(&format!("checkout/{file}"), text);
        self
    }

    #[track_caller]
    pub fn edit(&mut self, file: &str, from: &str, to: &str) {
        writeln!(self.account, "\n=== {from} is {to} in {file}").unwrap();
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.write(file, text.replace(from, to));
    }

    #[track_caller]
    pub fn remove(&mut self, file: &str) {
        writeln!(self.account, "\n=== {file} is removed").unwrap();
        fs::remove_file(self.path(file)).unwrap();
    }

    /// Sets the environment as users have it, but without network access.
    fn prepared(&self, mut command: Command) -> Command {
        let tools = Tools::get();
        let uv = tools.uv(&self.sandbox.path("uv-cache"));
        for (name, value) in uv.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let directories = [tools.wheels(), &tools.wheels_of(&WHEELS), Distribution::get().wheel().parent().unwrap()];
        let directories: Vec<String> = directories.iter().map(|path| path.display().to_string()).collect();
        command.env("UV_FIND_LINKS", directories.join(",")).env("CARGO_TARGET_DIR", &self.target);
        command.env("UV", uv.get_program()).current_dir(self.path(""));
        command
    }

    #[track_caller]
    pub fn uv(&mut self, arguments: &[&str]) {
        let uv = Tools::get().uv(Path::new("")).get_program().to_owned();
        writeln!(self.account, "\n=== uv {}", arguments.join(" ")).unwrap();
        let mut uv = self.prepared(Command::new(uv));
        let run = Run::of(uv.args(arguments), &self.sandbox.path("checkout"));
        self.account += &run.transcript();
        assert_eq!(run.code, Some(0), "{}", self.account);
    }

    pub fn lock(&self) {
        succeed(self.prepared(Command::new("cargo")).arg("generate-lockfile"));
    }

    pub fn develop(&mut self) {
        writeln!(self.account, "\n=== maturin develop").unwrap();
        let mut maturin = Tools::get().maturin();
        maturin.env("VIRTUAL_ENV", self.path(".venv")).env("UV_CACHE_DIR", self.sandbox.path("uv-cache"));
        succeed(maturin.env("CARGO_TARGET_DIR", &self.target).current_dir(self.path("")).args(["develop", "--uv"]));
    }

    pub fn pytest(&mut self, arguments: &[&str]) -> Said<'_> {
        self.pytest_in("", arguments)
    }

    pub fn pytest_in(&mut self, directory: &str, arguments: &[&str]) -> Said<'_> {
        let _ = fs::remove_file(self.path("ran"));
        let mut pytest = self.prepared(Command::new(program(&self.path(".venv"), "pytest")));
        pytest.current_dir(self.path(directory)).env("RAN", self.path("ran"));
        let run = Run::of(pytest.args(arguments), &self.sandbox.path("checkout"));
        writeln!(self.account, "\n=== pytest {}\n{}", arguments.join(" "), run.transcript()).unwrap();
        let ran = fs::read_to_string(self.path("ran")).unwrap_or_default();
        Said { checkout: self, run, ran }
    }
}

impl Said<'_> {
    /// Checks the exit code, and what the tests wrote to `ran`: nothing if none ran.
    #[track_caller]
    pub fn ends(self, code: i32, ran: &str) -> Self {
        assert_eq!((self.run.code, self.ran.trim_end()), (Some(code), ran), "{}", self.checkout.account);
        self
    }

    /// Checks the lines of the plugin. There must be one for each of `expected`, which contains these words.
    #[track_caller]
    pub fn says(self, expected: &[&str]) -> Self {
        let lines = self.run.stdout.lines().chain(self.run.stderr.lines());
        let found: Vec<&str> = lines.filter(|line| line.contains("cachekeys: ")).collect();
        let is_said = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.contains(b));
        assert!(is_said, "expected {expected:?}, found {found:?}\n{}", self.checkout.account);
        self
    }

    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        let shown = self.run.stdout.contains(text) || self.run.stderr.contains(text);
        assert!(shown, "expected `{text}`\n{}", self.checkout.account);
        self
    }
}
