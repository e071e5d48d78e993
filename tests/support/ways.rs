//! The ways to install the project of `stub.rs`: with uv, with pip, with `maturin develop`.
#![allow(clippy::unwrap_used, reason = "a module of a test")]

use std::fmt::Write;
use std::fs;
use std::process::Command;

use super::Project;
use crate::environment::{Tools, must, program};
use crate::support::Run;

/// A way to install the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Sync,
    SyncNoEditable,
    UvPip,
    UvPipEditable,
    Pip,
    PipEditable,
    /// The result of `maturin develop`: uv installs the wheel, and maturin replaces the `direct_url.json`.
    MaturinDevelop,
    /// `uv run --with`, which creates an environment on top of the synced one.
    RunWith,
}

pub const WAYS: [Way; 8] = [
    Way::Sync,
    Way::SyncNoEditable,
    Way::UvPip,
    Way::UvPipEditable,
    Way::Pip,
    Way::PipEditable,
    Way::MaturinDevelop,
    Way::RunWith,
];

impl Project {
    /// Installs the project in a way that may differ from that of the next sync.
    #[track_caller]
    pub fn install(&mut self, way: Way) {
        let python = program(&self.path(&self.environment), "python").display().to_string();
        if !self.path(&self.environment).exists() && way != Way::RunWith {
            let environment = self.environment.clone();
            self.must_uv(&["venv", "-q", &environment]);
        }
        let directory = self.path("").display().to_string();
        let directory = directory.trim_end_matches('/').to_owned();
        match way {
            Way::Sync => self.must_uv(&["sync"]),
            Way::SyncNoEditable => self.must_uv(&["sync", "--no-editable"]),
            Way::UvPip => self.must_uv(&["pip", "install", "--python", &python, &directory]),
            Way::UvPipEditable => self.must_uv(&["pip", "install", "--python", &python, "-e", &directory]),
            Way::Pip => self.must_pip(&["install", "."]),
            Way::PipEditable => self.must_pip(&["install", "-e", "."]),
            Way::MaturinDevelop => self.develop(&python),
            Way::RunWith => {
                self.must_uv(&["run", "--with", &directory, "python", "-c", ""]);
            }
        }
    }

    #[track_caller]
    fn must_uv(&mut self, arguments: &[&str]) {
        let run = self.run_uv(arguments);
        assert_eq!(run.code, Some(0), "{}", self.account);
    }

    #[track_caller]
    fn must_pip(&mut self, arguments: &[&str]) {
        let environment = self.path(&self.environment);
        let mut pip = Tools::get().pip();
        let pip = pip.arg("--python").arg(program(&environment, "python")).args(arguments);
        let run = Run::of(pip.args(["-q", "--force-reinstall"]).current_dir(self.path("")), &self.sandbox.path(""));
        writeln!(self.account, "pip {}\n{}", arguments.join(" "), run.transcript()).unwrap();
        assert_eq!(run.code, Some(0), "{}", self.account);
    }

    #[track_caller]
    fn develop(&mut self, python: &str) {
        let wheels = self.sandbox.path("wheels");
        let _ = fs::remove_dir_all(&wheels);
        fs::create_dir(&wheels).unwrap();
        let build = "import sys; sys.path.insert(0, 'backend'); import stub; stub.build_editable(sys.argv[1])";
        must(Command::new(python).current_dir(self.path("")).args(["-c", build]).arg(&wheels));
        let wheel = fs::read_dir(&wheels).unwrap().next().unwrap().unwrap().path().display().to_string();
        self.must_uv(&["pip", "install", "--python", python, "--reinstall", "--no-deps", &wheel]);
        let information = self.information().expect("installed");
        let url = url::Url::from_file_path(fs::canonicalize(self.path("")).unwrap()).unwrap();
        let text = format!("{{\"dir_info\": {{\"editable\": true}}, \"url\": \"{url}\"}}");
        fs::write(information.join("direct_url.json"), text).unwrap();
    }
}
