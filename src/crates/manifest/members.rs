//! The members of a workspace: the crates that its root lists, and their path dependencies.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::dependencies::dependencies;
use super::file::{ManifestFile, listed, lists};
use super::{Reader, Searched};
use crate::fs::{Resolved, path};

/// The number of different paths by which one manifest is followed. cargo treats each path as another manifest. With a cycle of
/// symlinks, cargo continues until the system refuses to follow more of them, and fails.
const SPELLINGS: usize = 8;

impl Reader {
    /// Whether the workspace of `root` has `manifest` (resolved) among its members. Fails if that cannot be determined.
    pub(super) fn is_member(&self, root: &ManifestFile, manifest: &Path) -> Result<bool, String> {
        if self.needs_no_search(root, manifest) {
            return Ok(true);
        }
        // The text does not decide it, so all members are searched, as cargo does.
        let searched = self.searched.get_or(&root.path, || self.search(root));
        match (self.is_known_member(root, manifest), searched) {
            (true, _) => Ok(true),
            (false, Ok(())) => Ok(false),
            (false, Err((unread, reason))) => Err(format!(
                "whether it is a member of the workspace depends on {}, which cannot be read: {reason}",
                path::slashed(&unread)
            )),
        }
    }

    /// The manifests of all members that can be found, resolved and sorted.
    pub(super) fn members_of(&self, root: &ManifestFile) -> Vec<PathBuf> {
        // Members that cannot be read are not needed here.
        let _ = self.searched.get_or(&root.path, || self.search(root));
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let own = members.get(root.path.as_os_str()).into_iter().flatten();
        let mut own: Vec<PathBuf> = own.map(PathBuf::from).collect();
        own.sort();
        own
    }

    /// Whether members can be recognised without a search.
    fn needs_no_search(&self, root: &ManifestFile, manifest: &Path) -> bool {
        root.path == manifest
            || lists(root, manifest) && !root.excludes(manifest)
            || self.is_known_member(root, manifest)
    }

    /// If `member` is a member, remembers its path dependencies as members too, see [`Self::adopts`].
    pub(super) fn remember_members(&self, root: &ManifestFile, member: &Path, manifests: &[PathBuf]) {
        if !self.needs_no_search(root, member) {
            return;
        }
        let is_member = |manifest: &&PathBuf| !root.excludes(manifest) && self.adopts(root, manifest) == Ok(true);
        for manifest in manifests.iter().filter(is_member) {
            self.remember(root, manifest);
        }
    }

    fn remember(&self, root: &ManifestFile, manifest: &Path) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.entry(root.path.clone().into()).or_default().insert(self.disk.resolve(manifest).as_os_str().into());
    }

    fn is_known_member(&self, root: &ManifestFile, manifest: &Path) -> bool {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.get(root.path.as_os_str()).is_some_and(|known| known.contains(manifest.as_os_str()))
    }

    /// Finds all members that can be found.
    fn search(&self, root: &ManifestFile) -> Searched {
        let mut queue: Vec<PathBuf> = listed(&self.disk, root)
            .into_iter()
            .map(|directory| path::normalize(&directory).join("Cargo.toml"))
            .collect();
        queue.push(root.path.clone());
        let mut seen: HashSet<PathBuf> = HashSet::new();
        let mut spellings: HashMap<Resolved, usize> = HashMap::new();
        let mut unread = Ok(());
        while let Some(manifest) = queue.pop() {
            if root.excludes(&manifest) || !seen.insert(manifest.clone()) {
                continue;
            }
            let spellings = spellings.entry(self.disk.resolve(&manifest)).or_default();
            *spellings += 1;
            if *spellings > SPELLINGS {
                unread = Err((manifest, "path dependencies lead to it through a cycle of symlinks".to_owned()));
                continue;
            }
            self.remember(root, &manifest);
            unread = self.adopt(root, &manifest, &mut queue).and(unread);
        }
        unread
    }

    /// Adds to `queue` the path dependencies of a member that are members too. One that cannot be read does not stop the others.
    fn adopt(&self, root: &ManifestFile, member: &Path, queue: &mut Vec<PathBuf>) -> Searched {
        let found = self.file(member).and_then(|file| dependencies(&self.disk, &file, Some(root)));
        let mut unread = Ok(());
        for path in found.map_err(|reason| (member.to_owned(), reason))?.paths {
            match self.adopts(root, &path) {
                Ok(true) => queue.push(path),
                Ok(false) => {}
                Err(reason) => unread = Err((path, reason)),
            }
        }
        unread
    }

    /// Whether a path dependency of a member is a member too. Below the root it is. Elsewhere it is only if the search for its own
    /// root, by its `package.workspace` or that of a manifest above it, ends at `root`.
    fn adopts(&self, root: &ManifestFile, manifest: &Path) -> Result<bool, String> {
        if path::is_within(manifest, root.directory()) {
            return Ok(true);
        }
        let own = self.candidate(&self.file(manifest)?)?;
        Ok(own.is_some_and(|own| own.path == root.path))
    }
}
