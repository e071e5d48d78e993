use std::path::Path;
use std::process::Command;

fn main() {
    let native = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("native");
    Command::new("make").arg("-C").arg(&native).status().unwrap();
    println!("cargo:rerun-if-changed={}", native.display());
}
