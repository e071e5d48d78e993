//! The README's picture and table are what the tool prints. `SNAPSHOTS=overwrite` renews them.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::sync::Mutex;

use support::Sandbox;

/// The text between two comments of the README.
fn part<'a>(readme: &'a str, start: &str, end: &str) -> &'a str {
    let from = readme.find(start).expect("the part starts") + start.len();
    let to = readme[from..].find(end).expect("the part ends") + from;
    readme[from..to].trim_matches('\n')
}

fn assert_part(start: &str, end: &str, expected: &str) {
    // The parts are in one file: they are renewed one after the other.
    static FILE: Mutex<()> = Mutex::new(());
    let _writing = FILE.lock();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let actual = part(&readme, start, end);
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(path, readme.replace(&format!("{start}\n{actual}"), &format!("{start}\n{expected}"))).unwrap();
    } else {
        snapbox::assert_data_eq!(actual.to_owned(), snapbox::Data::text(expected).raw());
    }
}

#[test]
fn the_picture_is_what_the_example_gives() {
    let sandbox = Sandbox::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"));
    let run = std::fs::create_dir(sandbox.path("examples")).and_then(|()| {
        for name in ["stale-extension", "greeting"] {
            std::fs::rename(sandbox.path(name), sandbox.path(&format!("examples/{name}")))?;
        }
        Ok(sandbox.run(&["check", "examples/stale-extension"]))
    });
    let run = run.unwrap();
    assert_eq!(run.code, Some(1));
    let start = "<!-- picture: cachekeys check examples/stale-extension -->";
    assert_part(start, "<!-- end of picture -->", &format!("```text\n{}\n```", run.stdout.trim_end()));
}

#[test]
fn the_table_names_every_rule() {
    let mut table = "| code | name | found | severity | fix |\n|---|---|---|---|---|\n".to_owned();
    for line in Sandbox::new().run(&["rule"]).stdout.lines() {
        let columns = |from: usize, to: usize| line.get(from..to).unwrap_or_default().trim().to_owned();
        let (code, name, severity, fix) = (columns(0, 5), columns(7, 37), columns(38, 46), columns(47, 58));
        let fix = fix.trim_end_matches(" fix");
        let found = columns(59, line.len());
        table.extend(["| ", &code, " | ", &name, " | ", &found, " | ", &severity, " | ", fix, " |\n"]);
    }
    assert_part("<!-- rules -->", "<!-- end of rules -->", table.trim_end());
}

#[test]
fn the_table_names_every_setting() {
    let schema = Sandbox::new().run(&["config-schema"]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let mut table = "| setting | default | meaning |\n|---|---|---|\n".to_owned();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let default = property.get("default").map_or("none".to_owned(), |default| format!("`{default}`"));
        let meaning = property["description"].as_str().unwrap();
        table.extend(["| `", name, "` | ", &default, " | ", meaning, " |\n"]);
    }
    assert_part("<!-- settings -->", "<!-- end of settings -->", table.trim_end());
}
