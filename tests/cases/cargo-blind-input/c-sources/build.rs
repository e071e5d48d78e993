fn main() {
    let sources = ["native/a.c", "native/b.c"];
    cc::Build::new().files(sources).include("native").compile("native");
}
