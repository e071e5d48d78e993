//! A quick look at the bytes of a source, to decide whether it must be read as tokens. Most sources need not be.
//!
//! Comments and strings are not recognized here, so some text may be taken for a call that is not one.

use crate::fs::disk::Glance;
use crate::inputs::sources::tokens;

use super::standard;
use super::tables::{ATTRIBUTES, MACROS};

/// In bytes. A longer string is not a path.
pub(super) const LONGEST: usize = 160;

/// Looks at a source, which need not be UTF-8. `is_file` returns whether a string names a file, relative to the source.
pub(in crate::inputs) fn glance(text: &[u8], is_file: &dyn Fn(&str) -> bool) -> Glance {
    let text = tokens::before_tests(text);
    let mut names = false;
    let (mut modules, mut looks_for_files) = (false, false);
    let (mut defines, mut calls) = (Vec::new(), Vec::new());
    for at in memchr::memchr3_iter(b'!', b'#', b'"', text) {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        match text[at] {
            b'!' => {
                let Some(name) = called(before, behind) else { continue };
                if name == "macro_rules" {
                    let name = word(behind.trim_ascii_start());
                    defines.extend((!name.is_empty()).then(|| Box::from(name)));
                } else if MACROS.iter().any(|entry| entry.name == name) {
                    names |= !(name.ends_with("env") && is_cargos_own(behind));
                } else if !standard::is_macro(name) {
                    let hash = hash(name.as_bytes());
                    if !calls.contains(&hash) {
                        calls.push(hash);
                    }
                }
            }
            b'#' if behind.first() == Some(&b'[') => {
                let name = word(&behind[1..]);
                modules |= name == "path" || name == "cfg_attr" && gives_path(behind);
                names |= ATTRIBUTES.iter().any(|entry| entry.name == name);
            }
            b'"' if !names => {
                if let Some(path) = path(behind) {
                    looks_for_files = true;
                    names = is_file(path);
                }
            }
            _ => {}
        }
    }
    Glance { names, modules, looks_for_files, defines: defines.into(), calls: calls.into() }
}

/// A hash of the name of a macro. A collision only causes a source to be read as tokens.
pub(super) fn hash(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The name of the macro that is called at a `!`, if it is a call.
fn called<'t>(before: &'t [u8], behind: &[u8]) -> Option<&'t str> {
    let is_called = matches!(behind.first()?, b'(' | b'[' | b'{' | b' ' | b'\n' | b'\t' | b'\r');
    let length = before.iter().rev().take_while(|byte| is_word(**byte)).count();
    let name = std::str::from_utf8(&before[before.len() - length..]).ok()?;
    (is_called && length > 0).then_some(name)
}

/// Whether an `env!` names a variable that cargo sets and that does not start a path.
fn is_cargos_own(behind: &[u8]) -> bool {
    behind.starts_with(b"(\"CARGO_") && !behind.starts_with(b"(\"CARGO_MANIFEST_DIR")
}

/// The word at the start.
fn word(text: &[u8]) -> &str {
    let length = text.iter().take_while(|byte| is_word(**byte)).count();
    std::str::from_utf8(&text[..length]).unwrap_or_default()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether `#[cfg_attr(…)]` has a `path = "…"`.
fn gives_path(attribute: &[u8]) -> bool {
    let end = memchr::memchr(b']', attribute).unwrap_or(attribute.len());
    memchr::memmem::find(&attribute[..end], b"path").is_some()
}

/// Whether a source has a string, even a single word, for which `is_file` returns true.
pub(in crate::inputs) fn has_string(text: &str, is_file: &dyn Fn(&str) -> bool) -> bool {
    let text = text.as_bytes();
    memchr::memchr_iter(b'"', text).any(|at| name(&text[at + 1..]).is_some_and(is_file))
}

/// The text up to the next quote, if it may be a path.
fn path(text: &[u8]) -> Option<&str> {
    name(text).filter(|name| name.len() > 2 && name.contains(['/', '.']))
}

/// The text up to the next quote, if it may be a file name.
fn name(text: &[u8]) -> Option<&str> {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./$@+~,=()".contains(byte) || *byte >= 0x80;
    let end = text.iter().take(LONGEST).position(|byte| !in_name(byte))?;
    let is_closed = text[end] == b'"' && text[0] != b'=';
    is_closed.then(|| std::str::from_utf8(&text[..end]).ok()).flatten().filter(|name| !name.is_empty())
}
