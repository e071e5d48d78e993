pub fn generate(s: &str) {
    println!("cargo:rerun-if-changed={s}");
}

/// For others.
pub fn check(s: &str) {
    println!("cargo:rerun-if-changed={s}.lock");
}
