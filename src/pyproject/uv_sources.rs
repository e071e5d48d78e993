//! How uv installs the project: as editable, or as a copy of its Python files. The `[tool.uv.sources]` of its workspace, or of
//! another project that uses it, decide.
//!
//! Source of the facts: uv's documentation, "Dependency sources"; `collect_required_members` in its crate `uv-workspace`, and
//! `path_source` in `uv-distribution`. A workspace member is editable unless a source says otherwise; a `path` is not.

use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use super::Pyproject;
use super::uv_workspace::{is_member, workspace_root};
use crate::cache_keys::is_glob;
use crate::fs::{Disk, path, toml};

/// How uv installs the project.
#[derive(Debug, Default)]
pub(crate) struct Installation {
    /// According to the sources of its own workspace; `None` if they do not mention it.
    pub(crate) own: Option<Installed>,
    /// According to the sources of other projects.
    pub(crate) users: Vec<User>,
}

/// An installation that a source determines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installed {
    pub(crate) editable: bool,
    /// The text of the source, and its file.
    pub(crate) reason: String,
}

/// Another project that has this one as a dependency.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) directory: PathBuf,
    pub(crate) installed: Installed,
}

impl Installation {
    pub(crate) fn of(disk: &Disk, pyproject: &Pyproject) -> Self {
        let Some(name) = pyproject.get_str(&["project", "name"]).map(normalized) else { return Self::default() };
        let root = workspace_root(disk, pyproject).map(|root| root.to_path_buf());
        let is_root = pyproject.get(&["tool", "uv", "workspace"]).is_some();
        match root.or_else(|| is_root.then(|| pyproject.dir.to_path_buf())) {
            Some(root) => Self { own: by_workspace(disk, pyproject, &root, &name), users: Vec::new() },
            None => Self { own: None, users: users(disk, pyproject, &name) },
        }
    }

    /// Why some source installs the project as a copy.
    pub(crate) fn copied(&self) -> Option<&str> {
        let all = self.own.iter().chain(self.users.iter().map(|user| &user.installed));
        all.into_iter().find(|installed| !installed.editable).map(|installed| installed.reason.as_str())
    }
}

/// The installation according to the sources of the workspace. If there are several, the last one counts: those of the root come
/// first, then those of the members, sorted by name.
fn by_workspace(disk: &Disk, pyproject: &Pyproject, root: &Path, name: &str) -> Option<Installed> {
    let root = read(disk, root, "sources").or_else(|| read(disk, root, "workspace"))?;
    let mut members = naming(disk, &root.dir, name, || members(disk, &root));
    members.sort_by_key(|member| member.get_str(&["project", "name"]).map(normalized));
    let is_itself = |file: &&Pyproject| file.get_str(&["project", "name"]).map(normalized).as_deref() == Some(name);
    let files = std::iter::once(&root).chain(&members).filter(|file| !is_itself(file));
    let sources = files.flat_map(|file| sources(file, name).into_iter().map(move |source| (file, source)));
    let in_workspace = sources.filter(|(_, source)| flag(*source, "workspace") == Some(true));
    let (file, source) = in_workspace.last()?;
    let editable = flag(source, "editable")?;
    Some(Installed { editable, reason: place(pyproject, file, &format!("editable = {editable}")) })
}

/// The members below a root that may have sources.
fn members(disk: &Disk, root: &Pyproject) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    for pattern in root.get_strings(&["tool", "uv", "workspace", "members"]) {
        let parts = pattern.split('/').filter(|part| !matches!(*part, "" | "."));
        let mut found = vec![root.dir.to_path_buf()];
        for part in parts {
            found = found.iter().flat_map(|directory| below(disk, directory, part)).collect();
        }
        directories.extend(found);
    }
    directories.sort();
    directories.dedup();
    let is_member = |directory: &PathBuf| directory.strip_prefix(&root.dir).is_ok_and(|below| is_member(root, below));
    directories.retain(is_member);
    directories
}

/// The files in the directories of `place` whose sources name a package. The packages that each file names are looked up once a
/// run.
fn naming(disk: &Disk, place: &Path, name: &str, list: impl FnOnce() -> Vec<PathBuf>) -> Vec<Pyproject> {
    let names = |directory: PathBuf| {
        let file = read(disk, &directory, "sources")?;
        let table = file.get(&["tool", "uv", "sources"]).and_then(Item::as_table_like);
        let names = table.into_iter().flat_map(TableLike::iter).map(|(package, _)| normalized(package)).collect();
        Some((directory, names))
    };
    let known = disk.seen.sources.get_or(place, || list().into_iter().filter_map(names).collect());
    let naming = known.iter().filter(|(_, names): &&(PathBuf, Vec<String>)| names.iter().any(|known| known == name));
    naming.filter_map(|(directory, _)| read(disk, directory, "sources")).collect()
}

/// The directories that one part of a pattern matches. `**` only matches those one level down.
fn below(disk: &Disk, directory: &Path, part: &str) -> Vec<PathBuf> {
    if !is_glob(part) {
        return vec![directory.join(part)];
    }
    let entries = disk.entries(directory).into_iter().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_file())).map(|entry| entry.path()).collect()
}

/// Projects that use this one as a `path`, in the directories above it in the repository and beside it.
fn users(disk: &Disk, pyproject: &Pyproject, name: &str) -> Vec<User> {
    let top = disk.repository(&pyproject.dir);
    let above = pyproject.dir.ancestors().skip(1);
    let above = above.take_while(|above| top.is_none_or(|top| path::is_within(above, top)));
    let mut files: Vec<Pyproject> = above.filter_map(|above| read(disk, above, "sources")).collect();
    // Without a repository, the directory above can be anything.
    if let Some(parent) = pyproject.dir.parent().filter(|parent| top.is_some_and(|top| path::is_within(parent, top))) {
        let beside = naming(disk, &parent.join("*"), name, || below(disk, parent, "*"));
        files.extend(beside.into_iter().filter(|file| file.dir != pyproject.dir));
    }
    let user = |file: Pyproject| {
        let found = sources(&file, name).into_iter().find(|source| {
            let path = source.get("path").and_then(Item::as_str);
            path.is_some_and(|path| disk.real_directory(&file.dir.join(path)) == pyproject.dir)
        });
        let editable = flag(found?, "editable");
        let words = match editable {
            Some(editable) => format!("editable = {editable}"),
            None => "a `path` without `editable = true`".to_owned(),
        };
        let installed = Installed { editable: editable == Some(true), reason: place(pyproject, &file, &words) };
        Some(User { directory: file.dir.to_path_buf(), installed })
    };
    files.into_iter().filter_map(user).collect()
}

/// The pyproject.toml of a directory, if it contains `word`. Parsing takes longer than this search.
fn read(disk: &Disk, directory: &Path, word: &str) -> Option<Pyproject> {
    if !disk.has_file(directory, "pyproject.toml") {
        return None;
    }
    let path = directory.join("pyproject.toml");
    let text = disk.manifest(&path).ok().filter(|text| text.contains(word))?;
    Pyproject::parse(disk, &path, text).ok()
}

/// The sources of a package, which may be a table or a list of tables.
fn sources<'a>(file: &'a Pyproject, name: &str) -> Vec<&'a dyn TableLike> {
    let table = file.get(&["tool", "uv", "sources"]).and_then(Item::as_table_like);
    let named = table.into_iter().flat_map(TableLike::iter).filter(|(package, _)| normalized(package) == name);
    named.flat_map(|(_, item)| item.as_table_like().into_iter().chain(toml::tables(item))).collect()
}

fn flag(source: &dyn TableLike, name: &str) -> Option<bool> {
    source.get(name)?.as_bool()
}

fn place(pyproject: &Pyproject, file: &Pyproject, words: &str) -> String {
    let file = path::display(&pyproject.dir, &file.dir.join("pyproject.toml"));
    let words = if words.contains('`') { words.to_owned() } else { format!("`{words}`") };
    format!("{words} in `[tool.uv.sources]` of {file}")
}

/// The form in which package names are compared (packaging specification, "Names and normalization").
pub(crate) fn normalized(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}
