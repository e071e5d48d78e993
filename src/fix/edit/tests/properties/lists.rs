//! Random arrays, in the layouts that people and formatters write, and in irregular ones.

use proptest::prelude::*;
use proptest::sample::select;

use super::document::{Document, Form, Known, Writer, end_lines, frame, key, key_spec};
use crate::cache_keys::Key;

/// The layout of an array.
#[derive(Clone, Debug)]
enum Layout {
    OneLine {
        pad: &'static str,
        separator: &'static str,
    },
    Lines {
        indentation: &'static str,
        leading: bool,
        heading: bool,
        footer: bool,
    },
    Hanging {
        indentation: &'static str,
    },
    Grid {
        width: usize,
        indentation: &'static str,
    },
    /// Blanks, comments and commas anywhere.
    Loose,
}

/// An entry, and the text around it.
#[derive(Clone, Debug)]
struct EntrySpec {
    key: (usize, &'static str),
    writing: usize,
    behind: usize,
    above: usize,
    blank_line: bool,
    /// The text after the entry in a loose layout. It contains the comma.
    gap: &'static str,
}

/// The places of a list: the text before and after the value.
const PLACES: [(&str, &str); 12] = [
    ("[tool.uv]\ncache-keys = ", "\n"),
    ("[tool.uv] @\npackage = true @\ncache-keys=", " @\npip.x = [\n 1 ]\n@\n"),
    ("[ tool . \"uv\" ]\n  'cache-keys'  =  ", "@\n\n[[tool.uv.index]]\nurl = \"u\"\n"),
    ("[[tool.uv.index]]\nurl = \"u\"\n[tool]\nuv.cache-keys = ", "\nuv.package = true\n"),
    ("[tool]\nx% = [\n    1\n]\nuv = { package = true, cache-keys = ", ", pip.x = 1 } @\n"),
    ("[tool]\nuv = {\n  cache-keys = ", "\n}\n"),
    ("[tool.'uv']\n\"cache\\u002Dkeys\" = ", "\n[tool.uv.sources]\nx = { path = \".\" }\n"),
    ("[tool]\nuv={cache-keys=", "}\n"),
    ("tool.uv.cache-keys = ", "\n"),
    ("tool . uv . x = 1\ntool . uv . cache-keys = ", " @\n@\n"),
    ("tool = { uv = { cache-keys = ", " } }\n"),
    ("tool = { uv.cache-keys = ", ", y = [ 1 ], uv.x = 1 }\n"),
];
/// The places from this index on are in the root table.
const ROOT_PLACES: usize = 8;

fn layout() -> impl Strategy<Value = Layout> {
    let indentation = || select(&["    ", "  ", "\t", "", "        "][..]);
    prop_oneof![
        (select(&["", " "][..]), select(&[", ", ",", " , ", ",\t"][..]))
            .prop_map(|(pad, separator)| Layout::OneLine { pad, separator }),
        (indentation(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(indentation, leading, heading, footer)| { Layout::Lines { indentation, leading, heading, footer } }
        ),
        (indentation(), any::<bool>(), any::<bool>()).prop_map(|(indentation, heading, footer)| Layout::Lines {
            indentation,
            leading: false,
            heading,
            footer
        }),
        indentation().prop_map(|indentation| Layout::Hanging { indentation }),
        (2_usize..4, indentation()).prop_map(|(width, indentation)| Layout::Grid { width, indentation }),
        Just(Layout::Loose),
    ]
}

fn entry() -> impl Strategy<Value = EntrySpec> {
    let gaps =
        [",", " , ", ", ", ",\n", "\n,", "\n  , ", ", @\n", " @\n\t@\n ,", ",\n\n@\n", " @\n,@\n    @\n", "\n,\n "];
    (key_spec(), 0_usize..8, 0_usize..4, 0_usize..6, any::<bool>(), select(gaps.to_vec())).prop_map(
        |(key, writing, behind, above, blank_line, gap)| EntrySpec {
            key,
            writing,
            behind: behind.saturating_sub(1),
            above: above.saturating_sub(3),
            blank_line,
            gap,
        },
    )
}

/// Documents with an array.
pub(super) fn document() -> impl Strategy<Value = Document> {
    let entries = prop::collection::vec(entry(), 0..6);
    (frame(), 0..PLACES.len(), layout(), entries, any::<bool>()).prop_map(|(frame, place, layout, entries, comma)| {
        let (before, behind) = PLACES[place];
        let root = place >= ROOT_PLACES;
        let mut writer = frame.start(root);
        writer.template(before);
        let start = writer.text.len();
        let mut document = Document::default();
        write(&mut writer, &mut document, &layout, &entries, comma);
        let end = writer.text.len();
        writer.template(behind);
        frame.finish(&mut writer, root);
        let (text, outside) = end_lines(&writer.text, &[0..start, end..writer.text.len()], frame.ends);
        Document { text, outside, ..document }
    })
}

/// Writes an array to `writer`, and the facts about it to `document`. `comma` means that it has a trailing comma.
fn write(writer: &mut Writer, document: &mut Document, layout: &Layout, entries: &[EntrySpec], comma: bool) {
    writer.push("[");
    let several_lines = entries.iter().any(|entry| entry.writing == 7);
    document.form = match layout {
        Layout::OneLine { .. } => Form::OneLine,
        Layout::Loose | Layout::Grid { .. } => Form::Any,
        _ if several_lines => Form::Any,
        Layout::Lines { leading: false, indentation, .. } if comma => Form::Formatted((*indentation).to_owned()),
        _ => Form::Lines,
    };
    let last = entries.len().saturating_sub(1);
    match *layout {
        Layout::OneLine { pad, .. } => writer.push(pad),
        Layout::Lines { heading, indentation, .. } => {
            writer.template(if heading { " @\n" } else { "\n" });
            if heading {
                writer.template(&format!("{indentation}@\n\n"));
            }
        }
        Layout::Grid { .. } => writer.push("\n"),
        Layout::Loose if comma => writer.template(" @\n "),
        Layout::Hanging { .. } | Layout::Loose => {}
    }
    for (id, spec) in entries.iter().enumerate() {
        let mut known = Known::new(Some(id), key(id, spec.key));
        match *layout {
            Layout::OneLine { separator, .. } => {
                write_entry(writer, &mut known, spec.writing % 7, "");
                writer.push(if id < last {
                    separator
                } else if comma {
                    separator.trim_end()
                } else {
                    ""
                });
            }
            Layout::Lines { indentation, leading, .. } => {
                writer.push(if spec.blank_line { "\n" } else { "" });
                let lead = format!("{}, ", indentation.get(2..).unwrap_or_default());
                let commas = (if leading && id > 0 { &lead } else { indentation }, !leading && (comma || id < last));
                write_line(writer, &mut known, spec, indentation, commas);
                writer.push("\n");
            }
            Layout::Hanging { indentation } => {
                let alone = EntrySpec { above: if id == 0 { 0 } else { spec.above }, ..spec.clone() };
                let alone = EntrySpec { behind: if id == last { 0 } else { spec.behind }, ..alone };
                let start = if id == 0 { "" } else { indentation };
                write_line(writer, &mut known, &alone, indentation, (start, comma || id < last));
                writer.push(if id < last { "\n" } else { "" });
            }
            Layout::Grid { width, indentation } => {
                writer.push(if id % width == 0 { indentation } else { " " });
                write_entry(writer, &mut known, spec.writing, indentation);
                writer.push(if comma || id < last { "," } else { "" });
                if id % width == width - 1 || id == last {
                    if spec.behind > 0 {
                        let comment = writer.comment(" ");
                        document.shared.push((comment, (id / width * width..=id).collect()));
                    }
                    writer.push("\n");
                }
            }
            Layout::Loose => {
                write_entry(writer, &mut known, spec.writing, "");
                let from = writer.text.len();
                let gap = if id < last || comma { spec.gap.to_owned() } else { spec.gap.replace(',', " ") };
                writer.template(&gap);
                // Each of these comments may be on the line of the entry, or continue its comment in the same column.
                let comments = writer.text[from..].match_indices("# c").map(|(at, _)| {
                    let rest = &writer.text[from + at..];
                    (rest[..=rest.find('.').unwrap_or_default()].to_owned(), vec![id])
                });
                document.shared.extend(comments);
            }
        }
        document.entries.push(known);
    }
    match *layout {
        Layout::OneLine { pad, .. } if !entries.is_empty() => writer.push(pad),
        Layout::Lines { footer: true, indentation, .. } => writer.template(&format!("{indentation}@\n\n")),
        _ => {}
    }
    writer.push("]");
}

/// Writes an entry that shares its line with no other, up to the newline. `commas` is the start of the line, and whether a comma
/// follows the entry.
fn write_line(writer: &mut Writer, known: &mut Known, spec: &EntrySpec, indentation: &str, commas: (&str, bool)) {
    for _ in 0..spec.above {
        known.above.push(writer.comment(indentation));
        writer.push("\n");
    }
    writer.push(commas.0);
    write_entry(writer, known, spec.writing, indentation);
    writer.push(if commas.1 { "," } else { "" });
    if spec.behind > 0 {
        writer.push("  ");
        let column = writer.column();
        known.behind.push(writer.comment(""));
        for _ in 1..spec.behind {
            known.behind.push(writer.comment(&format!("\n{}", " ".repeat(column))));
        }
    }
}

/// Writes the value of an entry in one of several forms. The last form takes several lines.
fn write_entry(writer: &mut Writer, known: &mut Known, writing: usize, indentation: &str) {
    let string = |text: &str| match writing % 2 {
        0 if !text.contains(['\'', '\n', '\t', '\u{1}']) => format!("'{text}'"),
        // TOML has all the escapes of JSON.
        _ => serde_json::to_string(text).unwrap(),
    };
    let (name, value) = match &known.key {
        Key::File(path) if writing < 2 => return writer.push(&string(path)),
        Key::File(path) => ("file", string(path)),
        Key::Dir(path) => ("dir", string(path)),
        Key::Env(path) => ("env", string(path)),
        Key::Git { commit: true, tags: false } => ("git", "true".to_owned()),
        Key::Git { commit, tags } if writing.is_multiple_of(2) => {
            writer.push(&format!("{{ git.commit = {commit}, git.tags = {tags} }}"));
            return;
        }
        Key::Git { commit, tags } => ("git", format!("{{ commit = {commit}, tags={tags}}}")),
    };
    match writing {
        2 | 3 => writer.push(&format!("{{{name}={value}}}")),
        6 => writer.push(&format!("{{ \"{name}\"= {value}  }}")),
        7 => {
            writer.push(&format!("{{\n{indentation}  {name} = {value}, "));
            known.inside.push(writer.comment(""));
            writer.push(&format!("\n{indentation}}}"));
        }
        _ => writer.push(&format!("{{ {name} = {value} }}")),
    }
}
