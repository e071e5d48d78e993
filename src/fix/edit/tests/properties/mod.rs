//! Random documents and operations. The results are checked by other means than those of the code: facts that are known since the
//! text was generated, plain text search, and a comparison of the values as JSON.

mod document;
mod lists;
mod model;
mod tables;

use proptest::prelude::*;

use self::document::{key, key_spec};
use self::model::{Model, check_line_ends, comments, keys, values};
use super::{create, rename};
use crate::cache_keys::Key;
use crate::fix::edit::{EditError, Operation, apply};
use crate::output::Edit;

/// The kind of each operation, its place, and the keys in it.
type Steps = Vec<(usize, usize, Vec<(usize, &'static str)>)>;

fn steps() -> impl Strategy<Value = Steps> {
    prop::collection::vec((0_usize..4, 0_usize..60, new_keys()), 0..7)
}

fn new_keys() -> impl Strategy<Value = Vec<(usize, &'static str)>> {
    prop::collection::vec(key_spec(), 1..4)
}

/// Where a text is damaged, how many characters are removed, and what is inserted.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, String)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0_usize..4, "[\\[\\]{}=,.\"'#\n\r\t a\u{feff}]{0,3}"), 1..4)
}

/// The keys of a step, with numbers that no other key has.
fn keys_of(step: usize, keys: &[(usize, &'static str)]) -> Vec<Key> {
    keys.iter().enumerate().map(|(at, spec)| key(100 * (step + 1) + at, *spec)).collect()
}

/// Applies the steps at once and one by one, and checks the result.
fn check(document: document::Document, steps: &Steps) {
    let mut model = Model::new(document);
    for (number, (kind, at, keys)) in steps.iter().enumerate() {
        model.note(*kind, *at, &keys_of(number, keys));
    }
    let before = model.document.text.clone();
    let edited = apply(&before, &model.operations).unwrap();
    let context = format!("{:#?}\n--- before:\n{before}\n--- after:\n{edited}\n---", model.operations);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| model.check(&edited)));
    assert!(outcome.is_ok(), "{context}");

    let mut text = before;
    for operation in model.operations {
        text = apply(&text, &[operation]).unwrap();
    }
    assert_eq!(text, edited, "one by one");
}

proptest! {
    #[test]
    fn arrays(document in lists::document(), steps in steps()) {
        check(document, &steps);
    }

    #[test]
    fn blocks(document in tables::document(), steps in steps()) {
        check(document, &steps);
    }

    #[test]
    fn new_lists(document in tables::document_without_list(), specs in new_keys()) {
        let (before, new) = (document.text, keys_of(0, &specs));
        let edited = apply(&before, &[create(&new)]).unwrap();
        check_line_ends(&before, &edited);
        prop_assert_eq!(values(&before), values(&edited));
        prop_assert_eq!(keys(&edited), new);
        prop_assert_eq!(comments(&before), comments(&edited));
        // Only the list was added, in one piece, and a comma if one was missing before it.
        let Edit { range, content } = Edit::between(&before, &edited);
        let added = content.strip_prefix(',').unwrap_or(&content);
        prop_assert!(added.starts_with(&before[range]), "{}", edited);
        prop_assert!(edited.ends_with('\n') || !edited.starts_with(&before));
    }

    #[test]
    fn comments_taken_away(
        document in prop_oneof![lists::document(), tables::document(), tables::document_without_list()],
        which in any::<prop::sample::Index>(),
    ) {
        let before = document.text;
        let all = comments(&before);
        prop_assume!(!all.is_empty());
        let gone = which.index(all.len());
        // The frame contains the same text in a string at its start, so the last occurrence is the comment.
        let at = before.rfind(&all[gone]).unwrap();
        let edited = apply(&before, &[Operation::RemoveComment { at }]).unwrap();
        prop_assert_eq!(values(&before), values(&edited));
        let left: Vec<String> = all.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, text)| text.clone()).collect();
        prop_assert_eq!(comments(&edited), left);
        // Only the comment and the blanks before it are removed, and the line end if nothing else was on the line.
        let head = before[..at].trim_end_matches([' ', '\t']);
        let tail = before[at..].find(['\r', '\n']).map_or("", |end| &before[at + end..]);
        let is_alone = head.is_empty() || head.ends_with(['\n', '\u{feff}']);
        let tail = if is_alone { tail.split_once('\n').map_or("", |(_, tail)| tail) } else { tail };
        prop_assert_eq!(edited, format!("{head}{tail}"));
    }

    #[test]
    fn misspelt_names(document in prop_oneof![lists::document(), tables::document()]) {
        let misspelt = document.text.replace("cache-keys", "cache_keys");
        match apply(&misspelt, &[rename("cache_keys")]) {
            // The frame contains the name in other places too, where it must stay.
            Ok(edited) => prop_assert_eq!(keys(&edited), keys(&document.text)),
            // One of the places spells the name with an escape, which is not found.
            Err(_) => prop_assert!(document.text.contains("\\u002D")),
        }
    }

    /// No text causes a panic, a wrong result, or an edit that the checks have to stop.
    #[test]
    fn damaged_texts(
        document in prop_oneof![lists::document(), tables::document(), tables::document_without_list()],
        damage in damage(),
        steps in steps(),
    ) {
        let mut text = document.text;
        for (place, len, new) in damage {
            let boundaries: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = place.index(boundaries.len());
            let end = (start + len).min(boundaries.len() - 1);
            text.replace_range(boundaries[start]..boundaries[end], &new);
        }
        for (number, (kind, at, specs)) in steps.iter().enumerate() {
            let (index, keys) = (at % 5, keys_of(number, specs));
            let operations = match kind {
                0 => vec![super::remove(index)],
                1 => super::replace(index, &keys),
                2 => vec![super::insert(index, keys[0].clone())],
                _ => vec![create(&keys)],
            };
            match apply(&text, &operations) {
                Ok(edited) => {
                    prop_assert_eq!(values(&text), values(&edited));
                    text = edited;
                }
                Err(error) => prop_assert!(!matches!(error, EditError::Broken(_)), "{}", error),
            }
        }
    }
}
