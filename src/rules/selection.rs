//! The selected rules: selectors from the settings and the command line. Those of the command line take precedence.

use super::{RULES, Rule};
use crate::error::Error;
use crate::project::finding::Severity;
use crate::pyproject::options::Options;
use crate::pyproject::selector::{Selector, unknown_rule};

/// The origin of a selector, in ascending precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Default,
    Settings,
    CommandLine,
}

/// A selector and its origin.
#[derive(Debug, Clone)]
struct Choice {
    selector: Selector,
    source: Source,
    ignores: bool,
}

/// The selected rules. If selectors contradict each other, the more specific one takes precedence. Of two that are equally
/// specific, that of the command line does, and then the one that ignores.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    choices: Vec<Choice>,
    /// Whether the command line has `--select`, which replaces that of the settings.
    selects: bool,
    /// Whether infos are selected only by their own code or name.
    hides_infos: bool,
}

impl Selection {
    /// The selection on the command line.
    pub(crate) fn of_command_line(select: &[String], extend: &[String], ignore: &[String]) -> Result<Self, Error> {
        let mut selection = Self { choices: Vec::new(), selects: !select.is_empty(), hides_infos: false };
        for (texts, ignores) in [(select, false), (extend, false), (ignore, true)] {
            let selectors = texts.iter().map(|text| Selector::parse(text)).collect::<Result<Vec<_>, _>>()?;
            selection.add(&selectors, Source::CommandLine, ignores);
        }
        Ok(selection)
    }

    /// Combines the selection with the settings of a project.
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

    /// The same selection, without the infos that are not selected by name.
    pub(crate) fn without_infos(self) -> Self {
        Self { hides_infos: true, ..self }
    }

    fn add(&mut self, selectors: &[Selector], source: Source, ignores: bool) {
        self.choices.extend(selectors.iter().map(|selector| Choice { selector: selector.clone(), source, ignores }));
    }

    pub(crate) fn contains(&self, rule: &Rule) -> bool {
        let is_info = rule.meta.severity == Severity::Info;
        self.selects(rule) && !(is_info && self.hides_infos_of(rule))
    }

    /// Whether infos of this rule would not be shown.
    pub(crate) fn hides_infos_of(&self, rule: &Rule) -> bool {
        self.hides_infos && !self.names(rule)
    }

    fn selects(&self, rule: &Rule) -> bool {
        let weight = |choice: &Choice| Some((specificity(&choice.selector, rule)?, choice.source, choice.ignores));
        self.choices.iter().filter_map(weight).max().is_some_and(|(_, _, ignores)| !ignores)
    }

    /// Whether a rule is selected by its own code or name.
    pub(crate) fn names(&self, rule: &Rule) -> bool {
        let is_its_own = |choice: &Choice| specificity(&choice.selector, rule) == Some(rule.code.len());
        self.selects(rule) && self.choices.iter().any(|choice| !choice.ignores && is_its_own(choice))
    }
}

/// How specifically a selector names a rule.
fn specificity(selector: &Selector, rule: &Rule) -> Option<usize> {
    selector.specificity(rule.code, || rule.name())
}

/// Finds a rule by its code or name.
pub(crate) fn find_rule(text: &str) -> Result<&'static Rule, Error> {
    let found = RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(text) || rule.name() == text);
    found.ok_or_else(|| unknown_rule(text))
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
        assert_eq!(selected(&[], &[]).len(), RULES.len());
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
        // A rule that is ignored in the settings stays ignored, unless the command line names it.
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
    fn an_unknown_rule_suggests_the_nearest_name() {
        let message = Selection::of_command_line(&[], &[], &own(&["uncovered-sorce"])).err().unwrap().to_string();
        assert_eq!(message, "unknown rule `uncovered-sorce`, did you mean `uncovered-source`?");
    }
}
