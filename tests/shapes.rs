//! Projects that are too large for the folder of a case: a workspace of forty crates, and trees with build outputs.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write;

use support::{Sandbox, assert_snapshot};

const BUILD_SYSTEM: &str = "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n\n";

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n{dependencies}")
}

fn extension(dependencies: &str) -> String {
    manifest("ext", &format!("[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\npyo3 = \"0.26\"\n{dependencies}"))
}

fn keys(keys: &[&str]) -> String {
    let lines = keys.iter().fold(String::new(), |mut lines, key| {
        writeln!(lines, "    {{ file = \"{key}\" }},").unwrap();
        lines
    });
    format!("{BUILD_SYSTEM}[tool.uv]\ncache-keys = [\n{lines}]\n")
}

/// Forty crates below `crates/` in one workspace. The extension depends on `used` of them. Each crate has a test and a build
/// script.
fn forty_crates(used: usize, pyproject: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n");
    sandbox.write("Cargo.lock", "version = 4\n").write("pyproject.toml", pyproject);
    let mut dependencies = String::new();
    for number in 0..40 {
        let (name, directory) = (format!("part{number:02}"), format!("crates/part{number:02}"));
        sandbox.write(&format!("{directory}/Cargo.toml"), manifest(&name, ""));
        for file in ["src/lib.rs", "src/more/mod.rs", "tests/it.rs", "build.rs"] {
            let text = if file == "build.rs" { "fn main() {}\n" } else { "" };
            sandbox.write(&format!("{directory}/{file}"), text);
        }
        if number < used {
            writeln!(dependencies, "{name} = {{ path = \"../{name}\" }}").unwrap();
        }
    }
    sandbox.write("crates/ext/Cargo.toml", extension(&dependencies)).write("crates/ext/src/lib.rs", "");
    sandbox
}

#[test]
fn forty_crates_get_the_keys_that_a_person_would_write() {
    let maturin = "\n[tool.maturin]\nmanifest-path = \"crates/ext/Cargo.toml\"\n";
    for (case, used, before) in [
        ("all-of-them-no-keys", 40, BUILD_SYSTEM.to_owned()),
        ("all-of-them-too-wide", 40, keys(&["pyproject.toml", "**/Cargo.toml", "Cargo.lock", "**/*.rs"])),
        ("few-of-them-too-wide", 4, keys(&["*.toml", "**/Cargo.toml", "Cargo.lock", "**/*.rs"])),
        (
            "few-of-them-with-unrelated",
            4,
            keys(&["pyproject.toml", "crates/**/Cargo.toml", "Cargo.*", "crates/**/*.rs"]),
        ),
    ] {
        let sandbox = forty_crates(used, &(before + maturin));
        let report = sandbox.run(&["check"]).stdout;
        let most = if case == "all-of-them-no-keys" { 12 } else { 40 };
        assert!(report.lines().count() <= most && report.lines().all(|line| line.len() <= 100), "{report}");
        let run = sandbox.run(&["check", "--fix", "--unsafe-fixes"]);
        assert_eq!(run.code, Some(0), "{}", run.stdout);
        assert_snapshot(&sandbox.read("pyproject.toml"), &format!("forty-crates-{case}.toml"));
        let quiet = sandbox.run(&["check", "-v", "--ignore", "CK302"]);
        assert_eq!(quiet.stdout, "1 project checked: no errors or warnings\n", "{case}");
    }
}

#[test]
fn the_report_fits_a_screen_and_names_all_where_it_is_asked_to() {
    let maturin = "\n[tool.maturin]\nmanifest-path = \"crates/ext/Cargo.toml\"\n";
    let list =
        ["pyproject.toml", "gone.txt", "*/none.txt", "docs/**", "src", "lib/*.c", "none/**/*.h", "Cargo.*", "c/d"];
    let sandbox = forty_crates(40, &(keys(&list) + maturin));
    let report = sandbox.run(&["check"]).stdout;
    assert!(report.lines().count() <= 40 && report.lines().all(|line| line.chars().count() <= 100), "{report}");
    let concise = sandbox.run(&["check", "--output-format", "concise"]).stdout;
    let [mut places, mut codes] = [const { Vec::new() }; 2];
    for line in concise.lines() {
        places.push(line.split(": ").next().unwrap());
        codes.push(line.split_whitespace().nth(2).unwrap());
    }
    assert!(places.iter().chain(&codes).all(|text| report.contains(text)), "{report}\n{concise}");
    assert!(report.contains(" and 79 more\n") && report.contains("more places (-v shows all in full):\n"), "{report}");
    let verbose = sandbox.run(&["check", "-v"]).stdout;
    assert!((0..40).all(|number| verbose.contains(&format!("crates/part{number:02}/src/lib.rs"))), "{verbose}");
}

#[test]
fn a_submodule_may_name_the_crates_beside_it_and_nothing_else_outside() {
    let sandbox = Sandbox::new();
    let list =
        ["pyproject.toml", "Cargo.toml", "Cargo.lock", "src/**/*.rs", "../crates/**/Cargo.toml", "../crates/**/*.rs"];
    let outside = ["../other/**/*.rs", "../**/*.txt"];
    sandbox.write("inner/pyproject.toml", keys(&[&list[..], &outside].concat()));
    sandbox.write("inner/.git", "gitdir: ../.git/modules/inner\n").write(".git/HEAD", "");
    sandbox.write("inner/Cargo.toml", extension("core = { path = \"../crates/core\" }\n"));
    sandbox.write("inner/Cargo.lock", "version = 4\n").write("inner/src/lib.rs", "");
    sandbox.write("crates/core/Cargo.toml", manifest("core", "")).write("crates/core/src/lib.rs", "");
    sandbox.write("other/src/lib.rs", "").write("notes.txt", "");
    let said = sandbox.run(&["check", "inner", "--select", "CK008", "--output-format", "concise"]).stdout;
    let found: Vec<&str> = said.lines().filter_map(|line| line.split('`').nth(1)).collect();
    assert_eq!(found, outside, "{said}");
}

#[test]
fn keys_are_shown_as_a_table() {
    let sandbox = Sandbox::new();
    let list =
        ["pyproject.toml", "gone.txt", "src/*.rs", "src", "**/*.rs", "docs/**", "!target/**", "!target", "/*.rs"];
    let more = "    { dir = \"src\" },\n    { env = \"CC\" },\n    { git = { tags = true } },\n    \"gone.txt\",\n]\n";
    let text = keys(&list);
    sandbox.write("pyproject.toml", format!("{}{more}", text.trim_end().trim_end_matches(']')));
    sandbox.write("src/lib.rs", "").write("src/deep/mod.rs", "").write("target/release/x.rs", "");
    let run = sandbox.run(&["keys"]);
    assert_eq!(run.code, Some(0));
    assert_snapshot(&run.stdout, "keys.txt");
}

/// Lists with faults, so that there are findings.
const LISTS: [&[&str]; 8] = [
    &["pyproject.toml", "Cargo.toml", "Cargo.lock", "**/*.rs"],
    &["*.toml", "Cargo.lock", "src/*.rs", "python/**"],
    &["**"],
    &["pyproject.toml", "Cargo.*", "src/**/*.rs", "!target/**", "!**/target/**"],
    &["**/*.{rs,toml,lock,py}", "!target", "!.venv/**"],
    &["pyproject.toml", "Cargo.toml", "Cargo.lock", "src/**/*.rs", "src/lib.rs", "web/**/*.js", "tests/**/*.rs"],
    &["src", "python/ext/_native.abi3.so", "target/**/*.d", ".venv/pyvenv.cfg"],
    &["**/*.so", "**/*.js", "*"],
];

#[test]
fn a_fresh_clone_gets_the_verdict_of_a_tree_that_was_built() {
    let maturin = "\n[tool.maturin]\npython-source = \"python\"\nmodule-name = \"ext._native\"\n";
    for list in LISTS {
        let sandbox = Sandbox::new();
        for (file, text) in [
            ("pyproject.toml", keys(list) + maturin),
            (".git/HEAD", String::new()),
            (".gitignore", "target/\n.venv/\n*.so\nnode_modules/\n".to_owned()),
            ("Cargo.toml", extension("")),
            ("Cargo.lock", "version = 4\n".to_owned()),
            ("src/lib.rs", "mod convert;".to_owned()),
            ("src/convert.rs", String::new()),
            ("python/ext/__init__.py", String::new()),
            ("web/main.js", String::new()),
            ("web/package.json", "{}".to_owned()),
            ("tests/it.rs", String::new()),
        ] {
            sandbox.write(file, text);
        }
        let fresh = verdict(&sandbox);
        for file in [
            "target/CACHEDIR.TAG",
            "target/release/libext.d",
            "target/release/build/target-lexicon-0123/out/host.rs",
            "target/release/deep/er/x.toml",
            ".venv/pyvenv.cfg",
            ".venv/lib/python3.12/site-packages/other/__init__.py",
            "python/ext/_native.abi3.so",
            "python/ext/__pycache__/__init__.cpython-312.pyc",
            "web/node_modules/left-pad/index.js",
            ".git/objects/aa/bb",
        ] {
            sandbox.write(file, "");
        }
        let built = verdict(&sandbox);
        assert!(!fresh.0.is_empty(), "{list:?} has no finding");
        assert_eq!(fresh, built, "{list:?}");
    }
}

/// The findings, without the numbers of walked directories, and the diff of all fixes.
fn verdict(sandbox: &Sandbox) -> (Vec<String>, String) {
    let run = sandbox.run(&["check", "--metadata", "manifest", "--output-format", "concise", "-v"]);
    assert_eq!(run.stderr, "");
    let of_today = |line: &str| match line.split_once(" walks ") {
        Some((before, _)) => before.to_owned(),
        None => line.to_owned(),
    };
    let diff = sandbox.run(&["check", "--metadata", "manifest", "--diff", "--unsafe-fixes"]).stdout;
    (run.stdout.lines().map(of_today).collect(), diff)
}
