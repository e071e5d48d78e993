use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let commit = Command::new("git").args(["rev-parse", "HEAD"]).output().unwrap().stdout;
    println!("cargo::rustc-env=COMMIT={}", String::from_utf8(commit).unwrap());
}
