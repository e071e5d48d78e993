//! Selectors, which select one or more rules in settings, on the command line and in comments.

use schemars::JsonSchema;
use serde::Deserialize;

use super::rule_codes::IDENTITIES;
use crate::error::Error;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(
    with = "String",
    description = "A code (`CK103`), a prefix (`CK1`), a name (`uncovered-source`) or `ALL`",
    extend("enum" = Selector::spellings())
)]
pub(crate) enum Selector {
    All,
    /// A code, or a prefix of codes.
    Prefix(String),
    Name(String),
}

impl Selector {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("ALL") {
            return Ok(Self::All);
        }
        let upper = text.to_ascii_uppercase();
        if upper.len() >= 2 && IDENTITIES.iter().any(|rule| rule.code.starts_with(&upper)) {
            return Ok(Self::Prefix(upper));
        }
        if IDENTITIES.iter().any(|rule| rule.name() == text) {
            return Ok(Self::Name(text.to_owned()));
        }
        Err(unknown_rule(text))
    }

    /// How closely the selector matches the rule; `None` if it does not.
    pub(crate) fn specificity(&self, code: &str, name: impl FnOnce() -> String) -> Option<usize> {
        match self {
            Self::All => Some(0),
            Self::Prefix(prefix) => code.starts_with(prefix.as_str()).then_some(prefix.len()),
            Self::Name(own) => (*own == name()).then_some(code.len()),
        }
    }

    /// All accepted spellings in a file, where case matters.
    fn spellings() -> Vec<String> {
        let mut spellings = vec!["ALL".to_owned()];
        for rule in IDENTITIES {
            let prefixes = (2..=rule.code.len()).map(|length| rule.code[..length].to_owned());
            spellings.extend(prefixes.chain([rule.name()]));
        }
        spellings.sort();
        spellings.dedup();
        spellings
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if Self::spellings().contains(&text) {
            return Self::parse(&text).map_err(|error| error.to_string());
        }
        Err(unknown_rule(&text).to_string())
    }
}

pub(crate) fn unknown_rule(text: &str) -> Error {
    Error::UnknownRule { selector: text.to_owned(), suggestion: nearest_rule(text) }
}

/// The code or name most similar to `text`, if any is similar enough.
pub(crate) fn nearest_rule(text: &str) -> Option<String> {
    nearest(IDENTITIES.iter().flat_map(|rule| [rule.code.to_owned(), rule.name()]), text)
}

/// The known name most similar to `text`, if any is similar enough.
pub(crate) fn nearest(known: impl Iterator<Item = String>, text: &str) -> Option<String> {
    let near = known.map(|name| (strsim::normalized_damerau_levenshtein(&name, text), name));
    near.filter(|(likeness, _)| *likeness > 0.6).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
