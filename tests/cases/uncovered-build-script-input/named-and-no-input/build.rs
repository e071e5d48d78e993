use std::path::Path;

/// Reads data/doc.txt.
#[doc = "data/doc.txt"]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("see data/doc.txt");
    log::info!("data/doc.txt");
    let message = format!("{} of {}", "data/doc.txt", 1);
    if message.is_empty() {
        panic!("data/doc.txt");
    }
    // Sources, a package of Python, what git ignores, what the script makes, where the build writes, everything.
    for directory in ["src", "src/deep", "python/pkg", "cache", "made", "target", ".", "..", "/etc"] {
        codegen::look_at(Path::new(directory));
    }
    std::fs::create_dir_all("made").unwrap();
    let _ = std::process::Command::new("tools.d").status();
    println!("cargo:rustc-link-lib=static=name.d");
}

#[cfg(test)]
mod tests {
    const DATA: &str = include_str!("data/doc.txt");

    fn load() {
        codegen::look_at("data/doc.txt");
    }
}
