use std::env;
use std::path::{Path, PathBuf};

const DATA: &str = "data";

fn watch(p: &Path) {
    println!("cargo:rerun-if-changed={}", p.display());
}

fn gen(v: &[&str]) {
    for &x in v {
        let path = format!("data/v-{x}.json");
        println!("cargo:rerun-if-changed={path}");
    }
}

fn dir() -> PathBuf {
    PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap())
}

struct Layout {
    root: PathBuf,
}

impl Layout {
    fn of(name: &str) -> Self {
        Self { root: dir().join(name) }
    }

    fn schema(&self) -> PathBuf {
        self.root.join("schema.sql")
    }
}

fn set_env(n: &str, v: &str) {
    println!("cargo:rustc-env={n}={v}");
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    watch(Path::new("data/table.csv"));
    gen(&["1", "2"]);
    println!("cargo:rerun-if-changed={}", dir().join("vendor").display());
    watch(&Layout::of("sql").schema());
    ["a", "b"].iter().map(|name| Path::new(DATA).join(name).with_extension("txt")).for_each(|path| watch(&path));
    set_env("TRUTH_C", "x");
}
