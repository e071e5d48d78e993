use std::path::PathBuf;

fn main() {
    let mut schema = PathBuf::from("..");
    schema.push("shared");
    schema.push("schema.json");
    println!("cargo::rustc-env=SCHEMA_SIZE={}", std::fs::read(&schema).unwrap().len());
}
