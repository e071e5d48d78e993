//! Types of settings that check their text.

use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use pep440_rs::{Version, VersionSpecifiers};
use schemars::JsonSchema;
use serde::Deserialize;

/// A glob or a plain path. Either also matches everything below it. `*` does not match a `/`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(
    with = "String",
    description = "A path or glob with `/` as the separator, relative to the directory of the file. It includes everything below a matching directory",
    extend("pattern" = "^[^/]")
)]
pub(crate) struct Pattern {
    text: String,
    itself: GlobMatcher,
    below: GlobMatcher,
}

impl Pattern {
    /// As written, without `./` and a trailing `/`.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches a path, written with `/` and relative to the same directory as the pattern.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.itself.is_match(path) || self.below.is_match(path)
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let plain = text.trim_start_matches("./").trim_end_matches('/');
        if plain.is_empty() || plain.starts_with('/') {
            return Err(format!("`{text}` is not a path or glob below the directory of the settings"));
        }
        let glob = |glob: &str| {
            let built = GlobBuilder::new(glob).literal_separator(true).build();
            built
                .map(|glob| glob.compile_matcher())
                .map_err(|error| format!("`{text}` is not a valid glob: {}", error.kind()))
        };
        Ok(Self { itself: glob(plain)?, below: glob(&format!("{plain}/**"))?, text: plain.to_owned() })
    }
}

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", description = "The name of an environment variable", extend("pattern" = r"^[^=\s]+$"))]
pub(crate) struct VariableName(String);

impl VariableName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for VariableName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let is_name = !name.is_empty() && !name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control());
        if is_name { Ok(Self(name)) } else { Err(format!("`{}` is not a valid variable name", name.escape_debug())) }
    }
}

/// The required versions of cachekeys. A bare version means exactly that one. Other settings are only read if this version
/// matches.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", description = "A version or version specifier (PEP 440)", extend("minLength" = 1))]
pub(crate) struct Requirement;

impl TryFrom<String> for Requirement {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let specifiers = VersionSpecifiers::from_str(&text)
            .or_else(|_| VersionSpecifiers::from_str(&format!("=={text}")))
            .ok()
            .filter(|specifiers| !specifiers.is_empty())
            .ok_or_else(|| format!("`{text}` is not a version or version specifier, such as `>=0.1,<0.2`"))?;
        let running = env!("CARGO_PKG_VERSION");
        let admits = Version::from_str(running).is_ok_and(|version| specifiers.contains(&version));
        if admits {
            Ok(Self)
        } else {
            Err(format!("the project requires cachekeys {text}, but this is cachekeys {running}"))
        }
    }
}
