pub fn generate(s: &str) {
    println!("cargo:rerun-if-changed={s}");
}

pub fn own() {
    println!("cargo:rerun-if-changed={}/base.yaml", env!("CARGO_MANIFEST_DIR"));
}

/// For others.
pub fn check(s: &str) {
    println!("cargo:rerun-if-changed={s}.lock");
}
