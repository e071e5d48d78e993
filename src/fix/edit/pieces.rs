//! Sorts and applies splices, and maps the splices of several steps back to the original text.

use std::ops::Range;

use super::operation::{EditError, Splice};

impl Splice {
    pub(super) fn insert(at: usize, content: impl Into<String>) -> Self {
        Self { range: at..at, content: content.into() }
    }

    pub(super) fn delete(range: Range<usize>) -> Self {
        Self { range, content: String::new() }
    }

    pub(super) fn replace(range: Range<usize>, content: impl Into<String>) -> Self {
        Self { range, content: content.into() }
    }
}

/// The splices sorted by place. Overlapping splices are an error of the step that made them.
pub(super) fn sorted(mut splices: Vec<Splice>) -> Result<Vec<Splice>, EditError> {
    splices.retain(|splice| !splice.range.is_empty() || !splice.content.is_empty());
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    if splices.windows(2).any(|pair| pair[0].range.end > pair[1].range.start) {
        return Err(EditError::Broken("splices overlap"));
    }
    Ok(splices)
}

/// The text after the sorted `splices` are applied.
pub(super) fn splice(text: &str, splices: &[Splice]) -> Result<String, EditError> {
    let outside = EditError::Broken("a splice lies outside the text");
    let mut result =
        String::with_capacity(text.len() + splices.iter().map(|splice| splice.content.len()).sum::<usize>());
    let mut done = 0;
    for splice in splices {
        result.push_str(text.get(done..splice.range.start).ok_or(outside.clone())?);
        result.push_str(&splice.content);
        done = splice.range.end;
    }
    result.push_str(text.get(done..).ok_or(outside)?);
    Ok(result)
}

/// The current text as ranges of the original text, with new text between them.
pub(super) struct Pieces(Vec<Piece>);

enum Piece {
    Kept(Range<usize>),
    New(String),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Kept(range) => range.len(),
            Self::New(text) => text.len(),
        }
    }
}

impl Pieces {
    pub(super) fn new(len: usize) -> Self {
        let whole = 0..len;
        Self(vec![Piece::Kept(whole)])
    }

    /// Applies sorted splices to the current text.
    pub(super) fn apply(&mut self, splices: &[Splice]) -> Result<(), EditError> {
        for splice in splices.iter().rev() {
            let start = self.cut(splice.range.start)?;
            let end = self.cut(splice.range.end)?;
            self.0.splice(start..end, [Piece::New(splice.content.clone())]);
        }
        Ok(())
    }

    /// Splits the pieces so that one starts at offset `at` of the current text. Returns its index.
    fn cut(&mut self, at: usize) -> Result<usize, EditError> {
        let mut start = 0;
        for (number, piece) in self.0.iter_mut().enumerate() {
            if at == start {
                return Ok(number);
            }
            let len = piece.len();
            if at < start + len {
                let offset = at - start;
                let rest = match piece {
                    Piece::Kept(range) => {
                        let rest = range.start + offset..range.end;
                        range.end = rest.start;
                        Piece::Kept(rest)
                    }
                    Piece::New(text) if text.is_char_boundary(offset) => Piece::New(text.split_off(offset)),
                    Piece::New(_) => return Err(EditError::Broken("a splice divides a character")),
                };
                self.0.insert(number + 1, rest);
                return Ok(number + 1);
            }
            start += len;
        }
        if at == start { Ok(self.0.len()) } else { Err(EditError::Broken("a splice lies outside the text")) }
    }

    /// The splices that turn `original` into `current`, each as small as possible.
    pub(super) fn splices(&self, original: &str, current: &str) -> Result<Vec<Splice>, EditError> {
        let mut splices = Vec::new();
        let mut content = String::new();
        let mut done = 0;
        for piece in &self.0 {
            match piece {
                Piece::New(text) => content.push_str(text),
                Piece::Kept(range) if range.is_empty() => {}
                Piece::Kept(range) => {
                    splices.push(trimmed(original, done..range.start, std::mem::take(&mut content)));
                    done = range.end;
                }
            }
        }
        splices.push(trimmed(original, done..original.len(), content));
        let splices = sorted(splices)?;
        if splice(original, &splices)? == current {
            Ok(splices)
        } else {
            Err(EditError::Broken("the splices do not lead to the text"))
        }
    }
}

/// A splice without the common start and the common end of the old and new bytes.
fn trimmed(original: &str, mut range: Range<usize>, mut content: String) -> Splice {
    let Some(old) = original.get(range.clone()) else {
        return Splice { range, content };
    };
    let same = |(left, right): &(char, char)| left == right;
    let prefix: usize = old.chars().zip(content.chars()).take_while(same).map(|(found, _)| found.len_utf8()).sum();
    let (old, new) = (&old[prefix..], &content[prefix..]);
    let suffix: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(found, _)| found.len_utf8()).sum();
    range = range.start + prefix..range.end - suffix;
    content = new[..new.len() - suffix].to_owned();
    Splice { range, content }
}
