//! What `status` says of each way to install a project, held against what `uv sync` then does and whether the import works.
//!
//! Needs what `status.rs` needs.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/stub.rs"]
mod stub;
mod support;

use std::fs;
use std::time::Duration;

use stub::Did::{self, Build, Nothing, Reinstall};
use stub::{MIXED, Project, VERSIONS, WAYS, Way};

const SOURCES: &str = "{ file = \"src/**/*.rs\" }";
const MODULE: &str = if cfg!(windows) { "python/ext/_ext.pyd" } else { "python/ext/_ext.abi3.so" };

/// A project of either layout, not yet installed.
fn project(uv: &'static str, layout: &str) -> Project {
    let mut project = Project::new(uv, SOURCES);
    project.write("python/ext/__init__.py", "");
    project.layout = layout.to_owned();
    project.write_pyproject();
    project
}

/// The clock of a file system can be coarse.
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
