//! What the command does besides checking: text from standard input, the manual, the rules as JSON.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Run, Sandbox};

const KEYS: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n[tool.uv]\ncache-keys = [{ file = \"pyproject.toml\" }]\n";
const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path(".git")).unwrap();
    sandbox.write("p/Cargo.toml", MANIFEST).write("p/src/lib.rs", "").write("p/pyproject.toml", "on the disk");
    sandbox
}

/// Runs a program with a text on its standard input.
fn run_with(command: &mut Command, input: &[u8]) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn filter(sandbox: &Sandbox, arguments: &[&str], input: &str) -> Run {
    let mut command = sandbox.command();
    command.args(["check", "--metadata", "manifest", "--stdin-filename", "p/pyproject.toml", "-"]).args(arguments);
    run_with(&mut command, input.as_bytes())
}

#[test]
fn a_project_above_the_directory_is_named() {
    let sandbox = sandbox();
    sandbox.write("p/pyproject.toml", KEYS);
    for command in ["check", "inputs", "keys", "status"] {
        let run = Run::of(sandbox.command().arg(command).current_dir(sandbox.path("p/src")), &sandbox.path(""));
        let expected = "note: no project found in or below .; the nearest pyproject.toml above is ../pyproject.toml\n";
        assert_eq!(run.stderr, expected, "{command}: {}", run.stdout);
    }
}

#[test]
fn text_from_standard_input_is_checked_as_if_it_stood_in_the_file() {
    let sandbox = sandbox();
    let concise = ["--output-format", "concise"];
    let shown = filter(&sandbox, &concise, KEYS);
    assert_eq!(shown.code, Some(1), "{}", shown.stderr);
    assert!(shown.stdout.starts_with("p/pyproject.toml:5:1: error CK103 "), "{}", shown.stdout);
    let fixed = filter(&sandbox, &["--fix"], KEYS);
    assert_eq!(fixed.code, Some(0), "{}", fixed.stderr);
    assert!(fixed.stderr.contains("Fixed p/pyproject.toml"), "{}", fixed.stderr);
    assert_eq!(sandbox.read("p/pyproject.toml"), "on the disk");

    // The result is the same as for a file, and a correct text comes out unchanged.
    let again = filter(&sandbox, &["--fix"], &fixed.stdout);
    assert_eq!((again.code, &again.stdout), (Some(0), &fixed.stdout));
    assert!(filter(&sandbox, &["--diff"], KEYS).stdout.starts_with("--- p/pyproject.toml\n"));
    sandbox.write("p/pyproject.toml", KEYS);
    let of_file = sandbox.run(&["check", "--metadata", "manifest", "--output-format", "concise", "p/pyproject.toml"]);
    assert_eq!((of_file.code, of_file.stdout), (shown.code, shown.stdout));
    sandbox.run(&["check", "--metadata", "manifest", "--fix", "p"]);
    assert_eq!(sandbox.read("p/pyproject.toml"), fixed.stdout);
}

#[test]
fn text_that_cannot_be_read_comes_out_unchanged() {
    let sandbox = sandbox();
    let broken = filter(&sandbox, &["--fix"], "[tool\n");
    assert_eq!((broken.code, broken.stdout.as_str()), (Some(2), "[tool\n"));
    assert!(broken.stderr.contains("p/pyproject.toml:1:"), "{}", broken.stderr);
    let other = filter(&sandbox, &["--fix"], "[project]\n");
    assert_eq!((other.code, other.stdout.as_str()), (Some(0), "[project]\n"));
    let passed_over = filter(&sandbox, &["--fix", "--exclude", "p", "--force-exclude"], KEYS);
    assert_eq!((passed_over.code, passed_over.stdout.as_str()), (Some(0), KEYS));
    let mut command = sandbox.command();
    let bytes = run_with(command.args(["check", "--stdin-filename", "p/pyproject.toml", "-"]), b"\xff");
    assert!(bytes.code == Some(2) && bytes.stderr.contains("UTF-8"), "{}", bytes.stderr);
    for wrong in [["-"].as_slice(), &["--stdin-filename", "a/pyproject.toml"], &["--stdin-filename", "src/lib.rs", "-"]]
    {
        let run = run_with(sandbox.command().arg("check").args(wrong), b"");
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{wrong:?} {}", run.stderr);
    }
    let run = sandbox.run(&["check", "--statistics", "--output-format", "sarif"]);
    assert!(run.code == Some(2) && run.stderr.contains("--statistics"), "{}", run.stderr);
}

#[test]
fn the_manual_names_every_command_and_flag() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["man"]);
    assert!(page.code == Some(0) && page.stdout.contains(".TH cachekeys 1"), "{}", page.stdout);
    let commands = ["check", "inputs", "keys", "explain", "verify", "rule", "config-schema", "completions"];
    for command in commands {
        assert!(page.stdout.replace("\\-", "-").contains(&format!("cachekeys-{command}(1)")), "{command}");
        let page = sandbox.run(&["man", command]).stdout.replace("\\-", "-");
        assert!(page.contains(&format!(".TH cachekeys-{command} 1")), "{page}");
        let help = sandbox.run(&[command, "--help"]).stdout;
        for flag in help.split([' ', ',', '\n']).filter(|word| word.starts_with("--") && word.len() > 3) {
            assert!(page.contains(flag.trim_end_matches(['.', ')', ';', ':'])), "{command} {flag}");
        }
    }
    assert!(!page.stdout.contains("cachekeys\\-man"), "{}", page.stdout);
    assert_eq!(sandbox.run(&["man", "gone"]).code, Some(2));
}

#[test]
fn the_rules_are_data() {
    let sandbox = Sandbox::new();
    let document = |arguments: &[&str]| -> Value { serde_json::from_str(&sandbox.run(arguments).stdout).unwrap() };
    let all = document(&["rule", "--output-format", "json"]);
    assert_eq!(document(&["rule", "--all", "--output-format", "json"]), all);
    let pages = sandbox.run(&["rule", "--all"]).stdout;
    let overview = sandbox.run(&["rule"]).stdout;
    let rules = all["rules"].as_array().unwrap();
    assert_eq!(rules.len(), overview.lines().count());
    for (rule, line) in rules.iter().zip(overview.lines()) {
        let code = rule["code"].as_str().unwrap();
        let page = rule["page"].as_str().unwrap();
        assert!(line.starts_with(code) && line.ends_with(rule["summary"].as_str().unwrap()), "{line}");
        assert_eq!(sandbox.run(&["rule", code]).stdout, page);
        assert!(pages.contains(page), "{code}");
        assert_eq!(&document(&["rule", code, "--output-format", "json"])["rules"][0], rule);
    }
    assert_eq!(sandbox.run(&["rule", "CK103", "--all"]).code, Some(2));
    assert_eq!(sandbox.run(&["rule", "CK999", "--output-format", "json"]).code, Some(2));
}

#[test]
fn a_verbose_version_names_the_programs_too() {
    let sandbox = Sandbox::new();
    let own = format!("cachekeys {}", env!("CARGO_PKG_VERSION"));
    let cargo = Command::new("cargo").arg("--version").current_dir(std::env::temp_dir()).output().unwrap();
    let cargo = String::from_utf8(cargo.stdout).unwrap();
    for arguments in [["-V", "-v"].as_slice(), &["-v", "--version"], &["-Vv"], &["--verbose", "--version"]] {
        let run = sandbox.run(arguments);
        let lines: Vec<&str> = run.stdout.lines().collect();
        assert!(run.code == Some(0) && lines.len() == 4 && lines[0].starts_with(&own), "{arguments:?} {lines:?}");
        assert!(lines[1].starts_with("uv ") && lines[3].starts_with("maturin "), "{lines:?}");
        assert_eq!(lines[2], cargo.trim_end());
    }
    assert_eq!(sandbox.run(&["--version"]).stdout, format!("{own}\n"));
    let nothing = run_with(sandbox.command().args(["-Vv"]).env("PATH", ""), b"");
    assert!(nothing.stdout.contains("uv not found\ncargo not found\nmaturin not found"), "{}", nothing.stdout);
}
