//! How the root of a repository is found: by a `.git` directory, or by the `.git` file of a worktree or submodule.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use support::Sandbox;

const PROJECT: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";

/// A project two directories below a toolchain file, next to a crate.
fn checkout() -> Sandbox {
    let sandbox = Sandbox::new();
    let manifest = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}")
    };
    sandbox
        .write("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\n")
        .write("tree/py/pyproject.toml", PROJECT)
        .write("tree/py/Cargo.toml", manifest("ext", "[dependencies]\ncore = { path = \"../core\" }\n"))
        .write("tree/py/src/lib.rs", "")
        .write("tree/core/Cargo.toml", manifest("core", ""))
        .write("tree/core/src/lib.rs", "");
    sandbox
}

/// The inputs, and whether each lies outside the repository. `by` is the value of `--metadata`.
fn inputs(sandbox: &Sandbox, by: &str) -> Vec<(String, bool)> {
    let run = sandbox.run(&["inputs", "tree/py", "--output-format", "json", "--metadata", by]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["projects"][0]["complete"], true);
    let inputs = report["projects"][0]["inputs"].as_array().unwrap().iter();
    inputs.map(|input| (input["path"].as_str().unwrap().to_owned(), input["outside"] == true)).collect()
}

#[test]
fn a_git_file_is_the_root_of_a_worktree_or_submodule() {
    for by in ["cargo", "manifest"] {
        let outside = |sandbox: &Sandbox| {
            let inputs = inputs(sandbox, by);
            assert!(inputs.contains(&("../core/src/lib.rs".to_owned(), false)), "{inputs:?}");
            inputs.into_iter().find(|(path, _)| path.ends_with("rust-toolchain.toml")).unwrap().1
        };
        let directory = checkout();
        directory.write(".git/HEAD", "");
        assert!(!outside(&directory), "the toolchain file is part of the repository");
        let worktree = checkout();
        worktree.write("tree/.git", "gitdir: ../.git/worktrees/tree\n");
        assert!(outside(&worktree), "the toolchain file is above the worktree");
    }
}

#[test]
fn a_crate_in_a_submodule_belongs_to_the_project_that_builds_it() {
    for by in ["cargo", "manifest"] {
        let sandbox = checkout();
        sandbox.write(".git/HEAD", "").write("tree/core/.git", "gitdir: ../../.git/modules/core\n");
        let inputs = inputs(&sandbox, by);
        assert!(inputs.contains(&("../core/src/lib.rs".to_owned(), false)), "{inputs:?}");
        let run = sandbox.run(&["check", "tree/core/src/lib.rs", "tree/py", "--metadata", by]);
        assert!(run.stdout.contains("{ file = \"../core/src/**/*.rs\" }"), "{}", run.stdout);
    }
}
