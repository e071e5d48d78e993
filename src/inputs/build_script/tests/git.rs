//! What a build script reads of git, and what is only named by it.

use super::*;

#[test]
fn the_state_of_git_is_seen_and_whether_cargo_watches_it() {
    for (body, expected) in [
        (r#"Command::new("git").args(["rev-parse", "HEAD"]).output();"#, vec!["git git tags=false tracked=false"]),
        (
            r#"println!("cargo:rerun-if-changed=.git/HEAD"); Command::new("git").args(["describe", "--tags"]);"#,
            vec![".git/HEAD", "git git tags=true tracked=true"],
        ),
        (
            r#"println!("cargo:rerun-if-changed={}", head(".git/HEAD")); Command::new("git").arg("log");"#,
            vec!["({})", "git git tags=false tracked=true"],
        ),
        // The path of `.git` in a worktree is not another file.
        (
            r#"let d = Path::new("../.git"); let head = if d.is_dir() { d.join("HEAD") } else { linked().join("HEAD") };
               println!("cargo:rerun-if-changed={}", head.display()); Command::new("git").arg("log");"#,
            vec!["../.git/HEAD", "git git tags=false tracked=true"],
        ),
        (r#"Command::new("git").args(["submodule", "update", "--init"]);"#, vec![]),
        (r#"Command::new("git").args(["rev-parse", "--show-toplevel"]);"#, vec![]),
        (
            "Emitter::default().add_instructions(&vergen_gitcl::GitclBuilder::all_git()?)?;",
            vec!["git vergen tags=true tracked=true"],
        ),
        ("vergen::EmitBuilder::builder().build_timestamp().emit();", vec![]),
        ("vergen::EmitBuilder::builder().git_sha(true).emit();", vec!["git vergen tags=false tracked=true"]),
        ("built::write_built_file();", vec!["git built tags=true tracked=false"]),
        ("shadow_rs::ShadowBuilder::builder().build();", vec!["git shadow-rs tags=true tracked=true"]),
        ("let repo = git2::Repository::open(\".\");", vec!["git git2 tags=false tracked=false"]),
    ] {
        assert_eq!(main_of(body, &[]), expected, "{body}");
    }
}

#[test]
fn what_is_made_of_a_path_in_git_lies_there() {
    let ancestors = r#"let path = Path::new("../.git").join(name());
        if let Some(directory) = path.ancestors().find(|above| above.is_dir()) {
            println!("cargo:rerun-if-changed={}", directory.display());
        }"#;
    assert_eq!(main_of(ancestors, &[]), ["../.git/**"]);
    let known = ancestors.replace("name()", "\"refs/heads/main\"");
    assert_eq!(main_of(&known, &[]), ["../.git/**"]);
    let asked = r#"fn git(arguments: &[&str]) -> Option<String> {
            let output = Command::new("git").args(arguments).output().ok()?;
            Some(String::from_utf8(output.stdout).ok()?.trim().to_string())
        }
        fn main() {
            let directory = git(&["rev-parse", "--git-dir"]).map(PathBuf::from).unwrap();
            let common = git(&["rev-parse", "--git-common-dir"]).map(PathBuf::from);
            let base = common.as_deref().unwrap_or(directory.as_path());
            println!("cargo:rerun-if-changed={}", base.join(name()).display());
            git(&["rev-parse", "HEAD"]);
        }"#;
    assert_eq!(judged(asked, &[]), [".git/**", "git git tags=false tracked=true"]);
    // Other outputs of git are unknown.
    let other = asked.replace("--git-dir", "--show-prefix").replace("--git-common-dir", "--show-prefix");
    assert_eq!(judged(&other, &[]), ["({}/{})", "git git tags=false tracked=true"]);
}
