fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let table = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("table.csv");
    let rows = std::fs::read_to_string(table).unwrap().lines().count();
    println!("cargo::rustc-env=ROWS={rows}");
}
