//! The rules that speak: selectors from the settings and the command line, the latter weighing more.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::error::Error;
use crate::options::Options;
use crate::rules::{RULES, Rule};

/// Who said which rules speak. The order is that of their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Default,
    Settings,
    CommandLine,
}

/// One selector and who it is from.
#[derive(Debug, Clone)]
struct Choice {
    selector: Selector,
    source: Source,
    ignores: bool,
}

/// The rules that speak. The more specific selector wins; of two alike that of the command line, then the one that ignores.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    choices: Vec<Choice>,
    /// The command line says which rules speak, whatever the settings say.
    selects: bool,
}

impl Selection {
    /// What the command line says.
    pub(crate) fn of_command_line(select: &[String], extend: &[String], ignore: &[String]) -> Result<Self, Error> {
        let mut selection = Self { choices: Vec::new(), selects: !select.is_empty() };
        for (texts, ignores) in [(select, false), (extend, false), (ignore, true)] {
            let selectors = texts.iter().map(|text| Selector::parse(text)).collect::<Result<Vec<_>, _>>()?;
            selection.add(&selectors, Source::CommandLine, ignores);
        }
        Ok(selection)
    }

    /// The same over the settings of a project.
    pub(crate) fn over(&self, options: &Options) -> Self {
        let mut selection = self.clone();
        if !self.selects {
            match &options.select {
                Some(select) => selection.add(select, Source::Settings, false),
                None => selection.add(&[Selector::All], Source::Default, false),
            }
            selection.add(&options.extend_select, Source::Settings, false);
        }
        selection.add(&options.ignore, Source::Settings, true);
        selection
    }

    fn add(&mut self, selectors: &[Selector], source: Source, ignores: bool) {
        self.choices.extend(selectors.iter().map(|selector| Choice { selector: selector.clone(), source, ignores }));
    }

    pub(crate) fn contains(&self, rule: &Rule) -> bool {
        let weight = |choice: &Choice| Some((choice.selector.specificity(rule)?, choice.source, choice.ignores));
        self.choices.iter().filter_map(weight).max().is_some_and(|(_, _, ignores)| !ignores)
    }

    /// Whether a rule is selected by its own code or name.
    pub(crate) fn names(&self, rule: &Rule) -> bool {
        let is_its_own = |choice: &Choice| choice.selector.specificity(rule) == Some(rule.code.len());
        self.contains(rule) && self.choices.iter().any(|choice| !choice.ignores && is_its_own(choice))
    }
}

/// One or many rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Selector {
    All,
    /// The beginning of a code, or all of it.
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
        if upper.len() >= 2 && RULES.iter().any(|rule| rule.code.starts_with(&upper)) {
            return Ok(Self::Prefix(upper));
        }
        if RULES.iter().any(|rule| rule.name() == text) {
            return Ok(Self::Name(text.to_owned()));
        }
        Err(unknown_rule(text))
    }

    /// How closely the selector names the rule; `None` where it does not.
    pub(crate) fn specificity(&self, rule: &Rule) -> Option<usize> {
        match self {
            // An experiment speaks only for those who ask for it.
            Self::All if rule.is_experimental() => None,
            Self::All => Some(0),
            Self::Prefix(prefix) if rule.is_experimental() => (prefix == rule.code).then_some(prefix.len()),
            Self::Prefix(prefix) => rule.code.starts_with(prefix.as_str()).then_some(prefix.len()),
            Self::Name(name) => (rule.name() == *name).then_some(rule.code.len()),
        }
    }

    /// All that may be written in a file, where upper and lower case count.
    fn spellings() -> Vec<String> {
        let mut spellings = vec!["ALL".to_owned()];
        for rule in RULES {
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

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A code (`CK103`), the beginning of codes (`CK1`), a name (`uncovered-source`) or `ALL`",
            "type": "string",
            "enum": Self::spellings(),
        })
    }
}

/// The rule of a code or a name.
pub(crate) fn find_rule(text: &str) -> Result<&'static Rule, Error> {
    let found = RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(text) || rule.name() == text);
    found.ok_or_else(|| unknown_rule(text))
}

fn unknown_rule(text: &str) -> Error {
    Error::UnknownRule { selector: text.to_owned(), suggestion: nearest_rule(text) }
}

/// The code or name that is most like `text`, if any is.
pub(crate) fn nearest_rule(text: &str) -> Option<String> {
    nearest(RULES.iter().flat_map(|rule| [rule.code.to_owned(), rule.name()]), text)
}

/// The known name that is most like `text`, if any is.
pub(crate) fn nearest(known: impl Iterator<Item = String>, text: &str) -> Option<String> {
    let near = known.map(|name| (strsim::normalized_damerau_levenshtein(&name, text), name));
    near.filter(|(likeness, _)| *likeness > 0.6).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(list: &[&str]) -> Vec<String> {
        list.iter().map(|&text| text.to_owned()).collect()
    }

    fn selected(select: &[&str], ignore: &[&str]) -> Vec<&'static str> {
        selected_over(&Options::default(), select, ignore)
    }

    fn selected_over(options: &Options, select: &[&str], ignore: &[&str]) -> Vec<&'static str> {
        let selection = Selection::of_command_line(&own(select), &[], &own(ignore)).unwrap().over(options);
        RULES.iter().filter(|rule| selection.contains(rule)).map(|rule| rule.code).collect()
    }

    #[test]
    fn the_more_specific_selector_wins() {
        assert_eq!(selected(&["CK103"], &[]), ["CK103"]);
        assert_eq!(selected(&["uncovered-source", "CK105"], &["CK1"]), ["CK103", "CK105"]);
        assert_eq!(
            selected(&["CK10"], &["CK103", "ck105"]),
            ["CK101", "CK102", "CK104", "CK106", "CK107", "CK108", "CK109"]
        );
        assert!(selected(&["ALL"], &["ALL"]).is_empty());
        let experiments = RULES.iter().filter(|rule| rule.is_experimental()).count();
        assert_eq!(selected(&[], &[]).len(), RULES.len() - experiments);
    }

    #[test]
    fn the_command_line_wins_over_the_settings() {
        let parse = |text: &str| Selector::parse(text).unwrap();
        let options = Options {
            select: Some(vec![parse("CK10")]),
            extend_select: vec![parse("CK303")],
            ignore: vec![parse("CK103"), parse("CK104")],
            ..Options::default()
        };
        let rest = ["CK101", "CK102", "CK105", "CK106", "CK107", "CK108", "CK109", "CK303"];
        assert_eq!(selected_over(&options, &[], &[]), rest);
        // What is ignored in either place is ignored, unless the command line names it.
        assert_eq!(
            selected_over(&options, &[], &["CK105", "CK106", "CK107", "CK108", "CK109"]),
            ["CK101", "CK102", "CK303"]
        );
        assert_eq!(selected_over(&options, &["CK103", "CK111"], &[]), ["CK103", "CK111"]);
        assert!(!selected_over(&options, &["CK1"], &[]).contains(&"CK103"));
        let nothing = Options { select: Some(Vec::new()), ..Options::default() };
        assert!(selected_over(&nothing, &[], &[]).is_empty());
    }

    #[test]
    fn an_unknown_rule_is_told_the_nearest() {
        let message = Selection::of_command_line(&[], &[], &own(&["uncovered-sorce"])).err().unwrap().to_string();
        assert_eq!(message, "unknown rule `uncovered-sorce`, did you mean `uncovered-source`?");
    }
}
