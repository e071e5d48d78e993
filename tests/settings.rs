//! Tests `[tool.cachekeys]`, `--config`, `--isolated` and `--exclude`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use support::{Run, Sandbox};

const PROJECT: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";
const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// A project without keys in `directory`. `more` is appended to its pyproject.toml.
fn project(sandbox: &Sandbox, directory: &str, more: &str) {
    std::fs::create_dir_all(sandbox.path(".git")).unwrap();
    sandbox.write(&format!("{directory}/Cargo.toml"), MANIFEST).write(&format!("{directory}/src/lib.rs"), "");
    sandbox.write(&format!("{directory}/pyproject.toml"), format!("{PROJECT}{more}"));
}

#[track_caller]
fn assert_codes(run: &Run, code: i32, expected: &[&str]) {
    let codes: Vec<&str> = run.stdout.lines().filter_map(|line| line.split(' ').nth(2)).collect();
    assert_eq!((run.code, codes.as_slice()), (Some(code), expected), "{}{}", run.stdout, run.stderr);
}

fn concise(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["check", "--output-format", "concise"], arguments].concat())
}

#[test]
fn the_command_line_goes_before_the_file() {
    let sandbox = Sandbox::new();
    project(&sandbox, ".", "[tool.cachekeys]\nignore = [\"missing-cache-keys\"]\n");
    assert_codes(&concise(&sandbox, &[]), 0, &[]);
    assert_codes(&concise(&sandbox, &["--isolated"]), 1, &["CK101"]);
    assert_codes(&concise(&sandbox, &["--config", "ignore=[]"]), 1, &["CK101"]);
    sandbox.write("strict.toml", "ignore = []\n").write("lax.toml", "[tool.cachekeys]\nignore = [\"ALL\"]\n");
    assert_codes(&concise(&sandbox, &["--config", "strict.toml"]), 1, &["CK101"]);
    assert_codes(&concise(&sandbox, &["--config", "strict.toml", "--config", "lax.toml"]), 0, &[]);
    assert_codes(&concise(&sandbox, &["--isolated", "--config", "lax.toml"]), 0, &[]);
    // The settings of a project apply wherever the search starts.
    assert_codes(&concise(&sandbox, &["src/lib.rs"]), 0, &[]);
}

#[test]
fn infos_are_shown_where_their_rule_is_named() {
    let keys = "[tool.uv]\ncache-keys = ['pyproject.toml', 'Cargo.toml', 'Cargo.lock', 'src/**/*.rs', 'src/lib.rs']\n";
    for (settings, expected) in [
        ("", [].as_slice()),
        ("extend-select = ['CK203']", &["CK203"]),
        ("select = ['redundant-key']", &["CK203"]),
        ("extend-select = ['CK20']", &[]),
        ("extend-select = ['CK203']\nignore = ['redundant-key']", &[]),
    ] {
        let sandbox = Sandbox::new();
        project(&sandbox, ".", &format!("{keys}[tool.cachekeys]\n{settings}\n"));
        sandbox.write("Cargo.lock", "version = 4\n");
        assert_codes(&concise(&sandbox, &[]), 0, expected);
    }
}

#[test]
fn what_is_silenced_is_neither_told_nor_mended() {
    let sandbox = Sandbox::new();
    let keys = "[tool.uv]\ncache-keys = [\n  'pyproject.toml',\n  'Cargo.toml', # cachekeys: ignore[CK003]\n  'src/**/*.rs',\n]\n";
    project(&sandbox, ".", keys);
    assert_codes(&concise(&sandbox, &[]), 1, &["CK105", "CK304"]);
    project(&sandbox, ".", &keys.replace("cache-keys = [", "cache-keys = [ # cachekeys: ignore[CK105] none here"));
    assert_codes(&concise(&sandbox, &["--ignore", "CK304"]), 0, &[]);
    // Suppressions of rules that are not selected are still used.
    assert_codes(&concise(&sandbox, &["--select", "CK304"]), 1, &["CK304"]);
    let report = sandbox.run(&["check", "--fix", "--unsafe-fixes", "--output-format", "json"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["summary"]["fixed"], &report["summary"]["warnings"]), (&1.into(), &0.into()));
    let text = sandbox.read("pyproject.toml");
    assert!(!text.contains("Cargo.lock") && !text.contains("CK003") && text.contains("ignore[CK105]"), "{text}");
}

#[test]
fn what_is_wrong_with_the_settings_is_told_with_its_place() {
    let sandbox = Sandbox::new();
    project(&sandbox, "good", "");
    project(&sandbox, "bad", "[tool.cachekeys]\nselct = []\n");
    let run = concise(&sandbox, &[]);
    assert_codes(&run, 2, &["CK101"]);
    assert!(run.stderr.contains("unknown setting `selct`, did you mean `select`?"), "{}", run.stderr);
    assert!(run.stderr.contains("bad/pyproject.toml:5:1"), "{}", run.stderr);
    let report: serde_json::Value =
        serde_json::from_str(&sandbox.run(&["check", "--output-format", "json"]).stdout).unwrap();
    assert_eq!(report["errors"][0]["range"]["start"]["line"], 5);
    for command in ["inputs", "keys", "verify"] {
        assert_eq!(sandbox.run(&[command, "bad"]).code, Some(2), "{command}");
    }
    assert_codes(&concise(&sandbox, &["bad", "--isolated"]), 1, &["CK101"]);
    for (given, message) in [
        ("selct=[]", "--config:1:1"),
        ("ignore=[", "--config is not valid TOML"),
        ("ignore", "cannot read ignore: no such file"),
        ("gone.toml", "cannot read gone.toml"),
    ] {
        let run = concise(&sandbox, &["good", "--config", given]);
        assert!(run.code == Some(2) && run.stderr.contains(message), "{given}: {}", run.stderr);
    }
    let run = concise(&sandbox, &["good", "--exclude", "a["]);
    assert!(run.code == Some(2) && run.stderr.contains("--exclude: `a[` is not a valid glob"), "{}", run.stderr);
}

#[test]
fn a_search_passes_over_what_is_excluded() {
    let sandbox = Sandbox::new();
    for directory in ["a", "vendored/b", "vendored/c"] {
        project(&sandbox, directory, "");
    }
    let one = ["CK101"].as_slice();
    assert_codes(&concise(&sandbox, &[]), 1, &["CK101", "CK101", "CK101"]);
    for globs in [["vendored", "x"], ["vendored/b", "vendored/c"], ["vendored/**", "x"], ["*/c", "**/b"]] {
        assert_codes(&concise(&sandbox, &["--exclude", globs[0], "--exclude", globs[1]]), 1, one);
    }
    let run = concise(&sandbox, &["--config", "exclude=['vendored']"]);
    assert_codes(&run, 1, one);
    sandbox.write("pyproject.toml", "[tool.cachekeys]\nexclude = [\"vendored\"]\n");
    assert_codes(&concise(&sandbox, &[]), 1, one);
    assert_codes(&concise(&sandbox, &["--isolated"]), 1, &["CK101", "CK101", "CK101"]);
    // Patterns are relative to the directory in which the search starts.
    assert_codes(&concise(&sandbox, &["vendored"]), 1, &["CK101", "CK101"]);
    assert_codes(&concise(&sandbox, &["vendored", "--exclude", "vendored/b"]), 1, one);
    // A path that is named is checked even if it is excluded, except with `--force-exclude`.
    let named = ["vendored/b/pyproject.toml", "vendored", "a"];
    assert_codes(&concise(&sandbox, &named), 1, &["CK101", "CK101", "CK101"]);
    assert_codes(&concise(&sandbox, &[named.as_slice(), &["--force-exclude"]].concat()), 1, one);
    // A file of an excluded project does not select the project.
    assert_codes(&concise(&sandbox, &["vendored/b/src/lib.rs"]), 0, &[]);
}

#[test]
fn a_search_honors_what_the_user_ignores_in_all_repositories() {
    let sandbox = Sandbox::new();
    for directory in ["git/kept", "git/mine", "git/ours", "git/private", "git/sub/top", "git/top", "plain/mine"] {
        project(&sandbox, directory, "");
    }
    sandbox.write("home/git/ignore", "mine/\n/kept\n/top\n").write("git/.git/info/exclude", "private\n!kept\n");
    sandbox.write("git/.gitignore", "/ours\n");
    std::fs::remove_dir_all(sandbox.path(".git")).unwrap();
    for (directory, expected) in [
        (".", "git/kept/pyproject.toml\ngit/sub/top/pyproject.toml\nplain/mine/pyproject.toml\n"),
        ("git/sub", "top/pyproject.toml\n"),
    ] {
        let mut command = sandbox.command();
        command.args(["check", "--show-files"]).env("XDG_CONFIG_HOME", sandbox.path("home"));
        let run = command.current_dir(sandbox.path(directory)).output().unwrap();
        assert_eq!(String::from_utf8(run.stdout).unwrap(), expected, "{directory}");
    }
}

#[test]
fn what_an_old_build_recorded_of_excluded_inputs_is_no_gap() {
    let sandbox = Sandbox::new();
    let settings =
        "[tool.uv]\ncache-keys = [{ file = 'src/**/*.rs' }]\n[tool.cachekeys]\nexclude-inputs = ['notes.txt']\n";
    project(&sandbox, ".", settings);
    sandbox.write("src/lib.rs", "pub const NOTES: &str = include_str!(\"../notes.txt\");\n").write("notes.txt", "x");
    let cargo =
        std::process::Command::new("cargo").args(["build", "--offline"]).current_dir(sandbox.path(".")).output();
    assert!(cargo.unwrap().status.success());
    let verified = sandbox.run(&["verify"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
    let verified = sandbox.run(&["verify", "--isolated"]);
    assert_eq!(verified.code, Some(1), "{}", verified.stdout);
}

#[test]
fn what_is_excluded_is_explained_so() {
    let sandbox = Sandbox::new();
    project(&sandbox, ".", "[tool.cachekeys]\nexclude-inputs = ['src/generated']\n");
    sandbox.write("src/lib.rs", "mod generated;\n").write("src/generated/mod.rs", "");
    for file in ["src/generated/mod.rs", "src/generated/new.rs"] {
        let json = sandbox.run(&["explain", file, "--output-format", "json"]);
        assert!(json.stdout.contains("exclude-inputs"), "{file}: {}", json.stdout);
    }
    assert!(!sandbox.run(&["inputs"]).stdout.contains("generated"));
    assert!(sandbox.run(&["inputs", "--isolated"]).stdout.contains("generated"));
}

#[test]
fn the_schema_is_printed() {
    let run = Sandbox::new().run(&["config-schema"]);
    assert_eq!(run.code, Some(0));
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(schema["properties"]["metadata"]["default"], false);
}

#[test]
fn statistics_count_each_rule() {
    let sandbox = Sandbox::new();
    project(&sandbox, "a", "");
    project(&sandbox, "b", "");
    let keys = "[tool.uv]\ncache-keys = ['pyproject.toml', 'Cargo.toml', 'src/**/*.rs', 'gone.txt']\n";
    project(&sandbox, "c", keys);
    let run = sandbox.run(&["check", "--statistics"]);
    assert_eq!(
        run.stdout,
        "2  CK101  missing-cache-keys  [*]\n1  CK003  key-matches-nothing\n1  CK105  uncovered-lockfile  [*]\n"
    );
    assert_eq!(run.code, Some(1));
    let json = sandbox.run(&["check", "--statistics", "--output-format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["statistics"][0]["code"], &json["statistics"][0]["count"]), (&"CK101".into(), &2.into()));
}

#[test]
fn the_files_that_would_be_checked_are_listed() {
    let sandbox = Sandbox::new();
    project(&sandbox, "a", "");
    project(&sandbox, "b", "");
    sandbox.write("c/pyproject.toml", "[project]\nname = 'pure'\n");
    let shown = |arguments: &[&str]| sandbox.run(&[&["check", "--show-files"], arguments].concat());
    assert_eq!(shown(&[]).stdout, "a/pyproject.toml\nb/pyproject.toml\n");
    assert_eq!(shown(&["b/src/lib.rs"]).stdout, "b/pyproject.toml\n");
    assert_eq!(shown(&["--exclude", "b"]).stdout, "a/pyproject.toml\n");
    assert_eq!(shown(&[]).code, Some(0));
    sandbox.write("b/pyproject.toml", "[");
    assert_eq!(shown(&[]).code, Some(2));
}

#[test]
fn what_was_fixed_is_told_and_counted() {
    let keys = "[tool.uv]\ncache-keys = ['pyproject.toml', 'Cargo.toml', 'src/**/*.rs', 'gone.txt']\n";
    let run = |arguments: &[&str]| {
        let sandbox = Sandbox::new();
        project(&sandbox, ".", keys);
        let run = sandbox.run(&[&["check"], arguments].concat());
        assert_eq!(sandbox.read("pyproject.toml").contains("Cargo.lock"), !arguments.contains(&"--diff"));
        (run.code.unwrap(), run.stdout)
    };
    let fixed = "Fixed ./pyproject.toml:\n  + { file = \"Cargo.lock\" }\n\n".replace("./", "");
    // CK003 remains, but is neither shown nor counted.
    assert_eq!(run(&["--fix-only"]), (0, fixed.clone()));
    assert_eq!(run(&["--fix-only", "--exit-non-zero-on-fix"]), (1, fixed.clone()));
    assert_eq!(run(&["--fix-only", "-q"]), (0, String::new()));
    let (code, said) = run(&["--fix", "--show-fixes", "--output-format", "concise", "--ignore", "CK003"]);
    assert_eq!((code, said), (0, fixed.clone()));
    let (code, said) = run(&["--fix", "--show-fixes", "--ignore", "CK003"]);
    assert!(code == 0 && said.matches(&fixed).count() == 1, "{said}");
    assert_eq!(run(&["--fix", "--ignore", "CK003", "--exit-non-zero-on-fix"]).0, 1);
    assert_eq!(run(&["--diff", "--ignore", "CK003", "--exit-non-zero-on-fix"]).0, 1);
    assert_eq!(run(&["--fix", "--ignore", "CK003", "--exit-non-zero-on-fix", "--exit-zero"]).0, 0);
}
