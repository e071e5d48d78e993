//! What an editor shows on hover: the files that a key covers, a summary of the list, the pages of the rules.

use std::fmt::Write;
use std::ops::Range;

use cachekeys::Scope;
use cachekeys::editor::{Analysis, Overview, WalkedKey};
use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind, Position};

use super::abilities::Abilities;

/// How many files of a key are listed by name.
const NAMED: usize = 10;

/// The hover text of a place.
pub(super) fn hover(analysis: &Analysis, position: Position, abilities: &Abilities) -> Option<Hover> {
    let offset = abilities.encoding.offset(analysis.text(), position);
    let covers = |span: &Range<usize>| span.start <= offset && offset <= span.end;
    let text = Text { markdown: abilities.renders_markdown };
    let mut parts = Vec::new();
    let mut place = None;
    let overview = analysis.overview();
    if let Some(key) = analysis.keys().into_iter().find(|key| covers(&key.span)) {
        parts.push(text.key(&key));
        place = Some(key.span);
    } else if covers(&overview.span) {
        parts.push(text.overview(&overview));
        place = Some(overview.span);
    }
    let there = (0..analysis.findings().len()).filter(|index| covers(&analysis.place(*index)));
    let mut codes: Vec<&str> = Vec::new();
    for index in there {
        place.get_or_insert_with(|| analysis.place(index));
        codes.push(analysis.findings()[index].code);
    }
    codes.dedup();
    let is_only = codes.len() == 1;
    parts.extend(codes.into_iter().filter_map(|code| text.page(code, is_only)));
    if parts.is_empty() {
        return None;
    }
    let kind = if text.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = Contents::MarkupContent(MarkupContent { kind, value: parts.join("\n\n---\n\n") });
    Some(Hover { contents, range: place.map(|place| abilities.encoding.range(analysis.text(), &place)) })
}

/// "1 file", "2 files".
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Builds a text as Markdown or as plain text.
struct Text {
    markdown: bool,
}

impl Text {
    /// A name as code, if the text is Markdown.
    fn code(&self, name: &str) -> String {
        // A name that contains a backtick needs two backticks around it.
        match (self.markdown, name.contains('`')) {
            (false, _) => name.to_owned(),
            (true, false) => format!("`{name}`"),
            (true, true) => format!("`` {name} ``"),
        }
    }

    fn key(&self, key: &WalkedKey) -> String {
        let name = self.code(&key.text);
        let mut said = match key.kind {
            "env" => return format!("uv compares the value of the variable {name}."),
            "git" => return format!("uv compares the state of git: {name}."),
            "dir" => format!("uv compares the creation time of the directory {name}, not what is in it."),
            _ => format!("{name} covers {}", count(key.files.len(), "file", "files")),
        };
        if key.kind != "dir" {
            if !key.files.is_empty() {
                let _ = write!(said, ", {} of the build", count(key.inputs, "input", "inputs"));
            }
            said.push('.');
        }
        if let Some(base) = &key.base {
            let base = if base.is_empty() { "the project directory".to_owned() } else { self.code(base) };
            let entered = count(key.directories, "directory", "directories");
            let _ = write!(said, " uv walks {entered} below {base}.");
        }
        if let Some(note) = &key.note {
            let _ = write!(said, "\n\nNote: {note}.");
        }
        if key.kind == "glob" {
            said.push('\n');
            for file in key.files.iter().take(NAMED) {
                let _ = write!(said, "\n- {}", self.code(file));
            }
            if key.files.len() > NAMED {
                let _ = write!(said, "\n- and {} more", key.files.len() - NAMED);
            }
        }
        said.trim_end().to_owned()
    }

    fn overview(&self, overview: &Overview) -> String {
        if overview.scope == Scope::Keys {
            return "Only the keys are checked: what this project is built from is not analysed.".to_owned();
        }
        let inputs = count(overview.inputs, "input", "inputs");
        let mut said = match (&overview.rejected, overview.keys) {
            (Some(reason), _) => format!("uv rejects the list: {reason}. The build has {inputs}."),
            (None, Some(keys)) => {
                format!("{} for {inputs} of the build: ", count(keys, "key", "keys")) + &covered(overview)
            }
            (None, None) => {
                let name = self.code("cache-keys");
                format!("Without {name}, uv uses its defaults, for {inputs} of the build: ") + &covered(overview)
            }
        };
        if overview.undetermined > 0 {
            let paths = count(overview.undetermined, "path", "paths");
            let _ = write!(said, " {paths} that the build may read could not be determined.");
        }
        if !overview.complete {
            said += " Not all inputs of the build are known.";
        }
        said
    }

    /// The page of a rule. If not `whole`, only the beginning, since several pages are shown.
    fn page(&self, code: &str, whole: bool) -> Option<String> {
        let page = cachekeys::rule_page(code).ok()?;
        let end = if whole { page.len() } else { page.find("\n## Example").unwrap_or(page.len()) };
        let mut said = page[..end].trim_end().to_owned();
        if !whole {
            let command = self.code(&format!("cachekeys rule {code}"));
            let _ = write!(said, "\n\n{command} prints the whole page.");
        }
        Some(said)
    }
}

fn covered(overview: &Overview) -> String {
    let Overview { inputs, covered, uncovered, .. } = *overview;
    let others = match inputs.saturating_sub(covered + uncovered) {
        0 => String::new(),
        others => format!(", {others} that cargo does not watch"),
    };
    match uncovered {
        0 if others.is_empty() => "all covered.".to_owned(),
        0 => format!("{covered} covered{others}."),
        left => format!("{covered} covered, {left} not covered{others}."),
    }
}
