//! Unusual manifests: one for every rule of the reader.

use super::{compare, written};

/// A description of what is unusual, and the files of the project.
type Odd = (&'static str, &'static [(&'static str, &'static str)]);

/// Projects that cargo reads.
const PROJECTS: &[Odd] = &[
    (
        "a library by its old name and place, up to edition 2015",
        &[
            ("Cargo.toml", "[project]\nname = \"old-name\"\nversion = \"0.1.0\"\n[lib]\ncrate_type = [\"cdylib\"]\n"),
            ("src/old_name.rs", ""),
            ("new/Cargo.toml", package!("new", "[lib]\nname = \"other\"\ncrate-type = [\"cdylib\", \"rlib\"]\n")),
            ("new/src/lib.rs", ""),
        ],
    ),
    (
        "a library and a build script elsewhere",
        &[
            ("app/Cargo.toml", package!("app", "build = \"../tools/./make.rs\"\n[lib]\npath = \"../shared/lib.rs\"\n")),
            ("shared/lib.rs", ""),
            ("tools/make.rs", ""),
        ],
    ),
    (
        "binaries that cargo finds",
        &[
            ("Cargo.toml", package!("app", "[[bin]]\nname = \"one\"\n[[bin]]\nname = \"z\"\npath = \"src/x.rs\"\n")),
            ("src/main.rs", ""),
            ("src/x.rs", ""),
            ("src/bin/one/main.rs", ""),
            ("src/bin/two.rs", ""),
            ("src/bin/.hidden.rs", ""),
            ("src/bin/no_main/other.rs", ""),
            ("src/bin/notes.txt", ""),
        ],
    ),
    (
        "binaries that cargo does not look for",
        &[
            (
                "a/Cargo.toml",
                package!(
                    "a",
                    "autobins = false\n[[bin]]\nname = \"z\"\npath = \"b.rs\"\n[[bin]]\nname = \"c\"\npath = \"a.rs\"\n"
                ),
            ),
            ("a/src/main.rs", ""),
            ("b/Cargo.toml", package!("b", "autobins = false\nautolib = false\n[[bin]]\nname = \"one\"\n")),
            ("b/src/lib.rs", ""),
            ("b/src/main.rs", ""),
            ("b/src/bin/one.rs", ""),
            (
                "c/Cargo.toml",
                "package = { name = \"c\", version = \"0.1.0\" }\nbin = [{ name = \"listed\", path = \"src/listed.rs\" }]\n",
            ),
            ("c/src/main.rs", ""),
            ("c/src/listed.rs", ""),
        ],
    ),
    (
        "a binary where it was looked for up to edition 2015",
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[[bin]]\nname = \"tool\"\n[[bin]]\nname = \"other\"\n",
            ),
            ("src/tool.rs", ""),
            ("src/main.rs", ""),
        ],
    ),
    (
        "build scripts that are and are not",
        &[
            ("a/Cargo.toml", package!("a")),
            ("a/src/lib.rs", ""),
            ("a/build.rs", ""),
            ("b/Cargo.toml", package!("b", "build = false\n")),
            ("b/src/lib.rs", ""),
            ("b/build.rs", ""),
            ("c/Cargo.toml", package!("c", "build = true\n")),
            ("c/src/lib.rs", ""),
            ("d/Cargo.toml", package!("d", "[lib]\nproc-macro = true\nautolib = false\n")),
            ("d/src/lib.rs", ""),
        ],
    ),
    (
        "members by globs, with some excluded",
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"crates/*\", \"./tools/x\", \"deep/*/y\"]\nexclude = [\"crates/out\", \"alone\"]\n",
            ),
            ("crates/a/Cargo.toml", package!("a")),
            ("crates/a/src/lib.rs", ""),
            ("crates/out/Cargo.toml", package!("out")),
            ("crates/out/src/lib.rs", ""),
            ("crates/README.md", ""),
            ("tools/x/Cargo.toml", package!("x")),
            ("tools/x/src/lib.rs", ""),
            ("deep/z/y/Cargo.toml", package!("y", "[dependencies]\nx = { path = \"../../../tools/x\" }\n")),
            ("deep/z/y/src/lib.rs", ""),
            ("alone/Cargo.toml", package!("alone")),
            ("alone/src/lib.rs", ""),
        ],
    ),
    (
        "a member below a directory that is excluded",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/keep\"]\nexclude = [\"crates\"]\n"),
            ("crates/keep/Cargo.toml", package!("keep")),
            ("crates/keep/src/lib.rs", ""),
            ("crates/out/Cargo.toml", package!("out")),
            ("crates/out/src/lib.rs", ""),
        ],
    ),
    (
        "members by path dependencies of all kinds",
        &[
            (
                "Cargo.toml",
                package!(
                    "root",
                    "[workspace]\n[dependencies]\na = { path = \"a\" }\n[dev-dependencies]\nb = { path = \"b\" }\n"
                ),
            ),
            ("src/lib.rs", ""),
            ("a/Cargo.toml", package!("a", "[target.'cfg(unix)'.build-dependencies.c]\npath = \"../c\"\n")),
            ("a/src/lib.rs", ""),
            (
                "b/Cargo.toml",
                package!("b", "[target.wasm32-unknown-unknown.dev-dependencies]\nd = { path = \"../d\" }\n"),
            ),
            ("b/src/lib.rs", ""),
            ("c/Cargo.toml", package!("c")),
            ("c/src/lib.rs", ""),
            ("d/Cargo.toml", package!("d")),
            ("d/src/lib.rs", ""),
        ],
    ),
    (
        "a root that lies beside its member",
        &[
            (
                "root/Cargo.toml",
                "[workspace]\nmembers = [\"../member\", \"../other/*\"]\n[workspace.package]\nedition = \"2024\"\n",
            ),
            (
                "member/Cargo.toml",
                "[package]\nname = \"member\"\nversion = \"0.1.0\"\nworkspace = \"../root\"\nedition.workspace = true\n[[bin]]\nname = \"a\"\n",
            ),
            ("other/x/Cargo.toml", package!("x", "workspace = \"../../root\"\n")),
            ("other/x/src/lib.rs", ""),
            ("member/src/bin/a.rs", ""),
            ("member/src/main.rs", ""),
        ],
    ),
    (
        "dependencies of the workspace, renamed and for some targets",
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"a\", \"b\"]\n[workspace.dependencies]\nalias = { path = \"libs/real\", package = \"real\" }\nserde = \"1\"\n",
            ),
            (
                "a/Cargo.toml",
                package!(
                    "a",
                    "[dependencies]\nzeta = \"1\"\nalias.workspace = true\nb = { path = \"../b\", optional = true }\n\
                     [target.'cfg(windows)'.dependencies]\nserde = { workspace = true, features = [\"derive\"] }\n\
                     [target.'cfg(unix)'.dependencies]\nserde = { workspace = true }\n\
                     [build_dependencies]\ncc = { version = \"1\", package = \"cc-other\" }\n"
                ),
            ),
            ("a/src/lib.rs", ""),
            ("b/Cargo.toml", package!("b")),
            ("b/src/lib.rs", ""),
            ("libs/real/Cargo.toml", package!("real")),
            ("libs/real/src/lib.rs", ""),
        ],
    ),
    (
        "a crate of another workspace",
        &[
            (
                "one/Cargo.toml",
                package!("one", "[workspace]\n[dependencies]\ntwo = { path = \"../two/crates/two\" }\n"),
            ),
            ("one/src/lib.rs", ""),
            ("two/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
            ("two/crates/two/Cargo.toml", package!("two")),
            ("two/crates/two/src/lib.rs", ""),
        ],
    ),
    (
        "a configured place to build in",
        &[
            (
                ".cargo/config.toml",
                "include = [\"more.toml\", \"last.toml\"]\n[build]\nbuild-dir = \"{workspace-root}/made\"\n",
            ),
            (".cargo/more.toml", "[build]\ntarget-dir = \"elsewhere\"\n"),
            (".cargo/last.toml", "[build]\ntarget-dir = \"out/of/../here\"\n"),
            ("Cargo.toml", package!("a", "[workspace]\n")),
            ("src/lib.rs", ""),
            ("b/Cargo.toml", package!("b", "[workspace]\n")),
            ("b/src/lib.rs", ""),
        ],
    ),
];

#[test]
fn cargo_and_the_manifests_agree_on_what_is_written_as_few_do() {
    for (name, files) in PROJECTS {
        let (crates, refused) =
            compare(written(files).path()).unwrap_or_else(|difference| panic!("{name}: {difference}"));
        assert!(crates > 0 && refused.is_empty(), "{name}: cargo refuses {refused:#?}");
    }
}
