//! Edits that are refused.

use super::{create, file, insert, remove, rename, replace};
use crate::fix::edit::{EditError, Operation, apply};

#[track_caller]
fn refused(text: &str, operation: Operation, error: EditError) {
    assert_eq!(apply(text, &[operation]), Err(error), "{text}");
}

#[test]
fn places_that_are_not_there() {
    let text = "[tool.uv]\ncache-keys = ['a']";
    refused(text, insert(2, file("x")), EditError::OutOfRange { index: 2, len: 1 });
    refused(text, remove(1), EditError::OutOfRange { index: 1, len: 1 });
    refused(text, replace(1, &[file("x")]).remove(0), EditError::OutOfRange { index: 1, len: 1 });
    let text = "[[tool.uv.cache-keys]]\nfile = 'a'";
    refused(text, insert(2, file("x")), EditError::OutOfRange { index: 2, len: 1 });
    refused(text, remove(1), EditError::OutOfRange { index: 1, len: 1 });
    refused(text, replace(1, &[file("x")]).remove(0), EditError::OutOfRange { index: 1, len: 1 });
}

#[test]
fn lists_that_are_not_there_or_are_none() {
    for text in ["", "[tool]", "[tool.uv]\nx = 1", "uv = 1"] {
        refused(text, insert(0, file("x")), EditError::NoList);
        refused(text, remove(0), EditError::NoList);
        refused(text, replace(0, &[file("x")]).remove(0), EditError::NoList);
        refused(text, rename("cache_keys"), EditError::NoSuchKey("cache_keys".to_owned()));
    }
    for (text, found) in [
        ("tool.uv.cache-keys = 'a'", "string"),
        ("[tool.uv.cache-keys]", "table"),
        ("tool.uv.cache-keys.x = 1", "table"),
        ("tool.uv = { cache-keys = { x = 1 } }", "inline table"),
    ] {
        for operation in [insert(0, file("x")), remove(0), create(&[file("x")])] {
            refused(text, operation, EditError::NotAList(found));
        }
        let misspelt = text.replace("cache-keys", "cache_keys");
        refused(&misspelt, rename("cache_keys"), EditError::NotAList(found));
    }
}

#[test]
fn tables_that_are_none() {
    for text in ["tool = 1", "tool = []", "[[tool]]"] {
        refused(text, create(&[file("x")]), EditError::NotATable("tool"));
        refused(text, insert(0, file("x")), EditError::NotATable("tool"));
    }
    for text in ["tool.uv = 1", "[tool]\nuv = 'x'", "[[tool.uv]]", "tool = { uv = [] }"] {
        refused(text, create(&[file("x")]), EditError::NotATable("tool.uv"));
        refused(text, rename("cache_keys"), EditError::NotATable("tool.uv"));
    }
}

#[test]
fn lists_that_are_there() {
    for text in ["tool.uv.cache-keys = []", "[[tool.uv.cache-keys]]", "[tool]\nuv = { cache-keys = [1] }"] {
        refused(text, create(&[file("x")]), EditError::ListExists);
        refused(text, rename("cache-keys"), EditError::ListExists);
    }
    refused("[tool.uv]\ncache-keys = []\ncache_keys = []", rename("cache_keys"), EditError::ListExists);
}

#[test]
fn nothing_to_write_or_nothing_left() {
    refused("", create(&[]), EditError::NoKeys);
    refused("[[tool.uv.cache-keys]]\nfile = 'a'", remove(0), EditError::LastBlock);
}

#[test]
fn texts_that_are_no_toml() {
    for text in ["x", "[tool.uv", "x = \"\u{0}\"", "a = 1\rb = 2", "tool.uv.cache-keys = [", "[tool.uv]\n[tool.uv]"] {
        assert!(matches!(apply(text, &[]), Err(EditError::NotToml(_))), "{text}");
    }
}

#[test]
fn no_operations_change_nothing() {
    let text = "\u{feff}x = 1\r\ny = 2\n ";
    assert_eq!(apply(text, &[]).as_deref(), Ok(text));
}
