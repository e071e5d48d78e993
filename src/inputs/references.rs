//! What one file names by macros, attributes and `#[path]`.

use std::path::Path;
use std::sync::Arc;

use super::Kind;
use super::macros::{self, Definitions, Found, Origin, Variables};
use super::sources::{modules, tokens};
use super::unread::Unread;
use crate::fs::disk::Glance;
use crate::fs::{Disk, Resolved};

#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) found: Found,
    /// Modules that `#[path]` includes.
    pub(super) modules: Vec<Resolved>,
    pub(super) unread: Vec<Unread>,
}

/// Takes a first look at the file at `path`, a source of the package in `package`. Files share a buffer, because new memory for
/// each of thousands of files would take longer than reading them.
pub(super) fn glance(
    disk: &Disk,
    path: &Path,
    package: &Path,
    buffer: &mut Vec<u8>,
) -> Result<Arc<Glance>, Option<Unread>> {
    if let Some(known) = disk.seen.glances.get(path) {
        return Ok(known);
    }
    disk.read_into(path, buffer).map_err(|error| Unread::by(path, &error))?;
    let none = Variables::default();
    let origin = Origin { disk, file: path, package, variables: &none };
    let glance = Arc::new(macros::glance(buffer, &|text| macros::names_a_file(text, &origin).is_some()));
    disk.seen.glances.put(path, Arc::clone(&glance));
    Ok(glance)
}

/// Reads what the file at `path` names, after a first look.
pub(super) fn read(
    disk: &Disk,
    path: &Path,
    kind: Kind,
    package: &Path,
    definitions: &Definitions,
    glance: &Glance,
) -> Named {
    let Ok(text) = disk.text(path) else { return Named::default() };
    let mut named = Named::default();
    let origin = Origin { disk, file: path, package, variables: &definitions.variables };
    match macros::references(tokens::without_tests(&text), &origin, definitions) {
        Ok(found) => named.found = found,
        Err(unfit) => return Named { unread: vec![Unread::new(path, &unfit)], ..named },
    }
    // The modules of a build script were already followed. Its literals are analysed with the script.
    if kind == Kind::BuildScript {
        named.found.literals.clear();
        return named;
    }
    if glance.modules {
        let followed = modules::elsewhere(disk, path, &text);
        named.modules = followed.files.into_iter().collect();
        named.unread = followed.unread;
    }
    let Found { references, literals } = &named.found;
    let names_anything = !references.is_empty() || !literals.is_empty() || !named.modules.is_empty();
    if names_anything && modules::is_test_only(disk, path) { Named::default() } else { named }
}
