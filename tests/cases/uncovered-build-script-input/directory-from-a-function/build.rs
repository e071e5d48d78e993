use std::env;
use std::path::PathBuf;

fn dir() -> PathBuf {
    PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap())
}

fn main() {
    println!("cargo:rerun-if-changed={}", dir().join("vendor").display());
}
