//! What a run is asked to do: the rules that speak, and what happens to the file.

use crate::error::Error;
use crate::rules::{RULES, Rule};

/// What happens to what can be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FixMode {
    /// Findings are reported, files left alone.
    #[default]
    Off,
    /// The fixed text is computed and reported, files left alone.
    Diff,
    /// Files are rewritten.
    Apply,
}

/// Who says which crates a project is built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CrateMetadata {
    /// cargo, or the manifests where there is no cargo or it refuses.
    #[default]
    Auto,
    /// cargo; what it refuses cannot be read.
    Cargo,
    /// The manifests alone; no cargo is looked for.
    Manifest,
}

/// The settings of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Codes (`CK103`), prefixes (`CK1`), names (`uncovered-source`) or `ALL`; empty stands for `ALL`.
    pub select: Vec<String>,
    /// Rules besides those of `select`.
    pub extend_select: Vec<String>,
    /// Rules that do not speak. The more specific selector wins; of two alike, this one.
    pub ignore: Vec<String>,
    /// What happens to what can be mended.
    pub fix: FixMode,
    /// Whether fixes may take away something the user wrote.
    pub unsafe_fixes: bool,
    /// Whether the bytes that a safe fix would change are computed where nothing is fixed.
    pub edits: bool,
    /// Who says which crates a project is built from.
    pub crate_metadata: CrateMetadata,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            extend_select: Vec::new(),
            ignore: Vec::new(),
            fix: FixMode::Off,
            unsafe_fixes: false,
            edits: true,
            crate_metadata: CrateMetadata::Auto,
        }
    }
}

impl Settings {
    /// The selectors, checked; an unknown one is an error that names the nearest known one.
    pub(crate) fn selection(&self) -> Result<Selection, Error> {
        let parse =
            |selectors: &[String]| selectors.iter().map(|text| Selector::parse(text)).collect::<Result<Vec<_>, _>>();
        let mut select = parse(&self.select)?;
        if select.is_empty() {
            select.push(Selector::All);
        }
        select.extend(parse(&self.extend_select)?);
        Ok(Selection { select, ignore: parse(&self.ignore)? })
    }
}

/// The rules that speak.
pub(crate) struct Selection {
    select: Vec<Selector>,
    ignore: Vec<Selector>,
}

impl Selection {
    pub(crate) fn contains(&self, rule: &Rule) -> bool {
        let best = |selectors: &[Selector]| selectors.iter().filter_map(|selector| selector.specificity(rule)).max();
        best(&self.select) > best(&self.ignore)
    }
}

enum Selector {
    All,
    /// The beginning of a code, or all of it.
    Prefix(String),
    Name(String),
}

impl Selector {
    fn parse(text: &str) -> Result<Self, Error> {
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
    fn specificity(&self, rule: &Rule) -> Option<usize> {
        match self {
            // An experiment speaks only for those who ask for it.
            Self::All if rule.is_experimental() => None,
            Self::All => Some(0),
            Self::Prefix(prefix) if rule.is_experimental() => (prefix == rule.code).then_some(prefix.len()),
            Self::Prefix(prefix) => rule.code.starts_with(prefix.as_str()).then_some(prefix.len()),
            Self::Name(name) => (rule.name() == *name).then_some(rule.code.len()),
        }
    }
}

/// The rule of a code or a name.
pub(crate) fn find_rule(text: &str) -> Result<&'static Rule, Error> {
    let found = RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(text) || rule.name() == text);
    found.ok_or_else(|| unknown_rule(text))
}

fn unknown_rule(text: &str) -> Error {
    let known = RULES.iter().flat_map(|rule| [rule.code.to_owned(), rule.name()]);
    let near = known.map(|name| (strsim::normalized_damerau_levenshtein(&name, text), name));
    let best = near.filter(|(likeness, _)| *likeness > 0.6).max_by(|a, b| a.0.total_cmp(&b.0));
    Error::UnknownRule { selector: text.to_owned(), suggestion: best.map(|(_, name)| name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(select: &[&str], ignore: &[&str]) -> Vec<&'static str> {
        let own = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let settings = Settings { select: own(select), ignore: own(ignore), ..Settings::default() };
        let selection = settings.selection().unwrap();
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
    fn an_unknown_rule_is_told_the_nearest() {
        let settings = Settings { ignore: vec!["uncovered-sorce".to_owned()], ..Settings::default() };
        let message = settings.selection().err().unwrap().to_string();
        assert_eq!(message, "unknown rule `uncovered-sorce`, did you mean `uncovered-source`?");
    }
}
