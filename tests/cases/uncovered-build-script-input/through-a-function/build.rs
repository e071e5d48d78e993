use std::path::Path;

fn watch(p: &Path) {
    println!("cargo:rerun-if-changed={}", p.display());
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    watch(Path::new("data/table.csv"));
}
