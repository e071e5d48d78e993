//! Replacing entries, and renaming a misspelled list.

use super::{dir, exactly, file, holds, insert, list, rename, replace};
use crate::cache_keys::Key;

#[test]
fn only_the_value_changes() {
    list(r#"["a"]"#, &replace(0, &[file("x")]), r#"["x"]"#);
    list(r#"[{file= "a" }]"#, &replace(0, &[file("x")]), r#"[{file= "x" }]"#);
    list(r#"[{ dir = 'src' }]"#, &replace(0, &[file("src/**/*.rs")]), r#"[{ file = 'src/**/*.rs' }]"#);
    list(r#"[{ "dir" = "a" }]"#, &replace(0, &[dir("x")]), r#"[{ "dir" = "x" }]"#);
    list(
        r#"[{ file = "a", # why
            }]"#,
        &replace(0, &[file("x")]),
        r#"[{ file = "x", # why
            }]"#,
    );
    list(r#"[{ git = { commit = true } }]"#, &replace(0, &[Key::Env("A".to_owned())]), r#"[{ env = "A" }]"#);
}

#[test]
fn the_form_is_that_of_the_files() {
    list(r#"["Cargo.toml", { dir = "src" }]"#, &replace(1, &[file("x")]), r#"["Cargo.toml", "x"]"#);
    list(r#"["a"]"#, &replace(0, &[dir("x")]), r#"[{ dir = "x" }]"#);
    list(r#"["a", {file="b"}]"#, &replace(0, &[dir("x")]), r#"[{dir="x"}, {file="b"}]"#);
    list(r#"[{ git.tags = true }, "b"]"#, &replace(0, &[file("x")]), r#"["x", "b"]"#);
    list(r#"[{ file = "a", dir = "b" }]"#, &replace(0, &[file("x")]), r#"[{ file = "x" }]"#);
    list(r#"[1, "b"]"#, &replace(0, &[file("x")]), r#"["x", "b"]"#);
}

#[test]
fn comments_stay_with_the_first_of_several() {
    list(
        r#"
        [
            # Rust
            { dir = "src" }, # all of it
            # more
            { file = "a" }
        ]"#,
        &replace(0, &[file("x"), file("y"), file("z")]),
        r#"
        [
            # Rust
            { file = "x" }, # all of it
            { file = "y" },
            { file = "z" },
            # more
            { file = "a" }
        ]"#,
    );
    list(r#"["a", "b"]"#, &replace(1, &[file("x"), file("y")]), r#"["a", "x", "y"]"#);
    list("[\n  \"a\" # a\n]", &replace(0, &[file("x"), file("y")]), "[\n  \"x\", # a\n  \"y\"\n]");
}

#[test]
fn a_comment_of_several_lines_stays_in_its_column() {
    list(
        "[\n  \"a\", # one\n       # two\n]",
        &replace(0, &[file("long")]),
        "[\n  \"long\", # one\n          # two\n]",
    );
    list("[\n  \"long\", # one\n          # two\n]", &replace(0, &[file("a")]), "[\n  \"a\", # one\n       # two\n]");
    list("[\n  \"a\" # one\n      # two\n]", &[insert(1, file("x"))], "[\n  \"a\", # one\n       # two\n  \"x\"\n]");
    list(
        "[\"a\", # one\n                   # two\n \"b\"]",
        &[insert(0, file("x"))],
        "[\"x\",\n \"a\", # one\n      # two\n \"b\"]",
    );
    let (before, after) = ("env = 'a' # one\n          # two\n", "file = 'bc' # one\n            # two\n");
    let block = |line: &str| format!("[[tool.uv.cache-keys]]\n{line}");
    exactly(&block(before), &replace(0, &[file("bc")]), &block(after));
}

#[test]
fn blocks_are_replaced_in_place() {
    holds(
        r#"
        [[tool.uv.cache-keys]] # one
        dir = 'src' # two

        [tool.uv]
        "#,
        &replace(0, &[file("x"), file("y")]),
        r#"
        [[tool.uv.cache-keys]] # one
        file = 'x' # two

        [[tool.uv.cache-keys]]
        file = 'y'

        [tool.uv]
        "#,
    );
}

#[test]
fn blocks_with_more_than_a_field_keep_their_header() {
    holds(
        r#"
        [[tool.uv.cache-keys]] # one
        git.commit = true
        # two
        git.tags = true
        # three

        [other]
        "#,
        &replace(0, &[file("x")]),
        r#"
        [[tool.uv.cache-keys]] # one
        file = "x"
        # two
        # three

        [other]
        "#,
    );
    holds(
        r#"
        [[tool.uv.cache-keys]]

        [other]
        x = 1

        [tool.uv.cache-keys.git]
        tags = true
        "#,
        &replace(0, &[file("x")]),
        r#"
        [[tool.uv.cache-keys]]
        file = "x"

        [other]
        x = 1
        "#,
    );
    exactly(
        "[[tool.uv.cache-keys]] # c\n# d\n",
        &replace(0, &[file("x")]),
        "[[tool.uv.cache-keys]] # c\nfile = \"x\"\n# d\n",
    );
    exactly(
        "[[tool.uv.cache-keys]]\n\n[tool.uv.cache-keys.git]\n\n[tool.uv.cache-keys.x]\ny = 1",
        &replace(0, &[file("x")]),
        "[[tool.uv.cache-keys]]\nfile = \"x\"\n",
    );
    exactly("[[tool.uv.cache-keys]]", &replace(0, &[file("x")]), "[[tool.uv.cache-keys]]\nfile = \"x\"\n");
}

#[test]
fn a_misspelled_name_is_renamed() {
    exactly("[tool.uv]\ncache_keys = [] # c", &[rename("cache_keys")], "[tool.uv]\ncache-keys = [] # c");
    exactly("[tool]\nuv.'cachekeys'=['a']", &[rename("cachekeys")], "[tool]\nuv.'cache-keys'=['a']");
    exactly(
        "tool = {uv={cacheKeys=[]}}",
        &[rename("cacheKeys"), insert(0, file("x"))],
        "tool = {uv={cache-keys=[{ file = \"x\" }]}}",
    );
    exactly("tool.uv.\"cache\\u005fkeys\" = []", &[rename("cache_keys")], "tool.uv.\"cache-keys\" = []");
    holds(
        r#"
        [[tool.uv.cache_keys]]
        file = "cache_keys"
        [[ "tool" . uv . "cache_keys" ]] # cache_keys
        [tool.uv.cache_keys.git]
        tags = true
        "#,
        &[rename("cache_keys")],
        r#"
        [[tool.uv.cache-keys]]
        file = "cache_keys"
        [[ "tool" . uv . "cache-keys" ]] # cache_keys
        [tool.uv.cache-keys.git]
        tags = true
        "#,
    );
}
