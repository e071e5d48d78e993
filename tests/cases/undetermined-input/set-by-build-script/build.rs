use std::env;
use std::path::Path;

fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let package = env::var("CARGO_MANIFEST_DIR").unwrap();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=CODE={}", Path::new(&out).join("code.rs").display());
    println!("cargo:rustc-env=SCHEMA={package}/data/schema.json");
    println!("cargo:rustc-env=TABLES={}", env::args().nth(1).unwrap());
}
