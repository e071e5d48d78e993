//! A project with a build backend of a few lines, which counts its builds, and the real uv: what `cachekeys status` says of
//! the next `uv sync`, held against what that then does.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::environment::{Tools, UV, isolate};
use crate::support::{Run, Sandbox};

/// 0.13 and older ones, one of them from before 0.9.
pub const VERSIONS: [&str; 3] = [UV, "0.10.0", "0.8.24"];

/// PEP 517 and PEP 660 in short: a wheel with one Python file, which holds what it was built from. Each line of `writes` is a file that the build writes anew
/// each time, or with a `?` in front only where it is not there.
pub const BACKEND: &str = r#"
import os, pathlib, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open("../builds", "a") as log:
        log.write("built\n")
    for line in pathlib.Path("../writes").read_text().split():
        path = pathlib.Path(line.lstrip("?"))
        if line.startswith("?") and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version = 4\n")
    version = pathlib.Path("pyproject.toml").read_text().split('version = "')[1].split('"')[0]
    source = pathlib.Path("src/lib.rs")
    text = source.read_text() if source.is_file() else ""
    info = "ext-" + version + ".dist-info/"
    name = "ext-" + version + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("stub_of_ext.py", "TEXT = " + repr(text))
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: ext\nVersion: " + version + "\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(info + "RECORD", "")
    return name

build_editable = build_wheel
"#;

pub struct Project {
    pub sandbox: Sandbox,
    pub uv: &'static str,
    pub editable: bool,
    /// The name of the environment, beside the project's files.
    pub environment: String,
    pub variables: BTreeMap<String, String>,
    pub version: String,
    pub keys: String,
    /// Lines of `[tool.maturin]`.
    pub layout: String,
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
            variables: BTreeMap::new(),
            version: "0.1.0".to_owned(),
            keys: keys.to_owned(),
            layout: String::new(),
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
        command.env("UV_PROJECT_ENVIRONMENT", &self.environment).env("UV_CACHE_DIR", self.sandbox.path("uv-cache"));
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
        let mut command = self.sandbox.command();
        isolate(&mut command);
        let run = Run::of(self.prepare(&mut command).arg("status").args(arguments), &self.sandbox.path(""));
        writeln!(self.account, "cachekeys status\n{}", run.transcript()).unwrap();
        run
    }

    pub fn run_sync(&mut self) -> Run {
        self.run_uv(if self.editable { &["sync"] } else { &["sync", "--no-editable"] })
    }

    pub fn run_uv(&mut self, arguments: &[&str]) -> Run {
        let mut uv = Tools::get().uv_of(self.uv, &self.sandbox.path("uv-cache"));
        let run = Run::of(self.prepare(&mut uv).args(arguments), &self.sandbox.path(""));
        writeln!(self.account, "uv {}\n{}", arguments.join(" "), run.transcript()).unwrap();
        run
    }

    #[track_caller]
    pub fn sync(&mut self) -> Did {
        let before = self.sandbox.read("builds").lines().count();
        let run = self.run_sync();
        assert_eq!(run.code, Some(0), "{}", self.account);
        match self.sandbox.read("builds").lines().count() - before {
            0 if run.stderr.contains("~ ext==") || run.stderr.contains("+ ext==") => Did::Reinstall,
            0 => Did::Nothing,
            1 => Did::Build,
            more => panic!("{more} builds in one sync:\n{}", self.account),
        }
    }

    /// What `status` says and what `uv sync` then does, if they are the same.
    pub fn try_step(&mut self) -> Result<(Value, Did), String> {
        let (_, said) = self.status(&[]);
        let did = self.sync();
        if foretells(&said, did) { Ok((said, did)) } else { Err(self.account.clone()) }
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
    let fits = match did {
        Did::Nothing => matches!(verdict, "fresh" | "stale"),
        Did::Build => matches!(verdict, "rebuild-due" | "endless" | "not-installed"),
        Did::Reinstall => matches!(verdict, "reinstall-due" | "endless" | "not-installed"),
    };
    said["next"] == expected && fits
}
