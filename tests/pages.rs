//! The code blocks of the rule pages: "Example" gives the finding, and "Use instead" is the result of the fix.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use support::{Run, Sandbox};

const MANIFEST: &str = r#"[package]
name = "ext"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "0.26", features = ["abi3-py39"] }
"#;

/// A fenced block: its `title`, if it has one, and its text.
struct Block {
    section: String,
    title: Option<String>,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut section, mut open) = (Vec::new(), String::new(), None::<Block>);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let title = info.split_once("title=\"").and_then(|(_, rest)| rest.split('"').next());
                open = Some(Block { section: section.clone(), title: title.map(str::to_owned), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text.extend([line, "\n"]),
            (None, None) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    heading.clone_into(&mut section);
                }
            }
        }
    }
    blocks
}

/// A plain crate in a subdirectory of a repository, and the files that a section of the page names.
struct Project(Sandbox);

impl Project {
    fn new(files: &[Block]) -> Self {
        let project = Self(Sandbox::new());
        std::fs::create_dir(project.0.path(".git")).unwrap();
        project.write("Cargo.toml", MANIFEST);
        project.write("Cargo.lock", "version = 4\n");
        project.write("src/lib.rs", "mod convert;\n");
        project.write("src/convert.rs", "");
        write(&project, files, "Example");
        project
    }

    fn write(&self, path: &str, text: &str) {
        self.0.write(&format!("project/{path}"), text);
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.0.command().args(arguments).current_dir(self.0.path("project")), &self.0.path(""))
    }
}

fn write(project: &Project, files: &[Block], section: &str) {
    for block in files.iter().filter(|block| block.section == section) {
        if let Some(title) = &block.title {
            project.write(title, &block.text);
        }
    }
}

fn says(run: &Run, code: &str) -> bool {
    run.stdout.contains(&format!(" {code} "))
}

#[test]
fn the_examples_of_the_pages_hold() {
    let overview = Sandbox::new().run(&["rule"]).stdout;
    for line in overview.lines() {
        let code = line.split_whitespace().next().unwrap();
        // On Windows, a key in these examples covers nothing, which CK003 and CK103 report instead.
        if cfg!(windows) && matches!(code, "CK010" | "CK202") {
            continue;
        }
        let page = Sandbox::new().run(&["rule", code]).stdout;
        let blocks = blocks(&page);
        let text = |section: &str| {
            let found = blocks.iter().find(|block| block.section == section && block.title.is_none());
            &found.unwrap_or_else(|| panic!("{code} has no code in `{section}`")).text
        };
        let project = Project::new(&blocks);
        let concise = ["check", "--output-format", "concise", "-v", "--extend-select", code];
        // CK302 reports every extension that is built for one Python version, whatever its keys.
        let ignored = if code == "CK302" { "CK301" } else { "CK302" };
        let concise = [&concise[..], &["--ignore", ignored]].concat();
        project.write("pyproject.toml", text("Example"));
        let before = project.run(&concise);
        assert!(
            says(&before, code),
            "`check` does not report {code} for the block under `## Example` of its page, but:\n{}",
            before.stdout
        );
        if line.contains(" fix ") {
            project.run(&["check", "--fix", "--unsafe-fixes", "--extend-select", code]);
            assert_eq!(
                &project.0.read("project/pyproject.toml"),
                text("Use instead"),
                "what --fix makes of the example of {code}"
            );
        }
        write(&project, &blocks, "Use instead");
        project.write("pyproject.toml", text("Use instead"));
        let after = project.run(&concise);
        assert_eq!(after.stdout, "", "{code}: what is to be used instead has findings");
        assert_eq!(after.code, Some(0));
    }
}
