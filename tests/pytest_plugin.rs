//! The pytest plugin of the wheel, with the real uv, maturin, pytest and pytest-xdist. It warns of projects that are out of date
//! or stops before the tests, and it prints nothing if they are up to date.
//!
//! Runs on Unix only, since a shell script replaces the command. Needs Python 3.10 or later as `python3`, and access to the
//! registries that pip and cargo are configured for.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/checkout.rs"]
mod checkout;
#[path = "support/environment.rs"]
mod environment;
#[path = "support/packages.rs"]
mod packages;
mod support;

use std::os::unix::fs::PermissionsExt;

use checkout::{Checkout, PACKAGES};
use environment::MATURIN;
use serde_json::{Value, json};

/// A project by itself or a member of a workspace, with additional keys. `greeting` is what its function `greet` returns.
fn project(checkout: &Checkout, directory: &str, name: &str, keys: &str, greeting: &str) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\npyo3 = {{ version = \"=0.30.1\", features = [\"abi3-py39\"] }}\n"
    );
    let dependency = if directory.is_empty() { "" } else { "shared = { path = \"../shared\" }\n" };
    let pyproject = format!(
        "[project]\nname = \"{name}\"\nversion = \"0.1.0\"\nrequires-python = \">=3.10\"\n\n[build-system]\n\
         requires = [\"maturin=={MATURIN}\"]\nbuild-backend = \"maturin\"\n\n[tool.maturin]\nprofile = \"dev\"\n\
         use-base-python = true\npython-source = \"python\"\nmodule-name = \"{name}._{name}\"\n\n[tool.uv]\ncache-keys = \
         [{{ file = \"pyproject.toml\" }}, {{ file = \"Cargo.toml\" }}, {{ file = \"src/**/*.rs\" }}{keys}]\n"
    );
    let source = format!(
        "#[pyo3::pymodule]\nmod _{name} {{\n    #[pyo3::pyfunction]\n    fn greet() -> &'static str {{\n        \
         {greeting}\n    }}\n}}\n"
    );
    checkout
        .write(&format!("{directory}Cargo.toml"), manifest + dependency)
        .write(&format!("{directory}src/lib.rs"), source);
    checkout.write(&format!("{directory}pyproject.toml"), pyproject);
    checkout.write(&format!("{directory}python/{name}/__init__.py"), format!("from ._{name} import greet\n"));
    let test = format!(
        "import os\n\nimport {name}\n\n\ndef test_greet():\n    with open(os.environ['RAN'], 'a') as ran:\n        \
         ran.write({name}.greet() + '\\n')\n"
    );
    checkout.write(&format!("{directory}tests/test_{name}.py"), test);
}

fn development() -> String {
    format!("\n[dependency-groups]\ndev = {PACKAGES:?}\n")
}

#[test]
fn an_edit_is_reported_until_it_is_built() {
    let mut checkout = Checkout::new("project");
    project(&checkout, "", "hello", ", { file = \"Cargo.lock\" }", "\"one\"");
    let pyproject = std::fs::read_to_string(checkout.path("pyproject.toml")).unwrap();
    checkout.write("pyproject.toml", pyproject.clone() + &development()).lock();
    checkout.uv(&["sync"]);
    checkout.pytest(&[]).ends(0, "one").says(&[]);

    checkout.edit("src/lib.rs", "one", "two");
    let words = "cachekeys: hello is out of date: src/lib.rs changed at ";
    let command = " (key src/**/*.rs); run `uv sync`";
    for arguments in
        [&[][..], &["-q"], &["-qq", "--no-summary"], &["--no-header"], &["-n", "2"], &["-p", "no:terminal"]]
    {
        checkout.pytest(arguments).ends(0, "one").says(&[words]).shows(command);
    }
    checkout.pytest_in("tests", &[]).ends(0, "one").says(&[words]);
    for arguments in [&["--cachekeys=off"], &["-pno:cachekeys"]] {
        checkout.pytest(arguments).ends(0, "one").says(&[]);
    }
    // The conftest needs a function that is not built yet.
    checkout.write("conftest.py", "from hello import part");
    checkout.pytest(&[]).ends(4, "").says(&[words]).shows("cannot import name 'part'");
    checkout.pytest(&["--cachekeys=error"]).ends(1, "").says(&[words]).shows(command);
    checkout.remove("conftest.py");
    for arguments in [&["--cachekeys=error"][..], &["-o", "cachekeys=error"], &["--cachekeys=error", "-n", "2"]] {
        checkout.pytest(arguments).ends(1, "").says(&[words]).shows(command);
    }
    // With --collect-only, pytest lists the tests and runs none.
    checkout.pytest(&["--cachekeys=error", "--collect-only"]).ends(0, "").says(&[words]).shows("test_greet");
    checkout.uv(&["sync"]);
    checkout.pytest(&["--cachekeys=error"]).ends(0, "two").says(&[]);

    // `maturin develop` installs the new code, and the next `uv sync` would replace it with a build of its own.
    checkout.edit("src/lib.rs", "two", "three");
    checkout.develop();
    checkout.pytest(&["--cachekeys=error"]).ends(0, "three").says(&[]);
    checkout
        .pytest(&[])
        .ends(0, "three")
        .says(&["the next `uv sync` builds hello again: it was installed by `maturin"]);
    checkout.edit("src/lib.rs", "three", "four");
    checkout.pytest(&["-n", "2"]).ends(0, "three").says(&[words]).shows("run `maturin develop`");
    checkout.pytest_in("tests", &["-q"]).ends(0, "three").says(&[words]).shows("run `cd ..`, then `maturin develop`");

    checkout.pytest(&["--cachekeys=sync", "-n", "2"]).ends(0, "four").says(&[words]);
    checkout.pytest(&["--cachekeys=sync"]).ends(0, "four").says(&[]);
    checkout.edit("src/lib.rs", "\"four\"", "four");
    checkout
        .pytest(&["--cachekeys=sync"])
        .ends(1, "")
        .says(&[words, "`uv sync` failed"])
        .shows("cannot find value `four`");
    checkout.edit("src/lib.rs", "four", "\"five\"");
    checkout.uv(&["sync"]);

    // No key covers the source.
    checkout.write("pyproject.toml", pyproject.replace(", { file = \"src/**/*.rs\" }", "") + &development());
    checkout.uv(&["sync"]);
    checkout.edit("src/lib.rs", "five", "six");
    let stale = "hello is out of date: src/lib.rs changed at ";
    checkout
        .pytest(&["--cachekeys=error"])
        .ends(1, "")
        .says(&[stale])
        .shows("; run `cachekeys check --fix`, then `uv sync`");
    checkout.remove("python/hello/_hello.abi3.so");
    let broken =
        "hello cannot be imported: python/hello/_hello.abi3.so is missing; run `uv sync --reinstall-package hello`";
    checkout.pytest(&["--cachekeys=error"]).ends(1, "").says(&[broken]);
    checkout.uv(&["sync", "--reinstall-package", "hello"]);

    // One project is not installed in this environment, and uv does not build the other.
    project(&checkout, "others/rust/", "other", "", "\"other\"");
    checkout.write("others/pyproject.toml", "[project]\nname = \"others\"\n").write("others/test_it.py", MARK);
    checkout.pytest_in("others", &["--cachekeys=error", "test_it.py"]).ends(0, "ran").says(&[]);
    checkout.remove(".venv/bin/cachekeys");
    checkout
        .pytest(&["--cachekeys=error", "-n", "2", "tests"])
        .ends(0, "six")
        .says(&["`cachekeys` was not found in any of"]);
}

#[test]
fn members_of_a_workspace_are_told_apart() {
    let mut checkout = Checkout::new("workspace");
    let keys = ", { file = \"../shared/Cargo.toml\" }, { file = \"../shared/src/**/*.rs\" }, { file = \"../Cargo.toml\" }, \
                { file = \"../Cargo.lock\" }";
    project(&checkout, "a/", "a", keys, "shared::greet()");
    project(&checkout, "b/", "b", keys, "\"b\"");
    checkout.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\", \"shared\"]\nresolver = \"2\"\n");
    checkout.write("shared/Cargo.toml", "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    checkout.write("shared/src/lib.rs", "pub fn greet() -> &'static str {\n    \"a\"\n}\n");
    checkout.write("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"a\", \"b\"]\n".to_owned() + &development());
    checkout.lock();
    checkout.uv(&["sync"]);
    checkout.pytest(&[]).ends(0, "a\nb").says(&[]);

    checkout.edit("b/src/lib.rs", "\"b\"", "\"c\"");
    let of_b = "cachekeys: b is out of date: src/lib.rs changed at ";
    checkout.pytest(&[]).ends(0, "a\nb").says(&[of_b]).shows("; run `uv sync`");
    checkout.pytest_in("b", &[]).ends(0, "b").says(&[of_b]).shows("; run `uv sync`");
    checkout.pytest_in("a", &["--cachekeys=error"]).ends(0, "a").says(&[]);
    checkout.edit("shared/src/lib.rs", "\"a\"", "\"A\"");
    let of_shared = "is out of date: ../shared/src/lib.rs changed at ";
    checkout.pytest(&["-n", "2", "--cachekeys=error"]).ends(1, "").says(&[of_shared, of_shared]);
    checkout.pytest(&["--cachekeys=sync"]).ends(0, "A\nc").says(&[of_shared, of_shared]);
    checkout.pytest(&["--cachekeys=error"]).ends(0, "A\nc").says(&[]);
}

const MARK: &str = "import os\n\n\ndef test():\n    open(os.environ['RAN'], 'a').write('ran')\n";

/// The report on one project, with some fields replaced.
fn report(project: &Value) -> String {
    let mut whole = json!({
        "pyproject": "pyproject.toml", "name": "hello", "verdict": "fresh", "reason": "because", "next": "nothing",
        "environment": ".venv", "default_environment": true, "outdated": false, "commands": [],
    });
    whole.as_object_mut().unwrap().extend(project.as_object().unwrap().clone());
    json!({ "version": 1, "projects": [whole] }).to_string()
}

#[test]
fn every_answer_has_words_and_none_is_an_error_of_the_tests() {
    let mut checkout = Checkout::new("");
    checkout.write("pyproject.toml", "");
    checkout.write("test_it.py", MARK);
    checkout.uv(&["venv", "-q"]);
    checkout.uv(&[&["pip", "install", "--python", ".venv"], &PACKAGES[..]].concat());
    let stub = checkout.path(".venv/bin/cachekeys");
    // Checks what the two modes print, and the exit code of `error`.
    let mut answers = |script: &str, warned: &[&str], failed: &[&str], code: i32| {
        checkout.write(".venv/bin/cachekeys", format!("#!/bin/sh\n{script}\n"));
        std::fs::set_permissions(&stub, std::fs::Permissions::from_mode(0o755)).unwrap();
        checkout.pytest(&[]).ends(0, "ran").says(warned);
        checkout.pytest(&["--cachekeys=error"]).ends(code, if code == 0 { "ran" } else { "" }).says(failed);
    };
    let mut says = |project: Value, warned: &[&str], failed: &[&str], code: i32| {
        answers(&format!("echo '{}'", report(&project)), warned, failed, code);
    };
    says(json!({ "verdict": "stale", "outdated": true, "source": "defaults", "commands": ["a"] }), &[], &[], 0);
    for verdict in ["fresh", "not-installed"] {
        says(json!({ "verdict": verdict }), &[], &[], 0);
    }
    let outdated = ["cachekeys: hello is out of date: because; run `a`, then `b`"];
    for verdict in ["stale", "rebuild-due", "reinstall-due", "endless"] {
        says(json!({ "verdict": verdict, "outdated": true, "commands": ["a", "b"] }), &outdated, &outdated, 1);
    }
    let broken = ["cachekeys: hello cannot be imported: because; run `a`"];
    says(json!({ "verdict": "broken", "outdated": true, "commands": ["a"] }), &broken, &broken, 1);
    for (verdict, next, words) in [
        ("rebuild-due", "build", "the next `uv sync` builds hello again: because"),
        ("reinstall-due", "reinstall", "the next `uv sync` installs hello again: because"),
        ("endless", "build", "every `uv sync` builds hello again: because"),
        ("endless", "reinstall", "every `uv sync` installs hello again: because"),
    ] {
        says(json!({ "verdict": verdict, "next": next }), &[words], &[], 0);
        // An environment that `uv sync` does not use, such as that of tox.
        says(json!({ "verdict": verdict, "next": next, "default_environment": false }), &[], &[], 0);
    }
    let many: Vec<Value> = (0..7).map(|_| json!({ "pyproject": "p", "verdict": "stale", "reason": "r" })).collect();
    let words = [&["p is out of date: r; run"; 5][..], &["2 more are out of date"]].concat();
    answers(&format!("echo '{}'", json!({ "projects": many })), &words, &words, 1);
    for (script, words) in [
        ("echo 'error: no such thing' >&2; exit 2", "cachekeys: `cachekeys status` failed: no such thing"),
        ("exit 3", "`cachekeys status` failed: exit code 3"),
        ("echo nonsense", "failed: its answer is not the JSON of `cachekeys status`"),
        ("echo '{\"projects\": [1]}'", "failed: its answer is not the JSON of `cachekeys status`"),
        ("kill -9 $$", "failed: exit code -9"),
    ] {
        answers(script, &[words], &[words], 0);
    }
    let half =
        format!("echo '{}'; echo 'error: another cannot be read' >&2; exit 2", report(&json!({ "outdated": true })));
    answers(&half, &["hello is out of date", "another cannot be read"], &["hello is out of date"], 1);
    checkout.write("conftest.py", "import cachekeys._status\n\ncachekeys._status.TIMEOUT = 0.3\n");
    checkout.write(".venv/bin/cachekeys", "#!/bin/sh\nexec sleep 60\n");
    checkout.pytest(&[]).ends(0, "ran").says(&["failed: no answer within 0 seconds"]);
}
