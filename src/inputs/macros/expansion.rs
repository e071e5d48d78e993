//! Expands calls of local macros, within limits on depth and length.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::{Group, TokenStream};

use super::by_example::{Fuel, Rules};
use super::definitions::Definitions;
use super::expression;
use super::origin::Origin;
use super::variables::Value;
use crate::inputs::sources::tokens::{self, DEEPEST};

/// The maximum number of tokens that are read or written to expand the macros of one file.
const MOST: usize = 1 << 20;

/// Expands the macro calls of one source.
pub(super) struct Expansion<'a> {
    origin: &'a Origin<'a>,
    pub(super) definitions: &'a Definitions,
    fuel: Fuel,
    /// Parsed rules, by the text of the macro.
    rules: HashMap<&'a str, Option<Rc<Rules>>>,
    /// The current depth of nested groups and expansions.
    pub(super) depth: usize,
}

impl<'a> Expansion<'a> {
    pub(super) fn new(origin: &'a Origin<'a>, definitions: &'a Definitions) -> Self {
        Self { origin, definitions, fuel: Fuel(MOST), rules: HashMap::new(), depth: 0 }
    }

    /// The expansion of a call, for each definition of that name. Empty if no definition matches.
    pub(super) fn expand(&mut self, name: &str, arguments: &Group) -> Vec<TokenStream> {
        let Some(deepest) = DEEPEST.checked_sub(self.depth) else { return Vec::new() };
        let bodies = self.definitions.bodies(self.origin.disk, name, self.origin.package);
        let expanded = bodies.into_iter().filter_map(|body| {
            let parse = || Rules::parse(tokens::parse(body).ok()?).map(Rc::new);
            let rules = self.rules.entry(body).or_insert_with(parse).clone()?;
            rules.expand(arguments.stream(), &mut self.fuel)
        });
        expanded.filter(|expanded| !tokens::is_deep(expanded.clone(), deepest)).collect()
    }

    /// The value of an argument.
    pub(super) fn evaluate(&mut self, tokens: TokenStream) -> Value {
        expression::evaluate(tokens, self.origin, &mut |name, arguments| {
            self.depth += 1;
            let expanded = self.expand(name, arguments).into_iter().next();
            let value = expanded.map(|expanded| self.evaluate(expanded));
            self.depth -= 1;
            value
        })
    }
}
