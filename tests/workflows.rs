//! The GitHub action and the workflows: zizmor checks them, and the steps of the action are run as the runner runs them.
//!
//! The steps need bash, and pip needs the registry that it is configured for. Runs on Unix only, since a program named bash on
//! Windows may belong to a Linux system that is not installed.
#![cfg(unix)]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/packages.rs"]
mod packages;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use environment::{isolate, must};
use packages::{Distribution, Toolbox};
use serde_json::Value;
use support::{Run, Sandbox, copy};

const HERE: &str = env!("CARGO_MANIFEST_DIR");
const FILES: [&str; 3] = ["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"];

fn zizmor(directory: &Path) -> Run {
    let mut zizmor = Command::new(Toolbox::get().program("zizmor"));
    isolate(&mut zizmor).current_dir(directory).args(["--offline", "--persona=pedantic", "--no-progress"]).args(FILES);
    // With a token, zizmor would access the network.
    Run::of(zizmor.env_remove("GH_TOKEN").env_remove("GITHUB_TOKEN"), directory)
}

#[test]
fn zizmor_finds_nothing() {
    let run = zizmor(Path::new(HERE));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert!(run.stdout.contains("No findings"), "{}", run.transcript());
}

/// Shows that the previous test can fail. Each of these texts differs from the real one by one word.
#[test]
fn zizmor_finds_what_is_planted() {
    for (file, from, to, audit) in [
        ("action.yml", "\"$CACHEKEYS_FORMAT\"", "\"${{ inputs.output-format }}\"", "template-injection"),
        (FILES[1], "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses"),
        (FILES[1], "persist-credentials: false", "submodules: false", "artipacked"),
        (FILES[2], "permissions: {}", "permissions: write-all", "excessive-permissions"),
    ] {
        let sandbox = Sandbox::new();
        for name in FILES {
            let text = fs::read_to_string(Path::new(HERE).join(name)).expect("readable");
            assert!(name != file || text.contains(from), "{from} in {name}");
            sandbox.write(name, if name == file { text.replace(from, to) } else { text });
        }
        let run = zizmor(&sandbox.path(""));
        assert!(run.code != Some(0) && run.stdout.contains(audit), "{audit}: {}", run.transcript());
    }
}

/// The action as JSON. The parser of YAML is installed with pre-commit.
fn action() -> Value {
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding='utf-8'))))";
    let mut python = Command::new(Toolbox::get().program("python"));
    let json = must(python.args(["-c", script]).arg(Path::new(HERE).join("action.yml")));
    serde_json::from_str(&json).expect("JSON")
}

#[test]
fn the_action_installs_the_version_of_its_tag() {
    assert_eq!(action()["inputs"]["version"]["default"], env!("CARGO_PKG_VERSION"));
    let readme = fs::read_to_string(Path::new(HERE).join("README.md")).expect("readable");
    let uses = concat!("uses: OWNER/cachekeys@v", env!("CARGO_PKG_VERSION"));
    assert!(readme.contains(uses), "`{uses}` in README.md");
}

/// Runs the steps as the runner does: it sets `env` and `working-directory` from the inputs, and passes the runner's options to
/// bash.
fn act(sandbox: &Sandbox, given: &[(&str, &str)]) -> Run {
    let action = action();
    let value = |text: &Value| {
        let text = text.as_str().expect("text");
        let Some(name) = text.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")) else {
            return text.to_owned();
        };
        let default = action["inputs"][name]["default"].as_str().expect("an input with a default");
        given.iter().find(|(input, _)| *input == name).map_or(default, |(_, value)| value).to_owned()
    };
    let [step] = &action["runs"]["steps"].as_array().expect("a list")[..] else { panic!("one step: {action}") };
    assert_eq!(step["shell"], "bash");
    sandbox.write("temporary/step.sh", step["run"].as_str().expect("a script"));

    let checkout = sandbox.path("checkout");
    let mut bash = Command::new("bash");
    isolate(&mut bash).args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(sandbox.path("temporary/step.sh"));
    bash.current_dir(checkout.join(value(&step["working-directory"])));
    bash.env("RUNNER_TEMP", sandbox.path("temporary")).env("GITHUB_WORKSPACE", &checkout);
    // Use the wheel of this checkout instead of that on PyPI.
    let wheels = Distribution::get().wheel().parent().expect("a directory");
    bash.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", wheels);
    for (name, text) in step["env"].as_object().expect("a table") {
        bash.env(name, value(text));
    }
    Run::of(&mut bash, &sandbox.path(""))
}

fn checkout() -> Sandbox {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("checkout/.git")).expect("created");
    for name in ["stale-extension", "greeting"] {
        let to = sandbox.path("checkout/some projects").join(name);
        fs::create_dir_all(&to).expect("created");
        copy(&Path::new(HERE).join("examples").join(name), &to);
    }
    sandbox
}

#[test]
fn the_action_annotates_and_fails() {
    let sandbox = checkout();
    for given in [
        &[][..],
        &[("working-directory", "some projects")],
        &[("paths", "some projects/stale-extension\nsome projects/greeting\n"), ("version", "latest")],
    ] {
        let run = act(&sandbox, given);
        assert_eq!(run.code, Some(1), "{given:?}: {}", run.transcript());
        let place = "::error file=some projects/stale-extension/pyproject.toml,line=";
        assert!(run.stdout.contains(place), "{given:?}: {}", run.transcript());
    }
}

#[test]
fn the_action_passes_what_is_right() {
    let sandbox = checkout();
    let run = act(&sandbox, &[("args", "--fix\n  --unsafe-fixes"), ("output-format", "concise")]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    let run = act(&sandbox, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.transcript());
}

#[test]
fn nothing_of_the_inputs_is_executed() {
    let sandbox = checkout();
    let code = "$(touch ../pwned); `touch ../pwned` \"; touch ../pwned; \"";
    for inputs in [&["paths", "args", "output-format"][..], &["version"]] {
        let given: Vec<_> = inputs.iter().map(|input| (*input, code)).collect();
        let run = act(&sandbox, &given);
        assert!(!matches!(run.code, Some(0)), "{inputs:?}: {}", run.transcript());
        assert!(!sandbox.path("pwned").exists(), "{inputs:?}: {}", run.transcript());
    }
}
