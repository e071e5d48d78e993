//! Follows calls of the script's own functions and closures, with the arguments that they get.

use std::rc::Rc;

use syn::{ExprClosure, FnArg, Pat};

use super::code::Function;
use super::interpreter::{Interpreter, MOST_STEPS};
use super::value::{Callable, Scope, Value};

impl Interpreter<'_> {
    /// Calls a function with its receiver and arguments. Missing arguments are unknown. Also returns the values of the receiver
    /// and the arguments after the call.
    pub(super) fn call(
        &mut self,
        function: &Rc<Function>,
        receiver: Option<&Value>,
        arguments: &[Value],
    ) -> (Value, Vec<Value>) {
        let pointer = Rc::as_ptr(function);
        let is_first = self.running.is_empty();
        if !is_first && (!self.may_follow() || self.running.contains(&pointer)) {
            return (Value::unknown(), vec![Value::unknown(); arguments.len() + 1]);
        }
        self.running.push(pointer);
        self.called.insert(pointer);
        self.frames += 1;
        let outside = (
            std::mem::replace(&mut self.scopes, vec![Scope::default()]),
            std::mem::replace(&mut self.returned, Value::nothing()),
            std::mem::replace(&mut self.frame, self.frames),
            std::mem::replace(&mut self.file, function.file),
            (std::mem::take(&mut self.is_shown), std::mem::take(&mut self.by_name)),
        );
        let mut given = arguments.iter();
        let mut names = Vec::new();
        for input in &function.signature.inputs {
            match input {
                FnArg::Receiver(_) => self.set("self".to_owned(), receiver.cloned().unwrap_or_else(Value::unknown)),
                FnArg::Typed(typed) => {
                    let value = given.next().cloned().unwrap_or_else(Value::unknown);
                    self.bind(&typed.pat, value);
                    names.push(if let Pat::Ident(name) = &*typed.pat { name.ident.to_string() } else { String::new() });
                }
            }
        }
        let value = self.block(&function.block);
        let left: Vec<Value> = std::iter::once("self".to_owned())
            .chain(names)
            .map(|name| self.get(&name).unwrap_or_else(Value::unknown))
            .collect();
        let value = value.or(std::mem::replace(&mut self.returned, Value::nothing()));
        (self.scopes, self.returned, self.frame, self.file, (self.is_shown, self.by_name)) = outside;
        self.running.pop();
        (value, left)
    }

    /// Calls a closure, or a function that is passed by name.
    pub(super) fn apply(&mut self, callable: &Callable, arguments: &[Value]) -> Value {
        let (closure, scopes, frame, file) = match callable {
            Callable::Function(function) => return self.call(function, None, arguments).0,
            Callable::Closure { closure, scopes, frame, file } => (closure, scopes, *frame, *file),
        };
        if !self.enter() || self.steps > MOST_STEPS {
            self.leave();
            return Value::unknown();
        }
        let shown = (std::mem::take(&mut self.is_shown), std::mem::take(&mut self.by_name));
        // A closure that is called in the function that made it can change that function's variables. Elsewhere, it sees the
        // values from when it was made.
        let outside = (frame != self.frame).then(|| (std::mem::replace(&mut self.scopes, scopes.clone()), self.file));
        self.file = if outside.is_some() { file } else { self.file };
        let value = self.scoped(|this| {
            for (at, input) in closure.inputs.iter().enumerate() {
                this.bind(input, arguments.get(at).cloned().unwrap_or_else(Value::unknown));
            }
            this.evaluate(&closure.body)
        });
        if let Some(outside) = outside {
            (self.scopes, self.file) = outside;
        }
        (self.is_shown, self.by_name) = shown;
        self.leave();
        value
    }

    pub(super) fn closure(&self, closure: &ExprClosure) -> Value {
        let (closure, scopes) = (Box::new(closure.clone()), self.scopes.clone());
        Value::Function(Rc::new(Callable::Closure { closure, scopes, frame: self.frame, file: self.file }))
    }
}
