//! Removing comments.

use super::{exactly, file, insert, remove};
use crate::fix::edit::{EditError, Operation, apply};

fn uncomment(text: &str, comment: &str) -> Operation {
    Operation::RemoveComment { at: text.find(comment).unwrap() }
}

/// Tests with every kind of line end, since the place of a comment depends on it.
#[track_caller]
fn goes(before: &str, after: &str) {
    for (mark, newline) in [("", "\n"), ("", "\r\n"), ("\u{feff}", "\n")] {
        let write = |text: &str| format!("{mark}{}", text.replace('\n', newline));
        let before = write(before);
        let edited = apply(&before, &[uncomment(&before, "# x")]).unwrap();
        assert_eq!(edited, write(after));
    }
}

#[test]
fn a_line_of_its_own_goes_as_a_whole() {
    goes("# x\n[tool.uv]\n", "[tool.uv]\n");
    goes("[tool.uv]\n\n  # x\n  # y\ncache-keys = []\n", "[tool.uv]\n\n  # y\ncache-keys = []\n");
    goes("[tool.uv]\n# x", "[tool.uv]\n");
    goes("a = [\n    # x\n    1,\n]\n", "a = [\n    1,\n]\n");
}

#[test]
fn behind_something_the_line_stays() {
    goes("[tool.uv] # x\na = 1\n", "[tool.uv]\na = 1\n");
    goes("a = [\n    1, \t # x\n    2\n]\n", "a = [\n    1,\n    2\n]\n");
    goes("a = '# y' # x", "a = '# y'");
}

#[test]
fn what_is_no_comment_stays() {
    for text in ["a = '# x'\n", "a = '''\n# x\n'''\n", "a = 1 # y # x\n"] {
        let at = text.find("# x").unwrap();
        assert_eq!(apply(text, &[Operation::RemoveComment { at }]), Err(EditError::NoComment(at)), "{text}");
    }
}

#[test]
fn comments_go_before_keys_come() {
    let before = "[tool.uv]\ncache-keys = [\n    'a', # x\n    'b',\n]\n";
    let operations = [uncomment(before, "# x"), remove(1), insert(1, file("c"))];
    assert_eq!(apply(before, &operations).unwrap(), "[tool.uv]\ncache-keys = [\n    'a',\n    'c',\n]\n");
    exactly("a = 1\n", &[], "a = 1\n");
}
