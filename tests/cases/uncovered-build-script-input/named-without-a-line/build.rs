fn main() {
    codegen::generate("spec/api.json", std::path::Path::new("templates"));
    println!("cargo:warning=see docs/build.txt, {}", "docs/more.txt");
    assert!(!include_str!("LICENSE").is_empty(), "docs/more.txt");
}
