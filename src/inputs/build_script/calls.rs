//! Function calls. Those of the script's own functions are followed. For other functions, the result is known if they make or
//! read a path.

use std::rc::Rc;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, Token};

use super::act::Act;
use super::code::Function;
use super::expressions::qualifier;
use super::interpreter::Interpreter;
use super::known_calls::{self, Reads, Tells};
use super::place::{ELSEWHERE, HOLE, OUT_DIR};
use super::value::{Callable, Value};
use super::variables::is_cargos_own;

type Arguments = Punctuated<Expr, Token![,]>;

impl Interpreter<'_> {
    pub(super) fn function_call(&mut self, call: &ExprCall) -> Value {
        let Expr::Path(path) = &*call.func else {
            let called = self.evaluate(&call.func);
            let arguments = self.arguments(&call.args);
            return self.apply_value(&called, &arguments);
        };
        let Some(last) = path.path.segments.last() else { return Value::unknown() };
        let (name, line) = (last.ident.to_string(), last.ident.span().start().line);
        let qualifier = qualifier(&path.path);
        if qualifier.is_empty()
            && let Some(bound) = self.get(&name)
        {
            let arguments = self.arguments(&call.args);
            return self.apply_value(&bound, &arguments);
        }
        let functions = self.code.find(&qualifier, &name, self.file);
        if !functions.is_empty() {
            return self.follow(&functions, None, &call.args);
        }
        self.standard(&qualifier, &name, &call.args, line)
    }

    /// Calls a function of the script, in all forms that `#[cfg]` chooses between. Changes to `&mut` arguments are applied.
    pub(super) fn follow(&mut self, forms: &[Rc<Function>], receiver: Option<&Expr>, given: &Arguments) -> Value {
        let called_on = receiver.map(|receiver| self.evaluate(receiver));
        let arguments = self.arguments(given);
        let mut result = Value::nothing();
        for function in forms {
            let (value, left) = match (function.signature.receiver(), &called_on) {
                // `Type::method(value)`.
                (Some(_), None) => self.call(function, arguments.first(), arguments.get(1..).unwrap_or_default()),
                (_, called_on) => self.call(function, called_on.as_ref(), &arguments),
            };
            result = result.or(value);
            let mut left = left.into_iter();
            let changes = function.signature.receiver().is_some_and(|receiver| receiver.mutability.is_some());
            if let (Some(receiver), Some(of_receiver), true) = (receiver, left.next(), changes) {
                self.assign(receiver, of_receiver);
            }
            for (argument, value) in given.iter().zip(left) {
                if is_lent(argument) {
                    self.assign(argument, value);
                }
            }
        }
        result
    }

    pub(super) fn arguments(&mut self, arguments: &Arguments) -> Vec<Value> {
        let shown = std::mem::replace(&mut self.is_shown, false);
        let values = arguments.iter().map(|argument| self.evaluate(argument)).collect();
        self.is_shown = shown;
        values
    }

    fn shown(&mut self, arguments: &Arguments) -> Vec<Value> {
        let shown = std::mem::replace(&mut self.is_shown, true);
        let values = arguments.iter().map(|argument| self.evaluate(argument)).collect();
        self.is_shown = shown;
        values
    }

    /// Calls a closure or function that a variable holds.
    pub(super) fn apply_value(&mut self, called: &Value, arguments: &[Value]) -> Value {
        match called {
            Value::Function(function) => {
                let function: Rc<Callable> = Rc::clone(function);
                self.apply(&function, arguments)
            }
            _ => Value::unknown(),
        }
    }

    /// A call of a function that is not the script's own.
    fn standard(&mut self, qualifier: &str, name: &str, given: &Arguments, line: usize) -> Value {
        let names_variable = matches!(name, "var" | "var_os") && matches!(qualifier, "env" | "" | "std");
        let is_command = (qualifier, name) == ("Command", "new");
        let by_name = self.by_name;
        self.by_name |= names_variable;
        // The name of a program or variable is not the name of a file.
        let arguments = if names_variable || is_command { self.shown(given) } else { self.arguments(given) };
        self.by_name = by_name;
        let first = || arguments.first().cloned().unwrap_or_else(Value::nothing);
        if let Some(key) = known_calls::printed_key(name) {
            self.print_all(key, &first(), line);
            return Value::nothing();
        }
        self.known_call(Some(qualifier), name, None, given, &arguments, line);
        if name.starts_with("read") || name.starts_with("open") {
            self.named(first(), line);
        }
        match (qualifier, name) {
            _ if names_variable => self.variable(&first(), line),
            ("Command", "new") => {
                let program = first().single().unwrap_or_default().to_owned();
                self.note(Act::Runs { program, arguments: Vec::new() }, line);
                Value::Program(self.acts.len() - 1)
            }
            ("env" | "", "current_dir") => Value::text(self.package.to_string_lossy()),
            ("env" | "", "temp_dir" | "current_exe") | (_, "tempdir" | "which" | "home_dir") => Value::text(ELSEWHERE),
            (_, "read_dir") | ("WalkDir" | "Walk" | "WalkBuilder", "new") => first().join(&Value::unknown()),
            (_, "glob" | "glob_with") => first().map_each(|pattern| Some(listed(pattern))),
            (_, "from_iter") => first().join_all(),
            ("PathBuf" | "String" | "OsString", "new") if arguments.is_empty() => Value::text(""),
            (_, "new" | "with_capacity") if LISTS.contains(&qualifier) => Value::list(Vec::new()),
            (_, "from") if LISTS.contains(&qualifier) => first(),
            ("Path" | "PathBuf" | "Utf8Path" | "Utf8PathBuf", "new" | "from") => self.named(first(), line),
            (
                "OsString" | "OsStr" | "String" | "Cow" | "Box" | "Arc" | "Rc" | "Some" | "",
                "new" | "from" | "Some" | "Ok",
            )
            | ("Cow", "Borrowed" | "Owned")
            | (_, "canonicalize" | "absolute" | "from_utf8" | "from_utf8_lossy") => first(),
            ("", "Err") | (_, "exit") => Value::nothing(),
            _ => {
                self.release(given, &arguments);
                Value::unknown()
            }
        }
    }

    /// Handles arguments of unknown code: closures may be called with anything, and `&mut` arguments may change.
    pub(super) fn release(&mut self, given: &Arguments, arguments: &[Value]) {
        for (argument, value) in given.iter().zip(arguments) {
            if let (Value::Function(_), Expr::Closure(_)) = (value, argument) {
                self.apply_value(value, &[]);
            }
            if is_lent(argument) {
                self.assign(argument, Value::unknown());
            }
        }
    }

    /// Records what a call reads or writes, if it is a known call.
    pub(super) fn known_call(
        &mut self,
        qualifier: Option<&str>,
        name: &str,
        receiver: Option<&Value>,
        given: &Arguments,
        arguments: &[Value],
        line: usize,
    ) {
        let code = self.code;
        for call in known_calls::find(qualifier, name, |word| code.words.contains(word)) {
            let (value, source) = match call.argument {
                None => (receiver.cloned().unwrap_or_else(Value::unknown), name.to_owned()),
                Some(at) => match (arguments.get(at), call.default) {
                    (Some(value), _) => (value.clone(), given[at].to_token_stream().to_string()),
                    (None, Some(default)) => (Value::text(default), default.to_owned()),
                    (None, None) => continue,
                },
            };
            let value = if name.starts_with("glob") { value.map_each(|pattern| Some(listed(pattern))) } else { value };
            let act = match call.reads {
                Reads::Nothing => Act::Writes { value },
                Reads::MadeDirectory => Act::MakesDirectory { value },
                reads => {
                    let tells = if matches!(receiver, Some(Value::Silent)) { Tells::Nothing } else { call.tells };
                    Act::Reads { value, source, reads, tells }
                }
            };
            self.note(act, line);
        }
    }

    /// Records that a value is a path.
    pub(super) fn named(&mut self, value: Value, line: usize) -> Value {
        for text in value.texts() {
            self.note(Act::Names { text }, line);
        }
        value
    }

    /// The value of an environment variable.
    pub(super) fn variable(&mut self, name: &Value, line: usize) -> Value {
        for name in name.texts().into_iter().filter(|name| !name.contains(HOLE)) {
            self.note(Act::ReadsVariable { name }, line);
        }
        match name.single() {
            Some("CARGO_MANIFEST_DIR") => Value::text(self.package.to_string_lossy()),
            Some("OUT_DIR" | "CARGO_TARGET_DIR") => Value::text(OUT_DIR),
            Some("CARGO" | "CARGO_HOME" | "RUSTC") => Value::text(ELSEWHERE),
            Some(name) if !is_cargos_own(name) || name.starts_with("DEP_") => Value::text(ELSEWHERE),
            _ => Value::unknown(),
        }
    }
}

const LISTS: &[&str] = &["Vec", "VecDeque", "HashSet", "BTreeSet", "HashMap", "BTreeMap", "IndexMap", "IndexSet"];

fn is_lent(argument: &Expr) -> bool {
    matches!(argument, Expr::Reference(reference) if reference.mutability.is_some())
}

/// What a glob matches: an unknown name in the directory before its first wildcard.
fn listed(pattern: &str) -> String {
    let end = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    let directory = pattern[..end].rfind(['/', std::path::MAIN_SEPARATOR]).map_or(0, |slash| slash + 1);
    if end == pattern.len() { pattern.to_owned() } else { format!("{}{HOLE}", &pattern[..directory]) }
}
