fn main() {
    println!("cargo:rerun-if-changed=schema/a.txt");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-env-changed=TRUTH_MODE");
}
