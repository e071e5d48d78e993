//! The settings of the editor, given as `initializationOptions` or requested as the section `cachekeys`. The rules and their
//! options are set in the `[tool.cachekeys]` of each project.

use cachekeys::CrateMetadata;
use clap::ValueEnum;
use gen_lsp_types::LspAny;
use serde::{Deserialize, Deserializer};

use crate::values::Metadata;

/// The name of the section in the editor's settings.
pub(super) const SECTION: &str = "cachekeys";

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    /// Whether to show the number of files beside each key.
    pub(super) inlay_hints: bool,
    /// How to find the crates of a project. Overrides `--metadata`.
    #[serde(deserialize_with = "metadata")]
    pub(super) metadata: Option<CrateMetadata>,
}

impl Options {
    /// Parses the client's settings: the section itself, or an object that contains it. If nothing is given, the defaults apply.
    pub(super) fn parse(given: &LspAny) -> Result<Self, String> {
        let section = given.get(SECTION).unwrap_or(given);
        let options =
            Option::<Self>::deserialize(section).map_err(|error| format!("settings of {SECTION}: {error}"))?;
        Ok(options.unwrap_or_default())
    }
}

fn metadata<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CrateMetadata>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let metadata = Metadata::from_str(&name, false).map_err(serde::de::Error::custom)?;
    Ok(Some(metadata.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn they_are_read_in_all_forms() {
        let both = Options { inlay_hints: true, metadata: Some(CrateMetadata::Manifest) };
        for (given, expected) in [
            (json!(null), Some(Options::default())),
            (json!({}), Some(Options::default())),
            (json!({ "cachekeys": null, "other": 1 }), Some(Options::default())),
            (json!({ "inlayHints": true, "metadata": "manifest" }), Some(both.clone())),
            (json!({ "cachekeys": { "inlayHints": true, "metadata": "manifest" } }), Some(both)),
            (json!({ "inlayHints": "yes" }), None),
            (json!({ "metadata": "rustc" }), None),
            (json!([1]), None),
        ] {
            assert_eq!(Options::parse(&given).ok(), expected, "{given}");
        }
    }
}
