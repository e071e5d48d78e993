fn main() {
    built::write_built_file().unwrap();
}
