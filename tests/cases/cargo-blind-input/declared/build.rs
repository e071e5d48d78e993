const SOURCES: [&str; 2] = ["native/a.c", "native/b.c"];

fn main() {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    cc::Build::new().files(SOURCES).compile("native");
}
