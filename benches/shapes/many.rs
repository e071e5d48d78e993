//! Trees of many projects, either in one cargo workspace with shared crates, or each in a workspace of its own.

use std::fmt::Write;
use std::io;
use std::path::Path;

use super::{code, put};

/// The number of crates that the projects of one workspace share. Each project needs two of them.
const SHARED: usize = 10;

/// The number of lines in each of the three files of a project.
const LINES: usize = 150;

/// Writes this number of projects, with the keys that the fixer would write, or without keys.
pub(crate) fn write(root: &Path, projects: usize, one_workspace: bool, keys: bool) -> io::Result<()> {
    std::fs::create_dir_all(root.join(".git"))?;
    put(root, ".gitignore", "/target\n/.venv\n")?;
    if one_workspace {
        put(root, "Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\", \"python/*\"]\n")?;
        put(root, "Cargo.lock", "version = 4\n")?;
        for index in 0..SHARED {
            let directory = root.join(format!("crates/shared-{index}"));
            put(&directory, "Cargo.toml", &package(&format!("shared-{index}")))?;
            put(&directory, "src/lib.rs", &code("", LINES))?;
        }
    }
    for index in 0..projects {
        project(&root.join(format!("python/project-{index:03}")), index, one_workspace, keys)?;
    }
    Ok(())
}

fn project(directory: &Path, index: usize, one_workspace: bool, keys: bool) -> io::Result<()> {
    let mut manifest =
        package(&format!("project-{index:03}")) + "\n[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\n";
    let mut covering = vec!["pyproject.toml".to_owned(), "Cargo.toml".to_owned()];
    if one_workspace {
        covering.push("../../Cargo.toml".to_owned());
        let shared = [index % SHARED, (index + 3) % SHARED].map(|shared| format!("shared-{shared}"));
        covering.extend(shared.iter().map(|name| format!("../../crates/{name}/Cargo.toml")));
        covering.push("../../Cargo.lock".to_owned());
        covering.extend(shared.iter().map(|name| format!("../../crates/{name}/src/**/*.rs")));
        for name in shared {
            let _ = writeln!(manifest, "{name} = {{ path = \"../../crates/{name}\" }}");
        }
    } else {
        covering.push("Cargo.lock".to_owned());
        manifest += "\n[workspace]\n";
        put(directory, "Cargo.lock", "version = 4\n")?;
    }
    covering.push("src/**/*.rs".to_owned());
    put(directory, "Cargo.toml", &manifest)?;
    put(directory, "src/lib.rs", &code("mod a;\nmod b;\n", LINES))?;
    put(directory, "src/a.rs", &code("", LINES))?;
    put(directory, "src/b.rs", &code("", LINES))?;
    let mut text = format!(
        "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n\n[project]\nname = \
         \"project-{index:03}\"\nversion = \"0.1.0\"\n"
    );
    if keys {
        text += "\n[tool.uv]\ncache-keys = [\n";
        for key in covering {
            let _ = writeln!(text, "    {{ file = \"{key}\" }},");
        }
        text += "]\n";
    }
    put(directory, "pyproject.toml", &text)
}

fn package(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
}
