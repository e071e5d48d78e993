//! One parsed pyproject.toml: the text, the spans, the build backend, the declared cache keys.

mod backend;
pub(crate) mod comments;
pub(crate) mod misplaced_keys;
pub(crate) mod options;
pub(crate) mod rule_codes;
pub(crate) mod selector;
pub(crate) mod suppressions;
pub(crate) mod uv_sources;
pub(crate) mod uv_workspace;

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike};

use crate::cache_keys::{Entry, Rejection, grammar};
use crate::error::Error;
use crate::fs::toml::get;
use crate::fs::{Disk, Resolved};
pub(crate) use backend::Backend;
use options::Options;
use uv_sources::Installation;

/// The `tool.uv.cache-keys` of the file.
#[derive(Debug)]
pub(crate) enum Declared {
    /// Not set: uv uses its defaults.
    Absent,
    /// Something that uv rejects.
    Rejected(Vec<Rejection>),
    /// A list.
    Keys(Vec<Entry>),
}

impl Declared {
    /// Where the keys are set, as JSON reports name it.
    pub(crate) fn source(&self) -> &'static str {
        match self {
            Self::Absent => "defaults",
            Self::Rejected(_) | Self::Keys(_) => "tool.uv.cache-keys",
        }
    }
}

/// One parsed pyproject.toml.
#[derive(Debug)]
pub(crate) struct Pyproject {
    /// The path as reports show it.
    pub(crate) shown: PathBuf,
    /// The directory of the project.
    pub(crate) dir: Resolved,
    /// The backend that compiles Rust for this project; `None` if no known backend does.
    pub(crate) backend: Option<Backend>,
    pub(crate) declared: Declared,
    /// Its settings. They have their defaults until [`Self::with_options`] sets them.
    pub(crate) options: Arc<Options>,
    /// How uv installs it. Counts as editable until [`Self::with_installation`] reads the files around it.
    pub(crate) installation: Arc<Installation>,
    document: Document<Arc<str>>,
}

impl Pyproject {
    /// Reads and parses the file at `path`.
    pub(crate) fn read(disk: &Disk, path: &Path) -> Result<Self, Error> {
        match disk.manifest(&disk.resolve(path)) {
            Ok(text) => Self::parse(disk, path, text),
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                Err(Error::Read { path: path.to_owned(), reason: "it is a directory".to_owned() })
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                let bytes = disk.read(path).unwrap_or_default();
                let text = bytes.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
                let good = text.len();
                Err(Error::Toml {
                    path: path.to_owned(),
                    reason: format!("byte {good} is not UTF-8"),
                    span: good..good,
                    text: text.to_owned(),
                })
            }
            Err(error) => Err(Error::read(path, &error)),
        }
    }

    /// Parses `text`, which is or will be the content of the file at `path`.
    pub(crate) fn parse(disk: &Disk, path: &Path, text: impl Into<Arc<str>>) -> Result<Self, Error> {
        let directory = disk.real_directory(path.parent().unwrap_or(Path::new(".")));
        let parsed = Self::parse_in(directory, path, &text.into())?;
        let backend = Backend::of(disk, &parsed);
        Ok(Self { backend, ..parsed })
    }

    fn parse_in(dir: Resolved, path: &Path, text: &Arc<str>) -> Result<Self, Error> {
        let document = Document::parse(Arc::clone(text)).map_err(|error| Error::Toml {
            path: path.to_owned(),
            reason: error.message().lines().collect::<Vec<_>>().join(", "),
            span: error.span().unwrap_or_default(),
            text: text.as_ref().to_owned(),
        })?;
        let declared = declared(document.as_table());
        Ok(Self {
            shown: path.to_owned(),
            dir,
            backend: None,
            declared,
            options: Arc::default(),
            installation: Arc::default(),
            document,
        })
    }

    /// The same project with another text.
    pub(crate) fn with_text(&self, text: String) -> Result<Self, Error> {
        let parsed = Self::parse_in(self.dir.clone(), &self.shown, &text.into())?;
        let (options, installation) = (Arc::clone(&self.options), Arc::clone(&self.installation));
        Ok(Self { backend: self.backend, options, installation, ..parsed })
    }

    /// The same project with these settings.
    pub(crate) fn with_options(self, options: Arc<Options>) -> Self {
        let by_settings = (!options.manifests.is_empty()).then_some(Backend::Manifests);
        Self { backend: self.backend.or(by_settings), options, ..self }
    }

    /// Whether a package is among the build requirements, by its normalised name.
    pub(crate) fn requires(&self, name: &str) -> bool {
        let required = self.get_strings(&["build-system", "requires"]);
        required.into_iter().any(|required| backend::distribution(required) == name)
    }

    /// The same project, with the installation that the files around it determine.
    pub(crate) fn with_installation(self, disk: &Disk) -> Self {
        Self { installation: Arc::new(Installation::of(disk, &self)), ..self }
    }

    /// Whether uv only installs it as editable, so that Python reads its files in place.
    pub(crate) fn is_editable(&self) -> bool {
        self.copied().is_none()
    }

    /// Why it is installed as a copy.
    pub(crate) fn copied(&self) -> Option<&str> {
        match self.options.editable {
            Some(true) => None,
            Some(false) => Some("`editable = false` in `[tool.cachekeys]`"),
            None => self.installation.copied(),
        }
    }

    /// The text, byte for byte.
    pub(crate) fn text(&self) -> &str {
        self.document.raw()
    }

    /// The root table.
    pub(crate) fn root(&self) -> &dyn TableLike {
        self.document.as_table()
    }

    /// The item at a dotted path of keys, through tables in any syntax.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&Item> {
        get(self.document.as_table(), keys)
    }

    pub(crate) fn get_str(&self, keys: &[&str]) -> Option<&str> {
        self.get(keys)?.as_str()
    }

    /// The strings of an array; other values in it are skipped.
    pub(crate) fn get_strings(&self, keys: &[&str]) -> Vec<&str> {
        let array = self.get(keys).and_then(Item::as_array);
        array.into_iter().flatten().filter_map(toml_edit::Value::as_str).collect()
    }

    /// Whether `[tool.uv] package = false` says that uv never builds this project, and so never reads its keys.
    pub(crate) fn is_unpackaged(&self) -> bool {
        self.get(&["tool", "uv", "package"]).and_then(Item::as_bool) == Some(false)
    }

    /// Why uv never builds this project, and so never reads its keys: `package = false`, or no build system (uv's documentation,
    /// "Build systems"; a setup.py alone is still built on demand).
    pub(crate) fn never_built(&self, disk: &Disk) -> Option<&'static str> {
        let packages = self.get(&["tool", "uv", "package"]).and_then(Item::as_bool);
        let has_build_system = self.get(&["build-system"]).is_some();
        match packages {
            Some(true) => None,
            Some(false) => Some("`package = false` in `[tool.uv]`"),
            None if has_build_system || disk.kind_in(&self.dir, "setup.py").is_some() => None,
            None => Some("it has no `[build-system]`"),
        }
    }

    /// Whether the user excludes a file, relative to the project, from the inputs: `[tool.cachekeys] exclude-inputs`.
    pub(crate) fn is_excluded(&self, shown: &str) -> bool {
        self.options.exclude_inputs.iter().any(|pattern| pattern.matches(shown))
    }

    /// The declared entries; empty without a list, or with a malformed one.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.declared {
            Declared::Keys(entries) => entries,
            Declared::Absent | Declared::Rejected(_) => &[],
        }
    }

    /// The place of findings about the list as a whole: the name `cache-keys`, else the header or name of `tool.uv`, else
    /// the build backend, else the start of the file.
    pub(crate) fn anchor(&self) -> Range<usize> {
        let list = || self.get(&["tool", "uv", "cache-keys"])?.as_array_of_tables()?.iter().next()?.span();
        list()
            .or_else(|| self.name(&["tool", "uv"], "cache-keys"))
            .or_else(|| self.header_of_uv())
            .or_else(|| self.get(&["build-system", "build-backend"])?.span())
            .or_else(|| self.name(&[], "build-system"))
            .unwrap_or(0..0)
    }

    /// The header or name of `tool.uv`.
    pub(crate) fn header_of_uv(&self) -> Option<Range<usize>> {
        self.name(&["tool"], "uv")
    }

    fn name(&self, parent: &[&str], key: &str) -> Option<Range<usize>> {
        let root = self.document.as_table() as &dyn TableLike;
        let table = if parent.is_empty() { root } else { self.get(parent)?.as_table_like()? };
        table.get_key_value(key).and_then(|(key, item)| {
            // For a table with a header, the span is the whole header, which reads better than a part of it.
            let header = item.as_table().filter(|table| !table.is_implicit() && !table.is_dotted());
            header.and_then(toml_edit::Table::span).or_else(|| key.span())
        })
    }
}

fn declared(root: &dyn TableLike) -> Declared {
    // uv also rejects the file if `tool` or `tool.uv` is not a table.
    let holders = [&["tool"][..], &["tool", "uv"]];
    if let Some(rejection) = holders.into_iter().find_map(|keys| grammar::not_a_table(keys, get(root, keys)?)) {
        return Declared::Rejected(vec![rejection]);
    }
    let Some(item) = get(root, &["tool", "uv", "cache-keys"]) else {
        return Declared::Absent;
    };
    match grammar::parse(item, item.span().unwrap_or_default()) {
        Ok(entries) => Declared::Keys(entries),
        Err(rejections) => Declared::Rejected(rejections),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Pyproject {
        Pyproject::parse(&Disk::default(), Path::new("/p/pyproject.toml"), text.to_owned()).unwrap()
    }

    #[test]
    fn what_holds_the_list_is_a_table() {
        for (text, is_rejected) in [
            ("tool = 1\n", true),
            ("[[tool]]\nx = 1\n", true),
            ("tool = [{ uv = {} }]\n", true),
            ("[tool]\nuv = 1\n", true),
            ("[[tool.uv]]\nx = 1\n", true),
            ("[tool]\nuv = [{ cache-keys = [\"a\"] }]\n", true),
            ("[tool.uv]\ncache-keys = 1\n", true),
            ("[tool.uv]\nx = 1\n", false),
            ("[tool]\nuv = {}\n", false),
            ("tool.uv.cache-keys = []\n", false),
        ] {
            let declared =
                Pyproject::parse(&Disk::default(), Path::new("pyproject.toml"), text.to_owned()).unwrap().declared;
            assert_eq!(matches!(declared, Declared::Rejected(_)), is_rejected, "{text}");
        }
    }

    #[test]
    fn the_anchor_is_the_nearest_thing_to_the_list() {
        for (text, expected) in [
            ("[tool.uv]\ncache-keys = []", "cache-keys"),
            ("[[tool.uv.cache-keys]]\nfile = 'a'", "[[tool.uv.cache-keys]]"),
            ("[tool.uv]\npackage = true", "[tool.uv]"),
            ("[tool]\nuv.package = true", "uv"),
            ("[build-system]\nbuild-backend = 'maturin'", "'maturin'"),
            ("[project]\nname = 'a'\n[build-system]\nrequires = []", "[build-system]"),
            ("", ""),
        ] {
            let pyproject = parse(text);
            assert_eq!(&pyproject.text()[pyproject.anchor()], expected, "{text}");
        }
    }
}
