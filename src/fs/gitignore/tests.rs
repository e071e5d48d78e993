//! Compares the rules with those of git.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::*;
use crate::fs::resolved;

const DIRECTORIES: [&str; 4] = ["", "a/", "a/b/", "a/b/a/"];
const FILES: [&str; 3] = ["x", "y.lock", "b.rs"];
const PATTERNS: [&str; 29] = [
    "{x,y.lock}", "*.{lock,rs}", "\\{x}", "x", "/x", "!x", "!/x", "x/", "a/x", "/a/x", "!a/x", "**/x", "b/**",
    "a/**/x", "*.lock", "!*.lock", "/*.lock", "/b/y.lock", "b", "b/", "/b", "/b/", "!b/", "/a/b/", "*", "!*", "[xy]*",
    "\\x ", "#x",
];

/// What git itself ignores.
fn ignored_by_git(root: &Path, files: &[String]) -> BTreeSet<String> {
    let mut git = Command::new("git");
    // The test must not depend on the ignore rules of the machine.
    git.args(["-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "--stdin"]).current_dir(root);
    let mut git = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git runs");
    git.stdin.take().unwrap().write_all(files.join("\n").as_bytes()).unwrap();
    let output = git.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn rules() -> impl Strategy<Value = Vec<Vec<&'static str>>> {
    let list = prop::collection::vec(prop::sample::select(&PATTERNS[..]), 0..4);
    prop::collection::vec(list, DIRECTORIES.len() + 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_ignored_is_what_git_ignores(rules in rules()) {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("a/b/a")).unwrap();
        assert!(Command::new("git").args(["init", "-q"]).current_dir(&root).status().unwrap().success());
        let all = DIRECTORIES.iter().flat_map(|directory| FILES.map(|file| format!("{directory}{file}")));
        let files: Vec<String> = all.collect();
        for file in &files {
            fs::write(root.join(file), "").unwrap();
        }
        for (directory, rules) in DIRECTORIES.iter().zip(&rules) {
            fs::write(root.join(directory).join(".gitignore"), rules.join("\n")).unwrap();
        }
        let disk = Disk::default();
        let is_ignored = |file: &&String| disk.is_ignored(&disk.resolve(&root.join(file)));
        let found: BTreeSet<_> = files.iter().filter(is_ignored).cloned().collect();
        prop_assert_eq!(found, ignored_by_git(&root, &files));
        // A walk also honors the rules that are not shared.
        fs::write(root.join(".git/info/exclude"), rules[DIRECTORIES.len()].join("\n")).unwrap();
        prop_assert_eq!(ignored_in_walk(&root, ""), ignored_by_git(&root, &files));
        // A walk that starts in an ignored directory only looks at what is in it.
        if ignored_by_git(&root, &["a/b".to_owned()]).is_empty() {
            let below: Vec<_> = files.iter().filter(|file| file.starts_with("a/b/")).cloned().collect();
            prop_assert_eq!(ignored_in_walk(&root, "a/b"), ignored_by_git(&root, &below));
        }
    }
}

/// The files below `start` that a walk calls ignored, relative to `root`.
fn ignored_in_walk(root: &Path, start: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let start = resolved(root.join(start));
    let enters = |place: &Resolved, _: bool| !place.ends_with(".git");
    let unread = Disk::default().walk_ignored(&start, enters, |file, _, is_ignored| {
        let shown = file.strip_prefix(root).unwrap().to_str().unwrap();
        found.extend((is_ignored && !shown.ends_with(".gitignore")).then(|| shown.to_owned()));
    });
    assert!(unread.is_empty());
    found
}

#[test]
fn rules_end_at_the_border_of_a_repository() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    for (file, text) in [
        (".gitignore", "x"),
        ("plain/.git/HEAD", ""),
        ("plain/.gitignore", "y.lock"),
        ("plain/nested/.jj/repo/config", ""),
        ("plain/nested/.gitignore", "b.rs"),
        ("worktree/.git", "gitdir: ../plain/.git/worktrees/w"),
        ("plain/.git/worktrees/w/commondir", "../.."),
        ("plain/.git/info/exclude", "b.rs"),
    ] {
        fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
        fs::write(root.join(file), text).unwrap();
    }
    for (directory, ignored) in [("", ""), ("plain", "b.rs y.lock"), ("plain/nested", "b.rs"), ("worktree", "b.rs")] {
        for file in FILES {
            fs::write(root.join(directory).join(file), "").unwrap();
        }
        let expected: Vec<_> = ignored.split(' ').filter(|file| !file.is_empty()).collect();
        let all = ignored_in_walk(&root.join(directory), "");
        let found: Vec<_> = all.iter().filter(|file| FILES.contains(&file.as_str())).collect();
        assert_eq!(found, expected, "{directory}");
    }
}
