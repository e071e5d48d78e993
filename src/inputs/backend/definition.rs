//! The files that define the build, and the files that it writes, according to the settings of each backend in pyproject.toml.
//! Values that a backend computes are not guessed.
//!
//! Sources: the documentation of setuptools ("Building extension modules", "Package discovery"), setuptools-scm
//! ("Configuration"), scikit-build-core ("Configuration"), py-build-cmake ("Configuration"), meson-python ("Editable
//! installs"), hatch ("Build hook plugins", "Metadata hook plugins"), pdm-backend ("Build hooks"), poetry-core ("Building
//! extension modules").

use super::setuptools;
use crate::fs::{Disk, Resolved};
use crate::pyproject::{Backend, Pyproject};

/// The files, apart from Rust, that define a build, and the files that it writes.
#[derive(Debug, Default)]
pub(crate) struct Definition {
    /// The files that define the build, each with the reason.
    pub(crate) files: Vec<(Resolved, String)>,
    /// Single files that a build writes into the tree.
    pub(crate) written: Vec<Resolved>,
    /// Directories in which all files belong to the build.
    pub(crate) directories: Vec<BuildDirectory>,
}

/// A directory that a build writes.
#[derive(Debug)]
pub(crate) struct BuildDirectory {
    pub(crate) path: Resolved,
    /// Whether it holds hundreds of directories.
    pub(crate) is_deep: bool,
    /// Some of the files that are in it after a build.
    pub(crate) samples: Vec<Resolved>,
}

/// Files that `CMake` writes into its build directory (cmake(1), "Generate a Project Buildsystem").
const OF_CMAKE: [&str; 6] = [
    "CMakeCache.txt",
    "cmake_install.cmake",
    "CMakeFiles/3.31.6/CMakeSystem.cmake",
    "CMakeFiles/3.31.6/CompilerIdC/CMakeCCompilerId.c",
    "CMakeFiles/3.31.6/CompilerIdCXX/CMakeCXXCompilerId.cpp",
    "CMakeFiles/cmake.check_cache",
];

/// Files that Meson writes into its build directory.
const OF_MESON: [&str; 4] = [
    "cp312/build.ninja",
    "cp312/compile_commands.json",
    "cp312/meson-private/sanitycheckc.c",
    "cp312/meson-info/intro-tests.json",
];

/// The sample value for placeholders in the settings of scikit-build-core and py-build-cmake.
const PLACEHOLDERS: [(&str, &str); 6] = [
    ("{wheel_tag}", "cp312-cp312-linux_x86_64"),
    ("{cache_tag}", "cpython-312"),
    ("{build_type}", "Release"),
    ("{state}", "editable"),
    ("{root}", "."),
    ("{build_config}", "cp312-cp312-linux_x86_64"),
];

impl Definition {
    pub(crate) fn of(disk: &Disk, pyproject: &Pyproject) -> Self {
        let mut definition = Self::default();
        if is_setuptools(pyproject) {
            definition.setuptools(disk, pyproject);
        }
        match pyproject.backend_name().as_str() {
            "scikit-build-core" => definition.scikit_build_core(disk, pyproject),
            "py-build-cmake" => definition.py_build_cmake(disk, pyproject),
            "meson-python" => {
                definition.file(disk, pyproject, "meson.build", "read by Meson");
                definition.directory(disk, pyproject, "build", true, &OF_MESON);
            }
            "hatchling" => definition.hatchling(disk, pyproject),
            "pdm-backend" => {
                let hook = pyproject.get_str(&["tool", "pdm", "build", "custom-hook"]).unwrap_or("pdm_build.py");
                definition.file(disk, pyproject, hook, "build hook of pdm-backend");
                definition.directory(disk, pyproject, ".pdm-build", false, &["setup.py"]);
            }
            "poetry-core" => {
                let script = pyproject.get_str(&["tool", "poetry", "build", "script"]);
                let script = script.or_else(|| pyproject.get_str(&["tool", "poetry", "build"]));
                if let Some(script) = script {
                    definition.file(disk, pyproject, script, "build script of poetry-core");
                }
            }
            _ => {}
        }
        if pyproject.backend != Some(Backend::Maturin) {
            definition.setuptools_scm(disk, pyproject);
        }
        definition
    }

    fn file(&mut self, disk: &Disk, pyproject: &Pyproject, relative: &str, reason: &str) {
        let path = disk.resolve(&pyproject.dir.join(relative));
        if disk.is_file(&path) && !self.files.iter().any(|(known, _)| *known == path) {
            self.files.push((path, reason.to_owned()));
        }
    }

    fn writes(&mut self, disk: &Disk, pyproject: &Pyproject, relative: Option<&str>) {
        self.written.extend(relative.map(|relative| disk.resolve(&pyproject.dir.join(relative))));
    }

    /// A directory from the settings, with files that it contains after a build. The part after a placeholder differs between
    /// builds. If the path starts with a placeholder, only the files are known.
    fn directory(&mut self, disk: &Disk, pyproject: &Pyproject, set: &str, is_deep: bool, samples: &[&str]) {
        let filled = PLACEHOLDERS.iter().fold(set.to_owned(), |set, (name, value)| set.replace(name, value));
        let filled = disk.resolve(&pyproject.dir.join(filled));
        let fixed = set.find('{').map_or(set, |at| set[..at].rsplit_once('/').map_or("", |(before, _)| before));
        let path = disk.resolve(&pyproject.dir.join(fixed));
        let samples = samples.iter().map(|name| filled.child(name));
        if pyproject.dir.starts_with(&path) {
            self.written.extend(samples);
        } else {
            self.directories.push(BuildDirectory { path, is_deep, samples: samples.collect() });
        }
    }

    fn setuptools(&mut self, disk: &Disk, pyproject: &Pyproject) {
        for name in ["setup.py", "setup.cfg"] {
            self.file(disk, pyproject, name, "read by setuptools");
        }
        let package = pyproject.get_str(&["project", "name"]).unwrap_or("package").replace('-', "_");
        let root = setuptools::source_root(disk, pyproject);
        let info = pyproject.dir.child(format!("{root}{package}.egg-info"));
        self.written.extend(["SOURCES.txt", "PKG-INFO"].map(|name| info.child(name)));
        let library = format!("lib.linux-x86_64-cpython-312/{package}/__init__.py");
        self.directory(disk, pyproject, "build", false, &[&library]);
        self.written.extend(setuptools::generated_c(disk, pyproject));
    }

    /// The file with the version that setuptools-scm writes, also for other backends.
    fn setuptools_scm(&mut self, disk: &Disk, pyproject: &Pyproject) {
        let set = ["version_file", "write_to"];
        let file = set.into_iter().find_map(|name| pyproject.get_str(&["tool", "setuptools_scm", name]));
        self.writes(disk, pyproject, file);
    }

    fn scikit_build_core(&mut self, disk: &Disk, pyproject: &Pyproject) {
        let settings = |keys: &[&str]| pyproject.get_str(&[&["tool", "scikit-build"], keys].concat());
        let sources = settings(&["cmake", "source-dir"]).unwrap_or(".");
        self.file(disk, pyproject, &format!("{sources}/CMakeLists.txt"), "read by CMake");
        if let Some(directory) = settings(&["build-dir"]).filter(|directory| !directory.is_empty()) {
            self.directory(disk, pyproject, directory, true, &OF_CMAKE);
        }
        let generated =
            pyproject.get(&["tool", "scikit-build", "generate"]).and_then(toml_edit::Item::as_array_of_tables);
        for table in generated.into_iter().flatten() {
            let text = |key: &str| table.get(key).and_then(toml_edit::Item::as_str);
            let path = text("path").filter(|_| text("location") == Some("source"));
            self.writes(disk, pyproject, path);
        }
    }

    fn py_build_cmake(&mut self, disk: &Disk, pyproject: &Pyproject) {
        let settings = |key: &str| pyproject.get_str(&["tool", "py-build-cmake", "cmake", key]);
        let sources = settings("source_path").unwrap_or(".");
        self.file(disk, pyproject, &format!("{sources}/CMakeLists.txt"), "read by CMake");
        let directory = settings("build_path").unwrap_or(".py-build-cmake_cache/{build_config}");
        self.directory(disk, pyproject, directory, true, &OF_CMAKE);
    }

    fn hatchling(&mut self, disk: &Disk, pyproject: &Pyproject) {
        let tables: [&[&str]; 3] = [
            &["tool", "hatch", "build", "hooks"],
            &["tool", "hatch", "build", "targets", "wheel", "hooks"],
            &["tool", "hatch", "metadata", "hooks"],
        ];
        for table in tables {
            let setting = |keys: &[&str]| pyproject.get_str(&[table, keys].concat());
            if pyproject.get(&[table, &["custom"]].concat()).is_some() {
                let path = setting(&["custom", "path"]).unwrap_or("hatch_build.py");
                self.file(disk, pyproject, path, "hook of hatchling");
            }
            self.writes(disk, pyproject, setting(&["vcs", "version-file"]));
        }
    }
}

/// Whether setuptools builds the package, even if through a wrapper in the repository.
pub(crate) fn is_setuptools(pyproject: &Pyproject) -> bool {
    let is_in_tree = pyproject.get(&["build-system", "backend-path"]).is_some();
    match pyproject.backend {
        Some(Backend::SetuptoolsRust) => true,
        Some(Backend::Maturin) => false,
        Some(Backend::Manifests) | None => {
            pyproject.backend_name() == "setuptools" || (is_in_tree && pyproject.requires("setuptools"))
        }
    }
}

/// The tool that takes the version of the package from git, if any.
pub(crate) fn version_from_git(pyproject: &Pyproject) -> Option<&'static str> {
    let has = |keys: &[&str]| pyproject.get(keys).is_some();
    let is = |keys: &[&str], value: &str| pyproject.get_str(keys) == Some(value);
    let is_dynamic = pyproject.get_strings(&["project", "dynamic"]).contains(&"version");
    let scm = pyproject.requires("setuptools-scm") && is_setuptools(pyproject);
    let provider = ["tool", "scikit-build", "metadata", "version", "provider"];
    if is(&["tool", "hatch", "version", "source"], "vcs") {
        Some("hatch-vcs")
    } else if is(&["tool", "hatch", "version", "source"], "uv-dynamic-versioning") {
        Some("uv-dynamic-versioning")
    } else if is(&["tool", "pdm", "version", "source"], "scm") {
        Some("pdm-backend")
    } else if is(&provider, "scikit_build_core.metadata.setuptools_scm")
        || scm && (is_dynamic || has(&["tool", "setuptools_scm"]))
    {
        Some("setuptools-scm")
    } else if has(&["tool", "versioningit"]) || (pyproject.requires("versioningit") && is_dynamic) {
        Some("versioningit")
    } else {
        None
    }
}
