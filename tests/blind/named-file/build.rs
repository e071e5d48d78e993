fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Who opens it is not seen.
    let open = std::fs::OpenOptions::new().read(true).to_owned();
    let rows = std::io::read_to_string(open.open("data/table.csv").unwrap()).unwrap().lines().count();
    println!("cargo::rustc-env=ROWS={rows}");
}
