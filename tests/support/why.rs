//! The sessions of docs/why.md. Each runs in a project of its own, and uses the real uv if something is installed.
#![allow(unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use crate::environment::UV;
use crate::records::cargo;
use crate::stub::{MIXED, Project, Way};
use crate::support::{Run, Sandbox};

/// The name of each session on the page, and its text.
pub fn sessions() -> Vec<(&'static str, String)> {
    let usual = ["Cargo.toml", "Cargo.lock", "src/**/*.rs"];
    vec![
        ("old code", old_code()),
        ("every sync", every_sync()),
        ("unrelated change", unrelated_change()),
        ("CI", in_project(&usual[2..], &["cachekeys check --output-format concise"])),
        ("Python file", python_file()),
        ("maturin develop", after_maturin_develop()),
        ("git clean", after_git_clean()),
        ("other file", other_file()),
        ("variable", variable()),
        ("Windows", on_windows()),
        ("blind", cargo_blind()),
        ("verify", verified()),
    ]
}

/// A command at a prompt, and its output.
fn shown(command: &str, run: &Run) -> String {
    format!("$ {command}\n{}{}", run.stdout, run.stderr)
}

fn console(sessions: &[String]) -> String {
    format!("```console\n{}\n```", sessions.concat().trim_end())
}

/// The arguments of a `cachekeys` command line.
fn arguments(command: &str) -> Vec<&str> {
    command.strip_prefix("cachekeys ").unwrap().split(' ').map(|argument| argument.trim_matches('\'')).collect()
}

/// Replaces what differs between runs and machines: times, and the version of Python.
fn lasting(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_inclusive([' ', '\n', ',']) {
        let is_time = word.len() >= 8
            && word.as_bytes()[..8].iter().enumerate().all(|(place, byte)| match place {
                2 | 5 => *byte == b':',
                _ => byte.is_ascii_digit(),
            });
        let is_change = words.len() > 1 && words[words.len() - 2] == "changed ";
        let time = if is_change { "10:31:07" } else { "10:24:51" };
        words.push(if is_time { format!("{time}{}", &word[8..]) } else { word.to_owned() });
    }
    let text = words.concat();
    let mut parts = text.split("lib/python3.");
    let first = parts.next().unwrap_or_default().to_owned();
    let minor = |part: &str| part.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    parts.fold(first, |text, part| text + "lib/python3.11" + &minor(part))
}

fn pyproject(keys: &[&str], rest: &str) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("    {key},\n")).collect();
    let keys = keys.concat();
    format!(
        "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n\n[project]\nname = \"ext\"\nversion = \
         \"0.1.0\"\n{rest}\n[tool.uv]\ncache-keys = [\n    {{ file = \"pyproject.toml\" }},\n{keys}]\n"
    )
}

/// A project that maturin builds, with keys for these files.
fn project(files: &[&str], rest: &str) -> Sandbox {
    let keys: Vec<String> = files.iter().map(|file| format!("{{ file = \"{file}\" }}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    let manifest = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";
    sandbox.write("pyproject.toml", pyproject(&keys, rest)).write("Cargo.toml", manifest).write("src/lib.rs", "");
    sandbox.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"ext\"\nversion = \"0.1.0\"\n");
    sandbox
}

fn play(sandbox: &Sandbox, commands: &[&str]) -> String {
    let play = |command: &&str| shown(command, &sandbox.run(&arguments(command)));
    console(&commands.iter().map(play).collect::<Vec<_>>())
}

fn in_project(files: &[&str], commands: &[&str]) -> String {
    play(&project(files, ""), commands)
}

/// A project with a Python package, built and installed by the real uv.
fn installed(keys: &str) -> Project {
    let mut project = Project::new(UV, keys);
    MIXED.clone_into(&mut project.layout);
    project.write_pyproject();
    project.write("python/ext/__init__.py", "");
    project
}

fn status(project: &mut Project, command: &str) -> String {
    let run = project.run_cachekeys(&arguments(command));
    lasting(&shown(command, &run))
}

/// Waits, since file systems may store times coarsely.
fn tick() {
    std::thread::sleep(std::time::Duration::from_millis(15));
}

fn old_code() -> String {
    let others = ["pyproject.toml", "backend/*.py", "Cargo.toml", "Cargo.lock"];
    let keys = others.map(|file| format!("{{ file = \"{file}\" }}"));
    let mut project = installed(&keys.join(", "));
    project.sync();
    tick();
    project.write("src/lib.rs", "mod deep; // edited\n");
    console(&[status(&mut project, "cachekeys status")])
}

fn every_sync() -> String {
    let mut project = installed("{ file = \"**/*.rs\" }");
    project.builds_write("target/release/build/ext-1f0c3d/out/tables.rs");
    project.sync();
    tick();
    project.sync();
    console(&[status(&mut project, "cachekeys status")])
}

fn unrelated_change() -> String {
    let sandbox = project(&["Cargo.toml", "Cargo.lock", "**/*.rs"], "");
    sandbox.write("benches/speed.rs", "fn main() {}\n");
    play(&sandbox, &["cachekeys explain benches/speed.rs"])
}

fn python_file() -> String {
    let mut project = installed("{ file = \"pyproject.toml\" }, { file = \"Cargo.toml\" }, { file = \"src/**/*.rs\" }");
    project.editable = false;
    project.sync();
    tick();
    project.write("python/ext/__init__.py", "# edited\n");
    console(&[status(&mut project, "cachekeys status --no-editable")])
}

fn after_maturin_develop() -> String {
    let mut project = installed("{ file = \"Cargo.toml\" }, { file = \"src/**/*.rs\" }");
    project.install(Way::MaturinDevelop);
    console(&[status(&mut project, "cachekeys status")])
}

fn after_git_clean() -> String {
    let mut project = installed("{ file = \"Cargo.toml\" }, { file = \"src/**/*.rs\" }");
    project.sync();
    project.remove("python/ext/_ext.abi3.so");
    console(&[status(&mut project, "cachekeys status")])
}

fn other_file() -> String {
    let sandbox = project(&["Cargo.toml", "Cargo.lock", "src/**/*.rs"], "");
    sandbox.write("src/lib.rs", "pub const QUERY: &str = include_str!(\"../sql/orders.sql\");\n");
    sandbox.write("sql/orders.sql", "select 1;\n");
    play(&sandbox, &["cachekeys explain sql/orders.sql"])
}

fn variable() -> String {
    let sandbox = project(&["Cargo.toml", "Cargo.lock", "src/**/*.rs"], "");
    sandbox.write("src/lib.rs", "pub const CHANNEL: Option<&str> = option_env!(\"CHANNEL\");\n");
    play(&sandbox, &["cachekeys explain '$CHANNEL'"])
}

fn on_windows() -> String {
    let rest = "classifiers = [\"Operating System :: Microsoft :: Windows\"]\n";
    let sandbox = project(&["Cargo.toml", "Cargo.lock", "src/**/*.rs", "src/*/*.sql"], rest);
    sandbox.write("src/lib.rs", "pub const QUERY: &str = include_str!(\"queries/orders.sql\");\n");
    sandbox.write("src/queries/orders.sql", "select 1;\n");
    play(&sandbox, &["cachekeys check"])
}

fn cargo_blind() -> String {
    let sandbox = project(&["Cargo.toml", "Cargo.lock", "build.rs", "src/**/*.rs", "data/table.csv"], "");
    let script = "fn main() {\n    println!(\"cargo::rerun-if-changed=build.rs\");\n    let table = \
                  std::fs::read_to_string(\"data/table.csv\").unwrap();\n    println!(\"cargo::rustc-env=ROWS={}\", \
                  table.lines().count());\n}\n";
    sandbox.write("build.rs", script).write("data/table.csv", "a,b\n");
    play(&sandbox, &["cachekeys explain data/table.csv"])
}

/// A macro reads a file that its text does not name.
fn verified() -> String {
    let sandbox = project(&["Cargo.toml", "Cargo.lock", "src/**/*.rs", "macros/Cargo.toml", "macros/src/**/*.rs"], "");
    let manifest = sandbox.read("Cargo.toml") + "\n[dependencies]\nmacros = { path = \"macros\" }\n";
    sandbox.write("Cargo.toml", manifest).write("src/lib.rs", "pub const PAGE: &str = macros::page!();\n");
    let source = "use proc_macro::TokenStream;\n#[proc_macro]\npub fn page(_: TokenStream) -> TokenStream {\n    let path = \
                  std::env::var(\"CARGO_MANIFEST_DIR\").unwrap() + \"/templates/page.html\";\n    [\"include\", \
                  \"_str!(\\\"\", &path, \"\\\")\"].concat().parse().unwrap()\n}\n";
    let manifest =
        "[package]\nname = \"macros\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\nproc-macro = true\n";
    sandbox.write("macros/Cargo.toml", manifest).write("macros/src/lib.rs", source);
    sandbox.write("templates/page.html", "<p>\n");
    cargo(&sandbox, &["build", "-q", "--offline"]);
    play(&sandbox, &["cachekeys verify"])
}
