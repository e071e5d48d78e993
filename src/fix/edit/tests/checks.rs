//! The checks after each operation find faulty edits.

use super::{file, remove, rename};
use crate::fix::edit::operation::Splice;
use crate::fix::edit::splices::{sorted, splice};
use crate::fix::edit::view::View;
use crate::fix::edit::{EditError, Operation, check};

/// The result of the check on an operation that changes `before`. Each change `(old, new)` replaces the first `old`. The changes
/// in `untold` are made, but not reported to the check.
#[track_caller]
fn verdict(
    before: &str,
    operation: &Operation,
    changes: &[(&str, &str)],
    untold: &[(&str, &str)],
) -> Result<(), EditError> {
    let splices = |changes: &[(&str, &str)]| {
        let all = changes.iter().map(|(old, new)| {
            let start = before.find(old).unwrap();
            Splice { range: start..start + old.len(), content: (*new).to_owned() }
        });
        sorted(all.collect()).unwrap()
    };
    let told = splices(changes);
    let all = [changes, untold].concat();
    let after = View::parse(splice(before, &splices(&all)).unwrap()).unwrap();
    check::verify(&View::parse(before.to_owned()).unwrap(), operation, &told, &after)
}

const BEFORE: &str = "x = nan # c\n[tool.uv]\ncache-keys = ['a'] # d\n";

#[test]
fn what_was_asked_for_passes() {
    let insert = Operation::Insert { index: 1, key: file("b") };
    assert_eq!(verdict(BEFORE, &insert, &[("'a'", "'a', 'b'")], &[]), Ok(()));
}

#[test]
fn other_keys_are_found() {
    let insert = Operation::Insert { index: 1, key: file("b") };
    for list in ["'a', 'c'", "'b', 'a'", "'b'", "'a', 'b', 'b'", "{ file = 'a' }, 'b'", "'a', { dir = 'b' }"] {
        assert_eq!(verdict(BEFORE, &insert, &[("'a'", list)], &[]), Err(EditError::Broken("the keys")), "{list}");
    }
}

#[test]
fn other_values_are_found() {
    let insert = Operation::Insert { index: 1, key: file("b") };
    for change in [("nan", "inf"), ("x", "y"), ("x = nan", ""), ("nan", "nan\nz = 1"), ("nan", "[nan]")] {
        let told = [("'a'", "'a', 'b'"), change];
        assert_eq!(verdict(BEFORE, &insert, &told, &[]), Err(EditError::Broken("other values")), "{change:?}");
    }
    let before = format!("{BEFORE}package = true\n[tool.ruff]\n");
    for change in [("package = true", ""), ("true", "false"), ("[tool.ruff]", ""), ("[tool.ruff]", "[[tool.ruff]]")] {
        let told = [("'a'", "'a', 'b'"), change];
        assert_eq!(verdict(&before, &insert, &told, &[]), Err(EditError::Broken("other values")), "{change:?}");
    }
}

#[test]
fn other_bytes_are_found() {
    let insert = Operation::Insert { index: 1, key: file("b") };
    let list = ("'a'", "'a', 'b'");
    for change in [("# c", "# e"), ("# c\n", "\n"), (" # d", ""), ("cache-keys = ", "cache-keys= "), ("x", " x")] {
        let broken = Err(EditError::Broken("bytes outside the list"));
        assert_eq!(verdict(BEFORE, &insert, &[list, change], &[]), broken, "{change:?}");
        assert_eq!(verdict(BEFORE, &insert, &[list], &[change]), broken, "{change:?}, untold");
    }
    let create = Operation::Create { keys: vec![file("a")] };
    let before = "# c\n[tool.uv]\n";
    let new = ("[tool.uv]\n", "[tool.uv]\ncache-keys = ['a']\n");
    assert_eq!(verdict(before, &create, &[new], &[]), Err(EditError::Broken("bytes outside the list")));
}

#[test]
fn another_form_is_found() {
    let insert = Operation::Insert { index: 0, key: file("a") };
    let blocks = "[[tool.uv.cache-keys]]\nfile = 'a'\n";
    let told = [("[tool.uv]\ncache-keys = []\n", blocks)];
    assert_eq!(
        verdict("[tool.uv]\ncache-keys = []\n", &insert, &told, &[]),
        Err(EditError::Broken("the form of the list"))
    );
    let remove = remove(0);
    assert_eq!(verdict(blocks, &remove, &[(blocks, "")], &[]), Err(EditError::Broken("the form of the list")));
}

#[test]
fn blocks_touch_their_own_lines_only() {
    let before = "# c\n[[tool.uv.cache-keys]]\nfile = 'a'\n# d\n\n[[tool.uv.cache-keys]]\nfile = 'b'\n";
    let remove = remove(0);
    let first = "[[tool.uv.cache-keys]]\nfile = 'a'\n";
    assert_eq!(verdict(before, &remove, &[(first, "")], &[]), Ok(()));
    for change in [("# c\n", ""), ("# d\n", ""), ("'b'", "\"b\"")] {
        assert_eq!(
            verdict(before, &remove, &[(first, ""), change], &[]),
            Err(EditError::Broken("bytes outside the list")),
            "{change:?}"
        );
    }
}

#[test]
fn a_name_that_stays_is_found() {
    let rename = rename("cache_keys");
    let before = "[tool.uv]\ncache_keys = ['a']\n";
    assert_eq!(verdict(before, &rename, &[("cache_keys", "cache-keys")], &[]), Ok(()));
    let told = [("cache_keys = ['a']", "cache-keys = ['a']\ncache_keys = ['a']")];
    assert_eq!(verdict(before, &rename, &told, &[]), Err(EditError::Broken("the old name")));
    let told = [("cache_keys = ['a']", "cache-keys = ['b']")];
    assert_eq!(verdict(before, &rename, &told, &[]), Err(EditError::Broken("the keys")));
}

#[test]
fn a_comment_goes_alone() {
    let remove = Operation::RemoveComment { at: BEFORE.find("# d").unwrap() };
    assert_eq!(verdict(BEFORE, &remove, &[(" # d", "")], &[]), Ok(()));
    let told = [(" # d", ""), ("'a'", "'b'")];
    assert_eq!(verdict(BEFORE, &remove, &told, &[]), Err(EditError::Broken("values")));
    for change in [(" # c", ""), ("x", " x")] {
        let broken = Err(EditError::Broken("bytes outside the comment"));
        assert_eq!(verdict(BEFORE, &remove, &[(" # d", ""), change], &[]), broken, "{change:?}");
        assert_eq!(verdict(BEFORE, &remove, &[(" # d", "")], &[change]), broken, "{change:?}, untold");
    }
}

#[test]
fn splices_that_do_not_fit_are_found() {
    let splices = |ranges: &[(usize, usize)]| {
        ranges.iter().map(|&(start, end)| Splice { range: start..end, content: "x".to_owned() }).collect::<Vec<_>>()
    };
    assert!(sorted(splices(&[(1, 3), (2, 4)])).is_err());
    assert!(splice("ab", &splices(&[(1, 3)])).is_err());
    assert!(splice("ü", &splices(&[(1, 1)])).is_err());
}
