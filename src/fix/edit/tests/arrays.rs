//! New entries in arrays: where they go, and how they are written.

use super::{dir, env, file, insert, list};
use crate::cache_keys::Key;

#[test]
fn an_entry_is_written_as_its_neighbours() {
    let x = || file("x");
    list(r#"["a"]"#, &[insert(1, x())], r#"["a", "x"]"#);
    list(r#"[{ file = "a" }]"#, &[insert(1, x())], r#"[{ file = "a" }, { file = "x" }]"#);
    list(r#"[{file="a"}]"#, &[insert(1, x())], r#"[{file="a"}, {file="x"}]"#);
    list(r#"[{ file= "a"}]"#, &[insert(0, x())], r#"[{ file= "x"}, { file= "a"}]"#);
    list(r#"["a"]"#, &[insert(1, dir("x"))], r#"["a", { dir = "x" }]"#);
    list(r#"["a", {env="b"}]"#, &[insert(1, dir("x"))], r#"["a", {dir="x"}, {env="b"}]"#);
    list(r#"[{ "file" = 'a' }]"#, &[insert(1, x())], r#"[{ "file" = 'a' }, { file = 'x' }]"#);
}

#[test]
fn a_file_follows_the_nearest_file() {
    let before = r#"["a", { file = "b" }]"#;
    list(before, &[insert(0, file("x"))], r#"["x", "a", { file = "b" }]"#);
    list(before, &[insert(1, file("x"))], r#"["a", "x", { file = "b" }]"#);
    list(before, &[insert(2, file("x"))], r#"["a", { file = "b" }, { file = "x" }]"#);
    // Keys of other kinds are not a model for the form of file keys.
    list(r#"["a", { dir = "b" }]"#, &[insert(2, file("x"))], r#"["a", { dir = "b" }, "x"]"#);
    list(r#"[{dir="b"}]"#, &[insert(1, file("x"))], r#"[{dir="b"}, {file="x"}]"#);
}

#[test]
fn quotes_are_those_of_the_nearest_string_where_the_text_permits() {
    list(r"['a']", &[insert(1, file("x"))], r"['a', 'x']");
    list(r"['a']", &[insert(1, env("x"))], r"['a', { env = 'x' }]");
    list(r"['a']", &[insert(1, file(r"x\y"))], r"['a', 'x\y']");
    list(r"['a']", &[insert(1, file("it's"))], r#"['a', "it's"]"#);
    list(r"['a']", &[insert(1, file("x\ty"))], r#"['a', "x\ty"]"#);
    list(r#"["""a"""]"#, &[insert(1, file("x"))], r#"["""a""", "x"]"#);
}

#[test]
fn strings_are_escaped() {
    let key = file("a\"b\\c\u{8}\n\r\u{1f}\u{7f}ü€");
    list(r#"["a"]"#, &[insert(1, key)], r#"["a", "a\"b\\c\u0008\n\r\u001F\u007Fü€"]"#);
}

#[test]
fn git_is_a_table() {
    let git = |commit, tags| insert(1, Key::Git { commit, tags });
    list(r#"["a"]"#, &[git(true, false)], r#"["a", { git = { commit = true } }]"#);
    list(r#"["a"]"#, &[git(false, false)], r#"["a", { git = false }]"#);
    list(r#"["a"]"#, &[git(true, true)], r#"["a", { git = { commit = true, tags = true } }]"#);
    list(r#"[{file="a"}]"#, &[git(false, true)], r#"[{file="a"}, {git={tags=true}}]"#);
}

#[test]
fn one_line_stays_one_line() {
    let at = |index| insert(index, file("x"));
    list("[]", &[at(0)], r#"[{ file = "x" }]"#);
    list("[ ]", &[at(0)], r#"[ { file = "x" } ]"#);
    list(r#"["a", "b"]"#, &[at(0)], r#"["x", "a", "b"]"#);
    list(r#"["a", "b"]"#, &[at(1)], r#"["a", "x", "b"]"#);
    list(r#"["a", "b"]"#, &[at(2)], r#"["a", "b", "x"]"#);
    list(r#"[ "a", "b" ]"#, &[at(0)], r#"[ "x", "a", "b" ]"#);
    list(r#"[ "a", "b" ]"#, &[at(2)], r#"[ "a", "b", "x" ]"#);
    list(r#"["a","b"]"#, &[at(1)], r#"["a","x","b"]"#);
    list(r#"["a","b" , "c"]"#, &[at(3)], r#"["a","b" , "c" , "x"]"#);
    list(r#"["a","b",]"#, &[at(2)], r#"["a","b","x",]"#);
    list(r#"["a", ]"#, &[at(1)], r#"["a", "x", ]"#);
    list(r#"["a" , "b"]"#, &[at(2)], r#"["a" , "b" , "x"]"#);
    list(r#"["a" , "b" ,]"#, &[at(2)], r#"["a" , "b" , "x" ,]"#);
}

#[test]
fn many_lines_stay_many_lines() {
    let before = r#"
        [
            "a",
            "b", # about b
            # about c
            "c",
        ]"#;
    list(
        before,
        &[insert(3, file("x")), insert(2, file("y")), insert(0, file("z"))],
        r#"
        [
            "z",
            "a",
            "b", # about b
            "y",
            # about c
            "c",
            "x",
        ]"#,
    );
}

#[test]
fn without_a_trailing_comma_there_is_none_afterwards() {
    list("[\n  \"a\",\n  \"b\" # b\n]", &[insert(2, file("x"))], "[\n  \"a\",\n  \"b\", # b\n  \"x\"\n]");
    list("[\n\t\"a\"\n]", &[insert(1, file("x"))], "[\n\t\"a\",\n\t\"x\"\n]");
    list("[\n\t\"a\"\n]", &[insert(0, file("x"))], "[\n\t\"x\",\n\t\"a\"\n]");
}

#[test]
fn comment_lines_before_the_bracket_stay_last() {
    list(
        r#"
        [
            "a", # about a
                 # and more about a

            # "b",
        ]"#,
        &[insert(1, file("x"))],
        r#"
        [
            "a", # about a
                 # and more about a
            "x",

            # "b",
        ]"#,
    );
}

#[test]
fn a_heading_stays_first() {
    list(
        r#"
        [ # all of it
            # What uv watches.

            # about a
            "a",
        ]"#,
        &[insert(0, file("x"))],
        r#"
        [ # all of it
            # What uv watches.

            "x",
            # about a
            "a",
        ]"#,
    );
    list("[ # all\n\n  # a\n  \"a\",\n]", &[insert(0, file("x"))], "[ # all\n  \"x\",\n\n  # a\n  \"a\",\n]");
    list("[ # one\n  # two\n  \"a\",\n]", &[insert(0, file("x"))], "[ # one\n  \"x\",\n  # two\n  \"a\",\n]");
}

#[test]
fn empty_lists() {
    let x = || [insert(0, file("x"))];
    list("[\n]", &x(), "[\n    { file = \"x\" },\n]");
    list("[ # none\n]", &x(), "[ # none\n    { file = \"x\" },\n]");
    list("[\n  # none\n]", &x(), "[\n  # none\n  { file = \"x\" },\n]");
    list("[\n\n  # none\n\n]", &x(), "[\n\n  # none\n  { file = \"x\" },\n\n]");
    list("[ # none\n  # yet\n  ]", &x(), "[ # none\n  # yet\n  { file = \"x\" },\n  ]");
}
