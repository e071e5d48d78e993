//! What an expression may be, and where it stands.

use std::collections::HashMap;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// One thing that an expression may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Atom {
    Text(String),
    /// Below `OUT_DIR`, or a variable that cargo sets: no input.
    Output,
    Unknown,
}

/// All things that an expression may be: the elements of a list, and of what a loop runs through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Value(pub(super) Vec<Atom>);

/// The names that are bound where an expression stands.
pub(super) type Scope = HashMap<String, Value>;

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) scope: &'a Scope,
    /// The directory of the package.
    pub(super) package: &'a Path,
    /// Whether a constant of another crate is taken for what it is called: `EnvVars::OUT_DIR` where a variable is named.
    pub(super) by_name: bool,
    /// The evaluator, which what it asks for help may need in turn.
    evaluator: fn(&[TokenTree], Context<'_>) -> Value,
}

impl<'a> Context<'a> {
    pub(super) fn new(scope: &'a Scope, package: &'a Path, evaluator: fn(&[TokenTree], Context<'_>) -> Value) -> Self {
        Self { scope, package, by_name: false, evaluator }
    }

    /// The value of an expression that stands here.
    pub(super) fn evaluate(self, tokens: &[TokenTree]) -> Value {
        (self.evaluator)(tokens, self)
    }

    pub(super) fn evaluate_stream(self, stream: TokenStream) -> Value {
        self.evaluate(&stream.into_iter().collect::<Vec<_>>())
    }

    pub(super) fn naming_variables(self) -> Self {
        Self { by_name: true, ..self }
    }
}

/// More alternatives than this are no knowledge.
const MANY: usize = 64;

impl Value {
    pub(super) fn unknown() -> Self {
        Self(vec![Atom::Unknown])
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self(vec![Atom::Text(text.into())])
    }

    /// Every combination of the alternatives of two values.
    pub(super) fn combine(&self, other: &Self, with: impl Fn(&str, &str) -> String) -> Self {
        if self.0.len() * other.0.len() > MANY {
            return Self::unknown();
        }
        let one = |a: &Atom, b: &Atom| match (a, b) {
            (Atom::Output, _) | (_, Atom::Output) => Atom::Output,
            (Atom::Text(a), Atom::Text(b)) => Atom::Text(with(a, b)),
            _ => Atom::Unknown,
        };
        Self(self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b))).map(|(a, b)| one(a, b)).collect())
    }

    pub(super) fn join(&self, other: &Self) -> Self {
        self.combine(other, |a, b| Path::new(a).join(b).to_string_lossy().into_owned())
    }

    /// The elements of a list as one path.
    pub(super) fn join_all(self) -> Self {
        let mut parts = self.0.into_iter().map(|atom| Self(vec![atom]));
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |path, part| path.join(&part))
    }

    pub(super) fn map(self, with: impl Fn(&str) -> Option<String>) -> Self {
        let one = |atom| match atom {
            Atom::Text(text) => with(&text).map_or(Atom::Unknown, Atom::Text),
            other => other,
        };
        Self(self.0.into_iter().map(one).collect())
    }
}

pub(super) fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}
