fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    std::fs::read_to_string("data/a.txt").unwrap();
}
