//! Tests of the form "before, operations, after" for each form of the list.

#![allow(clippy::needless_raw_string_hashes, reason = "TOML next to TOML reads best in the same quotes")]

mod arrays;
mod blocks;
mod checks;
mod comments;
mod create;
mod errors;
mod layout;
mod properties;
mod remove;
mod replace;

use super::{NAME, Operation, apply};
use crate::cache_keys::Key;

fn file(path: &str) -> Key {
    Key::File(path.to_owned())
}

fn dir(path: &str) -> Key {
    Key::Dir(path.to_owned())
}

fn env(name: &str) -> Key {
    Key::Env(name.to_owned())
}

fn insert(index: usize, key: Key) -> Operation {
    Operation::Insert { index, key }
}

fn remove(index: usize) -> Operation {
    Operation::Remove { list: NAME, index }
}

/// Replaces the entry with the first key, and inserts the other keys after it.
fn replace(index: usize, keys: &[Key]) -> Vec<Operation> {
    let first = Operation::Replace { index, key: keys[0].clone() };
    let others = keys[1..].iter().enumerate().map(|(at, key)| insert(index + 1 + at, key.clone()));
    std::iter::once(first).chain(others).collect()
}

fn create(keys: &[Key]) -> Operation {
    Operation::Create { keys: keys.to_vec() }
}

fn rename(from: &str) -> Operation {
    Operation::Rename { from: from.to_owned() }
}

/// Asserts that `operations` turn `before` into `after`, with `\n` and with `\r\n`, with and without a byte-order mark. Both
/// texts start in their second line. Its indentation is removed from all lines.
#[track_caller]
fn holds(before: &str, operations: &[Operation], after: &str) {
    exactly(&dedent(before), operations, &dedent(after));
}

/// Like [`holds`], for texts that are used as they are.
#[track_caller]
fn exactly(before: &str, operations: &[Operation], after: &str) {
    for mark in ["", "\u{feff}"] {
        // A file with only one line does not show its line ends.
        for newline in ["\n", "\r\n"].into_iter().take(if before.contains('\n') { 2 } else { 1 }) {
            let write = |text: &str| format!("{mark}{}", text.replace('\n', newline));
            let before = write(before);
            let edited = apply(&before, operations).unwrap_or_else(|error| panic!("{error} in:\n{before}"));
            let after = write(after);
            assert_eq!(edited, after, "\n--- is:\n{edited}\n--- should be:\n{after}\n");
        }
    }
}

/// Tests a list below `[tool.uv]`, with other values before and after it.
#[track_caller]
fn list(before: &str, operations: &[Operation], after: &str) {
    let file = |list: &str| format!("[tool.uv]\ncache-keys = {}\npackage = true # yes\n", dedent(list).trim_end());
    exactly(&file(before), operations, &file(after));
}

/// The text from its second line on. The indentation of that line is removed from all lines.
fn dedent(text: &str) -> String {
    let Some(text) = text.strip_prefix('\n') else { return text.to_owned() };
    let indentation = &text[..text.len() - text.trim_start_matches(' ').len()];
    let lines = text.split('\n').map(|line| line.strip_prefix(indentation).unwrap_or(line.trim_start_matches(' ')));
    lines.collect::<Vec<_>>().join("\n")
}
