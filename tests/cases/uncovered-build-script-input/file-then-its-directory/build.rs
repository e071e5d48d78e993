fn main() {
    println!("cargo:rerun-if-changed=data/one.txt");
    println!("cargo:rerun-if-changed=data");
}
