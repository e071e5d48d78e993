//! What the analysis finds in typical build scripts.

mod following;
mod git;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::fs::{Disk, path};
use crate::inputs::macros::What;

/// A package with `files`, and what is known of its build script.
fn judged(text: &str, files: &[&str]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let root = Disk::default().real_directory(dir.path());
    let package = root.join("p");
    std::fs::create_dir_all(root.join(".git")).unwrap();
    std::fs::create_dir_all(package.join("src")).unwrap();
    for file in files {
        let path = package.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let script = File { path: package.join("build.rs"), text: text.to_owned(), helper: None };
    let found = analyse(&Disk::default(), &[script], &package, &|name, feature| (name, feature) == ("built", "git2"));
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
    let sign = if found.lines_are_known { "blind " } else { "maybe " };
    all.extend(found.unwatched.iter().map(|named| show(sign, named)));
    all.extend(found.unnamed.iter().map(|named| show("unnamed ", named)));
    all.extend(found.writes.iter().map(|output| format!("writes {}", path::relative(&package, output).unwrap())));
    all.extend(found.sets.iter().map(|set| format!("sets {}", set.name().unwrap_or("?"))));
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
    assert_eq!(main_of(r#"println!("cargo:rerun-if-env-changed={}", ["A", "B"].join("_"));"#, &[]), ["$A_B"]);
    // Files in the build's own directory are not inputs.
    assert!(main_of(r#"println!("cargo:rerun-if-changed={}", env::var("OUT_DIR").unwrap());"#, &[]).is_empty());
    let branch =
        r#"let mut p = PathBuf::from("d/e"); if x { p.pop(); } println!("cargo:rerun-if-changed={}", p.display());"#;
    assert_eq!(main_of(branch, &["d/e"]), ["d/**", "d/e"]);
    // It is unknown how often the loop runs.
    let climb =
        r#"let mut p = PathBuf::from("d/e"); while x { p.pop(); } println!("cargo:rerun-if-changed={}", p.display());"#;
    assert_eq!(main_of(climb, &["d/e"]), ["({})", "maybe d/e"]);
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
        // cargo does not watch files outside the package.
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
        (r#"println!("cargo:rerun-if-changed={}", f()); fs::read("a.csv");"#, vec!["({})", "maybe a.csv"]),
        (r#"cc::Build::new().file("native/c.c").compile("c");"#, vec!["blind native/c.c"]),
        (
            r#"println!("cargo:rerun-if-changed=native"); cc::Build::new().file("native/c.c").compile("c");"#,
            vec!["native/**"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=build.rs"); tonic_build::compile_protos("proto/a.proto");"#,
            vec!["build.rs", "proto/a.proto"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=build.rs"); tonic_prost_build::compile_protos("proto/a.proto");"#,
            vec!["build.rs", "blind proto/a.proto"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=build.rs");
            let config = prost_build::Config::new();
            tonic_prost_build::configure().compile_with_config(config, &["proto/a.proto"], &["proto"]);"#,
            vec!["build.rs", "blind proto/a.proto", "blind proto/**/*.proto"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=build.rs");
            let builder = tonic_build::configure().emit_rerun_if_changed(false).build_server(false);
            builder.compile_protos(&["proto/a.proto"], &["proto"]);"#,
            vec!["build.rs", "blind proto/a.proto", "blind proto/**/*.proto"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=build.rs");
            tonic_build::configure().emit_rerun_if_changed(true).compile_protos(&["proto/a.proto"], &["proto"]);"#,
            vec!["build.rs", "proto/a.proto", "proto/**/*.proto"],
        ),
        (r#"println!("cargo:rerun-if-changed=build.rs"); env::var("V");"#, vec!["build.rs", "blind $V"]),
        (r#"println!("cargo:rerun-if-env-changed=V"); env::var("V");"#, vec!["$V"]),
        (r#"println!("cargo:rerun-if-changed=build.rs"); fs::read(f()); Command::new("make");"#, vec!["build.rs"]),
    ] {
        assert_eq!(main_of(body, files), expected, "{body}");
    }
}

#[test]
fn what_a_script_writes_is_no_input() {
    let files = &["src/generated.rs", "include/h.h", "src/gen/a.rs", "proto/a.proto", "data/a.txt"];
    for (body, expected) in [
        (
            r#"println!("cargo:rerun-if-changed=build.rs"); fs::write("src/generated.rs", "");"#,
            vec!["build.rs", "writes src/generated.rs"],
        ),
        (
            r#"let p = Path::new("include").join("h.h"); if fs::read_to_string(&p).unwrap() != new { File::create(p).unwrap(); }"#,
            vec!["writes include/h.h"],
        ),
        (r#"OpenOptions::new().write(true).create(true).open("src/generated.rs");"#, vec!["writes src/generated.rs"]),
        (r#"fs::copy("data/a.txt", "src/generated.rs");"#, vec!["data/a.txt", "writes src/generated.rs"]),
        (r#"cbindgen::generate(".").unwrap().write_to_file("include/h.h");"#, vec!["writes include/h.h"]),
        (
            r#"tonic_build::configure().out_dir("src/gen").compile_protos(&["proto/a.proto"], &["proto"]);"#,
            vec!["proto/a.proto", "proto/**/*.proto", "writes src/gen"],
        ),
        (
            r#"println!("cargo:rerun-if-changed=include/h.h"); bindings.write_to_file("include/h.h");"#,
            vec!["writes include/h.h"],
        ),
        // A directory that contains an output is not read just because it is named.
        (
            r#"let d = Path::new("src/gen"); fs::create_dir_all(d); fs::write(d.join(name()), "");"#,
            vec!["writes src/gen"],
        ),
        (r#"fs::write(Path::new("src/gen").join(name()), "");"#, vec![]),
        // The name of a file in OUT_DIR may be the name of another file elsewhere.
        (
            r#"let path = PathBuf::from(env::var("OUT_DIR").unwrap()).join("generated.rs");
            fs::copy(&path, Path::new("src").join(path.file_name().unwrap()));"#,
            vec!["writes src/generated.rs"],
        ),
        (
            r#"let d = Path::new("src/gen");
            fs::create_dir_all(d);
            for entry in fs::read_dir(env::var("OUT_DIR").unwrap()).unwrap() {
                let path = entry.unwrap().path();
                fs::copy(&path, d.join(path.file_name().unwrap()));
            }"#,
            vec!["writes src/gen"],
        ),
        (
            r#"let d = Path::new("src/gen");
            fs::create_dir_all(d);
            for entry in globwalk::glob(format!("{}/protos/*.rs", env::var("OUT_DIR").unwrap())).unwrap().flatten() {
                fs::copy(entry.path(), d.join(entry.path().file_name().unwrap()));
            }"#,
            vec!["writes src/gen"],
        ),
        (
            r#"parol::build::Builder::with_explicit_output_dir("src/gen").grammar_file("data/a.txt").parser_output_file("a.rs");"#,
            vec!["data/a.txt", "writes src/gen"],
        ),
    ] {
        assert_eq!(main_of(body, files), expected, "{body}");
    }
}

#[test]
fn a_literal_that_names_a_file_is_read_and_others_are_not() {
    let files = &["data/a.txt", "native/lib/x", "LICENSE", "tool.py", "name"];
    for (body, expected) in [
        (r#"generate("data/a.txt");"#, vec!["data/a.txt"]),
        (r#"println!("cargo:rerun-if-changed=build.rs"); generate("tool.py");"#, vec!["build.rs", "blind tool.py"]),
        (r#"println!("cargo:rerun-if-changed={}", x()); generate("tool.py");"#, vec!["({})", "maybe tool.py"]),
        (r#"println!("cargo:rerun-if-changed=data"); generate("data/a.txt");"#, vec!["data/**"]),
        (r#"generate(Path::new("native"));"#, vec!["native/**"]),
        (r#"let d = Path::new("native"); generate(d.join("lib"));"#, vec!["native/lib/**"]),
        (r#"let d = Path::new("native"); generate(d.join(x()));"#, vec!["native/**"]),
        (r#"generate("name"); generate("native");"#, vec![]),
        (r#"generate(Path::new("name"));"#, vec!["name"]),
        (
            r#"println!("data/a.txt"); format!("{}", "data/a.txt"); panic!("data/a.txt"); log::info!("tool.py");"#,
            vec![],
        ),
        (r#"#[doc = "data/a.txt"] fn f() {} #[cfg(test)] fn g() { generate("tool.py"); }"#, vec![]),
        (
            r"/// data/a.txt
            fn f() {}",
            vec![],
        ),
        (r#"Command::new("tool.py").status(); env::var("tool.py");"#, vec!["blind $tool.py"]),
        (r#"generate("../p/data/a.txt"); generate("."); generate("..");"#, vec!["data/a.txt"]),
    ] {
        assert_eq!(main_of(body, files), expected, "{body}");
    }
}

#[test]
fn a_program_that_is_asked_reads_nothing() {
    for (body, expected) in [
        (r#"Command::new("clang").arg("--print-targets").output();"#, vec![]),
        (r#"Command::new("python3").args(["-c", "import sysconfig"]).output();"#, vec![]),
        (r#"let mut c = Command::new("gcc"); c.arg("-print-file-name=x"); c.output();"#, vec![]),
        (r#"Command::new("gcc").args(["-c", "a.c"]).output();"#, vec!["unnamed (gcc)"]),
        (
            r#"fn run(p: &str, a: &[&str]) { Command::new(p).args(a).status(); } run("npm", &["run", "build"]);"#,
            vec!["unnamed (npm)"],
        ),
        (r#"Command::new("make").status();"#, vec!["unnamed (make)"]),
    ] {
        assert_eq!(main_of(body, &[]), expected, "{body}");
    }
}
