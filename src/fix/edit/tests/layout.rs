//! New entries in arrays that are not formatted by a tool.

use super::{exactly, file, insert, list};

#[test]
fn several_entries_on_a_line() {
    let before = r#"
        [
            "a", "b", # these two
            "c", "d",
        ]"#;
    let at = |index| [insert(index, file("x"))];
    list(before, &at(1), "[\n    \"a\", \"x\", \"b\", # these two\n    \"c\", \"d\",\n]");
    list(before, &at(2), "[\n    \"a\", \"b\", # these two\n    \"x\",\n    \"c\", \"d\",\n]");
    list(before, &at(3), "[\n    \"a\", \"b\", # these two\n    \"c\", \"x\", \"d\",\n]");
    list(before, &at(4), "[\n    \"a\", \"b\", # these two\n    \"c\", \"d\",\n    \"x\",\n]");
}

#[test]
fn hanging_lists() {
    let before = "[\"a\", # a\n              \"b\"]";
    list(before, &[insert(0, file("x"))], "[\"x\",\n              \"a\", # a\n              \"b\"]");
    list(before, &[insert(1, file("x"))], "[\"a\", # a\n              \"x\",\n              \"b\"]");
    list(before, &[insert(2, file("x"))], "[\"a\", # a\n              \"b\",\n              \"x\"]");
    list("[\"a\",\n \"b\",]", &[insert(2, file("x"))], "[\"a\",\n \"b\",\n \"x\",]");
    list("[\"a\", \"b\",\n \"c\"]", &[insert(0, file("x"))], "[\"x\", \"a\", \"b\",\n \"c\"]");
    list("[\"a\"\n]", &[insert(1, file("x"))], "[\"a\", \"x\"\n]");
    list("[ \"a\" # a\n]", &[insert(0, file("x"))], "[ \"x\",\n    \"a\" # a\n]");
    list("[ \"a\", # a\n]", &[insert(1, file("x"))], "[ \"a\", # a\n    \"x\",\n]");
    list("[ \"a\" # a\n]", &[insert(1, file("x"))], "[ \"a\", # a\n    \"x\"\n]");
}

#[test]
fn leading_commas() {
    let before = r#"
        [
            "a" # a
            # about b
          , "b"
        ]"#;
    let at = |index| [insert(index, file("x"))];
    list(before, &at(0), "[\n    \"x\"\n  , \"a\" # a\n    # about b\n  , \"b\"\n]");
    list(before, &at(1), "[\n    \"a\" # a\n  , \"x\"\n    # about b\n  , \"b\"\n]");
    list(before, &at(2), "[\n    \"a\" # a\n    # about b\n  , \"b\"\n  , \"x\"\n]");
    list("[ \"a\"\n, \"b\"]", &at(0), "[ \"x\"\n, \"a\"\n, \"b\"]");
    list("[ \"a\"\n, \"b\"]", &at(2), "[ \"a\"\n, \"b\"\n, \"x\"]");
    // A comment before the first entry stays with it.
    list("[\n  # a\n  \"a\"\n, \"b\"\n]", &at(0), "[\n  \"x\",\n  # a\n  \"a\"\n, \"b\"\n]");
}

#[test]
fn commas_on_lines_of_their_own() {
    let at = |index| [insert(index, file("x"))];
    list("[\n \"a\"\n ,\n \"b\"\n ,\n]", &at(1), "[\n \"a\"\n , \"x\"\n ,\n \"b\"\n ,\n]");
    list("[\n \"a\"\n ,\n \"b\"\n ,\n]", &at(2), "[\n \"a\"\n ,\n \"b\"\n , \"x\"\n ,\n]");
    list("[\n \"a\"\n ,\n]", &at(1), "[\n \"a\"\n , \"x\"\n ,\n]");
}

#[test]
fn entries_of_several_lines() {
    let before = r#"
        [
            {
                file = "a", # a
            },
            {
                file = "b",
            },
        ]"#;
    let after = r#"
        [
            {
                file = "a", # a
            },
            {
                file = "x",
            },
            {
                file = "b",
            },
        ]"#;
    list(before, &[insert(1, file("x"))], after);
    // Tables with comments are not used as a model for new ones.
    list(
        "[\n  {\n    file = \"a\" # a\n  },\n]",
        &[insert(1, file("x"))],
        "[\n  {\n    file = \"a\" # a\n  },\n  { file = \"x\" },\n]",
    );
    list(
        "[{\n  file = \"a\"\n}, {\n  file = \"b\"\n}]",
        &[insert(2, file("x"))],
        "[{\n  file = \"a\"\n}, {\n  file = \"b\"\n}, {\n  file = \"x\"\n}]",
    );
    list("[\"\"\"\n# a\n,]\"\"\", # b\n]", &[insert(1, file("x"))], "[\"\"\"\n# a\n,]\"\"\", # b\n    \"x\",\n]");
}

#[test]
fn places_of_the_list() {
    let cases = [
        "tool.uv.cache-keys = [\"a\"]\n",
        "[tool]\nuv.cache-keys = [\"a\"] # c",
        "[tool]\nuv = { cache-keys = [\"a\"], package = true }",
        "tool = { uv = { cache-keys = [\"a\"] } }",
        "tool = { uv.cache-keys = [\"a\"], uv.no-build-package = [] }",
        "[tool.\"uv\"]\n\"cache-keys\" = [\"a\"]",
        "['tool'.uv.pip]\n[ tool . uv ]\n'cache-keys'=[\"a\"]",
    ];
    for before in cases {
        exactly(before, &[insert(1, file("b"))], &before.replace("\"a\"", "\"a\", \"b\""));
    }
}

#[test]
fn indentation_is_that_of_other_lists_where_there_are_no_entries() {
    let before = "[project]\ndependencies = [\n  \"a\",\n]\n  [tool.uv]\n  cache-keys = [\n  ]\n";
    let after = "[project]\ndependencies = [\n  \"a\",\n]\n  [tool.uv]\n  cache-keys = [\n    { file = \"x\" },\n  ]\n";
    exactly(before, &[insert(0, file("x"))], after);
}

#[test]
fn each_operation_meets_the_list_that_the_one_before_left() {
    let operations: Vec<_> = ["c", "b", "a"].into_iter().map(|path| insert(0, file(path))).collect();
    list("[]", &operations, r#"[{ file = "a" }, { file = "b" }, { file = "c" }]"#);
}
