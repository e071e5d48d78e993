//! Runs a build script on partly known values: every branch, every function call with its arguments, every element of a known
//! list.
//!
//! It always ends: calls are only followed to a limited depth and for a limited number of steps. After that, each function is
//! walked once with unknown arguments, and so is each function that is never called.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use syn::{Block, Stmt};

use super::act::{Act, At};
use super::code::{Code, Function, is_test};
use super::script::File;
use super::value::{Scope, Value, alike};

/// The maximum depth of followed calls and of nested expressions.
const DEEPEST_CALL: usize = 16;
const DEEPEST: usize = 600;

/// The number of evaluated expressions after which calls and loops are no longer followed.
pub(super) const MOST_STEPS: usize = 200_000;

/// If a block has more names, the others are not followed.
const MOST_NAMES: usize = 512;

/// Loops over more elements are walked once.
const MOST_ELEMENTS: usize = 64;

pub(super) struct Interpreter<'a> {
    pub(super) code: &'a Code,
    pub(super) files: &'a [File],
    /// The directory of the package.
    pub(super) package: &'a Path,
    pub(super) acts: Vec<At>,
    /// The directories that other paths are built from.
    pub(super) joined: BTreeSet<String>,
    /// The index of the file that is being walked.
    pub(super) file: usize,
    /// Whether a literal is only shown to a person, and so names no file.
    pub(super) is_shown: bool,
    /// Whether a constant of another crate evaluates to its own name: `EnvVars::OUT_DIR` as the name of a variable.
    pub(super) by_name: bool,
    pub(super) scopes: Vec<Scope>,
    pub(super) returned: Value,
    /// The number of the running call, and the number of calls so far.
    pub(super) frame: usize,
    pub(super) frames: usize,
    pub(super) running: Vec<*const Function>,
    pub(super) called: HashSet<*const Function>,
    constants: HashMap<String, Value>,
    pub(super) steps: usize,
    depth: usize,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(code: &'a Code, files: &'a [File], package: &'a Path) -> Self {
        Self {
            code,
            files,
            package,
            acts: Vec::new(),
            joined: BTreeSet::new(),
            file: 0,
            is_shown: false,
            by_name: false,
            scopes: Vec::new(),
            returned: Value::nothing(),
            frame: 0,
            frames: 0,
            running: Vec::new(),
            called: HashSet::new(),
            constants: HashMap::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// Walks `main`, then the functions of the script that were not called. Functions of a helper crate, which others may use
    /// too, only count if the script calls them.
    pub(super) fn run(mut self) -> (Vec<At>, BTreeSet<String>) {
        let mut functions: Vec<&Rc<Function>> = self.code.functions.values().flatten().collect();
        functions.retain(|function| self.files[function.file].helper.is_none());
        let place = |function: &Function| (function.file, function.signature.ident.span().start().line);
        functions.sort_by_key(|function| (function.signature.ident != "main", place(function)));
        for function in functions {
            if !self.called.contains(&Rc::as_ptr(function)) {
                self.call(function, None, &[]);
            }
        }
        for (file, tokens) in &self.code.unparsed {
            self.file = *file;
            self.literals(tokens.clone());
        }
        (self.acts, self.joined)
    }

    pub(super) fn note(&mut self, act: Act, line: usize) {
        self.acts.push(At { act, file: self.file, line });
    }

    /// Counts a step into an expression; false if it is too deep.
    pub(super) fn enter(&mut self) -> bool {
        self.steps += 1;
        self.depth += 1;
        self.depth <= DEEPEST
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Whether calls and loops are still followed.
    pub(super) fn may_follow(&self) -> bool {
        self.steps < MOST_STEPS && self.running.len() < DEEPEST_CALL
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).cloned())
    }

    /// Binds a name in the innermost block.
    pub(super) fn set(&mut self, name: String, value: Value) {
        if let Some(scope) = self.scopes.last_mut().map(Rc::make_mut)
            && (scope.len() < MOST_NAMES || scope.contains_key(&name))
        {
            scope.insert(name, value);
        }
    }

    /// Assigns another value to a name, if it is bound.
    pub(super) fn change(&mut self, name: &str, value: Value) {
        let bound = self.scopes.iter_mut().rev().find(|scope| scope.contains_key(name));
        if let Some(scope) = bound {
            Rc::make_mut(scope).insert(name.to_owned(), value);
        }
    }

    pub(super) fn scoped(&mut self, inside: impl FnOnce(&mut Self) -> Value) -> Value {
        self.scopes.push(Scope::default());
        let value = inside(self);
        self.scopes.pop();
        value
    }

    pub(super) fn block(&mut self, block: &Block) -> Value {
        self.scoped(|this| this.statements(&block.stmts))
    }

    fn statements(&mut self, statements: &[Stmt]) -> Value {
        let mut last = Value::nothing();
        for statement in statements {
            last = match statement {
                Stmt::Local(local) if !is_test(&local.attrs) => {
                    self.local(local);
                    Value::nothing()
                }
                Stmt::Expr(expression, end) => {
                    let value = self.evaluate(expression);
                    if end.is_none() { value } else { Value::nothing() }
                }
                Stmt::Macro(call) => {
                    let value = self.invocation(&call.mac);
                    if call.semi_token.is_none() { value } else { Value::nothing() }
                }
                Stmt::Item(_) | Stmt::Local(_) => Value::nothing(),
            };
        }
        last
    }

    /// Walks alternatives, each from the same state. Afterwards, a variable may have its value from any of them.
    pub(super) fn branch(&mut self, count: usize, mut walk: impl FnMut(&mut Self, usize) -> (Value, bool)) -> Value {
        let before = self.scopes.clone();
        let (mut value, mut after) = (Value::nothing(), None);
        for at in 0..count {
            self.scopes.clone_from(&before);
            let (found, ends) = walk(self, at);
            value = value.or(found);
            if !ends {
                let scopes = std::mem::take(&mut self.scopes);
                after = Some(match after {
                    Some(others) => merged(others, scopes),
                    None => scopes,
                });
            }
        }
        self.scopes = after.unwrap_or(before);
        value
    }

    /// Walks the body of a loop for each of `elements`, or once if there are too many.
    pub(super) fn each(&mut self, elements: Vec<Value>, mut walk: impl FnMut(&mut Self, Value) -> Value) -> Vec<Value> {
        if elements.is_empty() {
            return vec![walk(self, Value::unknown())];
        }
        if elements.len() > MOST_ELEMENTS || !self.may_follow() {
            return vec![walk(self, Value::List(elements).any_element())];
        }
        elements.into_iter().map(|element| walk(self, element)).collect()
    }

    /// Walks code that may run any number of times. A text that it changes is then unknown.
    pub(super) fn repeat(&mut self, walk: impl FnOnce(&mut Self)) {
        let before = self.scopes.clone();
        walk(self);
        for (scope, old) in self.scopes.iter_mut().zip(before).filter(|(scope, old)| !Rc::ptr_eq(scope, old)) {
            for (name, value) in Rc::make_mut(scope) {
                if old.get(name).is_some_and(|old| !alike(old, value)) && !matches!(value, Value::List(_)) {
                    *value = Value::unknown();
                }
            }
        }
    }

    pub(super) fn returns(&mut self, value: Value) {
        let earlier = std::mem::replace(&mut self.returned, Value::nothing());
        self.returned = earlier.or(value);
    }

    /// The value of a constant. It is evaluated once.
    pub(super) fn constant(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.constants.get(name) {
            return Some(value.clone());
        }
        let constant = Rc::clone(self.code.constants.get(name)?);
        // A constant that is defined by itself is unknown.
        self.constants.insert(name.to_owned(), Value::unknown());
        let outside = std::mem::replace(&mut self.file, constant.file);
        let value = self.evaluate(&constant.value);
        self.file = outside;
        self.constants.insert(name.to_owned(), value.clone());
        Some(value)
    }
}

/// The variables after two branches: each may have its value from either.
fn merged(ours: Vec<Scope>, theirs: Vec<Scope>) -> Vec<Scope> {
    let either = |(mut ours, theirs): (Scope, Scope)| {
        if !Rc::ptr_eq(&ours, &theirs) {
            for (name, value) in Rc::make_mut(&mut ours) {
                if let Some(other) = theirs.get(name).filter(|other| !alike(value, other)) {
                    *value = std::mem::replace(value, Value::nothing()).or(other.clone());
                }
            }
        }
        ours
    };
    ours.into_iter().zip(theirs).map(either).collect()
}
