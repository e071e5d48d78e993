//! The settings that apply to a project: those of `--config` override those of its file, which can also be ignored.

use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::{Fault, Options, fault};
use crate::error::Error;
use crate::fs::Disk;
use crate::fs::toml::get;
use crate::pyproject::Pyproject;

/// The settings from the command line, for all projects of a run.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// Whether settings in the projects' files are ignored.
    isolated: bool,
    /// The settings of each `--config`; later ones take precedence.
    overrides: Vec<Document<String>>,
}

impl Configuration {
    /// Reads the settings from the command line. With `isolated`, the settings in the projects' files are ignored.
    pub(crate) fn of(disk: &Disk, config: &[String], isolated: bool) -> Result<Self, Error> {
        let overrides = config.iter().map(|given| read(disk, given)).collect::<Result<_, _>>()?;
        Ok(Self { isolated, overrides })
    }

    /// The settings of one project, or the reason why they cannot be read.
    pub(crate) fn options(&self, pyproject: &Pyproject) -> Result<Options, Error> {
        let mut tables: Vec<&dyn TableLike> = Vec::new();
        if !self.isolated
            && let Some(item) = pyproject.get(&["tool", "cachekeys"])
        {
            let complain = |fault| complaint(&pyproject.shown, pyproject.text(), fault);
            tables.push(checked(item).map_err(complain)?);
        }
        tables.extend(self.overrides.iter().filter_map(settings_in));
        Ok(Options::of(tables))
    }

    /// The settings that apply without a project.
    pub(crate) fn overrides(&self) -> Options {
        Options::of(self.overrides.iter().filter_map(settings_in))
    }
}

/// Reads a file, or `KEY = VALUE`.
fn read(disk: &Disk, given: &str) -> Result<Document<String>, Error> {
    let path = Path::new(given);
    let (shown, text) = if disk.is_file(path) || !given.contains('=') {
        let text = disk.text(path).map_err(|error| Error::read(path, &error))?;
        (path, text)
    } else {
        (Path::new("--config"), given.to_owned())
    };
    let document = Document::parse(text.clone()).map_err(|error| Error::Toml {
        path: shown.to_owned(),
        reason: error.message().lines().collect::<Vec<_>>().join(", "),
        span: error.span().unwrap_or_default(),
        text: text.clone(),
    })?;
    match settings_in(&document).and_then(fault) {
        Some(fault) => Err(complaint(shown, &text, fault)),
        None if document.get("tool").is_some() => {
            let item = get(document.as_table(), &["tool", "cachekeys"]);
            item.map_or(Ok(()), |item| checked(item).map(drop)).map_err(|fault| complaint(shown, &text, fault))?;
            Ok(document)
        }
        None => Ok(document),
    }
}

/// The settings: `[tool.cachekeys]` if the document has a `tool`, else its top level.
fn settings_in(document: &Document<String>) -> Option<&dyn TableLike> {
    match document.get("tool") {
        Some(_) => get(document.as_table(), &["tool", "cachekeys"])?.as_table_like(),
        None => Some(document.as_table()),
    }
}

fn checked(item: &Item) -> Result<&dyn TableLike, Fault> {
    let Some(table) = item.as_table_like() else {
        let reason = format!("`tool.cachekeys` must be a table, found {}", item.type_name());
        return Err(Fault { reason, span: item.span().unwrap_or_default() });
    };
    fault(table).map_or(Ok(table), Err)
}

fn complaint(path: &Path, text: &str, fault: Fault) -> Error {
    Error::Setting { path: path.to_owned(), reason: fault.reason, span: fault.span, text: text.to_owned() }
}
