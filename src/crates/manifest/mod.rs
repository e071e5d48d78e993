//! Reading the manifests without cargo: one crate, its workspace root, its targets and dependencies.
//!
//! Only what a build needs is read: the manifest itself, that of its workspace root, and those of other members where nothing
//! else decides whether it is one of them. So a member that is broken or missing affects only what depends on it.

mod dependencies;
mod file;
mod members;
#[cfg(test)]
mod oracle;
mod root;
mod targets;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use toml_edit::{Item, TableLike};

use super::cargo_config::{self, Configuration};
use super::workspace::{Package, Workspace};
use crate::fs::disk::{Known, Memo, Texts};
use crate::fs::{Disk, Resolved};
use file::ManifestFile;

/// How a search for members ended: an error names what may be one and cannot be read, so that others may be behind it.
type Searched = Result<(), (PathBuf, String)>;

/// Reads manifests, each once.
#[derive(Default)]
pub(super) struct Reader {
    disk: Disk,
    files: Memo<Result<Arc<ManifestFile>, String>>,
    packages: Memo<Result<Arc<Package>, String>>,
    /// The root that each manifest believes to be its own.
    roots: Memo<Result<Option<Arc<ManifestFile>>, String>>,
    /// The manifests that are known to be members of each workspace root.
    members: Mutex<Known<Texts>>,
    /// By workspace root: whether all members could be found, see [`members`].
    searched: Memo<Searched>,
    configurations: Memo<Result<Arc<Configuration>, String>>,
}

impl Reader {
    pub(super) fn new(disk: &Disk) -> Self {
        Self { disk: disk.clone(), ..Self::default() }
    }

    pub(super) fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The workspace of `manifest` as far as it concerns that crate: mostly without the other members. cargo would
    /// run in `directory`. What is built must be a member of its workspace; a dependency need not.
    pub(super) fn read(&self, manifest: &Path, directory: &Path, is_built: bool) -> Result<Workspace, String> {
        let configuration = self.configuration(directory)?;
        let file = self.file(manifest)?;
        if file.package().is_none() && !file.is_workspace_root() {
            return Err("it has neither `[package]` nor `[workspace]`".to_owned());
        }
        let root = if is_built { self.root_of(&file) } else { self.candidate(&file) }?;
        let mut packages = match file.package() {
            Some(package) => vec![self.package(&file, package, root.as_deref())?],
            None => Vec::new(),
        };
        // maturin runs the `uniffi-bindgen` of any member: here all of them matter.
        let is_uniffi =
            |package: &Arc<Package>| package.dependencies.iter().any(|dependency| dependency.name == "uniffi");
        if let Some(root) = root.as_deref().filter(|_| is_built && packages.iter().any(is_uniffi)) {
            packages.extend(self.other_members(root, manifest));
        }
        let root = self.disk.real_directory(root.as_ref().unwrap_or(&file).directory());
        let target_directory = configuration.target_directory(&self.disk, &root, directory);
        let build_directory =
            configuration.build_directory(&self.disk, &root, directory).filter(|place| *place != target_directory);
        Ok(Workspace { root, target_directory, build_directory, packages })
    }

    /// The directory of the workspace root of `manifest`, where one is above it or it points to one.
    pub(super) fn root_directory(&self, manifest: &Path) -> Option<Resolved> {
        let root = self.candidate(&self.file(manifest).ok()?).ok()??;
        Some(self.disk.real_directory(root.directory()))
    }

    /// `lib.name`, where it is written.
    pub(super) fn library_name(&self, manifest: &Path) -> Option<String> {
        Some(self.file(manifest).ok()?.get_str(&["lib", "name"])?.to_owned())
    }

    /// The other members that can be read, in cargo's order.
    fn other_members(&self, root: &ManifestFile, manifest: &Path) -> Vec<Arc<Package>> {
        let members = self.members_of(root).into_iter().filter(|member| member != manifest);
        let read = |member: PathBuf| {
            let file = self.file(&member).ok()?;
            self.package(&file, file.package()?, Some(root)).ok()
        };
        members.filter_map(read).collect()
    }

    fn package(
        &self,
        file: &ManifestFile,
        package: &dyn TableLike,
        root: Option<&ManifestFile>,
    ) -> Result<Arc<Package>, String> {
        // Each with its root, which takes note of it.
        let root_path = root.map_or(Path::new(""), |root| &root.path).as_os_str();
        let key = [file.path.as_os_str(), root_path].join(OsStr::new("\n"));
        self.packages.get_or(Path::new(&key), || self.read_package(file, package, root).map(Arc::new))
    }

    fn read_package(
        &self,
        file: &ManifestFile,
        package: &dyn TableLike,
        root: Option<&ManifestFile>,
    ) -> Result<Package, String> {
        let name = package.get("name").and_then(Item::as_str).ok_or("`package.name` is not set")?;
        let edition = edition(package, root)?;
        let targets = targets::targets(&self.disk, file, name, &edition)?;
        let dependencies = dependencies::dependencies(&self.disk, file, root)?;
        if let Some(root) = root {
            self.remember_members(root, &file.path, &dependencies.paths);
        }
        Ok(Package {
            name: name.to_owned(),
            manifest: self.disk.resolve(&file.path),
            targets,
            dependencies: dependencies.list,
        })
    }

    fn file(&self, manifest: &Path) -> Result<Arc<ManifestFile>, String> {
        self.files.get_or(manifest, || ManifestFile::read(&self.disk, manifest).map(Arc::new))
    }

    fn configuration(&self, directory: &Path) -> Result<Arc<Configuration>, String> {
        self.configurations.get_or(directory, || cargo_config::load(&self.disk, directory).map(Arc::new))
    }
}

/// `package.edition`, inherited or not; "2015" where nothing is said.
fn edition(package: &dyn TableLike, root: Option<&ManifestFile>) -> Result<String, String> {
    let item = package.get("edition");
    if let Some(edition) = item.and_then(Item::as_str) {
        return Ok(edition.to_owned());
    }
    let inherits = item.and_then(|item| item.as_table_like()?.get("workspace")?.as_bool()) == Some(true);
    if !inherits {
        return Ok("2015".to_owned());
    }
    let inherited = root.and_then(|root| root.get_str(&["workspace", "package", "edition"]));
    inherited.map(str::to_owned).ok_or_else(|| {
        "its edition is inherited from the workspace, but no workspace root above it sets `workspace.package.edition`"
            .to_owned()
    })
}
