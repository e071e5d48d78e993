//! A quick look at the bytes of a source, to decide whether it must be read as tokens. Most sources need not be.
//!
//! Comments and strings are not recognized here, so some text may be taken for a call that is not one.

use std::cell::LazyCell;

use crate::fs::disk::Glance;
use crate::inputs::sources::tokens;

use super::standard;
use super::tables::{ATTRIBUTES, MACROS};

/// In bytes. A longer string is not a path.
pub(super) const LONGEST: usize = 160;

/// What a place in a source tells.
enum Fact<'t> {
    Defines(&'t str),
    /// A macro that the crates may define.
    Calls(u64),
    Names,
    /// An attribute: whether it gives a module a path, and whether it names a file or a variable.
    Attribute {
        modules: bool,
        names: bool,
    },
    Path(&'t str),
}

/// Looks at a source, which need not be UTF-8. `is_file` returns whether a string names a file, relative to the source.
pub(in crate::inputs) fn glance(text: &[u8], is_file: &dyn Fn(&str) -> bool) -> Glance {
    // Most sources tell nothing, so most tests need not be found.
    let code = LazyCell::new(|| tokens::before_tests(text));
    let mut glance = Glance::default();
    let (mut defines, mut calls) = (Vec::new(), Vec::new());
    for at in memchr::memchr3_iter(b'!', b'#', b'"', text) {
        let Some(fact) = fact(&text[..at], text[at], &text[at + 1..]) else { continue };
        if at >= code.len() {
            break;
        }
        match fact {
            Fact::Defines(name) => defines.push(Box::from(name)),
            Fact::Calls(hash) if calls.contains(&hash) => {}
            Fact::Calls(hash) => calls.push(hash),
            Fact::Names => glance.names = true,
            Fact::Attribute { modules, names } => {
                glance.modules |= modules;
                glance.names |= names;
            }
            Fact::Path(_) if glance.names => {}
            Fact::Path(path) => {
                glance.looks_for_files = true;
                glance.names = is_file(path);
            }
        }
    }
    Glance { defines: defines.into(), calls: calls.into(), ..glance }
}

/// What a `!`, `#` or `"` tells.
fn fact<'t>(before: &'t [u8], byte: u8, behind: &'t [u8]) -> Option<Fact<'t>> {
    match byte {
        b'!' => {
            let name = called(before, behind)?;
            if name == "macro_rules" {
                let name = word(behind.trim_ascii_start());
                return (!name.is_empty()).then_some(Fact::Defines(name));
            }
            if MACROS.iter().any(|entry| entry.name == name) {
                return (!(name.ends_with("env") && is_cargos_own(behind))).then_some(Fact::Names);
            }
            (!standard::is_macro(name)).then(|| Fact::Calls(hash(name.as_bytes())))
        }
        b'#' => {
            let name = word(behind.strip_prefix(b"[")?);
            let modules = name == "path" || name == "cfg_attr" && gives_path(behind);
            let names = ATTRIBUTES.iter().any(|entry| entry.name == name);
            (modules || names).then_some(Fact::Attribute { modules, names })
        }
        _ => path(behind).map(Fact::Path),
    }
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
