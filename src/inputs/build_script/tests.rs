//! What is seen in build scripts, held against scripts as people write them.

use super::*;
use crate::fs::{Disk, path};

/// A package with `files`, and what is known of its build script.
fn judged(text: &str, files: &[&str]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let root = Disk::default().real_directory(dir.path());
    let package = root.join("p");
    std::fs::create_dir_all(package.join("src")).unwrap();
    for file in files {
        let path = package.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let script = File { path: package.join("build.rs"), text: text.to_owned() };
    let found = analyse(&[script], &package, &|name, feature| (name, feature) == ("built", "git2"));
    let show = |sign: &str, named: &Named| {
        let below = |path: &Path| path::relative(&package, &path::normalize(path)).unwrap();
        let what = match &named.what {
            What::File(places) => below(&places[0]),
            What::Directory(path) => format!("{}/**", below(path)),
            What::Suffix(path, suffix) => format!("{}/**/*.{suffix}", below(path)),
            What::Variable(name) => format!("${name}"),
            What::Unknown(text) => format!("({})", text.replace(' ', "")),
        };
        format!("{sign}{what}")
    };
    let mut all: Vec<String> = found.watched.iter().map(|named| show("", named)).collect();
    all.extend(found.blind.iter().map(|named| show("blind ", named)));
    all.extend(found.unnamed.iter().map(|named| show("unnamed ", named)));
    all.extend(found.sets.iter().map(|name| format!("sets {name}")));
    all.extend(found.git.map(|git| format!("git {} tags={} tracked={}", git.by, git.tags, git.tracked)));
    all
}

fn main_of(body: &str, files: &[&str]) -> Vec<String> {
    judged(&format!("fn main() {{ {body} }}"), files)
}

#[test]
fn lines_for_cargo_are_read_in_every_form() {
    for (body, expected) in [
        (r#"println!("cargo:rerun-if-changed=a.txt");"#, vec!["a.txt"]),
        (r#"println!("cargo::rerun-if-changed={}", "a.txt");"#, vec!["a.txt"]),
        (r#"let p = "a.txt"; println!("cargo::rerun-if-changed={p}");"#, vec!["a.txt"]),
        (r#"println!("cargo::rerun-if-changed={source}", source = Path::new("d").join("a").display());"#, vec!["d/a"]),
        (r#"println!("cargo:rerun-if-changed=a\ncargo:rerun-if-changed={}", "b");"#, vec!["a", "b"]),
        (r#"for f in ["a", "b"] { println!("cargo:rerun-if-changed=d/{f}"); }"#, vec!["d/a", "d/b"]),
        (
            r#"cargo_emit::rerun_if_changed!("a.txt"); build_rs::output::rerun_if_env_changed("V");"#,
            vec!["a.txt", "$V"],
        ),
        (r#"writeln!(out, "cargo:rerun-if-env-changed={}", NAME);"#, vec!["(NAME)"]),
        (r#"println!("cargo:rerun-if-changed={}", compute());"#, vec!["({})"]),
        (r#"println!("cargo:rustc-env=A={}", b()); println!("cargo:rustc-env=B=1");"#, vec!["sets A", "sets B"]),
        (r#"println!("cargo:rustc-env={}={}", E::HASH, hash());"#, vec!["sets HASH"]),
        (r#"println!("cargo:rerun-if-env-changed=TARGET"); println!("cargo:warning=no");"#, vec![]),
        (r#"#[cfg(test)] mod t { fn f() { println!("cargo:rerun-if-changed=t"); } }"#, vec![]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|text| text.replace("(NAME)", "({})")).collect();
        assert_eq!(main_of(body, &[]), expected, "{body}");
    }
}

#[test]
fn paths_are_followed_through_names_and_calls() {
    for (body, expected) in [
        (r#"let d = std::env::var("CARGO_MANIFEST_DIR").unwrap(); let p = Path::new(&d).join("a.csv");"#, "a.csv"),
        (r#"let p = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("d").join("a");"#, "d/a"),
        (r#"let p = PathBuf::from_iter([env::var(E::CARGO_MANIFEST_DIR).unwrap(), "a.json".into()]);"#, "a.json"),
        (r#"let p: PathBuf = ["d", "a"].iter().collect();"#, "d/a"),
        (r#"let p = ["d", "a"].iter().collect::<PathBuf>();"#, "d/a"),
        (r#"let d = env::var("CARGO_MANIFEST_DIR")? + "/d/a"; let p = d;"#, "d/a"),
        (r#"let p = format!("{}/d/{}", env!("CARGO_MANIFEST_DIR"), "a");"#, "d/a"),
        (r#"let p = env::current_dir().unwrap().parent().unwrap().join("p/a");"#, "a"),
        (r#"let mut p = PathBuf::from("d"); p.push("a");"#, "d/a"),
        (r#"let p = concat!("d", "/", "a");"#, "d/a"),
    ] {
        let body = format!(r#"{body} println!("cargo:rerun-if-changed={{}}", p.display());"#);
        assert_eq!(main_of(&body, &[]), [expected], "{body}");
    }
    assert_eq!(main_of(r#"println!("cargo:rerun-if-env-changed={}", ["A", "B"].join("_"));"#, &[]), ["({})"]);
    // The build's own directory is no input; a path that only a branch changes is not known.
    assert!(main_of(r#"println!("cargo:rerun-if-changed={}", env::var("OUT_DIR").unwrap());"#, &[]).is_empty());
    let branch =
        r#"let mut p = PathBuf::from("d"); if x { p.pop(); } println!("cargo:rerun-if-changed={}", p.display());"#;
    assert_eq!(main_of(branch, &[]), ["({})"]);
}

#[test]
fn without_lines_what_the_script_can_be_seen_to_read_counts() {
    let files = &["a.csv", "d/a.txt", "proto/a.proto", "proto/deep/b.proto", "native/c.c", "../beside.txt"];
    for (body, expected) in [
        (r#"let t = fs::read_to_string("a.csv");"#, vec!["a.csv"]),
        (r#"let t = fs::read_dir("d");"#, vec!["d/**"]),
        (r#"for e in fs::read_dir(".").unwrap() {}"#, vec![]),
        (r#"File::open(Path::new("d").join("a.txt"));"#, vec!["d/a.txt"]),
        (r#"prost_build::compile_protos(&["proto/a.proto"], &["proto"]);"#, vec!["proto/a.proto", "proto/**/*.proto"]),
        (
            r#"let mut c = prost_build::Config::new(); c.compile_protos(&["proto/a.proto"], &[] as &[&str]);"#,
            vec!["proto/a.proto"],
        ),
        // Outside the package cargo does not watch.
        (r#"fs::read("../beside.txt");"#, vec!["blind ../beside.txt"]),
        (r"let f = fs::read_to_string(find_it());", vec!["unnamed (find_it())"]),
        (r#"Command::new("make").status();"#, vec!["unnamed (make)"]),
        (r"pyo3_build_config::add_extension_module_link_args();", vec![]),
        (r#"let out = env::var("OUT_DIR").unwrap(); fs::read(Path::new(&out).join("x"));"#, vec![]),
        (r#"if env::var("MY_SWITCH").is_ok() {}"#, vec!["blind $MY_SWITCH"]),
        (r#"let t = env::var("CARGO_CFG_TARGET_OS"); let h = env::var("HOME");"#, vec![]),
    ] {
        let mut found = main_of(body, files);
        let mut seen = HashSet::new();
        found.retain(|line| seen.insert(line.clone()));
        assert_eq!(found, expected, "{body}");
    }
}

#[test]
fn with_lines_what_they_do_not_name_is_not_watched() {
    let files = &["a.csv", "d/a.txt", "native/c.c", "proto/a.proto"];
    for (body, expected) in [
        (r#"println!("cargo:rerun-if-changed=build.rs"); fs::read("a.csv");"#, vec!["build.rs", "blind a.csv"]),
        (r#"println!("cargo:rerun-if-changed=d"); fs::read("d/a.txt");"#, vec!["d/**"]),
        (r#"println!("cargo:rerun-if-changed={}", f()); fs::read("a.csv");"#, vec!["({})"]),
        (r#"cc::Build::new().file("native/c.c").compile("c");"#, vec!["blind native/c.c"]),
        (
            r#"println!("cargo:rerun-if-changed=native"); cc::Build::new().file("native/c.c").compile("c");"#,
            vec!["native/**"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=build.rs"); tonic_build::compile_protos("proto/a.proto");"#,
            vec!["build.rs", "proto/a.proto"],
        ),
        (r#"println!("cargo:rerun-if-changed=build.rs"); env::var("V");"#, vec!["build.rs", "blind $V"]),
        (r#"println!("cargo:rerun-if-env-changed=V"); env::var("V");"#, vec!["$V"]),
        (r#"println!("cargo:rerun-if-changed=build.rs"); fs::read(f()); Command::new("make");"#, vec!["build.rs"]),
    ] {
        assert_eq!(main_of(body, files), expected, "{body}");
    }
}

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
fn all_files_of_a_script_are_judged_together() {
    let file = |name: &str, text: &str| File { path: PathBuf::from(name), text: text.to_owned() };
    let files = [
        file("build.rs", "mod paths; fn main() { println!(\"cargo:rerun-if-changed={}\", paths::SCHEMA); }"),
        file("paths.rs", "pub const DIR: &str = \"d\"; pub const SCHEMA: &str = \"d/schema.json\";"),
    ];
    let found = analyse(&files, Path::new("/p"), &|_, _| false);
    assert_eq!(found.watched[0].what, What::File(vec![PathBuf::from("/p/d/schema.json")]));
}
