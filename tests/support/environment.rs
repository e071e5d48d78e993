//! The real uv and maturin for the tests. They are installed once below cargo's target directory, and run without the caller's
//! configuration of uv, Python and cargo.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "a module of a test")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Pinned, so that the results do not change over time. The tests write the version of maturin into `[build-system]`.
pub const UV: &str = "0.13.9";
pub const MATURIN: &str = "1.16.0";

/// The usual name of the command on each system.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// uv, the Python that it uses, and the wheels of the build requirements.
pub struct Tools {
    uv: PathBuf,
    python: PathBuf,
    wheels: PathBuf,
}

impl Tools {
    /// Installs the tools on the first call. Later calls find them, also in other processes. Under wine, pip does not run. Then
    /// `UV_EXE` is the path of uv, and `UV_PYTHON` that of a stand-in for Python, which can neither build nor install.
    ///
    /// # Panics
    ///
    /// Without Python, its `venv` module, or access to the package index that pip is configured for.
    pub fn get() -> &'static Self {
        static TOOLS: OnceLock<Tools> = OnceLock::new();
        TOOLS.get_or_init(|| {
            let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
            if let (Some(uv), Some(python)) = (named("UV_EXE"), named("UV_PYTHON")) {
                let wheels = python.parent().expect("a file").to_owned();
                return Self { uv, python, wheels };
            }
            let python = interpreter();
            let mut hasher = DefaultHasher::new();
            (&python, UV, MATURIN).hash(&mut hasher);
            let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("story-tools-{:016x}", hasher.finish()));
            let tools = Self {
                uv: program(&dir.join("venv"), "uv"),
                python: program(&dir.join("venv"), "python"),
                wheels: dir.join("wheels"),
            };
            tools.install(&dir);
            tools
        })
    }

    fn install(&self, dir: &Path) {
        once(dir, || self.fill(dir));
    }

    fn fill(&self, dir: &Path) {
        must(Command::new(PYTHON).args(["-m", "venv"]).arg(dir.join("venv")));
        // Only pip accesses the index, as it is configured on this machine. uv does not read pip's configuration, so it is given
        // the files. Each build still installs maturin into an isolated environment, as it does for a user.
        let wanted = [format!("uv=={UV}"), format!("maturin=={MATURIN}")];
        let pip = || {
            let mut pip = Command::new(&self.python);
            pip.args(["-m", "pip", "--disable-pip-version-check"]);
            pip
        };
        must(pip().args(["wheel", "--wheel-dir"]).arg(&self.wheels).args(&wanted));
        must(pip().args(["install", "--no-index", "--find-links"]).arg(&self.wheels).arg(&wanted[0]));
    }

    /// uv, with a cache of its own and without network access. Everything that it needs is on the disk.
    pub fn uv(&self, cache: &Path) -> Command {
        self.run(&self.uv, cache)
    }

    /// Like [`Self::uv`], for another version, which is installed next to the pinned one on the first call.
    pub fn uv_of(&self, version: &str, cache: &Path) -> Command {
        if version == UV {
            return self.uv(cache);
        }
        let dir = self.wheels.with_file_name(format!("uv-{version}"));
        once(&dir, || {
            let mut pip = Command::new(&self.python);
            pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--target"]);
            must(pip.arg(&dir).arg(format!("uv=={version}")));
        });
        self.run(&dir.join("bin").join("uv").with_extension(std::env::consts::EXE_EXTENSION), cache)
    }

    pub fn wheels(&self) -> &Path {
        &self.wheels
    }

    /// A directory with the wheels of other build requirements and of their dependencies.
    pub fn wheels_of(&self, wanted: &[&str]) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        wanted.hash(&mut hasher);
        let dir = self.wheels.with_file_name(format!("wheels-{:016x}", hasher.finish()));
        once(&dir, || {
            let mut pip = Command::new(&self.python);
            pip.args(["-m", "pip", "--disable-pip-version-check", "wheel", "--wheel-dir"]);
            must(pip.arg(&dir).args(wanted));
        });
        dir
    }

    /// pip, which finds only packages on the disk.
    pub fn pip(&self) -> Command {
        let mut pip = Command::new(&self.python);
        isolate(&mut pip).args(["-m", "pip", "--disable-pip-version-check"]);
        pip.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &self.wheels);
        pip
    }

    /// maturin as a program, which finds the pinned uv on PATH. It is installed on the first call.
    pub fn maturin(&self) -> Command {
        let dir = self.wheels.with_file_name("maturin");
        once(&dir, || {
            must(self.pip().args(["install", "--target"]).arg(&dir).arg(format!("maturin=={MATURIN}")));
        });
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = self.uv.parent().expect("a file").to_owned();
        let mut maturin = Command::new(dir.join("bin").join("maturin").with_extension(std::env::consts::EXE_EXTENSION));
        let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&path))).expect("paths");
        isolate(&mut maturin).env("PATH", path).env("UV_OFFLINE", "1").env("UV_NO_CONFIG", "1");
        maturin
    }

    /// The answer that a stand-in for Python gives to uv; `None` if Python is real.
    pub fn answer(&self) -> Option<PathBuf> {
        Some(self.python.with_file_name("answer.json")).filter(|answer| answer.is_file())
    }

    fn run(&self, uv: &Path, cache: &Path) -> Command {
        let mut uv = Command::new(uv);
        isolate(&mut uv)
            .env("UV_CACHE_DIR", cache)
            .env("UV_PYTHON", &self.python)
            .env("UV_PYTHON_DOWNLOADS", "never")
            .env("UV_FIND_LINKS", &self.wheels)
            .env("UV_OFFLINE", "1")
            .env("UV_NO_CONFIG", "1")
            .env("NO_COLOR", "1");
        uv
    }
}

/// Makes a stand-in for Python say that it belongs to the environment. Outside the environment, it gives `answer`.
pub fn answer_in_environment(environment: &Path, answer: &Path) {
    let text = fs::read_to_string(answer).expect("readable");
    let mut answer: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let path = |place: &str| environment.join(place).to_str().expect("UTF-8").into();
    answer["sys_prefix"] = path("");
    answer["sys_executable"] = path("Scripts/python.exe");
    for place in ["platlib", "purelib"] {
        answer["scheme"][place] = path("Lib/site-packages");
    }
    fs::write(environment.join("Scripts/answer.json"), answer.to_string()).expect("written");
}

/// Fills a directory below the target directory, unless an earlier run has done so.
pub fn once(dir: &Path, fill: impl FnOnce()) {
    // Other processes wait until the first one is done. If it is killed, its lock is released, and the mark is missing, since
    // that is written last.
    fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).expect("the target directory can be written");
    let lock = File::create(dir.with_extension("lock")).expect("the target directory can be written");
    lock.lock().expect("the file system has locks");
    let complete = dir.join("complete");
    if complete.exists() {
        return;
    }
    if dir.exists() {
        fs::remove_dir_all(dir).expect("what an interrupted run left can be removed");
    }
    fill();
    File::create(complete).expect("the target directory can be written");
}

/// The path of a program in a virtual environment.
pub fn program(environment: &Path, name: &str) -> PathBuf {
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    environment.join(folder).join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// Removes the variables that change how uv, maturin, cargo or Python work, and all that `cargo test` sets for this test, since a
/// user's shell has none of these. The variables that configure registries stay.
pub fn isolate(command: &mut Command) -> &mut Command {
    const OTHERS: [&str; 4] = ["UV_", "MATURIN_", "PYO3_", "PYTHON"];
    const NAMES: [&str; 5] = ["VIRTUAL_ENV", "CONDA_PREFIX", "RUST_LOG", "FORCE_COLOR", "CLICOLOR_FORCE"];
    const CARGO_KEPT: [&str; 6] =
        ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_", "CARGO_SOURCE_"];
    let removed = |name: &OsStr| {
        let name = name.to_string_lossy();
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        NAMES.contains(&&*name) || starts(&OTHERS) || (starts(&["CARGO"]) && !starts(&CARGO_KEPT))
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| removed(name)) {
        command.env_remove(name);
    }
    command
}

/// Identifies the Python, so that another one gets an environment of its own.
pub fn interpreter() -> Vec<u8> {
    let mut command = Command::new(PYTHON);
    let output = isolate(&mut command).args(["-c", "import sys; print(sys.executable, sys.version)"]).output();
    match output {
        Ok(output) if output.status.success() => output.stdout,
        other => panic!(
            "`{PYTHON}` does not run, and the stories need it: they install the real uv {UV} and maturin {MATURIN} \
             with its venv and pip. Put Python 3.9 or later on PATH. ({other:?})"
        ),
    }
}

pub fn must(command: &mut Command) -> String {
    succeed(isolate(command))
}

/// Like [`must`], with the environment variables that the caller has set.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed, {}\n{stdout}{stderr}", output.status);
    stdout.into_owned()
}
