fn main() {
    println!("cargo::rerun-if-env-changed=TRUTH_E");
    println!("cargo::rustc-env=TRUTH_C=1");
}
