//! Sample paths that a key is meant to match. Keys are tested with them too, because no tree has all such files yet.

use super::grammar::is_glob;

/// Invented names: no glob contains them, and hardly any class or number of `?` matches both.
const SHORT: &str = "q";
const LONG: &str = "zqxzqxzqx";

/// If a glob has more samples, it is not judged by them.
const MOST: usize = 256;

/// What the text of a `file` key covers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Samples {
    /// With `/`, relative to the same directory as the text.
    pub(crate) paths: Vec<String>,
    /// Whether every possible match is like one of the samples. False if single characters matter.
    pub(crate) tell_all: bool,
}

/// Samples for a literal or a glob, without a leading `!`.
pub(crate) fn samples(text: &str) -> Samples {
    if !is_glob(text) {
        return Samples { paths: vec![text.to_owned()], tell_all: true };
    }
    // The matcher trims blanks at the end of a glob (gitignore(5)).
    let text = text.trim_end();
    let mut tell_all = !text.contains(['[', '?', '\\']);
    let mut paths = Vec::new();
    for plain in alternatives(text) {
        paths.extend(of_components(&plain));
        if paths.len() > MOST {
            paths.truncate(MOST);
            tell_all = false;
            break;
        }
    }
    paths.sort();
    paths.dedup();
    Samples { paths, tell_all }
}

/// The text with each alternative of its braces. uv's matcher drops an empty alternative.
fn alternatives(text: &str) -> Vec<String> {
    let mut pending = vec![text.to_owned()];
    let mut done = Vec::new();
    while let Some(text) = pending.pop() {
        let Some((before, choices, after)) = first_braces(&text) else {
            done.push(text);
            continue;
        };
        if pending.len() + done.len() > MOST {
            break;
        }
        pending.extend(
            choices.into_iter().filter(|choice| !choice.is_empty()).map(|choice| format!("{before}{choice}{after}")),
        );
    }
    done
}

fn first_braces(text: &str) -> Option<(&str, Vec<&str>, &str)> {
    let open = text.find('{')?;
    let (mut depth, mut start, mut choices) = (0_usize, open + 1, Vec::new());
    for (at, found) in text[open..].char_indices().map(|(at, found)| (open + at, found)) {
        match found {
            '{' => depth += 1,
            ',' if depth == 1 => {
                choices.push(&text[start..at]);
                start = at + 1;
            }
            '}' if depth == 1 => {
                choices.push(&text[start..at]);
                return Some((&text[..open], choices, &text[at + 1..]));
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn of_components(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let root = if text.starts_with('/') { "/" } else { "" };
    let mut paths = vec![root.to_owned()];
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        let any_depth = part.len() > 1 && part.chars().all(|found| found == '*');
        let choices = if any_depth {
            let deep = format!("{SHORT}/{LONG}");
            if is_last { vec![SHORT.to_owned(), deep] } else { vec![String::new(), SHORT.to_owned(), deep] }
        } else if part.contains('*') {
            vec![filled(part, SHORT), filled(part, LONG)]
        } else {
            vec![filled(part, SHORT)]
        };
        paths = paths.iter().flat_map(|path| choices.iter().map(move |choice| join(path, choice))).collect();
        paths.truncate(MOST + 1);
    }
    paths
}

fn join(path: &str, part: &str) -> String {
    match (path, part) {
        ("", part) => part.to_owned(),
        (path, "") => path.to_owned(),
        (path, part) if path.ends_with('/') => format!("{path}{part}"),
        (path, part) => format!("{path}/{part}"),
    }
}

/// One component with its wildcards replaced: a class by its first character, each run of `*` by `name`.
fn filled(part: &str, name: &str) -> String {
    let mut text = String::new();
    let mut rest = part.chars().peekable();
    while let Some(found) = rest.next() {
        match found {
            '*' => {
                while rest.next_if_eq(&'*').is_some() {}
                text.push_str(name);
            }
            '?' => text.push_str(SHORT),
            '\\' => text.extend(rest.next()),
            '[' => {
                let negated = rest.next_if(|next| matches!(next, '!' | '^')).is_some();
                let first = rest.next().unwrap_or('q');
                for _ in rest.by_ref().take_while(|next| *next != ']') {}
                text.push(if negated { 'q' } else { first });
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_for_all_of_its_forms() {
        let check = |text: &str, expected: &[&str], tell_all: bool| {
            let found = samples(text);
            assert_eq!((found.paths, found.tell_all), (expected.iter().map(|&path| path.into()).collect(), tell_all));
        };
        check("src/lib.rs", &["src/lib.rs"], true);
        check(
            "./src//**/*.rs",
            &[
                "src/q.rs", "src/q/q.rs", "src/q/zqxzqxzqx.rs", "src/q/zqxzqxzqx/q.rs", "src/q/zqxzqxzqx/zqxzqxzqx.rs",
                "src/zqxzqxzqx.rs",
            ],
            true,
        );
        check("{a,{b/c,}d}/**", &["a/q", "a/q/zqxzqxzqx", "b/cd/q", "b/cd/q/zqxzqxzqx"], true);
        check("[xy]?/[!ab]\\*.rs", &["xq/q*.rs"], false);
        check("../**.rs", &["../q.rs", "../zqxzqxzqx.rs"], true);
    }
}
