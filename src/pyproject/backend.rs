//! The build backend of a project (PEP 517, `[build-system]`): the one that compiles Rust, and the names of others.

use toml_edit::Item;

use super::Pyproject;
use super::uv_sources::normalized;
use crate::fs::Disk;

/// What compiles the Rust of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    /// maturin, or a wrapper of it in the repository (`backend-path`).
    Maturin,
    /// setuptools with setuptools-rust, which pyproject.toml requires or setup.py imports.
    SetuptoolsRust,
    /// Another backend. It builds the manifests that the settings list (`manifests` of `[tool.cachekeys]`).
    Manifests,
}

impl Backend {
    /// The backend, according to pyproject.toml and the setup.py beside it.
    ///
    /// Source: the documentation of maturin ("`build-backend = "maturin"`") and of setuptools-rust ("Setup").
    pub(super) fn of(disk: &Disk, pyproject: &Pyproject) -> Option<Self> {
        let is_in_tree = pyproject.get(&["build-system", "backend-path"]).is_some();
        let has_maturin = pyproject.get(&["tool", "maturin"]).is_some();
        let requires_rust = pyproject.requires("setuptools-rust");
        match pyproject.get(&["build-system", "build-backend"]).and_then(Item::as_str) {
            Some("maturin") => Some(Self::Maturin),
            // maturin itself is built by a wrapper of setuptools-rust, but also has a `[tool.maturin]` for building it with
            // maturin.
            Some(_) if is_in_tree && (pyproject.requires("maturin") || (has_maturin && !requires_rust)) => {
                Some(Self::Maturin)
            }
            Some(name) if !is_in_tree && !name.starts_with("setuptools") => None,
            _ => (requires_rust || imports_setuptools_rust(disk, pyproject)).then_some(Self::SetuptoolsRust),
        }
    }
}

/// Whether setup.py imports setuptools-rust, even inside a function or a condition.
fn imports_setuptools_rust(disk: &Disk, pyproject: &Pyproject) -> bool {
    if !disk.has_file(&pyproject.dir, "setup.py") {
        return false;
    }
    let text = disk.text(pyproject.dir.join("setup.py")).unwrap_or_default();
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| {
        let is_import = line.starts_with("import ") || line.starts_with("from ");
        is_import && line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == "setuptools_rust")
    })
}

/// Packages that compile Rust from another backend.
const BUILDERS: [&str; 6] =
    ["maturin", "setuptools-rust", "hatch-rs", "hatch-rust", "hatch-maturin-build", "hatchling-pyo3-plugin"];

/// The names of their hooks, and of hooks that run cargo, in `[tool.hatch.build.hooks]`.
const HOOKS: [&str; 6] = ["cargo", "rust", "maturin", "pyo3", "hatch-rs", "hatch-rust"];

impl Pyproject {
    /// What shows that a backend other than those of [`Backend`] compiles Rust: a requirement, or the table of a hook.
    pub(crate) fn shows_rust(&self) -> Option<String> {
        if self.backend.is_some() {
            return None;
        }
        let required = BUILDERS.into_iter().find(|name| self.requires(name));
        let hook = || {
            let tables: [&[&str]; 2] = [&["build", "hooks"], &["build", "targets", "wheel", "hooks"]];
            let places =
                tables.into_iter().flat_map(|table| HOOKS.map(|hook| [&["tool", "hatch"], table, &[hook]].concat()));
            places.into_iter().find(|place| self.get(place).is_some())
        };
        required
            .map(|name| format!("the build requires `{name}`"))
            .or_else(|| Some(format!("`[{}]` is set", hook()?.join("."))))
    }

    /// Whether an editable install imports the Python files in place, so that Python writes its cache beside them. This is not
    /// known for other backends: py-build-cmake may link each file.
    pub(crate) fn imports_sources(&self) -> bool {
        const BACKENDS: [&str; 8] = [
            "setuptools", "hatchling", "scikit-build-core", "meson-python", "pdm-backend", "poetry-core", "flit_core",
            "uv_build",
        ];
        BACKENDS.contains(&self.backend_name().as_str()) && self.is_editable()
    }

    /// The package name of the build backend. For a backend that is unknown or in the repository, its module.
    pub(crate) fn backend_name(&self) -> String {
        let module = || {
            let backend = self.get_str(&["build-system", "build-backend"]);
            let module = backend.map_or("setuptools", |name| name.split([':', '.']).next().unwrap_or(name).trim());
            match module {
                "scikit_build_core" | "py_build_cmake" | "flit_scm" => module.replace('_', "-"),
                "mesonpy" => "meson-python".to_owned(),
                "pdm" => "pdm-backend".to_owned(),
                "poetry" => "poetry-core".to_owned(),
                module => module.to_owned(),
            }
        };
        match self.backend {
            Some(Backend::Maturin) => "maturin".to_owned(),
            Some(Backend::SetuptoolsRust) => "setuptools-rust".to_owned(),
            Some(Backend::Manifests) | None => module(),
        }
    }
}

/// The normalised name in a requirement (`setuptools_rust>=1.5` is `setuptools-rust`).
pub(super) fn distribution(requirement: &str) -> String {
    let name = requirement.trim_start();
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(name.len());
    normalized(&name[..end])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn backend(pyproject: &str, setup: Option<&str>) -> (Option<Backend>, String) {
        let dir = tempfile::tempdir().unwrap();
        if let Some(setup) = setup {
            fs::write(dir.path().join("setup.py"), setup).unwrap();
        }
        let path = dir.path().join("pyproject.toml");
        let parsed = Pyproject::parse(&Disk::default(), &path, pyproject.to_owned()).unwrap();
        (parsed.backend, parsed.backend_name())
    }

    #[test]
    fn backends_are_told_apart() {
        for (text, expected, name) in [
            ("[build-system]\nbuild-backend = 'maturin'", Some(Backend::Maturin), "maturin"),
            (
                "[build-system]\nrequires = ['maturin>=1']\nbuild-backend = 'shim'\nbackend-path = ['.']",
                Some(Backend::Maturin),
                "maturin",
            ),
            ("[build-system]\nrequires = ['hatchling']\nbuild-backend = 'shim'\nbackend-path = ['.']", None, "shim"),
            (
                "[build-system]\nbuild-backend = 'shim'\nbackend-path = ['.']\n[tool.maturin]",
                Some(Backend::Maturin),
                "maturin",
            ),
            (
                "[build-system]\nrequires = ['setuptools-rust']\nbuild-backend = 'shim'\nbackend-path = ['.']\n[tool.maturin]",
                Some(Backend::SetuptoolsRust),
                "setuptools-rust",
            ),
            (
                "[build-system]\nrequires = ['setuptools', 'Setuptools_Rust >= 1.5']\nbuild-backend = 'setuptools.build_meta'",
                Some(Backend::SetuptoolsRust),
                "setuptools-rust",
            ),
            ("[build-system]\nrequires = ['setuptools-rust']", Some(Backend::SetuptoolsRust), "setuptools-rust"),
            (
                "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n[tool.maturin]",
                None,
                "hatchling",
            ),
            ("[build-system]\nbuild-backend = 'scikit_build_core.build'", None, "scikit-build-core"),
            ("[build-system]\nbuild-backend = 'mesonpy'", None, "meson-python"),
            ("[tool.uv]", None, "setuptools"),
        ] {
            assert_eq!(backend(text, None), (expected, name.to_owned()), "{text}");
        }
    }

    #[test]
    fn setup_py_alone_may_require_setuptools_rust() {
        let setuptools = "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'";
        for (setup, expected) in [
            ("from setuptools_rust import RustExtension", Some(Backend::SetuptoolsRust)),
            ("if RUST:\n    from setuptools_rust import RustExtension\n", Some(Backend::SetuptoolsRust)),
            ("def main():\n    import os, setuptools_rust as rust\n", Some(Backend::SetuptoolsRust)),
            ("# from setuptools_rust import RustExtension", None),
            ("from setuptools import setup\nfrom setuptools_rust_helper import x", None),
        ] {
            assert_eq!(backend(setuptools, Some(setup)).0, expected, "{setup}");
            assert_eq!(backend("", Some(setup)).0, expected, "without [build-system]: {setup}");
            let hatchling = "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'";
            assert_eq!(backend(hatchling, Some(setup)).0, None, "{setup}");
        }
    }
}
