//! Compares the cached answers with those of the system.

use super::directory::FEW;
use super::*;
use crate::fs::resolved;

#[test]
fn answers_are_those_of_the_system() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    std::fs::create_dir_all(root.join("a/B")).unwrap();
    std::fs::create_dir(root.join("full")).unwrap();
    for name in ["a/f", "a/UPPER", "a/B/é", "a/B/f"] {
        std::fs::write(root.join(name), "").unwrap();
    }
    for index in 0..=FEW {
        std::fs::write(root.join(format!("full/{index}")), "").unwrap();
    }
    for (to, from) in [("f", "a/link"), ("B", "a/dir"), ("gone", "a/broken"), ("loop", "a/loop")] {
        std::os::unix::fs::symlink(to, root.join(from)).unwrap();
    }
    let names = "f F UPPER upper link dir broken loop gone B b B/f B/é B/gone f/ f/. f/x dir/f .. ../full \
                 ../full/7 ../full/x gone/x gone/../f nul\0 ü";
    let paths: Vec<PathBuf> = names.split_whitespace().map(|name| root.join("a").join(name)).collect();
    let disk = Disk::default();
    // The first questions go to the system, the others to the lists.
    for (at, path) in paths.iter().chain(&paths).chain(&paths).enumerate() {
        if at == paths.len() {
            for directory in ["a", "a/B", "full", "a/gone", "a/f"] {
                disk.list(&root.join(directory));
            }
        }
        let expected = (path.is_file(), path.is_dir(), path.exists());
        assert_eq!((disk.is_file(path), disk.is_dir(path), disk.exists(path)), expected, "{}", path.display());
        let itself = path.symlink_metadata().ok().map(|found| found.file_type());
        assert_eq!(disk.kind_of_itself(path), itself, "{}", path.display());
    }
}

#[test]
fn what_was_seen_counts_until_it_is_forgotten() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let [one, two, manifest] = ["one", "two", "Cargo.toml"].map(|name| root.join(name));
    std::fs::write(&manifest, "old").unwrap();
    let disk = Disk::default();
    let other = disk.clone();
    disk.list(&root);
    let seen = |disk: &Disk| {
        let real = disk.canonical(&root.join("x/../two"));
        (disk.exists(&one), disk.exists(&two), real, disk.manifest(&manifest).unwrap().to_string())
    };
    std::fs::create_dir(root.join("x")).unwrap();
    let before = (false, false, None, "old".to_owned());
    assert_eq!(seen(&disk), before);
    std::fs::write(&two, "").unwrap();
    std::fs::write(&manifest, "new").unwrap();
    assert_eq!((seen(&disk), seen(&other)), (before.clone(), before));
    disk.forget(&two);
    assert_eq!(seen(&disk), (false, true, Some(resolved(&two)), "old".to_owned()));
    disk.forget(&manifest);
    let after = (false, true, Some(resolved(&two)), "new".to_owned());
    assert_eq!((seen(&disk), seen(&other), seen(&Disk::default())), (after.clone(), after.clone(), after));
}

#[test]
fn a_text_that_is_not_saved_counts() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let [file, new, other] = ["Cargo.toml", "new.toml", "other.toml"].map(|name| root.join(name));
    std::fs::write(&file, "saved").unwrap();
    std::fs::write(&other, "other").unwrap();
    std::os::unix::fs::symlink(".", root.join("link")).unwrap();
    let disk = Disk::default();
    assert_eq!(&*disk.manifest(&file).unwrap(), "saved");
    let disk = disk.with_overlay(&file, "typed").with_overlay(&new, "");
    for spelling in ["Cargo.toml", "link/Cargo.toml", "link/link/Cargo.toml"] {
        let path = root.join(spelling);
        assert_eq!((disk.text(&path).unwrap(), &*disk.manifest(&path).unwrap()), ("typed".to_owned(), "typed"));
    }
    assert_eq!((disk.text(&new).unwrap(), disk.text(&other).unwrap()), (String::new(), "other".to_owned()));
    disk.forget(&file);
    assert_eq!(&*disk.manifest(&file).unwrap(), "typed");
    disk.overlay(&file, None);
    assert_eq!((disk.text(&file).unwrap(), &*disk.manifest(&file).unwrap()), ("saved".to_owned(), "saved"));
}
