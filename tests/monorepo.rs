//! A tree of 200 projects in one cargo workspace: cargo is asked once, the order is stable, and a terminal shows the progress.
//!
//! Runs on Unix only, since a shell script replaces cargo. The terminal is made by Python 3, as `python3`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use support::{Run, Sandbox};

const PROJECTS: usize = 200;

/// All projects use one crate. In half of them, a key is missing.
fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    sandbox.write(".git/HEAD", "").write("Cargo.lock", "version = 4\n");
    sandbox.write("Cargo.toml", "[workspace]\nresolver = \"2\"\nmembers = [\"core\", \"python/*\"]\n");
    sandbox.write("core/Cargo.toml", package("core")).write("core/src/lib.rs", "");
    for index in 0..PROJECTS {
        let directory = format!("python/p{index:03}");
        let dependency = "[dependencies]\ncore = { path = \"../../core\" }\n";
        sandbox.write(&format!("{directory}/Cargo.toml"), package(&format!("p{index:03}")) + dependency);
        sandbox.write(&format!("{directory}/src/lib.rs"), "");
        let others = if index % 2 == 0 { "\"../../core/src/**/*.rs\", \"../../core/Cargo.toml\"," } else { "" };
        let text = format!(
            "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n\n[tool.uv]\ncache-keys = \
             [{others} \"pyproject.toml\", \"Cargo.toml\", \"src/**/*.rs\", \"../../Cargo.toml\", \"../../Cargo.lock\"]\n"
        );
        sandbox.write(&format!("{directory}/pyproject.toml"), text);
    }
    sandbox
}

#[test]
fn cargo_is_asked_once_and_the_order_is_that_of_the_projects() {
    let (sandbox, tools) = (tree(), Sandbox::new());
    let cargo = std::env::var("CARGO").unwrap();
    let script = format!("#!/bin/sh\necho asked >> '{}'\nexec '{cargo}' \"$@\"\n", tools.path("log").display());
    tools.write("bin/cargo", script);
    std::fs::set_permissions(tools.path("bin/cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = sandbox.command();
    command.args(["check", "--output-format", "concise"]).env("PATH", tools.path("bin"));
    // The cargo of rustup's default toolchain is not found either.
    command.env("RUSTUP_HOME", tools.path("nowhere"));
    let run = Run::of(&mut command, &sandbox.path(""));
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert_eq!(tools.read("log"), "asked\n", "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    // Every other project has no key for the source and the manifest of `core`.
    assert_eq!(lines.len(), PROJECTS, "{}", run.stdout);
    let projects: Vec<&str> = lines.iter().filter_map(|line| line.split("/pyproject.toml").next()).collect();
    let expected: Vec<String> =
        (0..PROJECTS).filter(|index| index % 2 == 1).map(|index| format!("python/p{index:03}")).collect();
    assert_eq!(projects.chunks(2).map(|pair| pair[0]).collect::<Vec<_>>(), expected);
    assert_eq!(run.stderr, "", "no progress bar without a terminal");
}

/// Runs the command with a terminal for all three of its streams. Returns everything that it wrote.
fn on_terminal(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    const SCRIPT: &str = "import os, pty, sys\n\
        pid, terminal = pty.fork()\n\
        if pid == 0: os.execv(sys.argv[1], sys.argv[1:])\n\
        text = b''\n\
        while True:\n    \
            try: part = os.read(terminal, 65536)\n    \
            except OSError: break\n    \
            if not part: break\n    \
            text += part\n\
        os.waitpid(pid, 0)\n\
        sys.stdout.buffer.write(text)\n";
    let mut python = Command::new("python3");
    python.args(["-c", SCRIPT, env!("CARGO_BIN_EXE_cachekeys")]).args(arguments).current_dir(sandbox.path(""));
    python.env("TERM", "xterm-256color").env_remove("NO_COLOR").envs(variables.iter().copied());
    let run = Run::of(&mut python, &sandbox.path(""));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    run.stdout
}

#[test]
fn a_terminal_shows_how_far_it_is() {
    let sandbox = tree();
    let said = on_terminal(&sandbox, &["check", "--output-format", "concise"], &[]);
    assert!(said.contains("/200 projects"), "{said}");
    let quiet = on_terminal(&sandbox, &["check", "-q", "--output-format", "concise"], &[]);
    assert!(!quiet.contains("/200 projects"), "{quiet}");
}

#[test]
fn places_are_links_where_the_terminal_has_them_and_escapes_are_wanted() {
    let sandbox = tree();
    for format in ["concise", "full"] {
        let arguments = ["check", "--output-format", format, "python/p001"];
        let linked = on_terminal(&sandbox, &arguments, &[("FORCE_HYPERLINK", "1")]);
        assert!(linked.contains("\x1b]8;;file://[ROOT]python/p001/pyproject.toml\x1b\\"), "{linked}");
        let unlinked = on_terminal(&sandbox, &arguments, &[("FORCE_HYPERLINK", "0")]);
        assert!(!unlinked.contains("\x1b]8;"), "{unlinked}");
        let plain = on_terminal(&sandbox, &arguments, &[("FORCE_HYPERLINK", "1"), ("NO_COLOR", "1")]);
        assert!(plain.contains("CK103") && !plain.contains('\x1b'), "{plain}");
    }
}

/// Workspaces that cargo rejects because of a member, a missing path dependency or a package that is not a member; a search that
/// runs in a cycle; and files that are not TOML.
fn broken() -> Sandbox {
    let sandbox = Sandbox::new();
    let project = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";
    let package = |name: &str, more: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n{more}");
    sandbox.write(".git/HEAD", "");
    for space in ["a", "b", "c", "d"] {
        sandbox.write(&format!("{space}/Cargo.toml"), "[workspace]\nmembers = [\"p*\"]\n");
        for member in ["p1", "p2", "p3", "stray"] {
            let more = match (space, member) {
                ("b", "p2") => "edition = \"not one\"\n",
                ("c", "p1") => "[dependencies]\ngone = { path = \"../gone\" }\n",
                ("d", _) => "[dependencies]\np1 = { path = \"../../a/p1\" }\n",
                _ => "",
            };
            sandbox.write(&format!("{space}/{member}/Cargo.toml"), package(member, more));
            sandbox.write(&format!("{space}/{member}/src/lib.rs"), "");
            sandbox.write(&format!("{space}/{member}/pyproject.toml"), project);
        }
    }
    sandbox.write("template/pyproject.toml", "{{ cookiecutter }}").write("wrong/pyproject.toml", "[[");
    std::os::unix::fs::symlink("..", sandbox.path("a/round")).unwrap();
    sandbox
}

#[test]
fn what_is_said_does_not_depend_on_the_number_of_threads() {
    for (sandbox, name) in [(tree(), "many"), (broken(), "broken")] {
        for arguments in [&["check"][..], &["check", "-v"], &["inputs"], &["verify"], &["check", "--metadata", "cargo"]]
        {
            let with = |threads: &str| {
                let mut command = sandbox.command();
                Run::of(command.args(arguments).env("RAYON_NUM_THREADS", threads), &sandbox.path("")).transcript()
            };
            let alone = with("1");
            for threads in ["2", "16"] {
                assert_eq!(with(threads), alone, "{name}: {arguments:?} with {threads} threads");
            }
        }
    }
}
