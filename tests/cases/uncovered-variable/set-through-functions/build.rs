fn set_env(n: &str, v: &str) {
    println!("cargo:rustc-env={n}={v}");
}

fn main() {
    set_env("H", "x");
    for (name, value) in [("ONE", "1"), ("TWO", "2")] {
        println!("cargo:rustc-env={name}={value}");
    }
    for (name, value) in versions() {
        println!("cargo:rustc-env=VERSION_{name}={value}");
    }
    println!("cargo:rerun-if-env-changed=PATH");
    let _ = std::env::var("ProgramFiles(x86)");
}

fn versions() -> Vec<(String, String)> {
    std::env::vars().filter(|(name, _)| name.starts_with("V_")).collect()
}
