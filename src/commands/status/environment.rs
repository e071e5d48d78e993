//! The environment that `uv sync` would install into.
//!
//! Source of the facts: uv's documentation, "Project environment path"; `environment_selection` in its crate `uv-workspace`,
//! `virtualenv.rs` in `uv-python` and in `uv-virtualenv`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pep440_rs::Version;

use super::python_request::refused;
use crate::fs::{Disk, path};
use crate::pyproject::Pyproject;
use crate::pyproject::uv_sources::User;

/// The environment to check, if it is not the one that uv uses by default.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct EnvironmentChoice {
    /// The directory of a virtual environment.
    pub venv: Option<PathBuf>,
    /// Use the active environment (`VIRTUAL_ENV`), like `uv sync --active`.
    pub active: bool,
    /// Predict `uv sync --no-editable` instead of `uv sync`.
    pub no_editable: bool,
}

/// A version of Python, and whether it is free-threaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Python {
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) is_free_threaded: bool,
}

/// The place of an environment, and its state.
#[derive(Debug)]
pub(super) struct Environment<'a> {
    /// The path as it was given, not resolved.
    pub(super) path: PathBuf,
    /// Whether `uv sync` uses it by default.
    pub(super) is_default: bool,
    pub(super) state: State,
    /// The project to which it belongs, if that is another project.
    pub(super) user: Option<&'a User>,
    /// A note about another environment that the user may have meant.
    pub(super) note: Option<String>,
}

#[derive(Debug)]
pub(super) enum State {
    Usable {
        site_packages: PathBuf,
        /// The version of Python, according to the files of the environment; `None` if they do not show it.
        python: Option<Python>,
        /// The version in pyvenv.cfg.
        version: Option<Version>,
        /// The version of the uv that created the environment, which is most likely the uv that will sync.
        uv: Option<Version>,
    },
    /// Nothing can be installed there, with the reason. uv creates a new environment.
    Unusable(String),
}

impl<'a> Environment<'a> {
    /// Finds the environment. `root` is the root of the project's uv workspace.
    pub(super) fn of(disk: &Disk, pyproject: &'a Pyproject, root: &Path, choice: &EnvironmentChoice) -> Self {
        let own = variable("UV_PROJECT_ENVIRONMENT").map_or_else(|| root.join(".venv"), |named| root.join(named));
        let active = variable("VIRTUAL_ENV").map(|path| disk.absolute(&path));
        let default = of_user(pyproject, &own).unwrap_or(own);
        let path = match (&choice.venv, choice.active, &active) {
            (Some(venv), _, _) => disk.absolute(venv),
            (None, true, Some(active)) => active.clone(),
            _ => default.clone(),
        };
        let is_default = is_same(disk, &path, &default);
        let owner = disk.real_directory(path.parent().unwrap_or(&path));
        let user = pyproject.installation.users.iter().find(|user| *owner == *user.directory);
        let shown = path::display(&pyproject.dir, &path);
        let note = match active {
            Some(active) if !is_same(disk, &active, &path) && choice.venv.is_none() => Some(format!(
                "the active environment is {}, but `uv sync` uses {shown} (pass `--active` for the active one)",
                path::display(&pyproject.dir, &active)
            )),
            None if choice.active => {
                Some(format!("no environment is active (`VIRTUAL_ENV` is not set), so this is the status in {shown}"))
            }
            _ => None,
        };
        let state = match state(disk, &path, &shown) {
            // uv does not replace an environment that the user chose: tox, for example, has one for each Python.
            State::Usable { version: Some(version), .. }
                if is_default && let Some(request) = refused(disk, pyproject, root, &version) =>
            {
                State::Unusable(format!(
                    "the environment {shown} has Python {version}, but {request}: uv creates a new one"
                ))
            }
            state => state,
        };
        Self { path, is_default, state, user, note }
    }
}

/// The environment of a project that depends on this one, if this project has no environment of its own.
fn of_user(pyproject: &Pyproject, own: &Path) -> Option<PathBuf> {
    let environments = pyproject.installation.users.iter().map(|user| user.directory.join(".venv"));
    let mut environments = environments.filter(|environment| environment.is_dir());
    if own.symlink_metadata().is_err() { environments.next() } else { None }
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

pub(super) fn is_same(disk: &Disk, a: &Path, b: &Path) -> bool {
    disk.real_directory(a) == disk.real_directory(b)
}

/// Where the Python of an environment may be. On Windows, MSYS2 and conda use other places.
const INTERPRETERS: &[&str] = if cfg!(windows) {
    &["Scripts/python.exe", "bin/python.exe", "python.exe"]
} else {
    &["bin/python", "bin/python3"]
};

fn state(disk: &Disk, path: &Path, shown: &str) -> State {
    let unusable = |reason: String| State::Unusable(reason);
    let Ok(found) = path.symlink_metadata() else {
        return unusable(format!("the environment {shown} does not exist"));
    };
    if !path.exists() {
        let target = std::fs::read_link(path).unwrap_or_default();
        return unusable(format!("{shown} is a symlink to {}, which does not exist", path::slashed(&target)));
    }
    if !path.is_dir() {
        let what = if found.is_symlink() { "leads to a file" } else { "is a file" };
        return unusable(format!("{shown} {what}, not an environment"));
    }
    let configuration = disk.text(path.join("pyvenv.cfg")).ok();
    if configuration.is_some() && !INTERPRETERS.iter().any(|python| path.join(python).exists()) {
        return unusable(format!("the environment {shown} has no Python: {} does not exist", INTERPRETERS[0]));
    }
    let value = |names: &[&str]| configuration.as_deref().and_then(|text| value(text, names));
    let written = value(&["version_info", "version"]);
    let wanted = written.and_then(version);
    match site_packages(disk, path, wanted) {
        Some((_, Some(python))) if wanted.is_some_and(|wanted| wanted != (python.major, python.minor)) => {
            let Python { major, minor, .. } = python;
            unusable(format!(
                "the environment {shown} is for Python {}, but only has packages for {major}.{minor}",
                written.unwrap_or_default()
            ))
        }
        Some((site_packages, python)) => State::Usable {
            site_packages,
            python,
            version: written.and_then(|written| written.parse().ok()),
            uv: value(&["uv"]).and_then(|uv| uv.parse().ok()),
        },
        None if configuration.is_none() => unusable(format!("{shown} is not an environment: it has no pyvenv.cfg")),
        None => unusable(format!("the environment {shown} has no site-packages")),
    }
}

/// The value of a setting in pyvenv.cfg. The first of the names that exists is used.
fn value<'a>(configuration: &'a str, names: &[&str]) -> Option<&'a str> {
    let pairs = || configuration.lines().filter_map(|line| line.split_once('='));
    names.iter().find_map(|wanted| Some(pairs().find(|(name, _)| name.trim() == *wanted)?.1.trim()))
}

/// The version of Python: `version_info` as uv and virtualenv write it, `version` as Python does.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map_while(|part| part.parse().ok());
    Some((parts.next()?, parts.next()?))
}

/// The directory into which packages are installed. If there are several, the one for this version.
fn site_packages(disk: &Disk, path: &Path, version: Option<(u32, u32)>) -> Option<(PathBuf, Option<Python>)> {
    // On Windows, the path does not contain the version. A free-threaded Python is recognized by the name of its program.
    let python = |(major, minor)| {
        let program = format!("Scripts/python{major}.{minor}t.exe");
        Python { major, minor, is_free_threaded: path.join(program).exists() }
    };
    let on_windows = path.join("Lib/site-packages");
    if cfg!(windows) && on_windows.is_dir() {
        return Some((on_windows, version.map(python)));
    }
    let directories = disk.entries(&path.join("lib")).ok()?.into_iter().map(|entry| entry.path());
    let found: Vec<PathBuf> = directories.filter(|path| path.join("site-packages").is_dir()).collect();
    let named = |directory: &PathBuf| directory.file_name().and_then(OsStr::to_str).and_then(named_version);
    let fits = |directory: &&PathBuf| {
        version.is_some() && named(directory).map(|python| (python.major, python.minor)) == version
    };
    let directory = found.iter().find(fits).or(found.first())?;
    Some((directory.join("site-packages"), named(directory).or(version.map(python))))
}

/// Parses names such as `python3.13t` and `pypy3.10`.
fn named_version(name: &str) -> Option<Python> {
    let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let (major, minor) = digits.split_once('.')?;
    let is_free_threaded = minor.ends_with('t');
    Some(Python { major: major.parse().ok()?, minor: minor.trim_end_matches('t').parse().ok()?, is_free_threaded })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment that consists of these files.
    fn environment(files: &[&str]) -> (tempfile::TempDir, State) {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "version_info = 3.13.1\n").unwrap();
        }
        let state = state(&Disk::default(), root.path(), ".venv");
        (root, state)
    }

    #[test]
    fn each_system_has_a_layout_of_its_own() {
        let rows: &[(&[&str], &str, bool)] = if cfg!(windows) {
            &[
                (&["Scripts/python.exe", "Lib/site-packages/x"], "Lib/site-packages", false),
                (&["Scripts/python.exe", "Scripts/python3.13t.exe", "Lib/site-packages/x"], "Lib/site-packages", true),
                // The program of another version does not count.
                (&["Scripts/python.exe", "Scripts/python3.14t.exe", "Lib/site-packages/x"], "Lib/site-packages", false),
                (&["python.exe", "Lib/site-packages/x"], "Lib/site-packages", false),
                (&["bin/python.exe", "lib/python3.13/site-packages/x"], "lib/python3.13/site-packages", false),
            ]
        } else {
            &[
                (&["bin/python", "lib/python3.13/site-packages/x"], "lib/python3.13/site-packages", false),
                (&["bin/python3", "lib/python3.13t/site-packages/x"], "lib/python3.13t/site-packages", true),
            ]
        };
        for (files, expected, expected_free) in rows {
            let (root, state) = environment(&[files, &["pyvenv.cfg"][..]].concat());
            let State::Usable { site_packages, python, .. } = state else { panic!("{files:?}: {state:?}") };
            let expected_python = Some(Python { major: 3, minor: 13, is_free_threaded: *expected_free });
            assert_eq!((site_packages, python), (root.path().join(expected), expected_python), "{files:?}");
        }
    }

    #[test]
    fn without_a_program_there_is_no_python() {
        let (_root, state) = environment(&["pyvenv.cfg", "Lib/site-packages/x", "lib/python3.13/site-packages/x"]);
        let State::Unusable(reason) = state else { panic!("{state:?}") };
        let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        assert_eq!(reason, format!("the environment .venv has no Python: {program} does not exist"));
    }

    #[test]
    fn versions_are_read_as_each_tool_writes_them() {
        let read = |text| value(text, &["version_info", "version"]).and_then(version);
        assert_eq!(read("home = /usr/bin\nuv = 0.13.9\nversion_info = 3.11.7\n"), Some((3, 11)));
        assert_eq!(read("home = /usr/bin\nversion = 3.9.2\n"), Some((3, 9)));
        assert_eq!(read("home = /usr/bin\nversion = 3\n"), None);
        let named = |name| named_version(name).map(|python| (python.major, python.minor, python.is_free_threaded));
        assert_eq!(named("python3.13t"), Some((3, 13, true)));
        assert_eq!(named("pypy3.10"), Some((3, 10, false)));
        assert_eq!(named("lib"), None);
    }
}
