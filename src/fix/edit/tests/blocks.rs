//! `[[tool.uv.cache-keys]]`.

use super::{exactly, file, holds, insert, remove};
use crate::cache_keys::Key;

const TWO: &str = r#"
        [project]
        name = "p"

        # about a
        [[tool.uv.cache-keys]]
        file = "a"

        # about b
        [[tool.uv.cache-keys]] # b
          file= 'b' # b
        # end of b

        # about ruff
        [tool.ruff]
        "#;

#[test]
fn a_block_is_written_as_its_neighbours() {
    holds(
        TWO,
        &[insert(2, Key::Git { commit: true, tags: true })],
        r#"
        [project]
        name = "p"

        # about a
        [[tool.uv.cache-keys]]
        file = "a"

        # about b
        [[tool.uv.cache-keys]] # b
          file= 'b' # b
        # end of b

        [[tool.uv.cache-keys]]
          git= { commit = true, tags = true }

        # about ruff
        [tool.ruff]
        "#,
    );
    holds(
        TWO,
        &[insert(1, file("x")), insert(0, file("y"))],
        r#"
        [project]
        name = "p"

        [[tool.uv.cache-keys]]
        file = "y"

        # about a
        [[tool.uv.cache-keys]]
        file = "a"

        [[tool.uv.cache-keys]]
        file = "x"

        # about b
        [[tool.uv.cache-keys]] # b
          file= 'b' # b
        # end of b

        # about ruff
        [tool.ruff]
        "#,
    );
}

#[test]
fn the_habit_of_blank_lines() {
    exactly(
        "  [[ tool.\"uv\" . cache-keys ]]\n  env = 'A'\n  [[ tool.\"uv\" . cache-keys ]]\n  env = 'B'",
        &[insert(2, file("x")), insert(0, file("y"))],
        "  [[ tool.\"uv\" . cache-keys ]]\n  file = 'y'\n  [[ tool.\"uv\" . cache-keys ]]\n  env = 'A'\n  \
         [[ tool.\"uv\" . cache-keys ]]\n  env = 'B'\n  [[ tool.\"uv\" . cache-keys ]]\n  file = 'x'\n",
    );
    exactly(
        "[[tool.uv.cache-keys]]\nfile = \"a\"\n[x]\n",
        &[insert(1, file("x"))],
        "[[tool.uv.cache-keys]]\nfile = \"a\"\n\n[[tool.uv.cache-keys]]\nfile = \"x\"\n[x]\n",
    );
    exactly(
        "[[tool.uv.cache-keys]]\nfile = \"a\"\n# x\n[x]\n",
        &[insert(1, file("x"))],
        "[[tool.uv.cache-keys]]\nfile = \"a\"\n\n[[tool.uv.cache-keys]]\nfile = \"x\"\n# x\n[x]\n",
    );
}

#[test]
fn tables_in_between_and_inside() {
    let before = r#"
        [[tool.uv.cache-keys]]

        [tool.uv.cache-keys.git] # inside
        commit = true

        [other]
        y = 1

        [[tool.uv.cache-keys]]
        file = "b"

        [tool.uv]
        package = true
        "#;
    holds(
        before,
        &[insert(1, file("x"))],
        r#"
        [[tool.uv.cache-keys]]

        [tool.uv.cache-keys.git] # inside
        commit = true

        [[tool.uv.cache-keys]]
        file = "x"

        [other]
        y = 1

        [[tool.uv.cache-keys]]
        file = "b"

        [tool.uv]
        package = true
        "#,
    );
    holds(
        before,
        &[remove(0)],
        r#"
        [other]
        y = 1

        [[tool.uv.cache-keys]]
        file = "b"

        [tool.uv]
        package = true
        "#,
    );
}

#[test]
fn a_block_goes_with_a_blank_line() {
    holds(
        TWO,
        &[remove(1)],
        r#"
        [project]
        name = "p"

        # about a
        [[tool.uv.cache-keys]]
        file = "a"

        # about b
        # end of b

        # about ruff
        [tool.ruff]
        "#,
    );
    holds(
        TWO,
        &[remove(0)],
        r#"
        [project]
        name = "p"

        # about a

        # about b
        [[tool.uv.cache-keys]] # b
          file= 'b' # b
        # end of b

        # about ruff
        [tool.ruff]
        "#,
    );
    let inner = "[[tool.uv.cache-keys]]\n\n[tool.uv.cache-keys.git]\ntags = true\n";
    let last = format!("[[tool.uv.cache-keys]]\nfile = \"a\"\n\n{inner}");
    exactly(&last, &[remove(1)], "[[tool.uv.cache-keys]]\nfile = \"a\"\n");
    exactly(&format!("{last}\n[x]\n"), &[remove(1)], "[[tool.uv.cache-keys]]\nfile = \"a\"\n\n[x]\n");
    let two = "[[tool.uv.cache-keys]]\nfile = \"a\"\n\n[[tool.uv.cache-keys]]\nfile = \"b\"";
    exactly(two, &[remove(1)], "[[tool.uv.cache-keys]]\nfile = \"a\"\n");
    exactly(two, &[remove(0)], "[[tool.uv.cache-keys]]\nfile = \"b\"");
}

#[test]
fn a_string_above_is_no_comment() {
    exactly(
        "x = '''\n# '''\n[[tool.uv.cache-keys]]\nfile = \"a\"\n",
        &[insert(0, file("x"))],
        "x = '''\n# '''\n[[tool.uv.cache-keys]]\nfile = \"x\"\n\n[[tool.uv.cache-keys]]\nfile = \"a\"\n",
    );
}
