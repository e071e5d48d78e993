//! Removing entries from arrays.

use super::{file, insert, list, remove};

#[test]
fn one_line() {
    list(r#"["a"]"#, &[remove(0)], "[]");
    list(r#"[ "a", ]"#, &[remove(0)], "[]");
    list(r#"["a", "b", "c"]"#, &[remove(0)], r#"["b", "c"]"#);
    list(r#"["a", "b", "c"]"#, &[remove(1)], r#"["a", "c"]"#);
    list(r#"["a", "b", "c"]"#, &[remove(2)], r#"["a", "b"]"#);
    list(r#"[ "a", "b" ]"#, &[remove(1)], r#"[ "a" ]"#);
    list(r#"[ "a", "b", ]"#, &[remove(1)], r#"[ "a", ]"#);
    list(r#"["a" , "b"]"#, &[remove(1)], r#"["a"]"#);
}

#[test]
fn a_line_goes_with_its_comment() {
    let before = r#"
        [
            # about a
            "a", # a
            "b", # b
                 # more about b
            # about c
            "c",
        ]"#;
    list(
        before,
        &[remove(1)],
        r#"
        [
            # about a
            "a", # a
            # about c
            "c",
        ]"#,
    );
    list(
        before,
        &[remove(0)],
        r#"
        [
            # about a
            "b", # b
                 # more about b
            # about c
            "c",
        ]"#,
    );
    list(
        before,
        &[remove(2)],
        r#"
        [
            # about a
            "a", # a
            "b", # b
                 # more about b
            # about c
        ]"#,
    );
    list("[ # all\n    \"a\", # a\n]", &[remove(0)], "[ # all\n]");
}

#[test]
fn without_a_trailing_comma_there_is_none_afterwards() {
    list("[\n  \"a\", # a\n  \"b\" # b\n]", &[remove(1)], "[\n  \"a\" # a\n]");
    list("[\n  \"a\", # a\n  \"b\" # b\n]", &[remove(0)], "[\n  \"b\" # b\n]");
    list("[\n  \"a\" ,\n  # b\n  \"b\"\n]", &[remove(1)], "[\n  \"a\"\n  # b\n]");
}

#[test]
fn a_shared_line_keeps_its_comment() {
    let before = "[\n  \"a\", \"b\", # both\n  \"c\",\n]";
    list(before, &[remove(0)], "[\n  \"b\", # both\n  \"c\",\n]");
    list(before, &[remove(1)], "[\n  \"a\", # both\n  \"c\",\n]");
    list(before, &[remove(0), remove(0)], "[\n  \"c\",\n]");
    list("[\n  \"a\", \"b\" # both\n]", &[remove(1)], "[\n  \"a\" # both\n]");
}

#[test]
fn hanging_lists() {
    list("[\"a\",\n \"b\",\n \"c\"]", &[remove(0)], "[\"b\",\n \"c\"]");
    list("[\"a\",\n \"b\",\n \"c\"]", &[remove(1)], "[\"a\",\n \"c\"]");
    list("[\"a\",\n \"b\",\n \"c\"]", &[remove(2)], "[\"a\",\n \"b\"]");
    list("[\"a\",\n \"b\",]", &[remove(1)], "[\"a\",]");
    list("[ \"a\", # a\n  \"b\" ]", &[remove(0)], "[\n  \"b\" ]");
    list("[ \"a\", # a\n                    # more\n  \"b\" ]", &[remove(0)], "[\n  \"b\" ]");
    list("[ \"a\", # a\n  \"b\" ]", &[remove(1)], "[ \"a\" # a\n  ]");
    list("[ \"a\", # a\n]", &[remove(0)], "[\n]");
    list("[\n # a\n \"a\"]", &[remove(0)], "[\n # a\n ]");
}

#[test]
fn leading_commas() {
    let before = "[\n    \"a\" # a\n    # about b\n  , \"b\" # b\n  , \"c\"\n]";
    list(before, &[remove(0)], "[\n    # about b\n  \"b\" # b\n  , \"c\"\n]");
    list(before, &[remove(1)], "[\n    \"a\" # a\n    # about b\n  , \"c\"\n]");
    list(before, &[remove(2)], "[\n    \"a\" # a\n    # about b\n  , \"b\" # b\n]");
    list("[\n    \"a\"\n  , \"b\"\n]", &[remove(0)], "[\n    \"b\"\n]");
    list("[ \"a\"\n, \"b\"]", &[remove(0)], "[ \"b\"]");
    list("[ \"a\"\n, \"b\"]", &[remove(1)], "[ \"a\"]");
    // Commas at the ends and at the starts of lines.
    list("[\n \"a\",\n \"b\"\n , \"c\"\n]", &[remove(1)], "[\n \"a\",\n \"c\"\n]");
    list("[\n \"a\"\n , \"b\",\n \"c\"\n]", &[remove(1)], "[\n \"a\",\n \"c\"\n]");
    list("[\n \"a\"\n ,\n \"b\"\n ,\n]", &[remove(1)], "[\n \"a\"\n ,\n]");
}

#[test]
fn of_two_blank_lines_one_stays() {
    list("[\n \"a\",\n\n \"b\",\n\n \"c\",\n]", &[remove(1)], "[\n \"a\",\n\n \"c\",\n]");
    list("[\n \"a\",\n\n # b\n \"b\",\n\n \"c\",\n]", &[remove(1)], "[\n \"a\",\n\n # b\n\n \"c\",\n]");
}

#[test]
fn entries_of_several_lines() {
    let before = "[{\n  file = \"a\"\n}, {\n  file = \"b\" # b\n}]";
    list(before, &[remove(0)], "[{\n  file = \"b\" # b\n}]");
    list(before, &[remove(1)], "[{\n  file = \"a\"\n}]");
    list("[\n  \"\"\"\n#\n\"\"\", # a\n  \"b\",\n]", &[remove(0)], "[\n  \"b\",\n]");
}

#[test]
fn a_list_that_was_emptied_takes_entries_as_before() {
    list("[\n  \"a\",\n]", &[remove(0), insert(0, file("x"))], "[\n    { file = \"x\" },\n]");
}

#[test]
fn entries_that_uv_rejects_can_go() {
    list(r#"["a", 1, { x = 2 }]"#, &[remove(1)], r#"["a", { x = 2 }]"#);
    list(r#"["a", 1, { x = 2 }]"#, &[remove(2), insert(1, file("b"))], r#"["a", "b", 1]"#);
}
