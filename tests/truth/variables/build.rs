fn main() {
    println!("cargo::rerun-if-env-changed=TRUTH_E");
    println!("cargo::rustc-env=TRUTH_C=1");
    // Given on from the environment: cargo reacts to a change, though the script sets it.
    println!("cargo::rerun-if-env-changed=TRUTH_F");
    println!("cargo::rustc-env=TRUTH_F={}", option_env!("TRUTH_F").unwrap_or_default());
}
