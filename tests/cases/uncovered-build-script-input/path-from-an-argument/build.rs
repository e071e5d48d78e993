use std::env;

fn main() {
    println!("cargo:rerun-if-changed={}", env::args().nth(1).unwrap());
}
