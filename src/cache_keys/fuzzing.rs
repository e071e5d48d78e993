//! The fuzz target for lists of keys: on a fixed tree, they must cover the files that uv covers.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use super::info::change_time;
use super::{CacheInfo, Coverage, GitReading, Key};

use crate::fs::{Disk, resolved};

/// The newest change time that uv reports; `None` if it rejects the keys.
pub type Noted = Option<Option<SystemTime>>;

/// The temporary directory, the project in it, and all files.
static TREE: LazyLock<(tempfile::TempDir, PathBuf, Vec<PathBuf>)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let root = dir.path().canonicalize().expect("it exists");
    let names = [
        "p/lib.rs", "p/src/lib.rs", "p/src/a/b.rs", "p/src/a/c/d.rs", "p/Cargo.toml", "p/.hidden", "p/we[ird",
        "p/br{ace}.rs", "p/sp ace.rs", "p/über.rs", "p/target/x.rs", "p/!n.rs", "p/#c.rs", "s/src/lib.rs", "s/x.toml",
    ];
    let files: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
    for file in &files {
        fs::create_dir_all(file.parent().expect("below the root")).expect("created");
        fs::write(file, "").expect("written");
    }
    symlink("../s/src", root.join("p/link")).expect("linked");
    symlink("src/lib.rs", root.join("p/link.rs")).expect("linked");
    (dir, root.join("p"), files)
});

/// The first byte selects the file that is the newest. Each following line is a key. `ask` asks uv about a directory.
///
/// # Panics
///
/// Panics if uv reports another time, or if only one of the two rejects the keys.
pub fn keys(bytes: &[u8], ask: &dyn Fn(&Path) -> Noted) {
    let Some((chosen, lines)) = bytes.split_first() else { return };
    let Ok(lines) = std::str::from_utf8(lines) else { return };
    let keys: Vec<Key> = lines.split('\n').map(|line| Key::File(line.to_owned())).collect();
    // A path that leads out of the tree may walk the whole disk.
    if lines.split('\n').any(|line| line.starts_with('/') || line.matches("..").count() > 1) {
        return;
    }
    let (_, project, files) = &*TREE;
    let text = keys.iter().map(|key| match key {
        Key::File(text) => text.chars().map(|c| format!("\\U{:08X}", u32::from(c))).collect::<Vec<_>>().concat(),
        _ => String::new(),
    });
    let text: Vec<String> = text.map(|key| format!("\"{key}\"")).collect();
    fs::write(project.join("pyproject.toml"), format!("[tool.uv]\ncache-keys = [{}]\n", text.join(", ")))
        .expect("written");
    let newest = &files[usize::from(*chosen) % files.len()];
    let clock = time(&project.join("pyproject.toml"));
    loop {
        fs::set_permissions(newest, fs::Permissions::from_mode(0o644)).expect("changed");
        if time(newest) > clock {
            break;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    let ours = Coverage::compile(&Disk::default(), &resolved(project), &keys).ok().map(|coverage| {
        coverage.walk();
        let covers = coverage
            .walk()
            .keys
            .iter()
            .flat_map(|key| &key.files)
            .any(|file| file.canonicalize().ok().as_ref() == Some(newest));
        let noted = coverage.cache_info(&CacheInfo::default(), GitReading::Whole).info.timestamp;
        assert_eq!(covers, noted == Some(time(newest)), "{keys:?}: the walk covers {}", newest.display());
        noted
    });
    assert_eq!(ours, ask(project), "{keys:?}");
}

fn time(path: &Path) -> SystemTime {
    change_time(&fs::metadata(path).expect("it is there")).expect("not before 1970")
}
