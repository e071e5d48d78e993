//! Creating lists in files that have none.

use super::{create, dir, exactly, file, holds};

fn a_and_b() -> [crate::fix::edit::Operation; 1] {
    [create(&[file("a"), dir("b")])]
}

#[test]
fn behind_the_last_entry_of_the_table() {
    holds(
        r#"
        [tool.uv]
        package = true
        pip.x = [
          1,
        ] # x
        # about sources

        # ruff
        [tool.ruff]
        "#,
        &a_and_b(),
        r#"
        [tool.uv]
        package = true
        pip.x = [
          1,
        ] # x
        cache-keys = [
          { file = "a" },
          { dir = "b" },
        ]
        # about sources

        # ruff
        [tool.ruff]
        "#,
    );
    exactly(
        "[tool.uv.sources]\nx = 1\n\n[tool.uv]\n\tpackage=true",
        &a_and_b(),
        "[tool.uv.sources]\nx = 1\n\n[tool.uv]\n\tpackage=true\n\tcache-keys=[\n\t    { file = \"a\" },\n\t    \
         { dir = \"b\" },\n\t]\n",
    );
}

#[test]
fn below_the_header_where_the_table_is_empty() {
    let list = "cache-keys = [\n    { file = \"a\" },\n    { dir = \"b\" },\n]\n";
    exactly("[tool.uv]", &a_and_b(), &format!("[tool.uv]\n{list}"));
    exactly("[tool.uv] # x\n[x]\n", &a_and_b(), &format!("[tool.uv] # x\n{list}[x]\n"));
    exactly("[tool.uv]\n\n[x]\n", &a_and_b(), &format!("[tool.uv]\n{list}\n[x]\n"));
    exactly("[tool.uv]\n# uv\n\n[x]\n", &a_and_b(), &format!("[tool.uv]\n# uv\n{list}\n[x]\n"));
    exactly("[tool.uv]\n# x\n[x]\n", &a_and_b(), &format!("[tool.uv]\n{list}# x\n[x]\n"));
    exactly("[tool.uv]\n# uv", &a_and_b(), &format!("[tool.uv]\n# uv\n{list}"));
}

#[test]
fn among_dotted_keys() {
    holds(
        r#"
        [tool]
        uv.package = true # c
        uv . "pip" . x = 1
        ruff.y = 2
        "#,
        &a_and_b(),
        r#"
        [tool]
        uv.package = true # c
        uv . "pip" . x = 1
        uv . cache-keys = [
            { file = "a" },
            { dir = "b" },
        ]
        ruff.y = 2
        "#,
    );
    exactly(
        "tool.'uv'.package=true\ntool.x = 1\n\n[tool.uv.pip]\n",
        &[create(&[file("a")])],
        "tool.'uv'.package=true\ntool.'uv'.cache-keys=[\n    { file = \"a\" },\n]\ntool.x = 1\n\n[tool.uv.pip]\n",
    );
}

#[test]
fn a_header_before_dotted_keys_does_not_hide_them() {
    exactly(
        "[tool.uv.pip]\nx = 1\n\n[tool]\nuv.package = true",
        &[create(&[file("a")])],
        "[tool.uv.pip]\nx = 1\n\n[tool]\nuv.package = true\nuv.cache-keys = [\n    { file = \"a\" },\n]\n",
    );
}

#[test]
fn inside_inline_tables() {
    let list = r#"cache-keys = [{ file = "a" }, { dir = "b" }]"#;
    let inside = |before: &str, after: &str| exactly(before, &a_and_b(), &after.replace('@', list));
    inside("[tool]\nuv = {} # c", "[tool]\nuv = { @ } # c");
    inside("[tool]\nuv = { package = true }", "[tool]\nuv = { package = true, @ }");
    inside("tool.uv = { package = true, pip.x = 1 }", "tool.uv = { package = true, pip.x = 1, @ }");
    inside("tool = { uv = { package = true }, x = 1 }", "tool = { uv = { package = true, @ }, x = 1 }");
    inside("tool = { x = 1 }", "tool = { x = 1, uv = { @ } }");
    inside("tool = {}", "tool = { uv = { @ } }");
    inside("tool = { uv.pip.x = 1, y = 2 }", "tool = { uv.pip.x = 1, uv.@, y = 2 }");
    inside("tool = { 'uv' . p = 1, y = 2, uv.q = 3 }", "tool = { 'uv' . p = 1, y = 2, uv.q = 3, uv.@ }");
    inside("[tool]\nuv = {\n  package = true,\n}", "[tool]\nuv = {\n  package = true,\n  @,\n}");
    inside("[tool]\nuv = {\n  package = true # p\n}", "[tool]\nuv = {\n  package = true, # p\n  @\n}");
    exactly(
        "tool = {uv={package=true}}",
        &a_and_b(),
        "tool = {uv={package=true, cache-keys=[{file=\"a\"}, {dir=\"b\"}]}}",
    );
    exactly("tool={x=1}", &[create(&[file("a")])], "tool={x=1, uv={cache-keys=[{file=\"a\"}]}}");
}

#[test]
fn before_the_first_table_inside() {
    holds(
        r#"
        [project]
        name = "p"

        # an index
        [[tool.uv.index]]
        url = "u"

        [tool.uv.sources]
        x = 1
        "#,
        &a_and_b(),
        r#"
        [project]
        name = "p"

        [tool.uv]
        cache-keys = [
            { file = "a" },
            { dir = "b" },
        ]

        # an index
        [[tool.uv.index]]
        url = "u"

        [tool.uv.sources]
        x = 1
        "#,
    );
    exactly(
        "[x]\n[tool.uv.a.b]\n[tool.uv.c]",
        &[create(&[file("a")])],
        "[x]\n\n[tool.uv]\ncache-keys = [\n    { file = \"a\" },\n]\n\n[tool.uv.a.b]\n[tool.uv.c]",
    );
    exactly(
        "[[tool.uv.index]]",
        &[create(&[file("a")])],
        "[tool.uv]\ncache-keys = [\n    { file = \"a\" },\n]\n\n[[tool.uv.index]]",
    );
}

#[test]
fn at_the_end_of_the_file() {
    let table = "[tool.uv]\ncache-keys = [\n    { file = \"a\" },\n    { dir = \"b\" },\n]\n";
    for (before, gap) in [
        ("", ""),
        ("\n", ""),
        ("x = 1", "\n\n"),
        ("x = 1\n", "\n"),
        ("x = 1\n\n", ""),
        ("x = 1\n  ", "\n"),
        ("# c", "\n\n"),
        ("tool.ruff.x = 1\n", "\n"),
        ("[tool]\nruff = 1\n", "\n"),
        ("[[x]]\ny = 1\n\n# c\n", "\n"),
    ] {
        exactly(before, &a_and_b(), &format!("{before}{gap}{table}"));
    }
}

#[test]
fn indentation_is_that_of_most_lists() {
    let before = "a = [\n\t1,\n]\nb = [\n  1,\n]\nc = [\n  [\n    1]]\nd = [1,\n     2]\n";
    let after = "\n[tool.uv]\ncache-keys = [\n  { file = \"a\" },\n  { dir = \"b\" },\n]\n";
    exactly(before, &a_and_b(), &format!("{before}{after}"));
    // If two indentations are equally common, the first is used.
    let before = "a = [\n  1,\n]\nb = [\n\t1,\n]\n";
    exactly(before, &a_and_b(), &format!("{before}{after}"));
}
