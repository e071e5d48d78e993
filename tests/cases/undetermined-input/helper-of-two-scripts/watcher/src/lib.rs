pub fn watch() {
    for path in std::env::args().skip(1) {
        println!("cargo:rerun-if-changed={path}");
    }
}
