//! What the tests of the packages share: the tools that run hooks and check workflows and texts, and this project's own source
//! distribution and wheel.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "a module of a test")]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::environment::{MATURIN, PYTHON, interpreter, isolate, must, once, program, succeed};

/// Pinned, so that the results do not change over time.
const PRE_COMMIT: &str = "4.7.0";
const PREK: &str = "0.5.11";
const ZIZMOR: &str = "1.32.0";
const TYPOS: &str = "1.52.0";
/// The build requirement of the repository of the hooks.
const SETUPTOOLS: &str = "84.2.1";

/// A virtual environment with all tools.
pub struct Toolbox {
    dir: PathBuf,
}

impl Toolbox {
    /// Installs the tools on the first call. Later calls find them, also in other processes.
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

    /// The directory with the wheels of the build requirements.
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

/// The packages of this project, as pip gets them.
pub struct Distribution {
    /// The archive. `unpacked` is the directory to which it was unpacked.
    pub sdist: PathBuf,
    pub unpacked: PathBuf,
    /// All wheels that the build wrote. The tests check that there is only one.
    pub wheels: Vec<PathBuf>,
}

impl Distribution {
    /// Builds the wheel from the source distribution, which shows that nothing is missing in that.
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
                    // All dependencies are on the disk, since cargo has fetched them to build this test.
                    .args(["--locked", "--offline", "--profile", "dev"])
                    // The dependencies are shared with the tests, but the crate itself is not. This setting keeps the two apart,
                    // since cargo does not distinguish them by their directories.
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

/// Packs the sources and unpacks them. If the archive has not changed, the unpacked files are kept, so that cargo need not build
/// them again.
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
        // Files get today's times. The times in the archive never change, and cargo compares times.
        succeed(Command::new("tar").arg("-xzmf").arg(sdist).arg("-C").arg(&unpacked));
        fs::write(&of, &bytes).expect("the target directory can be written");
    }
    let [root] = &listed(&unpacked)[..] else { panic!("one directory in {}", sdist.display()) };
    (sdist.clone(), root.clone())
}

/// The entries of a directory, sorted.
pub fn listed(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("readable").map(|entry| entry.expect("readable").path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    entries
}

pub fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
