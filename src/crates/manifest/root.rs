//! The workspace root of a manifest (cargo book, "Workspaces: The `members` and `exclude` fields").

use std::path::Path;
use std::sync::Arc;

use super::Reader;
use super::file::ManifestFile;
use crate::crates::cargo_config;
use crate::fs::path;

impl Reader {
    /// The workspace root of a manifest, which may be the manifest itself; `None` for a package without a workspace. Fails if the
    /// package is not a member of the root, which cargo refuses.
    pub(super) fn root_of(&self, file: &Arc<ManifestFile>) -> Result<Option<Arc<ManifestFile>>, String> {
        let Some(root) = self.candidate(file)? else { return Ok(None) };
        if root.path == file.path || self.is_member(&root, &file.path)? {
            return Ok(Some(root));
        }
        let shown = path::display(file.directory(), &root.path);
        Err(format!(
            "it is in the directory of the workspace {shown}, but is neither a member of it nor excluded from it"
        ))
    }

    /// The workspace root according to the manifest and its place, even if the package is not a member of it.
    pub(super) fn candidate(&self, file: &Arc<ManifestFile>) -> Result<Option<Arc<ManifestFile>>, String> {
        self.roots.get_or(&file.path, || self.look_for_root(file))
    }

    fn look_for_root(&self, file: &Arc<ManifestFile>) -> Result<Option<Arc<ManifestFile>>, String> {
        if file.is_workspace_root() {
            return Ok(Some(Arc::clone(file)));
        }
        if let Some(pointer) = file.root_pointer() {
            return self.pointed(file, &pointer).map(Some);
        }
        let home = cargo_config::cargo_home().filter(|home| file.path.starts_with(home));
        for directory in file.directory().ancestors().skip(1) {
            // A package that cargo unpacked, into its home directory or to verify it, does not belong to a workspace above.
            let left_home = home.as_deref().is_some_and(|home| home.parent() == Some(directory));
            if left_home || directory.ends_with("target/package") {
                break;
            }
            if self.disk.kind_in(directory, "Cargo.toml").is_none() {
                continue;
            }
            let manifest = directory.join("Cargo.toml");
            let above = self.file(&manifest).map_err(|reason| {
                format!("{}, which may be its workspace root, cannot be read: {reason}", shown(file, &manifest))
            })?;
            if above.is_workspace_root() {
                if !above.excludes(&file.path) {
                    return Ok(Some(above));
                }
            } else if let Some(pointer) = above.root_pointer() {
                return self.pointed(file, &pointer).map(Some);
            }
        }
        Ok(None)
    }

    fn pointed(&self, file: &ManifestFile, pointer: &Path) -> Result<Arc<ManifestFile>, String> {
        let root = self.file(pointer).map_err(|reason| {
            format!("`package.workspace` points to {}, which cannot be read: {reason}", shown(file, pointer))
        })?;
        if root.is_workspace_root() {
            return Ok(root);
        }
        Err(format!("`package.workspace` points to {}, which is not a workspace root", shown(file, pointer)))
    }
}

fn shown(file: &ManifestFile, path: &Path) -> String {
    path::display(file.directory(), path)
}
