fn gen(v: &[&str]) {
    for &x in v {
        let path = format!("data/v-{x}.json");
        println!("cargo:rerun-if-changed={path}");
    }
}

fn main() {
    gen(&["1", "2"]);
}
