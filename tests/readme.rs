//! The picture in the README shows what the tool prints, its table names all rules, and the links lead to existing files.
//! `SNAPSHOTS=overwrite` renews the picture.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/generated.rs"]
mod generated;
mod support;

use generated::{assert_part, example, repository, rules};

#[test]
fn the_picture_is_what_the_example_gives() {
    let run = example().run(&["check", "examples/stale-extension"]);
    assert_eq!(run.code, Some(1));
    let start = "<!-- picture: cachekeys check examples/stale-extension -->";
    let picture = format!("```text\n{}\n```", run.stdout.trim_end());
    assert_part("README.md", start, "<!-- end of picture -->", &picture);
}

#[test]
fn the_table_of_groups_ends_at_the_last_codes() {
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    for group in ["CK0", "CK1", "CK2", "CK3"] {
        let codes: Vec<String> =
            rules().into_iter().map(|rule| rule.code).filter(|code| code.starts_with(group)).collect();
        let range = format!("| {} to {} |", codes[0], codes[codes.len() - 1]);
        assert!(readme.contains(&range), "the table under \"What it checks\" in README.md has no row `{range}`");
    }
}

#[test]
fn the_links_point_at_files() {
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links: Vec<&str> = links.filter(|link| !link.contains("://")).collect();
    assert!(links.len() > 10, "{links:?}");
    let dead: Vec<&&str> = links.iter().filter(|link| !repository(link.split('#').next().unwrap()).is_file()).collect();
    assert!(dead.is_empty(), "{dead:?}");
}
