//! Compares what `cachekeys status` says about the next `uv sync` with what that sync does. uv is real. The project has a small
//! build backend that counts its builds.
#![allow(dead_code, unused_imports, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::environment::{Tools, UV, isolate, program};
use crate::support::{Run, Sandbox};

#[path = "ways.rs"]
mod ways;

pub use ways::{WAYS, Way};

/// The current version of uv, and older ones. One of them is older than 0.9.
pub const VERSIONS: [&str; 3] = [UV, "0.10.0", "0.8.24"];

/// A minimal backend for PEP 517 and PEP 660. Its wheel contains one Python file, which holds what it was built from. Each line
/// of `writes` names a file that the build writes: each time, or with a `?` in front only if the file does not exist. If there is
/// a `module-name`, an editable build copies the module into the source tree, as maturin does, and any other build packs it into
/// the wheel.
pub const BACKEND: &str = include_str!("backend.py");

/// The layout of a project whose module is copied into the source tree by an editable build.
pub const MIXED: &str = "python-source = \"python\"\nmodule-name = \"ext._ext\"\n";

pub struct Project {
    pub sandbox: Sandbox,
    pub uv: &'static str,
    pub editable: bool,
    /// The path of the environment, relative to the project.
    pub environment: String,
    /// The directory in which uv runs, relative to the project.
    pub root: String,
    pub variables: BTreeMap<String, String>,
    pub version: String,
    pub keys: String,
    /// Lines of `[tool.maturin]`.
    pub layout: String,
    /// Whether the project is a member of a workspace with a second member.
    pub has_second: bool,
    /// All steps so far. Every failure prints them.
    pub account: String,
}

/// What a sync did to a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Did {
    Nothing,
    Build,
    Reinstall,
}

impl Project {
    /// `keys` is the content of the list.
    pub fn new(uv: &'static str, keys: &str) -> Self {
        let sandbox = Sandbox::new();
        for (file, text) in [
            ("checkout/backend/stub.py", BACKEND),
            (
                "checkout/Cargo.toml",
                "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n",
            ),
            ("checkout/Cargo.lock", "version = 4\n"),
            ("checkout/src/lib.rs", "mod deep;\n"),
            ("checkout/src/deep/mod.rs", ""),
            ("checkout/.gitignore", "target\n.venv\nother\n"),
            ("builds", ""),
            ("writes", ""),
        ] {
            sandbox.write(file, text);
        }
        let mut project = Self {
            sandbox,
            uv,
            editable: true,
            environment: ".venv".to_owned(),
            root: String::new(),
            variables: BTreeMap::new(),
            version: "0.1.0".to_owned(),
            keys: keys.to_owned(),
            layout: String::new(),
            has_second: false,
            account: format!("uv {uv}\n"),
        };
        project.write_pyproject();
        project
    }

    pub fn write_pyproject(&mut self) {
        let text = format!(
            "[build-system]\nrequires = []\nbuild-backend = \"stub\"\nbackend-path = [\"backend\"]\n\n[project]\nname = \
             \"ext\"\nversion = \"{}\"\nrequires-python = \">=3.9\"\n\n[tool.maturin]\n{}\n[tool.uv]\ncache-keys = [{}]\n",
            self.version, self.layout, self.keys
        );
        self.write("pyproject.toml", &text);
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.sandbox.path("checkout").join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        self.sandbox.write(&format!("checkout/{file}"), text);
    }

    pub fn builds_write(&self, files: &str) {
        self.sandbox.write("writes", files);
    }

    pub fn say(&mut self, what: &str) -> &mut Self {
        writeln!(self.account, "{what}").unwrap();
        self
    }

    pub fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.path("")).args(["-c", "user.name=a", "-c", "user.email=a@localhost"]).args(arguments);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = git.output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn has_commit(&self) -> bool {
        let mut git = Command::new("git");
        git.current_dir(self.path("")).args(["rev-parse", "--verify", "-q", "HEAD"]).output().unwrap().status.success()
    }

    fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let nowhere = self.sandbox.path("no-settings");
        command.current_dir(self.path("")).envs(&self.variables).env_remove("UV_NO_CONFIG");
        command
            .env("UV_PROJECT_ENVIRONMENT", self.path(&self.environment))
            .env("UV_CACHE_DIR", self.sandbox.path("uv-cache"));
        command.env("XDG_CONFIG_HOME", &nowhere).env("XDG_CONFIG_DIRS", &nowhere)
    }

    /// Runs `cachekeys status`. Returns the exit code and the JSON of the project.
    pub fn status(&mut self, arguments: &[&str]) -> (i32, Value) {
        let run = self.run_status(&[arguments, &["--output-format", "json"]].concat());
        let report: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        assert_eq!(report["version"], 1, "{}", self.account);
        (run.code.unwrap(), report["projects"][0].clone())
    }

    pub fn run_status(&mut self, arguments: &[&str]) -> Run {
        self.run_cachekeys(&[&["status"], arguments].concat())
    }

    pub fn run_cachekeys(&mut self, arguments: &[&str]) -> Run {
        let mut command = self.sandbox.command();
        isolate(&mut command);
        let run = Run::of(self.prepare(&mut command).args(arguments), &self.sandbox.path(""));
        writeln!(self.account, "cachekeys {}\n{}", arguments.join(" "), run.transcript()).unwrap();
        run
    }

    pub fn run_sync(&mut self) -> Run {
        self.run_uv(if self.editable { &["sync"] } else { &["sync", "--no-editable"] })
    }

    pub fn run_uv(&mut self, arguments: &[&str]) -> Run {
        let mut uv = Tools::get().uv_of(self.uv, &self.sandbox.path("uv-cache"));
        let root = self.path(&self.root);
        let uv = self.prepare(&mut uv).current_dir(root).env("UV_PROJECT_ENVIRONMENT", self.path(&self.environment));
        let run = Run::of(uv.args(arguments), &self.sandbox.path(""));
        writeln!(self.account, "uv {}\n{}", arguments.join(" "), run.transcript()).unwrap();
        run
    }

    /// The `.dist-info` of the project.
    pub fn information(&self) -> Option<PathBuf> {
        let mut packages = self.path(&self.environment).join("Lib");
        if cfg!(unix) {
            packages = fs::read_dir(self.path(&self.environment).join("lib")).ok()?.next()?.ok()?.path();
        }
        let entries = fs::read_dir(packages.join("site-packages")).ok()?;
        let is_own = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("ext-") && name.ends_with(".dist-info")
        };
        entries.map(|entry| entry.unwrap().path()).find(is_own)
    }

    /// Whether Python finds the module. The module is not executed, since it may be any file.
    pub fn imports(&mut self) -> bool {
        let module = if self.layout.is_empty() { "stub_of_ext" } else { "ext._ext" };
        let find = format!(
            "import sys\nfrom importlib.machinery import PathFinder\nplaces, found, name = None, None, ''\n\
             for part in '{module}'.split('.'):\n    name = (name + '.' + part).lstrip('.')\n    \
             found = PathFinder.find_spec(name, places)\n    found or sys.exit(1)\n    \
             places = found.submodule_search_locations\n"
        );
        let mut python = Command::new(program(&self.path(&self.environment), "python"));
        let run =
            Run::of(isolate(&mut python).args(["-c", &find]).current_dir(self.path("backend")), &self.sandbox.path(""));
        writeln!(self.account, "import {module}\n{}", run.transcript()).unwrap();
        run.code == Some(0)
    }

    /// Makes the project a member of a workspace, and adds a second member.
    pub fn add_second(&mut self) {
        self.has_second = true;
        "..".clone_into(&mut self.root);
        "../.venv".clone_into(&mut self.environment);
        self.write("../pyproject.toml", "[tool.uv.workspace]\nmembers = [\"checkout\", \"second\"]\n");
        self.git(&["init", "-q", ".."]);
        for file in ["pyproject.toml", "Cargo.toml", "src/lib.rs", "backend/stub.py"] {
            let text = fs::read_to_string(self.path(file)).unwrap().replace(&self.layout, "");
            let text = text.replace("\"ext\"", "\"second\"");
            self.write(&format!("../second/{file}"), &text);
        }
    }

    #[track_caller]
    pub fn sync(&mut self) -> Did {
        self.sync_all().0
    }

    /// Runs a sync. Returns what it did to the project and to the second member.
    #[track_caller]
    fn sync_all(&mut self) -> (Did, Did) {
        let before = self.sandbox.read("builds").len();
        let run = self.run_sync();
        assert_eq!(run.code, Some(0), "{}", self.account);
        let builds = self.sandbox.read("builds").split_off(before);
        let did = |name: &str| {
            let installs = ["~", "+"].iter().any(|sign| run.stderr.contains(&format!("{sign} {name}==")));
            match builds.lines().filter(|line| *line == name).count() {
                0 if installs => Did::Reinstall,
                0 => Did::Nothing,
                1 => Did::Build,
                more => panic!("{more} builds of {name} in one sync:\n{}", self.account),
            }
        };
        (did("ext"), did("second"))
    }

    /// Runs `status`, `uv sync` and an import. Returns the report of `status` and what the sync did, if they agree.
    pub fn try_step(&mut self) -> Result<(Value, Did), String> {
        let flags: &[&str] = if self.editable { &[] } else { &["--no-editable"] };
        let (_, said) = self.status(flags);
        let second = self.has_second.then(|| self.status(&[flags, &["../second"]].concat()).1);
        let (did, did_second) = self.sync_all();
        let imports = self.imports();
        let fits = second.is_none_or(|said| foretells(&said, did_second));
        if fits && foretells(&said, did) && said["missing"].is_null() == imports {
            Ok((said, did))
        } else {
            Err(self.account.clone())
        }
    }

    /// Like [`Self::try_step`], but both must also be `expected`. Returns the report of `status`.
    #[track_caller]
    pub fn step(&mut self, expected: Did) -> Value {
        let (said, did) = self.try_step().unwrap_or_else(|account| panic!("a wrong prediction:\n{account}"));
        assert_eq!(did, expected, "{}", self.account);
        said
    }

    pub fn remove(&self, name: &str) {
        let path = self.path(name);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
        fs::rename(self.path(from), self.path(to)).unwrap();
    }
}

/// Whether `status` predicted what uv did.
pub fn foretells(said: &Value, did: Did) -> bool {
    let expected = match did {
        Did::Nothing => "nothing",
        Did::Build => "build",
        Did::Reinstall => "reinstall",
    };
    let verdict = said["verdict"].as_str().unwrap_or_default();
    // An outdated copy, which only `uv sync --no-editable` leaves as it is.
    let is_old_copy = verdict == "stale" && said["editable"] == false;
    let fits = match did {
        Did::Nothing => matches!(verdict, "fresh" | "stale" | "broken"),
        Did::Build => is_old_copy || matches!(verdict, "rebuild-due" | "endless" | "not-installed"),
        Did::Reinstall => is_old_copy || matches!(verdict, "reinstall-due" | "endless" | "not-installed" | "broken"),
    };
    said["next"] == expected && fits
}
