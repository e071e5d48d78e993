//! Expands calls of `macro_rules!` macros.
//!
//! Source: the Rust reference, "Macros By Example". Written for macros that rustc accepts: a fragment ends at a token that may
//! follow it, and not where a parser would end it. A repetition takes as much as it can.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

use super::fragment;

/// The arms of a macro, in their order.
pub(super) struct Rules(Vec<(Vec<Part>, Vec<Part>)>);

/// A part of a matcher or of a transcriber.
enum Part {
    Token(TokenTree),
    Group(Delimiter, Vec<Part>),
    /// `$name:kind`; in a transcriber `$name`, without a kind.
    Fragment(Ident, String),
    /// `$(…) separator operator`.
    Repetition(Vec<Part>, Vec<TokenTree>, char),
}

/// The value of a metavariable.
#[derive(Clone)]
enum Bound {
    Tokens(Rc<[TokenTree]>),
    Each(Rc<[Bound]>),
}

type Bindings = HashMap<String, Bound>;

/// The number of tokens that may still be read or written. Macros can double their arguments again and again.
pub(super) struct Fuel(pub(super) usize);

impl Fuel {
    fn burn(&mut self, tokens: usize) -> Option<()> {
        let left = self.0.checked_sub(tokens);
        self.0 = left.unwrap_or(0);
        left.map(drop)
    }
}

impl Rules {
    /// Parses what follows `macro_rules! name`.
    pub(super) fn parse(body: TokenStream) -> Option<Self> {
        let (tokens, mut arms) = (Vec::from_iter(body), Vec::new());
        let mut rest = tokens.as_slice();
        while let [TokenTree::Group(matcher), TokenTree::Punct(equals), TokenTree::Punct(greater), others @ ..] = rest {
            let [TokenTree::Group(transcriber), others @ ..] = others else { return None };
            if (equals.as_char(), greater.as_char()) != ('=', '>') {
                return None;
            }
            arms.push((parts(matcher.stream(), true)?, parts(transcriber.stream(), false)?));
            let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
            rest = if others.first().is_some_and(is_semicolon) { &others[1..] } else { others };
        }
        (rest.is_empty() && !arms.is_empty()).then_some(Self(arms))
    }

    /// The expansion by the first arm that matches; `None` if no arm matches, or if the expansion is too long.
    pub(super) fn expand(&self, arguments: TokenStream, fuel: &mut Fuel) -> Option<TokenStream> {
        let input = Vec::from_iter(arguments);
        for (matcher, transcriber) in &self.0 {
            fuel.burn(1)?;
            let mut bound = Bindings::new();
            if prefix(matcher, &input, &mut bound, fuel) == Some(input.len()) {
                let mut out = Vec::new();
                transcribe(transcriber, &bound, &mut out, fuel)?;
                return Some(out.into_iter().collect());
            }
        }
        None
    }
}

/// Splits tokens at `$`.
fn parts(stream: TokenStream, is_matcher: bool) -> Option<Vec<Part>> {
    let (tokens, mut parts_of) = (Vec::from_iter(stream), Vec::new());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match (token, tokens.get(at)) {
            (TokenTree::Punct(dollar), Some(TokenTree::Ident(name))) if dollar.as_char() == '$' => {
                at += 1;
                let kind = match (&tokens[at..], is_matcher && name != "crate") {
                    ([TokenTree::Punct(colon), TokenTree::Ident(kind), ..], true) if colon.as_char() == ':' => {
                        at += 2;
                        kind.to_string()
                    }
                    (_, true) => return None,
                    (_, false) => String::new(),
                };
                parts_of.push(if name == "crate" {
                    Part::Token(TokenTree::Ident(name.clone()))
                } else {
                    Part::Fragment(name.clone(), kind)
                });
            }
            (TokenTree::Punct(dollar), Some(TokenTree::Group(group))) if dollar.as_char() == '$' => {
                // `${count(x)}` is not stable.
                if group.delimiter() != Delimiter::Parenthesis {
                    return None;
                }
                at += 1;
                let separated = match operator(tokens.get(at)) {
                    Some(_) => 0,
                    None => fragment::operator(&tokens[at..]).max(1),
                };
                let separator = tokens.get(at..at + separated)?.to_vec();
                at += separated + 1;
                parts_of.push(Part::Repetition(
                    parts(group.stream(), is_matcher)?,
                    separator,
                    operator(tokens.get(at - 1))?,
                ));
            }
            (TokenTree::Group(group), _) => {
                parts_of.push(Part::Group(group.delimiter(), parts(group.stream(), is_matcher)?));
            }
            _ => parts_of.push(Part::Token(token.clone())),
        }
    }
    Some(parts_of)
}

/// The operator of a repetition: `*`, `+` or `?`.
fn operator(token: Option<&TokenTree>) -> Option<char> {
    match token {
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '*' | '+' | '?') => Some(punct.as_char()),
        _ => None,
    }
}

/// The number of tokens at the start of `input` that the matcher takes.
fn prefix(matcher: &[Part], input: &[TokenTree], bound: &mut Bindings, fuel: &mut Fuel) -> Option<usize> {
    let mut at = 0;
    for part in matcher {
        fuel.burn(1)?;
        at += match part {
            Part::Token(expected) => input.get(at).filter(|token| is_same(token, expected)).map(|_| 1)?,
            Part::Group(delimiter, inner) => {
                let Some(TokenTree::Group(group)) = input.get(at) else { return None };
                let tokens = Vec::from_iter(group.stream());
                let is_alike = group.delimiter() == *delimiter;
                (is_alike && prefix(inner, &tokens, bound, fuel)? == tokens.len()).then_some(1)?
            }
            Part::Fragment(name, kind) => {
                let length = fragment::length(kind, &input[at..])?;
                fuel.burn(length)?;
                let tokens = wrapped(kind, &input[at..at + length]);
                bound.insert(name.to_string(), Bound::Tokens(tokens));
                length
            }
            Part::Repetition(inner, separator, operator) => {
                repetition(inner, separator, *operator, &input[at..], bound, fuel)?
            }
        };
    }
    Some(at)
}

fn repetition(
    inner: &[Part],
    separator: &[TokenTree],
    operator: char,
    input: &[TokenTree],
    bound: &mut Bindings,
    fuel: &mut Fuel,
) -> Option<usize> {
    let (mut rounds, mut end) = (Vec::new(), 0);
    while end < input.len() && (operator != '?' || rounds.is_empty()) {
        let start = if rounds.is_empty() { end } else { end + separator.len() };
        let is_separated = input.get(end..start).is_some_and(|tokens| {
            tokens.iter().zip(if rounds.is_empty() { &[] } else { separator }).all(|(a, b)| is_same(a, b))
        });
        let mut round = Bindings::new();
        let length = if is_separated { prefix(inner, &input[start..], &mut round, fuel) } else { None };
        // If no repetition follows a separator, the separator belongs to the next part of the matcher.
        match length {
            Some(length) if start + length > end => end = start + length,
            _ => break,
        }
        rounds.push(round);
    }
    if operator == '+' && rounds.is_empty() {
        return None;
    }
    for name in names(inner) {
        let each = rounds.iter().filter_map(|round| round.get(&name).cloned()).collect();
        bound.insert(name, Bound::Each(each));
    }
    fuel.burn(0).map(|()| end)
}

/// Puts an expression into a group without delimiters, so that it stays one operand.
fn wrapped(kind: &str, tokens: &[TokenTree]) -> Rc<[TokenTree]> {
    if kind.starts_with("expr") && tokens.len() > 1 {
        let group = Group::new(Delimiter::None, tokens.iter().cloned().collect());
        return Rc::new([TokenTree::Group(group)]);
    }
    tokens.into()
}

/// The metavariables in a matcher or transcriber.
fn names(parts: &[Part]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in parts {
        match part {
            Part::Token(_) => {}
            Part::Fragment(name, _) => drop(found.insert(name.to_string())),
            Part::Group(_, inner) | Part::Repetition(inner, ..) => found.extend(names(inner)),
        }
    }
    found
}

fn transcribe(parts: &[Part], bound: &Bindings, out: &mut Vec<TokenTree>, fuel: &mut Fuel) -> Option<()> {
    for part in parts {
        fuel.burn(1)?;
        match part {
            Part::Token(token) => out.push(token.clone()),
            Part::Group(delimiter, inner) => {
                let mut tokens = Vec::new();
                transcribe(inner, bound, &mut tokens, fuel)?;
                out.push(TokenTree::Group(Group::new(*delimiter, tokens.into_iter().collect())));
            }
            Part::Fragment(name, _) => match bound.get(&name.to_string()) {
                Some(Bound::Tokens(tokens)) => {
                    fuel.burn(tokens.len())?;
                    out.extend(tokens.iter().cloned());
                }
                Some(Bound::Each(_)) => return None,
                // It belongs to a macro that this macro defines.
                None => {
                    out.push(TokenTree::Punct(proc_macro2::Punct::new('$', Spacing::Alone)));
                    out.push(TokenTree::Ident(name.clone()));
                }
            },
            Part::Repetition(inner, separator, _) => {
                let used = names(inner);
                let each: Vec<(&String, &Rc<[Bound]>)> = used
                    .iter()
                    .filter_map(|name| match bound.get(name)? {
                        Bound::Each(each) => Some((name, each)),
                        Bound::Tokens(_) => None,
                    })
                    .collect();
                let rounds = each.iter().map(|(_, each)| each.len()).min()?;
                let mut scope = bound.clone();
                for round in 0..rounds {
                    if round > 0 {
                        out.extend(separator.iter().cloned());
                    }
                    scope.extend(each.iter().map(|(name, each)| ((*name).clone(), each[round].clone())));
                    transcribe(inner, &scope, out, fuel)?;
                }
            }
        }
    }
    Some(())
}

fn is_same(token: &TokenTree, expected: &TokenTree) -> bool {
    match (token, expected) {
        (TokenTree::Ident(a), TokenTree::Ident(b)) => a == b,
        (TokenTree::Punct(a), TokenTree::Punct(b)) => a.as_char() == b.as_char(),
        (TokenTree::Literal(a), TokenTree::Literal(b)) => a.to_string() == b.to_string(),
        _ => false,
    }
}
