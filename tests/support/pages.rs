//! Generates pages of the site from the tool: those of the rules, and the one of the commands.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use std::fmt::Write;

use crate::generated::Rule;
use crate::support::Sandbox;

const RENEWED: &str = "`SNAPSHOTS=overwrite cargo test --test site` renews it.";

/// The page of a rule: its own text below its metadata.
pub fn rule(rule: &Rule) -> String {
    let Rule { code, name, summary, severity, fix, page } = rule;
    let (_, body) = page.split_once('\n').unwrap();
    let fix = match fix.as_str() {
        "" => "none".to_owned(),
        fix => format!("[{fix}](../fixing.md)"),
    };
    let shown = match severity.as_str() {
        "info" => " · only shown with `-v` or if selected",
        _ => "",
    };
    format!(
        "---\n# Made from src/rules/{}.rs: {RENEWED}\ntitle: {name} ({code})\ndescription: {}\n---\n\n# {name} \
         ({code})\n\n**{severity}** · fix: {fix}{shown}\n{}",
        name.replace('-', "_"),
        serde_json::to_string(summary).unwrap(),
        linked(body, code)
    )
}

/// Turns each mention of another rule outside code into a link. Code blocks without a title get the title pyproject.toml.
fn linked(text: &str, own: &str) -> String {
    let rules = crate::generated::rules();
    let mut fenced = false;
    let line = |line: &str| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        if line == "```toml" {
            return "```toml title=\"pyproject.toml\"".to_owned();
        }
        if fenced || fence {
            return line.to_owned();
        }
        let mut parts: Vec<String> = line.split('`').map(str::to_owned).collect();
        for prose in parts.iter_mut().step_by(2) {
            for rule in rules.iter().filter(|rule| rule.code != own) {
                *prose = prose.replace(&rule.code, &format!("[{}]({}.md)", rule.code, rule.name));
            }
        }
        parts.join("`")
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n") + "\n"
}

/// An argument or option, and its description in the help.
#[derive(PartialEq)]
struct Entry {
    heading: String,
    name: String,
    lines: Vec<String>,
}

/// The parts of a command's help.
struct Help {
    about: String,
    usage: String,
    entries: Vec<Entry>,
    /// The section `Examples:`, if there is one.
    examples: String,
    /// The section `Exit codes:`, if there is one.
    codes: Vec<String>,
}

fn help(command: &[&str]) -> Help {
    let run = Sandbox::new().run(&[command, &["--help"]].concat());
    assert_eq!(run.code, Some(0), "{command:?}");
    let (head, rest) = run.stdout.split_once("\n\nUsage: ").unwrap();
    let (usage, rest) = rest.split_once('\n').unwrap();
    let (rest, codes) = rest.split_once("\nExit codes:\n").unwrap_or((rest, ""));
    let (rest, examples) = rest.split_once("\nExamples:\n").unwrap_or((rest, ""));
    let mut entries: Vec<Entry> = Vec::new();
    let mut section = "";
    for line in rest.lines() {
        let text = line.trim();
        match line.len() - line.trim_start().len() {
            _ if text.is_empty() => {}
            0 => section = text,
            _ if section == "Commands:" => {}
            2..8 => {
                let heading = section.trim_end_matches(':').to_owned();
                entries.push(Entry { heading, name: text.to_owned(), lines: Vec::new() });
            }
            8.. => entries.last_mut().unwrap().lines.push(text.to_owned()),
            _ => {}
        }
    }
    let codes = codes.lines().map(str::to_owned).collect();
    let examples = examples.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
    Help { about: head.replace('\n', " "), usage: usage.to_owned(), entries, examples, codes }
}

/// The page of all commands and their options.
pub fn commands() -> String {
    let all = help(&[]);
    let overview = Sandbox::new().run(&["--help"]).stdout;
    let (_, list) = overview.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    // The lines of a continued description are indented further.
    let names = lines.filter(|line| !line.starts_with("    ")).filter_map(|line| line.split_whitespace().next());
    let mut page = format!(
        "---\n# Made from the help of the commands: {RENEWED}\ntitle: Commands\n---\n\n# Commands\n\nThe same as \
         `cachekeys COMMAND --help` prints. `cachekeys completions SHELL` prints completions for a shell, `cachekeys man \
         COMMAND` the manual page.\n"
    );
    for name in names.filter(|name| *name != "help") {
        let help = help(&[name]);
        write!(page, "\n## cachekeys {name}\n\n{}.\n\n```text\n{}\n```\n", prose(&help.about), help.usage).unwrap();
        page += &definitions(help.entries.iter().filter(|entry| !all.entries.contains(entry)));
        if !help.examples.is_empty() {
            write!(page, "\n```text\n{}```\n", help.examples).unwrap();
        }
        page += &exit_codes(&help.codes);
    }
    page += "\n## Options of every command\n";
    page + &definitions(all.entries.iter())
}

/// The entries, below their headings.
fn definitions<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut heading = "Arguments";
    let mut text = String::new();
    for entry in entries {
        if entry.heading != heading {
            heading = &entry.heading;
            write!(text, "\n**{heading}**\n").unwrap();
        }
        text += &definition(entry);
    }
    text
}

fn definition(Entry { name, lines, .. }: &Entry) -> String {
    let (values, text): (Vec<&str>, Vec<&str>) =
        lines.iter().map(String::as_str).filter(|line| !line.is_empty()).partition(|line| line.starts_with("- "));
    let text = text.join(" ").replace("Possible values:", "");
    // Move the remarks that clap puts in brackets to the end.
    let (text, among) = bracketed(&text, "[possible values: ");
    let (text, default) = bracketed(text, "[default: ");
    let mut definition = format!("\n`{name}`\n:   {}\n", sentence(&prose(text.trim())));
    if !values.is_empty() {
        definition.push('\n');
    }
    for value in values {
        let (value, meaning) = value.trim_start_matches("- ").split_once(':').unwrap();
        writeln!(definition, "    - `{value}`: {}", meaning.trim()).unwrap();
    }
    let among = among.map(|values| format!("One of `{}`", values.replace(", ", "`, `")));
    let default = default.map(|value| format!("Default: `{value}`"));
    let notes: Vec<String> = among.into_iter().chain(default).collect();
    if !notes.is_empty() {
        writeln!(definition, "\n    {}", notes.join("; ").replace("; Default", "; default")).unwrap();
    }
    definition
}

/// The text before a remark in brackets, and the remark.
fn bracketed<'a>(text: &'a str, start: &str) -> (&'a str, Option<&'a str>) {
    match text.split_once(start) {
        Some((before, rest)) => (before, rest.trim().strip_suffix(']')),
        None => (text, None),
    }
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', ')']) { text.to_owned() } else { format!("{text}.") }
}

/// Formats options, settings and variables in the text as code.
fn prose(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', ';', '.', ')']).trim_start_matches('(');
        let named = bare.starts_with('-') || bare.starts_with('[') || bare.starts_with("'$");
        if named && !word.contains('`') {
            word.replace(bare, &format!("`{}`", bare.trim_matches('\'')))
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn exit_codes(lines: &[String]) -> String {
    let mut rows: Vec<String> = Vec::new();
    for line in lines {
        let text = prose(line.trim());
        match (text.split_once("  "), rows.last_mut()) {
            (Some((code, meaning)), _) => rows.push(format!("| {code} | {meaning}")),
            (None, Some(row)) => row.extend([" ", &text]),
            (None, None) => {}
        }
    }
    let rows = rows.join(" |\n");
    if rows.is_empty() { rows } else { format!("\n| exit code | when |\n|---|---|\n{rows} |\n") }
}
