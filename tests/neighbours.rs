//! The report on a project depends neither on other projects around it, nor on the order in which projects are checked.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use support::Sandbox;

/// How often each check is repeated. The order of the work differs from run to run, since it is done by several threads.
const ROUNDS: usize = 6;

fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".git/HEAD", "").write("Cargo.lock", "version = 4\n");
    sandbox
}

/// A project with one crate and these keys. `more` is appended to its manifest, and may make cargo reject it.
fn project(sandbox: &Sandbox, directory: &str, keys: &str, more: &str) {
    let name = directory.replace('/', "-");
    sandbox.write(&format!("{directory}/src/lib.rs"), "");
    sandbox.write(
        &format!("{directory}/Cargo.toml"),
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}"),
    );
    sandbox.write(
        &format!("{directory}/pyproject.toml"),
        format!(
            "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n[project]\nname = \"{name}\"\n\
             version = \"1\"\n[tool.uv]\ncache-keys = [{keys}]\n"
        ),
    );
}

/// Asserts that the findings are the same in one run for all projects and in a run for each, and that they contain `part`.
fn assert_same(sandbox: &Sandbox, projects: &[&str], part: &str) {
    let check = |path: &str, metadata: &str| {
        let run = sandbox.run(&["check", path, "--output-format", "concise", "--metadata", metadata]);
        let mut lines: Vec<String> = run.stdout.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    for metadata in ["auto", "manifest"] {
        let mut alone = projects.iter().flat_map(|project| check(project, metadata)).collect::<Vec<_>>();
        alone.sort();
        assert!(alone.iter().any(|line| line.contains(part)), "{metadata}: {alone:#?}");
        for _ in 0..ROUNDS {
            assert_eq!(check(".", metadata), alone, "{metadata}");
        }
    }
}

#[test]
fn what_may_not_be_built_may_be_depended_on() {
    let sandbox = tree();
    sandbox.write("space/Cargo.toml", "[workspace]\nmembers = []\n");
    project(&sandbox, "space/stray", "", "");
    project(&sandbox, "user", "", "[dependencies]\nspace-stray = { path = \"../space/stray\" }\n[workspace]\n");
    assert_same(&sandbox, &["space/stray", "user"], "space/stray/pyproject.toml:8:1: error CK303");
}

#[test]
fn what_no_member_depends_on_is_no_member() {
    let sandbox = tree();
    sandbox.write("space/Cargo.toml", "[workspace]\nmembers = []\n");
    project(&sandbox, "space/stray", "", "");
    let between =
        "[package]\nname = \"between\"\nversion = \"0.1.0\"\n[dependencies]\nspace-stray = { path = \"../stray\" }\n";
    sandbox.write("space/between/Cargo.toml", between).write("space/between/src/lib.rs", "");
    project(&sandbox, "another", "", "[dependencies]\nbetween = { path = \"../space/between\" }\n[workspace]\n");
    assert_same(&sandbox, &["space/stray", "another"], "space/stray/pyproject.toml:8:1: error CK303");
}

#[test]
fn each_is_built_where_its_own_configuration_says() {
    let sandbox = tree();
    sandbox.write("Cargo.toml", "[workspace]\nresolver = \"2\"\nmembers = [\"one\", \"two\"]\n");
    for name in ["one", "two"] {
        project(&sandbox, name, "\"pyproject.toml\", \"out/**/*.rs\"", "");
    }
    sandbox.write("two/.cargo/config.toml", "[build]\ntarget-dir = \"out\"\n").write("two/out/debug/x.rs", "");
    assert_same(&sandbox, &["one", "two"], "warning CK201");
}
