//! The complete walk, as uv does it, with the files of each key.

use std::ops::ControlFlow;
use std::path::Path;

use super::coverage::Coverage;
use super::grammar::Key;
use super::group::{Group, Step};
use super::system::System;
use crate::fs::Resolved;

/// The result of walking for all keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Walk {
    /// One per key, in list order.
    pub(crate) keys: Vec<KeyWalk>,
}

/// One key's part in a [`Walk`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeyWalk {
    /// For a glob: where its walk starts, relative to the project directory, with `/`; empty for the directory itself.
    pub(crate) base: Option<String>,
    /// The number of directories that the walk enters because of this key.
    pub(crate) directories: usize,
    /// The covered files that this key matches, sorted. A file that a later `!` key excludes is in none of the lists.
    pub(crate) files: Vec<Resolved>,
    /// Why the key covers nothing, or less than it seems to.
    pub(crate) note: Option<String>,
}

impl Coverage {
    /// Walks as uv does.
    pub(crate) fn walk(&self) -> Walk {
        let mut keys: Vec<KeyWalk> = self.keys().iter().map(|key| self.look(key)).collect();
        for group in &self.groups {
            walk_group(group, &mut keys);
        }
        for key in &mut keys {
            key.files.sort_unstable();
        }
        Walk { keys }
    }

    /// The part of a key that needs no walk; empty for a glob.
    fn look(&self, key: &Key) -> KeyWalk {
        let note = |text: &str| KeyWalk { note: Some(text.to_owned()), ..KeyWalk::default() };
        match key {
            Key::File(text) if !key.is_glob() => {
                let place = self.literal(text).map(|place| place.named);
                // On this system, the text itself is looked up. For the other system, the path is computed.
                let path = (self.system == System::HERE).then(|| self.dir.join(text));
                match path.as_deref().or(place.as_deref()).map(Path::metadata) {
                    Some(Ok(found)) if found.is_file() => {
                        KeyWalk { files: place.into_iter().collect(), ..KeyWalk::default() }
                    }
                    Some(Ok(found)) if found.is_dir() => note("a directory, but uv expects a file: covers nothing"),
                    Some(Ok(_)) => note("not a regular file: covers nothing"),
                    _ => note("no such file: covers nothing, and uv does not warn"),
                }
            }
            Key::Dir(text) => match self.dir.join(text).metadata() {
                Ok(found) if !found.is_dir() => note("a file, but uv expects a directory: ignored"),
                _ => KeyWalk::default(),
            },
            _ => KeyWalk::default(),
        }
    }
}

fn walk_group(group: &Group, keys: &mut [KeyWalk]) {
    let mut directories = 0;
    let _ = group.walk(Path::new(""), |step| {
        match step {
            Step::Directory => directories += 1,
            Step::File { path, below, .. } => {
                for key in group.takers(below) {
                    keys[key].files.push(path.clone());
                }
            }
        }
        ControlFlow::Continue(())
    });
    let fault = if group.is_disk() {
        Some("starts at the root of the disk: not walked")
    } else if directories == 0 {
        Some("the directory where its walk starts does not exist: covers nothing")
    } else {
        None
    };
    for pattern in &group.patterns {
        let key = &mut keys[pattern.key];
        key.base = Some(group.base.clone());
        key.directories = directories;
        let comment = pattern.text.starts_with('#').then_some("starts with `#`: uv reads it as a comment");
        key.note = comment.or(fault).map(str::to_owned);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use super::*;
    use crate::fs::Disk;

    fn files(texts: &[&str]) -> Vec<Key> {
        texts.iter().map(|text| Key::File((*text).to_owned())).collect()
    }

    #[test]
    fn every_key_tells_its_part() {
        let home = tempfile::tempdir().unwrap();
        let home = Disk::default().real_directory(home.path());
        for file in ["p/src/a/x.rs", "p/target/debug/y.rs", "p/Cargo.toml", "s/z.rs"] {
            fs::create_dir_all(home.join(file).parent().unwrap()).unwrap();
            fs::write(home.join(file), "").unwrap();
        }
        let mut keys = files(&[
            "src/**/*.rs", "*.toml", "!target/**", "Cargo.toml", "missing.rs", "src", "nope/*", "../s/**", "#*",
            "/*.rs", "**/x.rs", "Cargo.toml/*",
        ]);
        keys.extend([Key::Dir("Cargo.toml".to_owned()), Key::Dir("nope".to_owned()), Key::Env("X".to_owned())]);
        let coverage = Coverage::compile(&Disk::default(), &home.child("p"), &keys).unwrap();
        let told: Vec<_> = coverage
            .walk()
            .keys
            .into_iter()
            .map(|key| {
                let files = key.files.iter().map(|file| file.strip_prefix(&home).unwrap().to_str().unwrap().to_owned());
                (key.base, key.directories, files.collect::<Vec<_>>().join(" "), key.note)
            })
            .collect();
        let glob = |base: &str, directories, files: &str, note: Option<&str>| {
            (Some(base.to_owned()), directories, files.to_owned(), note.map(str::to_owned))
        };
        let other = |files: &str, note: Option<&str>| (None, 0, files.to_owned(), note.map(str::to_owned));
        let nowhere = Some("the directory where its walk starts does not exist: covers nothing");
        assert_eq!(
            told,
            [
                // Enters the project, src, src/a and target, but nothing below target.
                glob("", 4, "p/src/a/x.rs", None),
                glob("", 4, "p/Cargo.toml", None),
                glob("", 4, "", None),
                other("p/Cargo.toml", None),
                other("", Some("no such file: covers nothing, and uv does not warn")),
                other("", Some("a directory, but uv expects a file: covers nothing")),
                glob("", 4, "", None),
                glob("../s", 1, "s/z.rs", None),
                glob("", 4, "", Some("starts with `#`: uv reads it as a comment")),
                glob("/", 0, "", Some("starts at the root of the disk: not walked")),
                glob("", 4, "p/src/a/x.rs", None),
                glob("", 4, "", None),
                other("", Some("a file, but uv expects a directory: ignored")),
                other("", None),
                other("", None),
            ]
        );

        let alone = |key: &str| {
            Coverage::compile(&Disk::default(), &home.child("p"), &files(&[key])).unwrap().walk().keys.remove(0)
        };
        assert_eq!(alone("nope/*").note.as_deref(), nowhere);
        assert_eq!(alone("Cargo.toml/*").note.as_deref(), nowhere);
        assert_eq!(alone("../../../../../../../../../../../*").note, alone("/*").note);
    }
    #[test]
    fn a_symlink_is_entered_as_the_base_only() {
        let home = tempfile::tempdir().unwrap();
        let home = Disk::default().real_directory(home.path());
        fs::create_dir_all(home.join("src/a")).unwrap();
        fs::write(home.join("file"), "").unwrap();
        std::os::unix::fs::symlink("src", home.join("link")).unwrap();
        let walks = |key: &str, dir: &str| {
            let coverage = Coverage::compile(&Disk::default(), &home, &files(&[key])).unwrap();
            !coverage.walks_into(&Disk::default().resolve(&home.join(dir))).is_empty()
        };
        let entered = |key: &str| ["", "src", "src/a", "link", "file", "new"].map(|dir| walks(key, dir));
        assert_eq!(entered("**/*.rs"), [true, true, true, false, false, true]);
        assert_eq!(entered("link/*"), [false, true, true, true, false, false]);
        assert_eq!(entered("src/*"), [false, true, true, false, false, false]);
    }
}
