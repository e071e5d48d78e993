//! How uv sees the project: its workspace, the settings beside it, and its members.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use toml_edit::{Document, Item};

use super::{Declared, Pyproject};
use crate::fs::{Disk, Resolved, path, resolve};

/// What uv finds around a pyproject.toml.
#[derive(Debug, Default)]
pub(crate) struct UvProject {
    /// The root of the uv workspace that the project is a member of; `None` if it is a root itself or in no workspace.
    pub(crate) workspace_root: Option<Resolved>,
    /// The place of a `cache-keys` in a uv.toml, which uv does not read: `uv.toml:3`.
    pub(crate) uv_toml: Option<String>,
    /// If this is a workspace root whose keys no project reads: the Rust members without keys, as relative paths.
    pub(crate) members_without_keys: Vec<String>,
    /// See [`Pyproject::never_built`].
    pub(crate) is_never_built: bool,
}

impl UvProject {
    pub(crate) fn of(disk: &Disk, pyproject: &Pyproject) -> Self {
        let workspace_root = workspace_root(disk, pyproject);
        let places = [Some(&*pyproject.dir), workspace_root.as_deref()];
        let uv_toml = places.into_iter().flatten().find_map(|directory| uv_toml(disk, &pyproject.dir, directory));
        let is_never_built = pyproject.never_built(disk).is_some();
        let is_for_nobody = is_never_built && matches!(pyproject.declared, Declared::Keys(_));
        let members_without_keys = if is_for_nobody { members_without_keys(disk, pyproject) } else { Vec::new() };
        Self { workspace_root, uv_toml, members_without_keys, is_never_built }
    }
}

/// The nearest ancestor whose workspace includes the project (uv's documentation, "Using workspaces").
pub(super) fn workspace_root(disk: &Disk, pyproject: &Pyproject) -> Option<Resolved> {
    if pyproject.get(&["tool", "uv", "workspace"]).is_some() {
        return None;
    }
    let top = disk.repository(&pyproject.dir);
    let has_project = |ancestor: &Path| disk.has_file(ancestor, "pyproject.toml").then(|| ancestor.to_owned());
    let ancestors = disk.seen.roots.upwards(&pyproject.dir, has_project).into_iter();
    let inside = |ancestor: &PathBuf| top.is_none_or(|top| path::is_within(ancestor, top));
    ancestors.filter(|ancestor| *ancestor != *pyproject.dir).take_while(inside).find_map(|ancestor| {
        let path = ancestor.join("pyproject.toml");
        let text = disk.manifest(&path).ok()?;
        // Most files do not define a workspace, and parsing takes longer than this search.
        if !text.contains("workspace") {
            return None;
        }
        let root = Pyproject::parse(disk, &path, text).ok()?;
        let below = pyproject.dir.strip_prefix(&ancestor).ok()?;
        is_member(&root, below).then_some(root.dir)
    })
}

pub(super) fn is_member(root: &Pyproject, below: &Path) -> bool {
    let matches = |name: &str| {
        let patterns = root.get_strings(&["tool", "uv", "workspace", name]);
        patterns.into_iter().any(|pattern| matches(pattern, below))
    };
    matches("members") && !matches("exclude")
}

fn matches(pattern: &str, path: &Path) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

/// The place of `cache-keys` in the uv.toml of `directory`.
fn uv_toml(disk: &Disk, project: &Path, directory: &Path) -> Option<String> {
    let path = directory.join("uv.toml");
    let text = disk.text(&path).ok()?;
    let document = Document::parse(text.as_str()).ok()?;
    let (key, _) = document.get_key_value("cache-keys")?;
    let line = text[..key.span()?.start].matches('\n').count() + 1;
    Some(format!("{}:{line}", path::display(project, &path)))
}

fn members_without_keys(disk: &Disk, pyproject: &Pyproject) -> Vec<String> {
    if pyproject.get(&["tool", "uv", "workspace"]).and_then(Item::as_table_like).is_none() {
        return Vec::new();
    }
    let enters = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || resolve::MADE_BY_TOOLS.contains(&name.as_ref()))
    };
    let walk = disk.below(&pyproject.dir).min_depth(2).sort_by_file_name().into_iter().filter_entry(enters);
    let files = walk.filter_map(Result::ok).filter(|entry| entry.file_name() == "pyproject.toml");
    files
        .filter(|entry| {
            let below = entry.path().parent().and_then(|directory| directory.strip_prefix(&pyproject.dir).ok());
            below.is_some_and(|below| is_member(pyproject, below))
        })
        .filter_map(|entry| Pyproject::read(disk, entry.path()).ok())
        .filter(|member| member.backend.is_some() && matches!(member.declared, Declared::Absent))
        .map(|member| path::display(&pyproject.dir, &member.dir))
        .collect()
}
