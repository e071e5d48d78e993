fn main() {
    for entry in std::fs::read_dir("templates").unwrap() {
        println!("cargo:rerun-if-changed={}", entry.unwrap().path().display());
    }
    for entry in walkdir::WalkDir::new("grammar").into_iter().filter_map(|entry| entry.ok()) {
        if entry.file_type().is_file() {
            println!("cargo:rerun-if-changed={}", entry.path().display());
        }
    }
    for entry in glob::glob("kernels/*.cu").unwrap() {
        println!("cargo:rerun-if-changed={}", entry.unwrap().display());
    }
}
