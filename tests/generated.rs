//! A build script that writes into the source tree. Counts how often the real uv and maturin build before and after the advice of
//! CK201 is followed. The crate is a program without dependencies, so that a build takes only a second.
//!
//! Needs Python 3.9 or later as `python3` (on Windows `python`), and access to the registries that pip is configured for.

#[path = "support/environment.rs"]
mod environment;
#[path = "support/story.rs"]
mod story;
mod support;

use environment::MATURIN;
use story::Outcome::{Built, Untouched};
use story::Story;

const MANIFEST: &str = "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// The program, if the build script writes below `OUT_DIR`.
const INCLUDING: &str = r#"
include!(concat!(env!("OUT_DIR"), "/generated.rs"));

fn main() {
    println!("{LENGTH}");
}
"#;

fn pyproject() -> String {
    format!(
        "[project]\nname = \"hello\"\nversion = \"0.1.0\"\nrequires-python = \">=3.9\"\n\n[build-system]\n\
         requires = [\"maturin=={MATURIN}\"]\nbuild-backend = \"maturin\"\n\n\
         [tool.maturin]\nprofile = \"dev\"\nbindings = \"bin\"\n\n\
         [tool.uv]\ncache-keys = [\n    {{ file = \"pyproject.toml\" }},\n    {{ file = \"Cargo.toml\" }},\n    \
         {{ file = \"Cargo.lock\" }},\n    {{ file = \"build.rs\" }},\n    {{ file = \"src/**/*.{{rs,txt}}\" }},\n]\n"
    )
}

/// A script that writes a constant, the length of `src/protos/schema.txt`, to the file that `to` computes. It sleeps for a while,
/// as generating code takes time: cargo does not notice a change that is written in the same clock tick in which the script
/// started.
fn script(line: &str, to: &str) -> String {
    format!(
        "fn main() {{\n    {line}\n    std::thread::sleep(std::time::Duration::from_millis(50));\n    let length = std::fs::read(\"src/protos/schema.txt\").unwrap().len();\n    \
         let text = format!(\"pub const LENGTH: usize = {{length}};\\n\");\n    \
         std::fs::write({to}, text).unwrap();\n}}\n"
    )
}

/// The project with a script that writes the file `generated` into the source tree.
fn story(line: &str, generated: &str) -> Story {
    let mut story = Story::new("");
    story.write("pyproject.toml", pyproject()).write("Cargo.toml", MANIFEST).write("src/protos/schema.txt", "one");
    story.write("src/main.rs", format!("#[path = \"{generated}\"]\nmod generated;\n\nfn main() {{\n    println!(\"{{}}\", generated::LENGTH);\n}}\n"));
    story.write(&format!("src/{generated}"), "pub const LENGTH: usize = 0;\n");
    story.write("build.rs", script(line, &format!("\"src/{generated}\""))).lock();
    story
}

/// Follows the advice: the script writes below `OUT_DIR`, and no longer into the source tree.
fn write_to_out_dir(story: &mut Story, line: &str, generated: &str) {
    story.check(&[], 1, "write the file to `OUT_DIR` and include it");
    story.write(
        "build.rs",
        script(line, "std::path::Path::new(&std::env::var_os(\"OUT_DIR\").unwrap()).join(\"generated.rs\")"),
    );
    story.write("src/main.rs", INCLUDING).remove(&format!("src/{generated}"));
    story.check(&[], 0, "");
}

/// There is one build after each edit, and none after that.
fn builds_once(story: &mut Story) {
    story.sync(Built).sync(Untouched).sync(Untouched);
    story.edit("src/protos/schema.txt", "one", "three");
    story.sync(Built).sync(Untouched);
}

#[test]
fn a_script_that_prints_no_line_builds_at_every_sync() {
    let mut story = story("", "generated.rs");
    story.sync(Built).sync(Built).sync(Built).sync(Built);
    story.check(&[], 1, "matches src/generated.rs").check(&[], 1, "1 project checked: 1 error");
    write_to_out_dir(&mut story, "", "generated.rs");
    builds_once(&mut story);
}

#[test]
fn a_script_that_watches_what_it_reads_builds_twice_after_each_edit() {
    let line = "println!(\"cargo::rerun-if-changed=src/protos/schema.txt\");";
    let mut story = story(line, "generated.rs");
    story.sync(Built).sync(Built).sync(Untouched);
    story.edit("src/protos/schema.txt", "one", "seven");
    story.sync(Built).sync(Built).sync(Untouched);
    story.check(&[], 1, "matches src/generated.rs").check(&[], 1, "1 project checked: 1 warning");
    story.edit("src/protos/schema.txt", "seven", "one");
    write_to_out_dir(&mut story, line, "generated.rs");
    builds_once(&mut story);
}

#[test]
fn a_script_that_writes_where_it_watches_builds_at_every_sync() {
    let line = "println!(\"cargo::rerun-if-changed=src/protos\");";
    let mut story = story(line, "protos/generated/a.rs");
    story.sync(Built).sync(Built).sync(Built).sync(Built);
    story.check(&[], 1, "matches src/protos/generated/a.rs").check(&[], 1, "1 project checked: 1 error");
    write_to_out_dir(&mut story, line, "protos/generated/a.rs");
    builds_once(&mut story);
}
