//! Paths as text, on both systems.

use super::*;
#[cfg(unix)]
use crate::fs::Resolved;

#[test]
fn a_path_of_windows_is_shown_with_slashes() {
    for (path, expected) in [
        (r"a\b.toml", "a/b.toml"),
        (r"C:\w", "C:/w"),
        (r"\\?\C:\w", "C:/w"),
        (r"\\?\UNC\server\share\w", "//server/share/w"),
        (r"\\server\share\w", "//server/share/w"),
        (r"\\?\Volume{0}\w", "//?/Volume{0}/w"),
    ] {
        assert_eq!(unix_text(path), expected);
    }
}

#[test]
fn relative_paths_climb_and_use_slashes() {
    let from = Path::new("/a/b");
    for (path, expected) in [("/a/b/c/d.rs", "c/d.rs"), ("/a/c", "../c"), ("/a/b", "."), ("/x", "../../x")] {
        assert_eq!(relative(from, Path::new(path)).as_deref(), Some(expected));
    }
}

/// Some of them are tidy, others are not.
#[cfg(unix)]
const PATHS: [&str; 22] = [
    "/", "/a", "/a/", "/a/b", "/ab", "/a/bc", "/a/b/c", "/b", "/a b/c", "/a-b", "/a-b/c", "/a.rs", "/a/b.rs", "/é",
    "/è/x", "/a/./b", "//a", "/a//b/c", "/a/b/.", "/.a/b", "/a/.b", "/a/b/../c",
];

#[cfg(unix)]
#[test]
fn text_tells_what_components_tell() {
    let resolved =
        |path: &&Path| tidy(path).is_some() && (path.as_os_str() == "/" || !path.to_string_lossy().ends_with('/'));
    for a in PATHS.map(Path::new) {
        for b in PATHS.map(Path::new) {
            let both = format!("{} {}", a.display(), b.display());
            if tidy(a).is_some() && tidy(b).is_some() {
                assert_eq!(relative(a, b), relative_by_components(a, b), "{both}");
            }
            if [a, b].iter().all(resolved) {
                assert_eq!(Resolved(a.into()).cmp(&Resolved(b.into())), a.cmp(b), "{both}");
                assert_eq!(is_within(a, b), a.starts_with(b), "{both}");
                assert_eq!(strip(a, b), a.strip_prefix(b).ok(), "{both}");
            }
        }
        if let Some((directory, name)) = split(a) {
            assert_eq!(
                (directory.components().as_path(), name.as_ref()),
                (a.parent().unwrap(), a.file_name().unwrap())
            );
        }
        assert_eq!(parent(a).components().as_path(), a.parent().unwrap_or(Path::new(".")));
        for b in ["", ".", "b", "b/", "../b", "./b", "/b", "é/c"] {
            for a in [a, strip(a, Path::new("/")).unwrap()] {
                assert_eq!(join(a, b).as_os_str(), a.join(b).as_os_str());
            }
        }
    }
    assert_eq!(relative(Path::new("/a"), Path::new("b")), None);
}

#[cfg(unix)]
#[test]
fn a_climb_starts_at_the_first_of_its_dots() {
    let climbed = |path, most| {
        climb(Path::new(path), most).map(|(above, below)| (above.to_str().unwrap(), below.to_str().unwrap()))
    };
    for (path, expected) in [
        ("/a/../b", Some(("/a", "b"))),
        ("/a/b/../../c/", Some(("/a/b", "../c/"))),
        ("/a/..", Some(("/a", ""))),
        ("/..", Some(("/", ""))),
        ("/../a", Some(("/", "a"))),
        ("/a/..//b", Some(("/a", "b"))),
        ("/a/..b/..", Some(("/a/..b", ""))),
        ("/a/b../c", None),
        ("a/../b", None),
        ("/a/../../../b", None),
    ] {
        assert_eq!(climbed(path, 2), expected, "{path}");
    }
}

#[test]
fn normalising_keeps_leading_parents() {
    assert_eq!(normalize(Path::new("a/./b/../c")), Path::new("a/c"));
    assert_eq!(normalize(Path::new("../a/../b")), Path::new("../b"));
    assert_eq!(normalize(Path::new("/../a")), Path::new("/a"));
    for (path, normal) in [("/", "/"), ("/a/", "/a"), ("/a/..", "/"), ("/a/../b", "/b"), ("/a/.b/..c", "/a/.b/..c")] {
        assert_eq!(normalize(Path::new(path)), Path::new(normal));
    }
}
