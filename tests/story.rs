//! The purpose of the tool, shown with the real uv, maturin, cargo and Python: a stale extension and an endless rebuild, each
//! before and after `cachekeys check --fix`.
//!
//! Needs Python 3.9 or later as `python3` (on Windows `python`), and access to the registries that pip and cargo are configured
//! for.

#[path = "support/environment.rs"]
mod environment;
#[path = "support/story.rs"]
mod story;
mod support;

use environment::MATURIN;
use story::Outcome::{Built, Reinstalled, Untouched};
use story::Story;

/// The keys that `uv init --build-backend maturin` writes.
const KEYS_OF_UV_INIT: &str = r#"
[tool.uv]
cache-keys = [{ file = "pyproject.toml" }, { file = "src/**/*.rs" }, { file = "Cargo.toml" }, { file = "Cargo.lock" }]
"#;

const KEYS_WITH_ALL_RUST: &str = r#"
[tool.uv]
cache-keys = [{ file = "pyproject.toml" }, { file = "Cargo.toml" }, { file = "Cargo.lock" }, { file = "**/*.rs" }]
"#;

const KEYS_WITH_ALL_PYTHON: &str = r#"
[tool.uv]
cache-keys = [
    { file = "pyproject.toml" },
    { file = "Cargo.toml" },
    { file = "Cargo.lock" },
    { file = "src/**/*.rs" },
    { file = "python/**" },
]
"#;

/// A build script that writes Rust into `OUT_DIR`. cargo runs it on every build, since it watches a file that does not exist.
/// Without such a line, cargo reruns it only if a file of the package seems to have changed.
const GENERATING_BUILD_SCRIPT: &str = r#"
fn main() {
    println!("cargo::rerun-if-changed=no-such-file");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("generated.rs"), "pub const ANSWER: u8 = 42;\n").unwrap();
}
"#;

#[test]
fn a_project_without_keys_is_stale_until_it_is_fixed() {
    let mut story = Story::new("");
    story.write("pyproject.toml", pyproject("", ""));
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("hello", r#""one""#)).lock();

    story.sync(Built).greets("one");
    story.status("fresh").edit("src/lib.rs", "one", "two");
    story.sync(Untouched).status("stale").greets("one");

    story.check(&[], 1, "CK101").check(&["--fix"], 0, "1 fixed").check(&[], 0, "");
    story.sync(Built).greets("two");
    story.edit("src/lib.rs", "two", "three");
    story.sync(Built).greets("three");
    story.sync(Untouched);
}

#[test]
fn a_path_crate_beside_the_project_is_stale_until_it_is_fixed() {
    let mut story = Story::new("app");
    story.write("../Cargo.toml", "[workspace]\nmembers = [\"app\", \"core\"]\nresolver = \"2\"\n");
    story.write("../core/Cargo.toml", "[package]\nname = \"hello-core\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    // The profile in the workspace root decides which of the two values is used.
    story.write(
        "../core/src/lib.rs",
        "pub fn greet() -> &'static str {\n    if cfg!(debug_assertions) { \"one\" } else { \"unchecked\" }\n}\n",
    );
    story.write("pyproject.toml", pyproject("", KEYS_OF_UV_INIT));
    story.write("Cargo.toml", manifest("hello-core = { path = \"../core\" }\n"));
    story.write("src/lib.rs", extension("hello", "hello_core::greet()")).lock();

    story.sync(Built).greets("one");
    story.edit("../core/src/lib.rs", "one", "two");
    story.sync(Untouched).status("stale").greets("one");

    // In a workspace member, the key `Cargo.lock` of `uv init` matches nothing. Removing a key is not a safe fix.
    story.check(&[], 1, "CK103").check(&["--fix", "--unsafe-fixes"], 0, "fixed").check(&[], 0, "");
    story.sync(Built).greets("two");
    story.edit("../core/src/lib.rs", "two", "three");
    story.sync(Built).greets("three");
    story.sync(Untouched);

    // The smallest change that recompiles something: the profile of one crate.
    story.edit(
        "../Cargo.toml",
        "resolver = \"2\"\n",
        "resolver = \"2\"\n[profile.dev.package.hello-core]\ndebug-assertions = false\n",
    );
    story.sync(Built).greets("unchecked");
    story.sync(Untouched);
}

#[test]
fn a_key_over_all_rust_rebuilds_for_nothing_until_it_is_fixed() {
    let mut story = Story::new("");
    story.write("pyproject.toml", pyproject("", KEYS_WITH_ALL_RUST));
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("hello", r#""one""#)).lock();

    // A dependency of pyo3, target-lexicon, writes a `.rs` file into its OUT_DIR, but only when it is built.
    story.sync(Built);
    story.sync(Built);
    story.sync(Untouched).greets("one");

    story.write("build.rs", GENERATING_BUILD_SCRIPT);
    for _ in 0..4 {
        story.sync(Built);
    }

    story.status("endless").check(&[], 1, "CK201").check(&["--fix"], 0, "2 fixed").check(&[], 0, "");
    story.sync(Built);
    story.sync(Untouched);
    story.edit("src/lib.rs", "one", "two");
    story.sync(Built).greets("two");
    story.sync(Untouched);
}

#[test]
fn a_key_over_the_python_package_rebuilds_on_every_sync_until_it_is_fixed() {
    let mut story = Story::new("");
    let layout = "python-source = \"python\"\nmodule-name = \"hello._native\"\n";
    story.write("pyproject.toml", pyproject(layout, KEYS_WITH_ALL_PYTHON));
    story.write("python/hello/__init__.py", "from ._native import greet\n");
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("_native", r#""one""#)).lock();

    // Python does not run yet, since the byte code that it writes into the package would be a second cause.
    for _ in 0..4 {
        story.sync(Built);
    }

    story.status("endless").check(&[], 1, "CK201").check(&["--fix"], 0, "1 fixed").check(&[], 0, "");
    story.sync(Built).greets("one");
    story.sync(Untouched);
    story.edit("src/lib.rs", "one", "two");
    story.sync(Built).greets("two");
    story.sync(Untouched);
}

/// The projects differ in their lines of `[tool.maturin]` and in their keys. The profile keeps builds fast.
#[test]
fn a_module_that_is_gone_is_broken_until_it_is_built_again() {
    let mut story = Story::new("");
    story.write(
        "pyproject.toml",
        pyproject("python-source = \"python\"\nmodule-name = \"hello._hello\"\n", KEYS_OF_UV_INIT),
    );
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("_hello", r#""one""#)).lock();
    story.write("python/hello/__init__.py", "from hello._hello import greet\n");

    story.sync(Built).greets("one");
    story.remove(MODULE).status("broken").says(MODULE);
    story.sync(Untouched).fails_to_import();
    story.uv(&["sync", "--reinstall-package", "hello"]).status("fresh").greets("one");

    // uv's cache holds an editable wheel, which does not contain the module.
    story.uv(&["pip", "install", "--python", ".venv", "."]).says("installed by `uv pip install`").remove(MODULE);
    story.status("broken").sync(Reinstalled).fails_to_import();
    story.sync_with(&["--no-editable"], Reinstalled).greets("one");

    story.edit("src/lib.rs", "one", "two");
    story.sync_with(&["--no-editable"], Built).greets("two");
    story.edit("python/hello/__init__.py", "import greet", "import greet  # edited");
    story.status("stale").sync_with(&["--no-editable"], Untouched);
    story.uv(&["sync"]).status("fresh").greets("two");
}

#[test]
fn what_maturin_develop_installs_is_replaced() {
    let mut story = Story::new("");
    story.write("pyproject.toml", pyproject("", KEYS_OF_UV_INIT));
    story.write("Cargo.toml", manifest("")).write("src/lib.rs", extension("hello", r#""one""#)).lock();

    story.sync(Built).greets("one");
    story.edit("src/lib.rs", "one", "two");
    story.develop().greets("two");
    story.says("installed by `maturin develop`").sync(Built).greets("two");
    story.develop().says("installed by `maturin develop`").sync(Reinstalled).greets("two");
    story.sync(Untouched).status("fresh");
}

/// The path to which an editable build copies the module.
const MODULE: &str = if cfg!(windows) { "python/hello/_hello.pyd" } else { "python/hello/_hello.abi3.so" };

fn pyproject(maturin: &str, keys: &str) -> String {
    format!(
        "[project]\nname = \"hello\"\nversion = \"0.1.0\"\nrequires-python = \">=3.9\"\n\n[build-system]\n\
         requires = [\"maturin=={MATURIN}\"]\nbuild-backend = \"maturin\"\n\n\
         [tool.maturin]\nprofile = \"dev\"\n{maturin}{keys}"
    )
}

fn manifest(dependencies: &str) -> String {
    format!(
        "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\npyo3 = {{ version = \"=0.30.1\", features = [\"abi3-py39\"] }}\n{dependencies}"
    )
}

/// An extension module whose only function, `greet`, returns `value`.
fn extension(module: &str, value: &str) -> String {
    format!(
        "#[pyo3::pymodule]\nmod {module} {{\n    #[pyo3::pyfunction]\n    fn greet() -> &'static str {{\n        \
         {value}\n    }}\n}}\n"
    )
}
