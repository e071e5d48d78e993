fn main() { uniffi::generate_scaffolding("src/ext.udl").unwrap(); }
