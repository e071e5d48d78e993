//! Comments that silence findings: `# cachekeys: ignore[CK202] reason`.

use std::ops::Range;

use super::Pyproject;
use super::comments::comments;
use super::selector::Selector;

/// One comment that silences findings.
#[derive(Debug)]
pub(crate) struct Suppression {
    /// The comment.
    pub(crate) span: Range<usize>,
    /// The line of the findings that it silences, from 0: its own line if it follows something, else the next line that is not
    /// only a comment.
    line: usize,
    pub(crate) names: Vec<Name>,
}

/// The names of rules between the brackets.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// `None` if the name is not that of a rule.
    pub(crate) selector: Option<Selector>,
}

impl Name {
    /// Whether it names the rule with this code and name.
    pub(crate) fn is_of(&self, code: &str, name: &str) -> bool {
        self.selector.as_ref().is_some_and(|selector| selector.specificity(code, || name.to_owned()).is_some())
    }
}

impl Suppression {
    /// Whether a finding at `place` is on the line that the comment applies to. A comment before the list, or before `[tool.uv]`,
    /// also applies to findings about the list as a whole.
    pub(crate) fn is_for(&self, pyproject: &Pyproject, place: Option<&Range<usize>>) -> bool {
        let anchor = pyproject.anchor().start;
        let start = place.map_or(anchor, |span| span.start);
        let starts = [Some(start), pyproject.header_of_uv().map(|header| header.start).filter(|_| start == anchor)];
        starts.into_iter().flatten().any(|start| line_of(pyproject.text(), start) == self.line)
    }
}

/// The comments of a file that silence findings.
pub(crate) fn suppressions(text: &str) -> Vec<Suppression> {
    // Most files have none, and need not be parsed again.
    if !text.contains("cachekeys:") {
        return Vec::new();
    }
    comments(text)
        .filter_map(|span| Some(Suppression { names: names(&text[span.clone()])?, line: meant(text, &span), span }))
        .collect()
}

/// The names in a comment that silences findings; empty without brackets. `None` for any other comment.
fn names(comment: &str) -> Option<Vec<Name>> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix("cachekeys:")?.trim_start();
    let rest = rest.strip_prefix("ignore").filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))?;
    let list = rest.trim_start().strip_prefix('[').and_then(|rest| Some(rest.split_once(']')?.0)).unwrap_or_default();
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    Some(names.map(|text| Name { text: text.to_owned(), selector: Selector::parse(text).ok() }).collect())
}

fn meant(text: &str, comment: &Range<usize>) -> usize {
    let own = line_of(text, comment.start);
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate().skip(own);
    let is_comment = |line: &str| line.trim_start().starts_with('#');
    lines.find(|(_, line)| !is_comment(line)).map_or(own, |(number, _)| number)
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        let names = |found: Suppression| (found.line, found.names.into_iter().map(|name| name.text).collect());
        suppressions(text).into_iter().map(names).collect()
    }

    #[test]
    fn a_comment_is_for_its_line_or_for_the_next_one() {
        let text =
            "\u{feff}# cachekeys: ignore[CK101] why\r\n# more\r\n[tool.uv] #cachekeys:ignore [ CK202,wide-walk, ]\r\n";
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(read(text), [(2, owned(&["CK101"])), (2, owned(&["CK202", "wide-walk"]))]);
        for (text, expected) in [
            ("a = 1 # cachekeys: ignore", vec![(0, Vec::new())]),
            ("a = '# cachekeys: ignore[CK1]'", vec![]),
            ("# cachekeys: ignored are none\n# cachekeys: see above\n# see cachekeys: ignore[CK1]", vec![]),
            ("# cachekeys: ignore[CK1", vec![(0, Vec::new())]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
