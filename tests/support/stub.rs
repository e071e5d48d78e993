//! A project with a build backend of a few lines, which counts its builds, and the real uv: what `cachekeys status` says of
//! the next `uv sync`, compared with what that then does.
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

/// 0.13 and older ones, one of them from before 0.9.
pub const VERSIONS: [&str; 3] = [UV, "0.10.0", "0.8.24"];

/// PEP 517 and PEP 660 in short: a wheel with one Python file, which holds what it was built from. Each line of `writes` is a file that the build writes anew
/// each time, or with a `?` in front only where it is not there. With a `module-name` an editable build copies the module into the sources, as maturin does, and any
/// other packs it with them.
pub const BACKEND: &str = include_str!("backend.py");

/// The layout of a project whose module an editable build copies into the sources.
pub const MIXED: &str = "python-source = \"python\"\nmodule-name = \"ext._ext\"\n";

pub struct Project {
    pub sandbox: Sandbox,
    pub uv: &'static str,
    pub editable: bool,
    /// The name of the environment, beside the project's files.
    pub environment: String,
    /// Where uv is run, from the project's directory.
    pub root: String,
    pub variables: BTreeMap<String, String>,
    pub version: String,
    pub keys: String,
    /// Lines of `[tool.maturin]`.
    pub layout: String,
    /// Whether it is a member of a workspace, beside another.
    pub has_second: bool,
    /// What was done, which every failure prints.
    pub account: String,
}

/// What a sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Did {
    Nothing,
    Build,
    Reinstall,
}

impl Project {
    /// `keys` is what stands in the list.
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

    /// `cachekeys status`, as JSON: the exit code, and the one project.
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

    /// Whether Python finds the module; nothing of it is run, as it may be any file.
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

    /// A second member, and the workspace of both.
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

    /// What a sync does to the project, and to the second one.
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

    /// What `status` says, what `uv sync` then does, and whether the import works, if they are the same.
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

    /// As [`Self::try_step`], and both are `expected`; gives the verdict's document.
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

/// Whether `status` has said what uv then did.
pub fn foretells(said: &Value, did: Did) -> bool {
    let expected = match did {
        Did::Nothing => "nothing",
        Did::Build => "build",
        Did::Reinstall => "reinstall",
    };
    let verdict = said["verdict"].as_str().unwrap_or_default();
    // Of a copy that only `uv sync --no-editable` leaves as it is.
    let is_old_copy = verdict == "stale" && said["editable"] == false;
    let fits = match did {
        Did::Nothing => matches!(verdict, "fresh" | "stale" | "broken"),
        Did::Build => is_old_copy || matches!(verdict, "rebuild-due" | "endless" | "not-installed"),
        Did::Reinstall => is_old_copy || matches!(verdict, "reinstall-due" | "endless" | "not-installed" | "broken"),
    };
    said["next"] == expected && fits
}
