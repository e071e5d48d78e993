//! The possible values of an expression of a build script.
//!
//! A text or path may be known in part: a [`HOLE`] stands for the unknown part, so `data/{name}.json` is still known to be in
//! `data`. [`ELSEWHERE`] stands for a place that holds no source. The current directory of a build script is its package (cargo
//! book, "Build Scripts: Inputs to the Build Script"), so a relative path and a path below `CARGO_MANIFEST_DIR` mean the same.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::rc::Rc;

use syn::ExprClosure;

use super::code::Function;
use super::place::{ELSEWHERE, HOLE};
use crate::fs::path;

pub(super) type Scope = Rc<HashMap<String, Value>>;

pub(super) enum Callable {
    Function(Rc<Function>),
    Closure { closure: Box<ExprClosure>, scopes: Vec<Scope>, frame: usize, file: usize },
}

/// A value with more alternatives than this is unknown.
const MANY: usize = 64;

/// A list with more elements, or a longer text, is unknown.
const LARGE: usize = 4096;

#[derive(Clone)]
pub(super) enum Value {
    /// A text, a path or a number: one of these. Empty if nothing is returned: `None`, `panic!()`.
    Text(Vec<String>),
    List(Vec<Value>),
    /// A struct, or a tuple with the numbers of the fields as names.
    Fields(BTreeMap<String, Value>),
    Function(Rc<Callable>),
    /// A program to be run: the index of its act.
    Program(usize),
    /// A builder that prints no lines for cargo.
    Silent,
}

impl Value {
    pub(super) fn unknown() -> Self {
        Self::text(HOLE)
    }

    pub(super) fn nothing() -> Self {
        Self::Text(Vec::new())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(vec![text.into()])
    }

    pub(super) fn fields(values: impl IntoIterator<Item = Value>) -> Self {
        Self::Fields(values.into_iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()).bounded()
    }

    /// A list. Unknown if it is too large.
    pub(super) fn list(elements: Vec<Value>) -> Self {
        Self::List(elements).bounded()
    }

    fn bounded(self) -> Self {
        if self.weight(LARGE) > LARGE { Self::unknown() } else { self }
    }

    /// The number of values in it, or more than `most` if there are more.
    fn weight(&self, most: usize) -> usize {
        let mut sum = 1;
        let parts: &mut dyn Iterator<Item = &Self> = match self {
            Self::List(elements) => &mut elements.iter(),
            Self::Fields(fields) => &mut fields.values(),
            _ => return sum,
        };
        while sum <= most
            && let Some(part) = parts.next()
        {
            sum += part.weight(most - sum);
        }
        sum
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Text(texts) if texts.is_empty())
    }

    /// The possible texts of the value or of its elements; at least one.
    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(texts) if !texts.is_empty() => texts.clone(),
            Self::List(elements) => elements.iter().flat_map(Self::texts).collect(),
            _ => vec![HOLE.to_string()],
        }
    }

    /// The text, if only one is possible.
    pub(super) fn single(&self) -> Option<&str> {
        match self {
            Self::Text(texts) if texts.len() == 1 => {
                texts.first().map(String::as_str).filter(|text| !text.contains(HOLE))
            }
            _ => None,
        }
    }

    /// The values that a loop over it iterates.
    pub(super) fn elements(self) -> Vec<Self> {
        match self {
            Self::List(elements) => elements,
            other => vec![other],
        }
    }

    /// An unknown element of a list.
    pub(super) fn any_element(self) -> Self {
        match self {
            Self::List(elements) => elements.into_iter().reduce(Self::or).unwrap_or_else(Self::unknown),
            other => other,
        }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        match self {
            Self::Fields(fields) => fields.get(name).cloned().unwrap_or_else(Self::unknown),
            // An unknown part of a path that is only known in part: `entry.path`.
            _ => Self::unknown(),
        }
    }

    /// Either of the two.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a.is_nothing() => b,
            (a, b) if b.is_nothing() => a,
            (Self::Text(mut texts), Self::Text(others)) => {
                texts.extend(others);
                distinct(texts)
            }
            (Self::List(mut elements), Self::List(others)) => {
                let known: Vec<Vec<String>> = elements.iter().map(Self::texts).collect();
                elements.extend(others.into_iter().filter(|other| !known.contains(&other.texts())));
                Self::list(elements)
            }
            (Self::Fields(mut fields), Self::Fields(others)) => {
                for (name, other) in others {
                    let value = fields.remove(&name).unwrap_or_else(Self::nothing);
                    fields.insert(name, value.or(other));
                }
                Self::Fields(fields)
            }
            (Self::Function(a), Self::Function(b)) if Rc::ptr_eq(&a, &b) => Self::Function(a),
            (Self::Program(a), Self::Program(b)) if a == b => Self::Program(a),
            (Self::Silent, Self::Silent) => Self::Silent,
            _ => Self::unknown(),
        }
    }

    /// Every combination of the possible texts of the two.
    pub(super) fn combine(&self, other: &Self, with: impl Fn(&str, &str) -> String) -> Self {
        let (ours, theirs) = (self.texts(), other.texts());
        if ours.len() * theirs.len() > MANY {
            return Self::unknown();
        }
        distinct(ours.iter().flat_map(|a| theirs.iter().map(|b| with(a, b))).collect())
    }

    pub(super) fn concat(&self, other: &Self) -> Self {
        self.combine(other, |a, b| format!("{a}{b}"))
    }

    pub(super) fn join(&self, other: &Self) -> Self {
        self.combine(other, |directory, name| {
            if name.starts_with(ELSEWHERE) { name.to_owned() } else { path::slashed(&Path::new(directory).join(name)) }
        })
    }

    /// The elements of a list as one path.
    pub(super) fn join_all(self) -> Self {
        self.elements().into_iter().reduce(|path, part| path.join(&part)).unwrap_or_else(|| Self::text(""))
    }

    /// Applies `with` to each text. If `with` returns `None`, the text is unknown. A path elsewhere stays elsewhere.
    pub(super) fn map(&self, with: impl Fn(&str) -> Option<String>) -> Self {
        self.map_each(|text| if text.contains(ELSEWHERE) { Some(text.to_owned()) } else { with(text) })
    }

    /// Like [`Self::map`], but also applies `with` to paths elsewhere.
    pub(super) fn map_each(&self, with: impl Fn(&str) -> Option<String>) -> Self {
        distinct(self.texts().iter().map(|text| with(text).unwrap_or_else(|| HOLE.to_string())).collect())
    }
}

fn distinct(texts: Vec<String>) -> Value {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let text = if text.len() > LARGE { HOLE.to_string() } else { text };
        if !found.contains(&text) {
            found.push(text);
        }
    }
    if found.len() > MANY { Value::unknown() } else { Value::Text(found) }
}

/// Whether two values have the same texts.
pub(super) fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Value::Fields(a), Value::Fields(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && alike(a.1, b.1))
        }
        (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
        (Value::Program(a), Value::Program(b)) => a == b,
        (Value::Silent, Value::Silent) => true,
        _ => false,
    }
}
