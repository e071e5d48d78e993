//! Records of builds, written by hand: cargo's new layout, records of earlier sources, and garbage.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/records.rs"]
mod records;
mod support;

use records::{inputs, names, project, set, touch, verify, with_script};

/// The records of cargo's new layout, as its `layout.rs` lays them out.
#[test]
fn the_new_layout_is_read() {
    let sandbox = with_script();
    for (base, made) in [("target/release", ""), ("target/x86_64-unknown-linux-gnu/release", "more.txt")] {
        std::fs::remove_dir_all(sandbox.path("target")).ok();
        let unit = format!("{base}/build/ext-lib/d52536f35a717518");
        let rule = format!("/x/target/liba.rlib: src/lib.rs src/a\\ b.txt src/../{made}\n\n# env-dep:NEW_LAYOUT=1\n");
        sandbox.write("more.txt", "");
        sandbox.write(&format!("{unit}/out/ext_lib.d"), rule).write(&format!("{unit}/fingerprint/lib-ext_lib"), "");
        let test = format!("{base}/build/ext-lib/3ad3c39977a65667");
        sandbox.write(&format!("{test}/out/ext_lib-3ad3c39977a65667.d"), "t: src/lib.rs README.md\n");
        sandbox.write(&format!("{test}/fingerprint/test-lib-ext_lib"), "");
        let run = format!("{base}/build/ext-lib/b2ba8cb3bc26fa42/run");
        sandbox.write(&format!("{run}/stdout"), "cargo::rerun-if-changed=grammar\ncargo::rustc-env=MADEHERE=1\n");
        // A crate of a registry, whose output is not a record of this project.
        sandbox
            .write(&format!("{base}/build/pyo3-ffi/0123456789abcdef/run/stdout"), "cargo:rerun-if-changed=README.md\n");
        let (code, report) = verify(&sandbox);
        assert_eq!(code, Some(1), "{report:#}");
        let mut expected = set(&["NEW_LAYOUT", "grammar"]);
        expected.extend(Some(made.to_owned()).filter(|made| !made.is_empty()));
        assert_eq!(names(&report, "uncovered"), expected);
        assert_eq!(report["builds"][0]["directory"], base);
        assert!(inputs(&sandbox)["inputs"].to_string().contains("grammar/a/x.y"));
    }
}

/// The newest record of a target is used, unless an older one is still valid.
#[test]
fn records_of_earlier_sources_do_not_count() {
    let sandbox = project();
    let unit = |hash: &str, rule: &str, age: i64| {
        sandbox.write(&format!("target/debug/deps/ext_lib-{hash}.d"), rule);
        touch(&sandbox, &format!("target/debug/deps/ext_lib-{hash}.d"), age);
        sandbox.write(&format!("target/debug/.fingerprint/ext-lib-{hash}/lib-ext_lib"), "");
    };
    for name in ["old.txt", "gone-option.txt"] {
        sandbox.write(name, "");
        touch(&sandbox, name, -1000);
    }
    touch(&sandbox, "src/lib.rs", -100);
    touch(&sandbox, "src/a b.txt", -100);
    unit("0000000000000001", "a: src/lib.rs old.txt\n", -200);
    unit("0000000000000002", "a: src/lib.rs gone-option.txt\n", -150);
    // No record is valid, so the newest one is used.
    let (_, report) = verify(&sandbox);
    assert_eq!(names(&report, "uncovered"), set(&["gone-option.txt"]));
    assert_eq!(report["builds"][0]["units"][0]["up_to_date"], false);
    unit("0000000000000003", "a: src/lib.rs\n", -50);
    unit("0000000000000004", "a: src/lib.rs src/a\\ b.txt\n", -40);
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["builds"][0]["units"].as_array().unwrap().len(), 2);
}

/// Whatever is in the target directory, nothing panics, and no file outside is read. On Windows, creating symlinks needs a
/// privilege.
#[cfg(unix)]
#[test]
fn garbage_in_the_target_directory_is_survived() {
    use std::fs::File;
    use std::os::unix::fs::symlink;
    let sandbox = project();
    sandbox.write("build.rs", "fn main() {}");
    let deps = "target/debug/deps";
    sandbox.write(&format!("{deps}/ext_lib-0000000000000001.d"), b"\xff\xfe\0: \\ \\\n# env-dep:\xff".as_slice());
    sandbox.write(&format!("{deps}/ext_lib-0000000000000002.d"), "a: src/lib.rs src/a\\");
    sandbox.write(&format!("{deps}/é.d"), "").write(&format!("{deps}/-.d"), "a: src/lib.rs");
    std::fs::create_dir(sandbox.path(&format!("{deps}/directory.d"))).unwrap();
    File::create(sandbox.path(&format!("{deps}/huge.d"))).unwrap().set_len(1 << 32).unwrap();
    symlink("/dev/zero", sandbox.path(&format!("{deps}/endless.d"))).unwrap();
    symlink("/", sandbox.path("target/everything")).unwrap();
    symlink("..", sandbox.path("target/debug/deps/up")).unwrap();
    // A link out of the target directory is not followed, even if its target looks like a record.
    sandbox.write("elsewhere/record.d", "a: src/lib.rs elsewhere/record.d\n");
    symlink(sandbox.path("elsewhere/record.d"), sandbox.path(&format!("{deps}/ext_lib-0000000000000003.d"))).unwrap();
    symlink(sandbox.path("elsewhere"), sandbox.path("target/debug/build")).unwrap();
    sandbox.write("elsewhere/ext-lib-0000000000000004/output", "cargo:rerun-if-changed=src/a b.txt\n");
    for hash in 1..=3 {
        sandbox.write(&format!("target/debug/.fingerprint/ext-lib-000000000000000{hash}/lib-ext_lib"), "");
    }
    let (code, report) = verify(&sandbox);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["recorded"]["files"], 1);
    assert_eq!(report["unread"][0], format!("{deps}/huge.d"));
    assert!(!inputs(&sandbox).to_string().contains("printed by"));
}
