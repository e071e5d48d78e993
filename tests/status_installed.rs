//! What `status` predicts for each way to install a project, compared with what `uv sync` does and whether the import works.
//!
//! Has the same requirements as `status.rs`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fs;
use std::time::Duration;

use environment::isolate;
use serde_json::json;
use stub::Did::{self, Build, Nothing, Reinstall};
use stub::{MIXED, Project, VERSIONS, WAYS, Way};
use support::Run;

const SOURCES: &str = "{ file = \"src/**/*.rs\" }";
const MODULE: &str = if cfg!(windows) { "python/ext/_ext.pyd" } else { "python/ext/_ext.abi3.so" };

/// A project with this layout that is not installed yet.
fn project(uv: &'static str, layout: &str) -> Project {
    let mut project = Project::new(uv, SOURCES);
    project.write("python/ext/__init__.py", "");
    layout.clone_into(&mut project.layout);
    project.write_pyproject();
    project
}

/// Waits, since file systems may store times coarsely.
fn tick() {
    std::thread::sleep(Duration::from_millis(15));
}

fn text(said: &serde_json::Value, field: &str) -> String {
    said[field].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_is_installed_in_another_way_is_replaced() {
    for uv in VERSIONS {
        for layout in ["", MIXED] {
            let mut project = project(uv, layout);
            project.step(Build);
            for way in WAYS {
                project.say(&format!("{way:?}")).install(way);
                let expected: &[Did] = match way {
                    Way::Sync | Way::UvPipEditable | Way::RunWith => &[Nothing],
                    _ => &[Build, Reinstall],
                };
                let (said, did) = project.try_step().unwrap_or_else(|account| panic!("a wrong prediction:\n{account}"));
                assert!(expected.contains(&did), "{}", project.account);
                let words = match way {
                    Way::SyncNoEditable => "it is installed as a copy",
                    Way::UvPip => "installed by `uv pip install`",
                    Way::Pip | Way::PipEditable => "installed by pip",
                    Way::MaturinDevelop => "installed by `maturin develop`",
                    Way::Sync | Way::UvPipEditable | Way::RunWith => "the next `uv sync` has nothing to do",
                };
                assert!(text(&said, "reason").contains(words), "{}", project.account);
                project.step(Nothing);
            }
        }
    }
}

/// This includes cases in which uv has no cache info to compare, because another program installed the project.
#[test]
fn what_is_older_than_an_edit_is_outdated_in_whatever_way_it_was_installed() {
    for layout in ["", MIXED] {
        let mut project = project(VERSIONS[0], layout);
        project.step(Build);
        for (index, way) in WAYS.into_iter().filter(|way| *way != Way::RunWith).enumerate() {
            project.say(&format!("{way:?}")).install(way);
            let (_, said) = project.status(&[]);
            assert_eq!((&said["outdated"], &said["commands"]), (&false.into(), &json!([])), "{}", project.account);
            tick();
            project.write("src/lib.rs", &format!("mod deep; // {index}\n"));
            let (_, said) = project.status(&[]);
            let command = match way {
                Way::Pip => "pip install .",
                Way::PipEditable => "pip install -e .",
                Way::MaturinDevelop => "maturin develop",
                Way::SyncNoEditable | Way::UvPip => "uv sync --no-editable",
                _ => "uv sync",
            };
            assert_eq!(
                (&said["outdated"], &said["commands"]),
                (&true.into(), &json!([command])),
                "{}",
                project.account
            );
            assert!(text(&said, "reason").starts_with("src/lib.rs changed at "), "{}", project.account);
        }
        project.run_uv(&["venv", "-q", "other"]);
        project.run_uv(&["pip", "install", "--python", "other", "-e", "."]);
        tick();
        project.write("src/lib.rs", "mod deep; // other\n");
        // `.python-version` does not matter for an environment that uv does not use by default.
        project.write(".python-version", "3.2\n");
        let (_, said) = project.status(&["--venv", "other"]);
        project.remove(".python-version");
        let command = "uv pip install --python other --reinstall-package ext -e .";
        assert_eq!((&said["default_environment"], &said["commands"]), (&false.into(), &json!([command])));
        project.keys = "\"Cargo.toml\"".to_owned();
        project.write_pyproject();
        project.step(Build);
        tick();
        project.write("src/lib.rs", "mod deep; // no key\n");
        let (_, said) = project.status(&[]);
        let commands = json!(["cachekeys check --fix", "uv sync"]);
        assert_eq!((&said["outdated"], &said["commands"]), (&true.into(), &commands), "{}", project.account);
        // The commands are to be run in the directory in which `status` ran.
        let mut command = project.sandbox.command();
        isolate(&mut command).env("UV_PROJECT_ENVIRONMENT", project.path(".venv"));
        let run = Run::of(command.args(["status", "checkout", "--output-format", "json"]), &project.sandbox.path(""));
        let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let commands = json!(["cachekeys check checkout --fix", "uv sync --directory checkout"]);
        assert_eq!(said["projects"][0]["commands"], commands, "{}", run.transcript());
    }
}

#[test]
fn a_module_that_is_gone_is_missed() {
    for uv in VERSIONS {
        let mut project = project(uv, MIXED);
        project.step(Build);
        assert_eq!(project.step(Nothing)["verdict"], "fresh");
        project.say("the module is gone").remove(MODULE);
        let said = project.step(Nothing);
        assert_eq!((&said["verdict"], &said["missing"]), (&"broken".into(), &MODULE.into()));
        let run = project.run_status(&[]);
        assert_eq!(run.code, Some(1));
        assert!(run.stdout.contains("run `uv sync --reinstall-package ext`"), "{}", project.account);
        project.run_uv(&["sync", "--reinstall-package", "ext"]);
        assert_eq!(project.step(Nothing)["verdict"], "fresh");
        project.say("as git clean does").remove(MODULE);
        project.remove(".venv");
        let said = project.step(Reinstall);
        assert_eq!((&said["verdict"], &said["missing"]), (&"not-installed".into(), &MODULE.into()));
        tick();
        project.say("a build brings it back").write("src/lib.rs", "// edited\n");
        assert_eq!(project.step(Build)["missing"], serde_json::Value::Null);
        project.say("also where the crate cannot be read").remove("Cargo.toml");
        project.remove(MODULE);
        assert_eq!(project.step(Nothing)["verdict"], "broken");
    }
}

#[test]
fn a_module_of_site_packages_that_is_gone_is_missed() {
    for uv in VERSIONS {
        let mut project = project(uv, MIXED);
        project.editable = false;
        project.step(Build);
        let module = project.information().unwrap().with_file_name("ext").join(MODULE.rsplit('/').next().unwrap());
        fs::remove_file(&module).unwrap();
        let said = project.step(Nothing);
        assert_eq!(said["verdict"], "broken");
        assert!(text(&said, "missing").ends_with("site-packages/ext/_ext.abi3.so"), "{said}");
        project.editable = true;
        project.say("editable").step(Build);
        fs::remove_file(project.information().unwrap().with_file_name("ext.pth")).unwrap();
        let said = project.step(Nothing);
        assert!(text(&said, "missing").ends_with("site-packages/ext.pth"), "{said}");
    }
}

/// A copy is stale if a Python file changed later. A workspace or a project may ask for a copy.
#[test]
fn a_copy_is_stale_after_an_edit_of_a_python_file() {
    for uv in VERSIONS {
        let mut project = project(uv, MIXED);
        project.editable = false;
        project.step(Build);
        assert_eq!(project.step(Nothing)["verdict"], "fresh");
        tick();
        project.write("python/ext/__init__.py", "# edited\n");
        let said = project.step(Nothing);
        assert_eq!(
            (&said["verdict"], &said["changes"][0]["path"]),
            (&"stale".into(), &"python/ext/__init__.py".into())
        );
        // Without the flag, the verdict is about a sync that makes the install editable. Until then, the copy is outdated.
        let (code, said) = project.status(&[]);
        assert_eq!((code, &said["verdict"], &said["next"]), (1, &"stale".into(), &"build".into()));
        project.write("python/ext/__init__.py", "");
        assert_eq!(project.step(Nothing)["verdict"], "fresh");
        project.write("python/ext/new.py", "");
        assert_eq!(project.step(Nothing)["changes"][0]["path"], "python/ext/new.py");
        project.say("a key covers them").keys.push_str(", { file = \"python/**/*.py\" }");
        project.write_pyproject();
        project.step(Build);
        assert_eq!(project.step(Nothing)["verdict"], "fresh");
        tick();
        project.write("python/ext/__init__.py", "# edited again\n");
        assert_eq!(project.step(Build)["verdict"], "rebuild-due");
        project.say("editable").editable = true;
        project.step(Build);
        tick();
        project.write("python/ext/more.py", "");
        project.step(Build);
    }
}

#[test]
fn an_editable_installation_reads_python_files_where_they_are() {
    // The setting only says that other environments contain copies.
    for setting in ["", "\n[tool.cachekeys]\neditable = false\n"] {
        let mut project = project(environment::UV, &format!("{MIXED}{setting}"));
        project.step(Build);
        tick();
        project.write("python/ext/__init__.py", "# edited\n");
        assert_eq!(project.step(Nothing)["verdict"], "fresh");
    }
}

/// The pyproject.toml of a project that is not built.
fn user(name: &str, rest: &str) -> String {
    format!(
        "[project]\nname = \"{name}\"\nversion = \"0.1.0\"\nrequires-python = \">=3.9\"\ndependencies = [\"ext\"]\n\n{rest}"
    )
}

/// `[tool.uv.sources]` of the workspace, or of a project that depends on this one, decides how it is installed.
#[test]
fn a_source_with_editable_false_means_a_copy() {
    for uv in VERSIONS {
        for (source, table, editable) in [
            ("{ workspace = true, editable = false }", "[tool.uv.workspace]\nmembers = [\"checkout\"]\n", false),
            ("{ workspace = true }", "[tool.uv.workspace]\nmembers = [\"checkout\"]\n", true),
            ("{ path = \"checkout\" }", "", false),
            ("{ path = \"checkout\", editable = true }", "", true),
        ] {
            let mut project = project(uv, MIXED);
            project.say(source).keys.push_str(", { file = \"pyproject.toml\" }");
            project.write_pyproject();
            project.environment = "../.venv".to_owned();
            project.root = "..".to_owned();
            project.write("../.git/HEAD", "ref: refs/heads/main\n");
            project.write("../pyproject.toml", &user("app", &format!("{table}\n[tool.uv.sources]\next = {source}\n")));
            assert_eq!(project.step(Build)["verdict"], "not-installed", "{}", project.account);
            let said = project.step(Nothing);
            assert_eq!(
                (&said["verdict"], &said["editable"]),
                (&"fresh".into(), &editable.into()),
                "{}",
                project.account
            );
            tick();
            project.write("python/ext/__init__.py", "# edited\n");
            let said = project.step(Nothing);
            assert_eq!(said["verdict"], if editable { "fresh" } else { "stale" }, "{}", project.account);
            assert_eq!(said["missing_keys"].as_array().unwrap().len(), usize::from(!editable), "{}", project.account);
        }
    }
}

/// Whether a Python file is an input depends on the kind of installation.
#[test]
fn explain_considers_the_installation() {
    let mut project = project(environment::UV, MIXED);
    let explain = |project: &mut Project| {
        let run = project.run_cachekeys(&["explain", "python/ext/__init__.py", "--output-format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let said = &report["projects"][0];
        (said["input"] == true, text(said, "reason"))
    };
    let (is_input, reason) = explain(&mut project);
    assert!(!is_input && reason.contains("uv installs the project as editable"), "{reason}");
    project.step(Build);
    let (is_input, reason) = explain(&mut project);
    assert!(!is_input && reason.contains("which the editable install in .venv imports"), "{reason}");
    project.install(Way::UvPip);
    let (is_input, reason) = explain(&mut project);
    assert!(is_input && reason.contains("of which .venv has an installed copy"), "{reason}");
    project.layout.push_str("\n[tool.cachekeys]\neditable = false\n");
    project.write_pyproject();
    let (is_input, reason) = explain(&mut project);
    assert!(
        is_input && reason.contains("uv installs the project as a copy: `editable = false` in `[tool.cachekeys]`"),
        "{reason}"
    );
}

/// A build script writes a file into the source tree that a key covers. In this test, the stub backend writes the file.
#[test]
fn a_build_script_that_writes_into_the_tree_is_endless() {
    let script =
        |line: &str| format!("fn main() {{\n    {line}\n    std::fs::write(\"src/made.rs\", \"\").unwrap();\n}}\n");
    for uv in VERSIONS {
        let mut always = project(uv, "");
        always.write("build.rs", &script(""));
        always.builds_write("src/made.rs");
        always.step(Build);
        for _ in 0..2 {
            let said = always.step(Build);
            assert_eq!(said["verdict"], "endless", "{}", always.account);
            assert!(text(&said, "reason").contains("a build script writes it during each build"), "{said}");
        }

        let mut once = project(uv, "");
        once.write("build.rs", &script("println!(\"cargo::rerun-if-changed=schema.json\");"));
        once.builds_write("?src/made.rs");
        once.step(Build);
        let said = once.step(Build);
        assert_eq!(said["verdict"], "rebuild-due", "{}", once.account);
        assert!(text(&said, "reason").contains("a build script wrote it"), "{said}");
        assert_eq!(once.step(Nothing)["verdict"], "fresh");
    }
}

/// The members of a workspace share one environment.
#[test]
fn members_of_a_workspace_are_judged_in_one_run() {
    for uv in VERSIONS {
        let mut project = project(uv, "");
        project.add_second();
        let all = |project: &mut Project| project.run_status(&[".."]).stdout;
        project.run_sync();
        let said = all(&mut project);
        let line = |member: &str| format!("../{member}/pyproject.toml: fresh: the next `uv sync` has nothing to do\n");
        assert_eq!(said, format!("{}{}", line("checkout"), line("second")), "{}", project.account);
        tick();
        project.write("../second/src/lib.rs", "// edited\n");
        let said = all(&mut project);
        assert!(
            said.contains("checkout/pyproject.toml: fresh") && said.contains("second/pyproject.toml: rebuild-due"),
            "{said}"
        );
        let run = project.run_sync();
        assert!(run.stderr.contains("~ second==0.1.0") && !run.stderr.contains("~ ext"), "{}", project.account);
        assert_eq!(all(&mut project).lines().count(), 2, "{}", project.account);
        project.say("the root depends on one");
        let sources = "[tool.uv.workspace]\nmembers = [\"checkout\", \"second\"]\n[tool.uv.sources]\next = { workspace = true }\n";
        project.write("../pyproject.toml", &user("app", sources));
        project.run_sync();
        let run = project.run_status(&[".."]);
        assert_eq!(run.code, Some(0), "{}", project.account);
        assert!(run.stdout.contains("`uv sync --all-packages`"), "{}", project.account);
    }
}
