//! The documentation site: its generated pages agree with the tool, its navigation and links are complete, and mkdocs builds it.
//! mkdocs is installed from the index that pip is configured for. `SNAPSHOTS=overwrite` renews the generated pages.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/generated.rs"]
mod generated;
#[path = "support/pages.rs"]
mod pages;
#[path = "support/records.rs"]
mod records;
#[path = "support/stub.rs"]
mod stub;
mod support;
#[path = "support/terminal.rs"]
mod terminal;
#[path = "support/why.rs"]
mod why;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use environment::{PYTHON, interpreter, isolate, must, once, program};
use generated::{assert_file, assert_part, example, repository, rules, table_of_rules};
use support::{Run, Sandbox, copy, overwrites};

#[test]
fn the_pages_of_the_rules_are_those_of_the_tool() {
    let dir = repository("docs/rules");
    let mut expected = BTreeSet::from(["index.md".to_owned()]);
    for rule in rules() {
        let name = format!("{}.md", rule.name);
        assert_file(&format!("docs/rules/{name}"), &pages::rule(&rule));
        expected.insert(name);
    }
    let entries = std::fs::read_dir(&dir).unwrap();
    let actual: BTreeSet<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    if overwrites() {
        for gone in actual.difference(&expected) {
            std::fs::remove_file(dir.join(gone)).unwrap();
        }
    } else {
        assert_eq!(actual, expected);
    }
}

#[test]
fn the_index_and_the_navigation_name_every_rule() {
    let groups: BTreeSet<String> = rules().iter().map(|rule| rule.code[..3].to_owned()).collect();
    for group in &groups {
        let (start, end) = (format!("<!-- {group} -->"), format!("<!-- end of {group} -->"));
        assert_part("docs/rules/index.md", &start, &end, &table_of_rules(group, ""));
        let line = |rule: &generated::Rule| format!("          - {} {}: rules/{}.md", rule.code, rule.name, rule.name);
        let lines: Vec<String> =
            rules().iter().filter(|rule| rule.code.starts_with(group.as_str())).map(line).collect();
        let (start, end) = (format!("# {group}"), format!("# end of {group}"));
        assert_part("mkdocs.yml", &start, &end, &lines.join("\n"));
    }
}

#[test]
fn the_page_of_the_settings_is_their_schema() {
    let schema = Sandbox::new().run(&["config-schema"]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let kind = |property: &serde_json::Value| {
        let target = property["$ref"].as_str().or(property["items"]["$ref"].as_str()).unwrap_or_default();
        let name = target.trim_start_matches("#/$defs/");
        if let Some(choices) = property["oneOf"].as_array() {
            let choices: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice["const"])).collect();
            return choices.join(" or ");
        }
        let item = if name.is_empty() { property["type"].as_str().unwrap() } else { name };
        let item = item.to_lowercase().replace("variablename", "name of a variable");
        if property["type"] == "array" { format!("list: {item}") } else { item }
    };
    let mut table = "| setting | type | default | meaning |\n|---|---|---|---|".to_owned();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let default = property.get("default").map_or("none".to_owned(), |default| format!("`{default}`"));
        let meaning = property["description"].as_str().unwrap();
        let row = format!("\n| `{name}` | {} | {default} | {meaning} |", kind(property));
        table.push_str(&row);
    }
    assert_part("docs/settings.md", "<!-- settings -->", "<!-- end of settings -->", &table);
    let mut types = Vec::new();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        let name = name.to_lowercase().replace("variablename", "name of a variable");
        types.push(format!("- **{name}**: {}.", definition["description"].as_str().unwrap()));
    }
    assert_part("docs/settings.md", "<!-- types -->", "<!-- end of types -->", &types.join("\n"));
}

#[test]
fn the_page_of_the_commands_is_their_help() {
    assert_file("docs/commands.md", &pages::commands());
}

#[test]
fn the_documents_of_the_page_about_output_are_what_the_commands_print() {
    let short = "[tool.uv]\ncache-keys = [\"Cargo.toml\", { file = \"src/**/*.rs\" }]\n";
    let sandbox = example();
    sandbox.write("short/pyproject.toml", short).write("short/Cargo.toml", "").write("short/src/lib.rs", "");
    for (part, directory, arguments) in [
        ("check", "examples/stale-extension", ["check", "--select", "CK103"].as_slice()),
        ("inputs", "examples/stale-extension", &["inputs"]),
        ("keys", "short", &["keys", "pyproject.toml"]),
        ("explain", "examples/stale-extension", &["explain", "src/lib.rs"]),
    ] {
        let mut command = sandbox.command();
        command.current_dir(sandbox.path(directory)).args(arguments).args(["--output-format", "json"]);
        let run = Run::of(&mut command, &sandbox.path(""));
        let document = serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap();
        assert_eq!(document["version"], 1);
        let text = format!("```json\n{}\n```", run.stdout.trim_end());
        assert_part("docs/output.md", &format!("<!-- {part} -->"), &format!("<!-- end of {part} -->"), &text);
    }
}

#[test]
fn the_picture_of_the_front_page_is_what_the_example_gives() {
    let sandbox = example();
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.current_dir(sandbox.path("examples/stale-extension")).arg("check").args(arguments);
        Run::of(&mut command, &sandbox.path("")).stdout
    };
    let (report, diff) = (run(&["--color", "always"]), terminal::diff(&run(&["--diff"])));
    let picture = terminal::block(&[("cachekeys check", &report), ("cachekeys check --diff", &diff)]);
    assert_part("docs/index.md", "<!-- picture -->", "<!-- end of picture -->", &picture);
}

#[test]
fn the_experiment_shows_what_the_example_gives() {
    let sandbox = example();
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.current_dir(sandbox.path("examples/stale-extension")).args(arguments);
        let run = Run::of(&mut command, &sandbox.path(""));
        format!("$ cachekeys {}\n{}{}", arguments.join(" "), run.stderr, run.stdout)
    };
    let explained = run(&["explain", "../greeting/src/lib.rs"]);
    let pyproject = sandbox.read("examples/stale-extension/pyproject.toml");
    let (without_keys, _) = pyproject.split_once("\n[tool.uv]").unwrap();
    let fixed = run(&["check", "--diff"]) + &run(&["check", "--fix"]);
    sandbox.write("examples/stale-extension/pyproject.toml", without_keys);
    let new = run(&["check", "--diff"]);
    for (part, text) in [("explain", explained), ("diff", fixed), ("without keys", new)] {
        let block = format!("```console\n{}\n```", text.trim_end());
        assert_part("docs/experiment.md", &format!("<!-- {part} -->"), &format!("<!-- end of {part} -->"), &block);
    }
}

#[test]
fn the_page_about_rebuilds_shows_what_the_commands_print() {
    for (part, session) in why::sessions() {
        assert_part("docs/why.md", &format!("<!-- {part} -->"), &format!("<!-- end of {part} -->"), &session);
    }
}

/// Needs Python 3.11 or later, for its TOML parser, and git.
#[test]
fn the_page_of_public_projects_is_made_from_checkouts() {
    let sandbox = example();
    let checkouts = ["one+extension", "two+application"].map(|name| sandbox.path("checkouts").join(name));
    copy(&sandbox.path("examples"), &checkouts[0]);
    let not_built =
        "[build-system]\nrequires = [\"maturin>=1\"]\nbuild-backend = \"maturin\"\n[tool.uv]\npackage = false\n";
    sandbox
        .write("checkouts/two+application/pyproject.toml", not_built)
        .write("checkouts/two+application/Cargo.toml", "");
    let mut commits = Vec::new();
    for checkout in &checkouts {
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.current_dir(checkout).args(["-c", "user.name=a", "-c", "user.email=a@localhost"]).args(arguments);
            let run = Run::of(git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1"), checkout);
            assert_eq!(run.code, Some(0), "{}", run.transcript());
            run.stdout
        };
        git(&["init", "-q"]);
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "first"]);
        commits.push(git(&["rev-parse", "HEAD"]));
    }
    let mut script = Command::new(PYTHON);
    script.arg(repository("docs/ecosystem.py")).args(["checkouts", env!("CARGO_BIN_EXE_cachekeys")]);
    script.args(["--date", "2026-11-30", "--output", "page.md"]).current_dir(sandbox.path(""));
    let run = Run::of(isolate(&mut script), &sandbox.path(""));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    let page = sandbox.read("page.md");
    for part in [
        "checked 1 project in 2 public repositories on 2026-11-30",
        "<b>one/extension</b> <span>2 errors, 2 warnings: not covered: Rust sources, manifests; a key matches",
        " <i>4 → 6</i>",
        "- { file = \"**/*.rs\" }\n+ { file = \"src/**/*.rs\" }\n+ { file = \"../greeting/src/**/*.rs\" }\n",
        "[uncovered-source](rules/uncovered-source.md)",
        "<b>two/application</b> <span>not checked: uv never builds it (<code>package = false</code>)</span>",
        &format!("Commit `{}`", commits[0].trim()),
        &format!("Commit `{}`", commits[1].trim()),
        "| were not checked | 1 |",
    ] {
        assert!(page.contains(part), "`{part}` should be in\n{page}");
    }
}

/// The mkdocs version of docs/requirements.txt, installed below cargo's target directory on the first call.
fn mkdocs() -> PathBuf {
    let requirements = repository("docs/requirements.txt");
    let mut hasher = DefaultHasher::new();
    (interpreter(), std::fs::read(&requirements).unwrap()).hash(&mut hasher);
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mkdocs-{:016x}", hasher.finish()));
    once(&dir, || {
        must(Command::new(PYTHON).args(["-m", "venv"]).arg(dir.join("venv")));
        let mut pip = Command::new(program(&dir.join("venv"), "python"));
        must(pip.args(["-m", "pip", "--disable-pip-version-check", "install", "-r"]).arg(&requirements));
    });
    program(&dir.join("venv"), "mkdocs")
}

/// Runs `mkdocs build --strict`, which fails if a page is missing in the navigation, or if a link or anchor is dead.
fn build(source: &Path, site: &Path) -> Run {
    let mut command = Command::new(mkdocs());
    isolate(&mut command).current_dir(source).args(["build", "--strict", "--site-dir"]).arg(site);
    Run::of(command.env("NO_MKDOCS_2_WARNING", "1"), source)
}

/// A copy of the files from which the site is built.
fn sources() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("docs")).unwrap();
    copy(&repository("docs"), &sandbox.path("docs"));
    std::fs::copy(repository("mkdocs.yml"), sandbox.path("mkdocs.yml")).unwrap();
    sandbox
}

#[test]
fn mkdocs_builds_the_site_and_it_loads_nothing_from_elsewhere() {
    let sandbox = sources();
    let site = sandbox.path("site");
    let run = build(&sandbox.path(""), &site);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    let mut pages = 0;
    for entry in walkdir::WalkDir::new(&site).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        pages += 1;
        let page = std::fs::read_to_string(entry.path()).unwrap();
        let text = page.split("<code>").map(|part| part.split_once("</code>").map_or(part, |(_, text)| text));
        for mark in ["{ .", "{ #", "](", ":material-", "!!! ", "??? "] {
            assert!(
                !text.clone().any(|text| text.contains(mark)),
                "{}: `{mark}` is left in the text",
                entry.path().display()
            );
        }
        for tag in page.split('<').filter(|tag| ["script", "link", "img", "iframe"].iter().any(|t| tag.starts_with(t)))
        {
            let tag = tag.split('>').next().unwrap();
            assert!(!tag.contains("//"), "{}: <{tag}>", entry.path().display());
        }
    }
    // The pages of all rules, the other pages, and 404.html.
    assert!(pages > rules().len() + 10, "{pages}");
    let index = sandbox.read("site/search/search_index.json");
    for rule in rules() {
        assert!(index.contains(&format!("{} ({})", rule.name, rule.code)), "the search does not know {}", rule.code);
    }
    assert!(!site.join("requirements.txt").exists());
}

#[test]
fn mkdocs_refuses_a_dead_link_and_a_page_without_a_place() {
    for (page, text, says) in [
        ("docs/limits.md", "\n[dead](nowhere.md)\n", "nowhere.md"),
        ("docs/limits.md", "\n[dead](index.md#nowhere)\n", "#nowhere"),
        ("docs/lost.md", "# Lost\n", "lost.md"),
    ] {
        let sandbox = sources();
        let before = std::fs::read_to_string(sandbox.path(page)).unwrap_or_default();
        sandbox.write(page, before + text);
        let run = build(&sandbox.path(""), &sandbox.path("site"));
        assert!(run.code == Some(1) && run.stderr.contains(says), "{}", run.transcript());
    }
}
