//! Resolves paths to the one form in which files are compared.

use std::fs::FileType;
use std::path::{Component, Path, PathBuf, Prefix};

use super::path::{self, climb, join, normalize, parent};
use super::{Disk, Resolved};

/// In bytes. No file has a longer path, and looking up each part of one would take too long.
pub(crate) const LONGEST: usize = if cfg!(windows) { 1 << 15 } else { 1 << 12 };

/// Why a path in a submodule does not exist, see [`Disk::is_in_missing_submodule`].
pub(crate) const MISSING_SUBMODULE: &str = "the submodule is not checked out";

/// Paths with more `..` than this are looked up as a whole.
const CLIMBS: usize = 64;

impl Disk {
    /// The form in which two paths to one file are equal: the real directory, and the file's own name in it.
    ///
    /// The last component is kept as it is: uv covers a symlink to a file by the name of the link, and a file that does not
    /// exist yet has no other name. A directory that does not exist is only normalised.
    pub(crate) fn resolve(&self, path: &Path) -> Resolved {
        if let Some((directory, name)) = path::split(path) {
            return self.real_directory(directory).child(name);
        }
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => self.own_name(self.real_directory(parent).child(name)),
            _ => self.real_directory(path),
        }
    }

    /// The name as the directory lists it, if the file system also finds it in another case.
    pub(crate) fn own_name(&self, named: Resolved) -> Resolved {
        let lower = |path: &Path| path.to_string_lossy().to_lowercase();
        let real = if cfg!(windows) { self.canonical(&named) } else { None };
        real.filter(|real| lower(real) == lower(&named)).unwrap_or(named)
    }

    /// The real path of a directory, or the normalised text if it does not exist.
    pub(crate) fn real_directory(&self, path: &Path) -> Resolved {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        self.canonical(path).unwrap_or_else(|| Resolved(plain(normalize(&self.absolute(path))).into()))
    }

    /// The current directory.
    pub(crate) fn here(&self) -> Resolved {
        self.real_directory(Path::new("."))
    }

    /// The path with all symlinks resolved; `None` if it does not exist.
    pub(crate) fn canonical(&self, path: &Path) -> Option<Resolved> {
        if path.as_os_str().len() > LONGEST {
            return None;
        }
        self.seen.canonical.get_or(path, || {
            // `project/../../core`: if the directory before the first `..` is known, its parents need no lookup.
            let Some((above, below)) = climb(path, CLIMBS) else { return self.look_up(path) };
            let look_up = || self.canonical(above).filter(|real| self.is_dir(real));
            let real = self.seen.climbed.get_or(above, look_up)?;
            let (mut above, mut below) = (real.around(), below);
            // The parents of a real directory are real too.
            while let Ok(rest) = below.strip_prefix("..") {
                (above, below) = (above.around(), rest);
            }
            if below.as_os_str().is_empty() {
                return Some(above);
            }
            self.canonical(&join(&above, below))
        })
    }

    /// Looks up a path without `..` through its directory, whose result is cached for other paths.
    fn look_up(&self, path: &Path) -> Option<Resolved> {
        let whole = || dunce::canonicalize(path).ok().map(|real| Resolved(plain(real).into()));
        if path.is_relative() && !cfg!(windows) {
            // The current directory is looked up once.
            return match path.to_str() {
                Some("" | ".") => whole(),
                _ => self.canonical(&self.canonical(Path::new("."))?.join(path)),
            };
        }
        // A path that ends in `/` or `.` must be a directory.
        let Some((parent, name)) = path::split(path) else { return whole() };
        if parent.to_str().is_none_or(|text| text.matches('/').count() > DEPTH) {
            return whole();
        }
        let path = self.canonical(parent)?.child(name);
        let found = self.kind_of_itself(&path)?;
        if found.is_symlink() { whole() } else { Some(path) }
    }

    /// The kind of file at a path, symlinks followed. Paths with `..` share the result of the place that they lead to.
    pub(crate) fn real_kind(&self, path: &Path) -> Option<FileType> {
        match path::split(path) {
            Some((directory, name)) => self.kind_in(&self.canonical(directory)?, name),
            None => self.kind(path),
        }
    }

    /// The absolute form of a path. Symlinks are not resolved.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        // The current directory is looked up once.
        let from_here = self.canonical(Path::new(".")).filter(|_| path.is_relative()).map(|here| here.join(path));
        let path = from_here.as_deref().unwrap_or(path);
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    }

    /// A message in which paths below the repository are relative to the project directory.
    pub(crate) fn shorten(&self, text: &str, directory: &Path) -> String {
        let mut text = text.replace(std::path::MAIN_SEPARATOR, "/");
        let top = self.repository(directory).unwrap_or(directory);
        for (climbs, ancestor) in directory.ancestors().take_while(|ancestor| ancestor.starts_with(top)).enumerate() {
            text = text.replace(&format!("{}/", path::slashed(ancestor)), &"../".repeat(climbs));
        }
        text
    }

    /// The root of the repository around `directory`: the nearest ancestor with a `.git`, a directory or (in worktrees and
    /// submodules) a file.
    pub(crate) fn repository<'p>(&self, directory: &'p Path) -> Option<&'p Path> {
        let has_git = |directory: &Path| self.kind_in(directory, ".git").is_some();
        let known =
            |directory: &Path, look_up: &dyn Fn() -> Option<usize>| self.seen.repositories.get_or(directory, look_up);
        // The result for a parent is cached, because many projects share it.
        let above = |parent: &Path| known(parent, &|| parent.ancestors().position(has_git));
        let found =
            known(directory, &|| if has_git(directory) { Some(0) } else { Some(above(directory.parent()?)? + 1) });
        Some((0..found?).fold(directory, |below, _| parent(below)))
    }

    /// Whether a path that does not exist is in a submodule that is not checked out: `.gitmodules` of the repository names its
    /// directory or one above it (git's documentation, "gitmodules").
    pub(crate) fn is_in_missing_submodule(&self, path: &Path) -> bool {
        let Some(repository) = self.repository(path) else { return false };
        let Ok(text) = self.manifest(&path::join(repository, ".gitmodules")) else { return false };
        let places = text.lines().filter_map(|line| line.trim().strip_prefix("path")?.trim_start().strip_prefix('='));
        places.map(str::trim).any(|place| !place.is_empty() && path.starts_with(repository.join(place)))
    }
}

/// Removes the `\\?\` prefix of Windows, so that long paths have the same form as short ones. std adds it again if the system
/// needs it. A path keeps the prefix if it contains a name that Windows would change without it (`CON`, `a.`).
fn plain(path: PathBuf) -> PathBuf {
    let mut parts = path.components();
    let Some(Component::Prefix(prefix)) = parts.next() else { return path };
    let Prefix::VerbatimDisk(drive) = prefix.kind() else { return path };
    let root = Path::new(r"\\?\C:\");
    // dunce keeps the prefix of a long path, so it is asked about each name.
    if parts.clone().skip(1).map(|name| root.join(name)).any(|name| dunce::simplified(&name) == name) {
        return path;
    }
    Path::new(&format!("{}:", char::from(drive))).join(parts)
}

/// Paths below more directories than this are resolved as a whole.
const DEPTH: usize = 64;

/// Names of directories that tools create. No projects or sources are searched there.
pub(crate) const MADE_BY_TOOLS: &[&str] = &["target", "node_modules", "__pycache__", "site-packages", "venv"];

/// Whether a path contains a directory that a tool created, or a hidden one (`.tox`, `.mypy_cache`, `.venv`).
pub(crate) fn is_made_by_tools(path: &Path) -> bool {
    let directories = path.parent().into_iter().flat_map(Path::components);
    directories.filter_map(|component| component.as_os_str().to_str()).any(|name| {
        let is_hidden = name.starts_with('.') && name != "..";
        is_hidden || MADE_BY_TOOLS.contains(&name) || matches!(name, "env" | "dist" | "build")
    })
}

/// Whether a path, or a glob, ends in `.rs`.
pub(crate) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_those_of_what_symlinks_lead_to() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b/c")).unwrap();
        std::fs::write(root.join("file"), "").unwrap();
        std::os::unix::fs::symlink("a/b", root.join("link")).unwrap();
        std::os::unix::fs::symlink("loop", root.join("loop")).unwrap();
        for path in [
            "a/..", "a/../file", "a/b/../b/c", "link/..", "link/../b/c", "link/c/../../..", "file/..", "gone/..",
            "a/./b", "a/b/.", "a/b/", "file/", "file/.", "link", "link/c", "loop", "loop/x", "a/../../x", "",
        ] {
            let path = root.join(path);
            let expected = path.canonicalize().ok().map(|path| Resolved(path.into()));
            let disk = Disk::default();
            let found = [disk.canonical(&path), disk.canonical(&path)];
            assert_eq!(found, [expected.clone(), expected], "{}", path.display());
        }
        let disk = Disk::default();
        for climbs in [CLIMBS - 1, CLIMBS, CLIMBS + 1, 500] {
            let path = root.join("a/../".repeat(climbs)).join("file");
            assert_eq!(disk.canonical(&path), Some(Resolved(root.join("file").into())), "{climbs}");
        }
        assert_eq!(disk.canonical(&root.join("a/../".repeat(LONGEST))), None);
        assert_eq!(disk.canonical(Path::new("/../..")), Some(Resolved("/".into())));
    }
}

#[cfg(test)]
#[cfg(windows)]
mod on_windows {
    use super::*;

    #[test]
    fn a_path_has_one_form_whatever_its_length_and_letters() {
        let root = tempfile::tempdir().unwrap();
        let disk = Disk::default();
        let root = disk.real_directory(root.path());
        let deep = root.child(["a-name-of-some-forty-characters-or-so-000"; 8].join("/"));
        std::fs::create_dir_all(&deep).unwrap();
        for directory in [&root, &deep] {
            std::fs::write(directory.child("File.txt"), "").unwrap();
            let verbatim = format!(r"\\?\{}\File.txt", directory.display());
            for spelled in [directory.join("File.txt"), directory.join("x/../File.txt"), verbatim.into()] {
                assert_eq!(disk.resolve(&spelled), directory.child("File.txt"), "{}", spelled.display());
            }
        }
        assert_eq!(disk.resolve(&root.join("x/../FILE.TXT")), root.child("File.txt"));
        for (path, expected) in [(r"\\?\C:\w", r"C:\w"), (r"\\?\C:\", r"C:\"), (r"\\?\C:\a\CON", r"\\?\C:\a\CON")] {
            assert_eq!(plain(path.into()), Path::new(expected));
        }
    }
}
