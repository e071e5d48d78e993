//! Terminal output as HTML. Colours become classes of the stylesheet.
#![allow(unreachable_pub, missing_docs, reason = "a module of a test")]

use std::fmt::Write;

/// The commands, each with its output, as one block of HTML.
pub fn block(sessions: &[(&str, &str)]) -> String {
    let mut html = "<pre class=\"terminal\">".to_owned();
    for (command, output) in sessions {
        writeln!(html, "<b>$ {command}</b>\n{}\n", coloured(output.trim_end())).expect("memory");
    }
    html.truncate(html.trim_end().len());
    html + "</pre>"
}

fn coloured(text: &str) -> String {
    let mut html = String::new();
    let mut styles: Vec<&str> = Vec::new();
    for (number, part) in escaped(text).split("\u{1b}[").enumerate() {
        let (codes, part) = if number == 0 { ("", part) } else { part.split_once('m').expect("a colour") };
        for code in codes.split(';').filter(|code| !code.is_empty()) {
            match code {
                "0" => styles.clear(),
                "1" => styles.push("bold"),
                "2" => styles.push("dim"),
                "31" | "91" => styles.push("red"),
                "32" | "92" => styles.push("green"),
                "33" | "93" => styles.push("yellow"),
                "34" | "36" | "94" | "96" => styles.push("blue"),
                other => panic!("the stylesheet has no class for the colour {other}"),
            }
        }
        match (part, &*styles) {
            ("", _) => {}
            (_, []) => html.push_str(part),
            _ => write!(html, "<span class=\"{}\">{part}</span>", styles.join(" ")).expect("memory"),
        }
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A diff with the colours of a terminal.
pub fn diff(text: &str) -> String {
    let line = |line: &str| match line.as_bytes().first() {
        Some(b'+') => format!("\u{1b}[32m{line}\u{1b}[0m"),
        Some(b'-') => format!("\u{1b}[31m{line}\u{1b}[0m"),
        Some(b'@') => format!("\u{1b}[2m{line}\u{1b}[0m"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
