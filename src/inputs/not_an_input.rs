//! Why a file is not an input.

use std::path::Path;

use toml_edit::{Document, Item};

use super::sources::modules;
use super::{Inputs, Kind, macros};
use crate::crates::build_crate::Crate;
use crate::crates::workspace::TargetRole;
use crate::fs::{Disk, path, resolve};

/// Why a file is not an input: a code for programs, and the rest of the sentence "not an input: …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Absence {
    pub(crate) code: &'static str,
    pub(crate) reason: String,
}

impl Absence {
    pub(crate) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}

/// Why the file at `path` is not an input. It must not be one, and the build must not write it. `project` is the project
/// directory.
pub(crate) fn absence(disk: &Disk, inputs: &Inputs, project: &Path, path: &Path) -> Absence {
    if path.components().any(|part| part.as_os_str() == ".git") {
        return Absence::new("git", "it belongs to git; use the key `{ git = { commit = true } }` to track the commit");
    }
    if let Some(found) = embeds_as_documentation(disk, inputs, path) {
        let reason = format!("it is documentation of crate `{}`, which is not part of the wheel", found.name());
        return Absence::new("documentation", reason);
    }
    match nearest_manifest(disk, inputs, path) {
        Some(Nearest::Own(index)) => within(disk, inputs, index, project, path),
        Some(Nearest::Other(name)) => {
            let reason =
                format!("it belongs to crate `{name}`, which the build does not use (dev-dependencies do not count)");
            Absence::new("other-crate", reason)
        }
        None if is_python(path) => Absence::new("python", PYTHON),
        None => {
            let is_outside = disk.repository(project).is_some_and(|repository| !path.starts_with(repository));
            let (code, place) = match is_outside {
                _ if path.starts_with(project) => ("no-crate", "it does not belong to a crate"),
                true => ("outside", "it is outside the repository"),
                false => ("no-crate", "it does not belong to a crate of the build"),
            };
            Absence::new(code, format!("{place}, and {}", not_named(inputs, None)))
        }
    }
}

/// The reason for a file that no source, of one crate or of any, is known to name.
fn not_named(inputs: &Inputs, in_crate: Option<usize>) -> String {
    let mut unknown = inputs.undetermined.iter().filter(|path| in_crate.is_none() || path.in_crate == in_crate);
    match unknown.next() {
        None => "no compiled code names it".to_owned(),
        Some(first) => {
            let others = match unknown.count() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("it is unknown whether the build reads it: {}{others} could not be determined", first.reason)
        }
    }
}

const PYTHON: &str = "it is a Python file, which an editable install imports from the source tree";

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py" || extension == "pyi")
}

/// The reason for a file in the directory of a crate of the build.
fn within(disk: &Disk, inputs: &Inputs, index: usize, project: &Path, path: &Path) -> Absence {
    let found = &inputs.crates[index];
    let name = found.name();
    let directory = found.package().directory();
    let first = path.strip_prefix(directory).ok().and_then(|below| below.components().next());
    let first = first.and_then(|first| first.as_os_str().to_str()).unwrap_or_default();
    let is_below = path.strip_prefix(directory).is_ok_and(|below| below.components().count() > 1);
    let of_targets =
        [("tests", "test", "tests"), ("benches", "bench", "benchmarks"), ("examples", "example", "examples")];
    if let Some((_, code, what)) = of_targets.iter().find(|(folder, ..)| is_below && *folder == first) {
        return Absence::new(
            code,
            format!("it belongs to the {what} of crate `{name}`, which are not part of the wheel"),
        );
    }
    let (_, unbuilt) = found.targets();
    let is_of = |source: &Path| {
        let own = source.parent().filter(|parent| parent.parent().is_some_and(|above| above.ends_with("bin")));
        source == path || own.is_some_and(|own| path.starts_with(own))
    };
    if unbuilt.iter().any(|target| target.role == TargetRole::Bin && is_of(&target.source)) {
        return Absence::new(
            "binary",
            format!("it belongs to a binary of crate `{name}` that the backend does not build"),
        );
    }
    if resolve::is_rust(path) && modules::is_test_only(disk, path) {
        return Absence::new("test", format!("it is a test module of crate `{name}`"));
    }
    if is_python(path) {
        return Absence::new("python", PYTHON);
    }
    let shown = path::display(project, directory);
    let named = not_named(inputs, Some(index));
    Absence::new("not-read", format!("it is in the directory of crate `{name}` ({shown}), but {named}"))
}

/// The crate with the nearest manifest above a file.
enum Nearest {
    /// Index into [`Inputs::crates`].
    Own(usize),
    /// The name of a package that is not built.
    Other(String),
}

fn nearest_manifest(disk: &Disk, inputs: &Inputs, path: &Path) -> Option<Nearest> {
    path.ancestors().skip(1).find_map(|directory| {
        let own = inputs.crates.iter().position(|found| found.package().directory() == directory);
        if let Some(index) = own {
            return Some(Nearest::Own(index));
        }
        let text = disk.text(directory.join("Cargo.toml")).ok()?;
        let document = Document::parse(text).ok()?;
        // A workspace root may have no package.
        let package = document.get("package")?.as_table_like()?;
        Some(Nearest::Other(package.get("name").and_then(Item::as_str)?.to_owned()))
    })
}

fn embeds_as_documentation<'a>(disk: &Disk, inputs: &'a Inputs, path: &Path) -> Option<&'a Crate> {
    let sources = inputs.files.iter().filter(|input| input.kind == Kind::Source);
    let mut embedding = sources.filter_map(|input| Some((input, inputs.crate_of(input)?)));
    let embeds = |source: &Path, found: &Crate| {
        macros::documentation(disk, source, found.package().directory()).iter().any(|named| **named == *path)
    };
    embedding.find(|(input, found)| embeds(&input.path, found)).map(|(_, found)| found)
}
