fn main() {
    println!("cargo:rerun-if-changed={}", std::env::args().nth(1).unwrap());
}
