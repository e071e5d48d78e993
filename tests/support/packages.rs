//! What the tests of the packages share: the tools that run hooks and read workflows and texts, and this project's own
//! source distribution and wheel.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "a module of a test")]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::environment::{MATURIN, PYTHON, interpreter, isolate, must, once, program, succeed};

/// Pinned, so that a run means the same tomorrow.
const PRE_COMMIT: &str = "4.7.0";
const PREK: &str = "0.5.11";
const ZIZMOR: &str = "1.32.0";
const TYPOS: &str = "1.52.0";
/// What the mirror for pre-commit is built with.
const SETUPTOOLS: &str = "84.2.1";

/// A virtual environment with all of them.
pub struct Toolbox {
    dir: PathBuf,
}

impl Toolbox {
    /// Installs them on the first call; later calls, also those of other processes, find them there.
    pub fn get() -> &'static Self {
        static TOOLBOX: OnceLock<Toolbox> = OnceLock::new();
        TOOLBOX.get_or_init(|| {
            let pins = [
                format!("maturin=={MATURIN}"),
                format!("pre-commit=={PRE_COMMIT}"),
                format!("prek=={PREK}"),
                format!("zizmor=={ZIZMOR}"),
                format!("typos=={TYPOS}"),
            ];
            let setuptools = format!("setuptools=={SETUPTOOLS}");
            let mut hasher = DefaultHasher::new();
            (interpreter(), &pins, &setuptools).hash(&mut hasher);
            let toolbox = Self { dir: temporary(&format!("toolbox-{:016x}", hasher.finish())) };
            once(&toolbox.dir, || {
                must(Command::new(PYTHON).args(["-m", "venv"]).arg(toolbox.dir.join("venv")));
                must(toolbox.pip("install").args(&pins));
                must(toolbox.pip("wheel").arg("--wheel-dir").arg(toolbox.wheels()).arg(&setuptools));
            });
            toolbox
        })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        program(&self.dir.join("venv"), name)
    }

    /// Where the wheels of build requirements lie.
    pub fn wheels(&self) -> PathBuf {
        self.dir.join("wheels")
    }

    pub fn pip(&self, command: &str) -> Command {
        let mut pip = Command::new(self.program("python"));
        isolate(&mut pip).args(["-m", "pip", "--disable-pip-version-check", command]);
        pip
    }

    fn maturin(&self, command: &str, directory: &Path) -> Command {
        let mut maturin = Command::new(self.program("maturin"));
        isolate(&mut maturin).current_dir(directory).arg(command);
        maturin
    }
}

/// This project as pip gets it.
pub struct Distribution {
    /// The archive, and the directory that it was unpacked to.
    pub sdist: PathBuf,
    pub unpacked: PathBuf,
    /// All that the build wrote: the tests hold that it is one.
    pub wheels: Vec<PathBuf>,
}

impl Distribution {
    /// The wheel is built from the source distribution, which shows that nothing lacks in that.
    pub fn get() -> &'static Self {
        static DISTRIBUTION: OnceLock<Distribution> = OnceLock::new();
        DISTRIBUTION.get_or_init(|| {
            let dir = temporary("distribution");
            fs::create_dir_all(&dir).expect("the target directory can be written");
            let lock = fs::File::create(dir.join("lock")).expect("the target directory can be written");
            lock.lock().expect("the file system has locks");
            let (sdist, unpacked) = source(&dir);
            let output = dir.join("wheels");
            let _ = fs::remove_dir_all(&output);
            must(
                Toolbox::get()
                    .maturin("build", &unpacked)
                    // cargo has fetched what the lockfile names when it built this test.
                    .args(["--locked", "--offline", "--profile", "dev"])
                    // The dependencies are those of the tests, the crate itself is not: by this cargo distinguishes the two
                    // apart, which it does not by the directory.
                    .args(["--config", "profile.dev.package.cachekeys.debug=false"])
                    .arg("--target-dir")
                    .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name(""))
                    .arg("--out")
                    .arg(&output),
            );
            Self { sdist, unpacked, wheels: listed(&output) }
        })
    }

    pub fn wheel(&self) -> &Path {
        assert_eq!(self.wheels.len(), 1, "{:?}", self.wheels);
        &self.wheels[0]
    }
}

/// Packs and unpacks the sources. What is unpacked stays while the archive is the same, so that cargo finds it built.
fn source(dir: &Path) -> (PathBuf, PathBuf) {
    let output = dir.join("sdist");
    let _ = fs::remove_dir_all(&output);
    must(Toolbox::get().maturin("sdist", Path::new(env!("CARGO_MANIFEST_DIR"))).arg("--out").arg(&output));
    let [sdist] = &listed(&output)[..] else { panic!("one source distribution in {}", output.display()) };
    let bytes = fs::read(sdist).expect("maturin wrote it");
    let (unpacked, of) = (dir.join("unpacked"), dir.join("unpacked.tar.gz"));
    if fs::read(&of).ok().as_ref() != Some(&bytes) {
        let _ = fs::remove_file(&of);
        let _ = fs::remove_dir_all(&unpacked);
        fs::create_dir_all(&unpacked).expect("the target directory can be written");
        // With the times of today: those in the archive are the same for ever, and cargo goes by times.
        succeed(Command::new("tar").arg("-xzmf").arg(sdist).arg("-C").arg(&unpacked));
        fs::write(&of, &bytes).expect("the target directory can be written");
    }
    let [root] = &listed(&unpacked)[..] else { panic!("one directory in {}", sdist.display()) };
    (sdist.clone(), root.clone())
}

/// What is in a directory, sorted.
pub fn listed(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("readable").map(|entry| entry.expect("readable").path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    entries
}

pub fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
