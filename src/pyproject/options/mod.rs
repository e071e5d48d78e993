//! `[tool.cachekeys]`: one definition, from which the parser, the JSON schema and the table in the documentation come.

mod layers;
mod values;

#[cfg(test)]
mod tests;

use std::ops::Range;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml_edit::{Array, InlineTable, Item, Key, TableLike, Value};

pub(crate) use layers::Configuration;
pub(crate) use values::{Pattern, Requirement, VariableName};

use super::selector::{Selector, nearest};

/// The settings of `[tool.cachekeys]` in a pyproject.toml.
// The doc comments of the fields are shown to users.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "[tool.cachekeys]")]
pub(crate) struct Options {
    /// The rules to enable: codes, prefixes, names or `ALL`
    #[serde(default)]
    #[schemars(with = "Vec<Selector>", extend("default" = ["ALL"]))]
    pub(crate) select: Option<Vec<Selector>>,
    /// Rules to enable in addition to `select`
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) extend_select: Vec<Selector>,
    /// Rules to disable
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) ignore: Vec<Selector>,
    /// Globs of directories to skip when searching for projects, relative to the directory where the search starts
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) exclude: Vec<Pattern>,
    /// Globs of files that are never treated as inputs
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) exclude_inputs: Vec<Pattern>,
    /// Additional inputs that the analysis does not find: files, directories and globs
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) extra_inputs: Vec<Pattern>,
    /// Additional environment variables that the build reads and the analysis does not find
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) extra_variables: Vec<VariableName>,
    /// Cargo.toml files that another backend builds, for example with a hatchling hook or meson, or that setup.py computes
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(crate) manifests: Vec<Pattern>,
    /// Set to `false` if the project is installed as a copy: Python sources and packaged files are then inputs. If unset, `[tool.uv.sources]` decides
    #[serde(default)]
    #[schemars(with = "bool", extend("default" = true))]
    pub(crate) editable: Option<bool>,
    /// Whether the readme and license files are inputs
    #[serde(default)]
    #[schemars(with = "bool", extend("default" = false))]
    pub(crate) metadata: Option<bool>,
    /// Which keys `--fix` writes: `compact` for a short list that may cover other files, `exact` for keys that only cover inputs
    #[serde(default)]
    #[schemars(extend("default" = "compact"))]
    pub(crate) fix_style: FixStyle,
    /// The required version of cachekeys, such as `>=0.1,<0.2`
    #[serde(default)]
    #[schemars(with = "Requirement")]
    #[expect(dead_code, reason = "judged when it is read")]
    pub(crate) required_version: Option<Requirement>,
}

/// Which list `--fix` writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FixStyle {
    /// A short list of keys, which may cover files that are not inputs
    #[default]
    Compact,
    /// Keys that only cover inputs
    Exact,
}

/// A fault in a setting, and its place.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) reason: String,
    pub(crate) span: Range<usize>,
}

impl Options {
    pub(crate) fn has_metadata(&self) -> bool {
        self.metadata.unwrap_or(false)
    }

    /// The settings of several tables. Later tables override earlier ones. None of them may have a [`fault`].
    pub(crate) fn of<'a>(tables: impl IntoIterator<Item = &'a dyn TableLike>) -> Self {
        let fields = tables.into_iter().flat_map(TableLike::iter);
        let merged: InlineTable = fields.filter_map(value).collect();
        deserialize(merged).unwrap_or_default()
    }

    /// The JSON schema of the table.
    pub(crate) fn schema() -> Schema {
        schema_for!(Self)
    }

    /// The names of the settings.
    fn names() -> Vec<String> {
        let schema = Self::schema();
        let properties = schema.get("properties").and_then(serde_json::Value::as_object);
        properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
    }
}

/// The fault in the settings of a table, if there is one. If it requires another version of cachekeys, only that is reported.
pub(crate) fn fault(table: &dyn TableLike) -> Option<Fault> {
    let required = table.get_key_value("required-version").map(|(key, item)| (key.get(), item));
    if let Some(fault) = required.and_then(fault_of) {
        return Some(fault);
    }
    let known = Options::names();
    if let Some((name, item)) = table.iter().find(|(name, _)| !known.iter().any(|known| known == name)) {
        let hint = nearest(known.iter().cloned(), name).map(|near| format!(", did you mean `{near}`?"));
        let reason = format!("unknown setting `{name}`{}", hint.unwrap_or_default());
        let span = table.key(name).and_then(Key::span).or_else(|| item.span());
        return Some(Fault { reason, span: span.unwrap_or_default() });
    }
    table.iter().find_map(fault_of)
}

fn fault_of((name, item): (&str, &Item)) -> Option<Fault> {
    let error = deserialize(value((name, item)).into_iter().collect()).err()?;
    let read = |list: Array| deserialize(std::iter::once((name, Value::Array(list))).collect());
    // The library reports the place of the whole list, so each element is read by itself.
    let element = |element: &Value| Some((read(std::iter::once(element.clone()).collect()).err()?, element.span()));
    let list = item.as_array().filter(|_| read(Array::new()).is_ok());
    let (error, span) = list.and_then(|list| list.iter().find_map(element)).unwrap_or_else(|| {
        let span = error.span().or_else(|| item.span());
        (error, span)
    });
    // serde says "sequence"; TOML says "list".
    let message = error.message().lines().next().unwrap_or_default().replace("a sequence", "a list");
    Some(Fault { reason: format!("`{name}`: {message}"), span: span.unwrap_or_default() })
}

fn value<'a>((name, item): (&'a str, &'a Item)) -> Option<(&'a str, Value)> {
    Some((name, item.clone().into_value().ok()?))
}

fn deserialize(table: InlineTable) -> Result<Options, toml_edit::de::Error> {
    Options::deserialize(Value::InlineTable(table).into_deserializer())
}
