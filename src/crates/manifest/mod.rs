//! Reading the manifests without cargo: one crate, its workspace root, its targets and dependencies.
//!
//! Only the manifests that the build needs are read: the manifest itself and that of its workspace root. Other members are read
//! only if nothing else decides whether the crate is a member. A broken or missing member therefore only affects crates that
//! depend on it.

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

/// The result of a search for members. An error names a possible member that cannot be read, which may lead to other members.
type Searched = Result<(), (PathBuf, String)>;

/// Reads manifests, each once.
#[derive(Default)]
pub(super) struct Reader {
    disk: Disk,
    files: Memo<Result<Arc<ManifestFile>, String>>,
    packages: Memo<Result<Arc<Package>, String>>,
    /// The workspace root of each manifest, by the manifest and its place.
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

    /// The workspace of `manifest`, usually without its other members, as cargo would read it in `directory`. A crate that is
    /// built must be a member of its workspace; a dependency need not be.
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
        // maturin runs the `uniffi-bindgen` of any member, so all members are needed.
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

    /// The directory of the workspace root of `manifest`, if it has one above it or points to one.
    pub(super) fn root_directory(&self, manifest: &Path) -> Option<Resolved> {
        let root = self.candidate(&self.file(manifest).ok()?).ok()??;
        Some(self.disk.real_directory(root.directory()))
    }

    /// `lib.name`, if the manifest sets it.
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
        // Cached for each root, because reading the package also records it as a member of the root.
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

/// `package.edition`, inherited or not; "2015" if it is not set.
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
