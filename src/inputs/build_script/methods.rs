//! The results of methods on paths, texts and lists.

use std::path::Path;

use syn::{Expr, ExprMethodCall, GenericArgument};

use super::act::Act;
use super::interpreter::Interpreter;
use super::method_names::{IDENTITIES, MAPS, TAKE_PATHS, is_known};
use super::names::is_path;
use super::place::{ELSEWHERE, HOLE};
use super::value::Value;
use crate::fs::path;

impl Interpreter<'_> {
    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> Value {
        let (name, line) = (call.method.to_string(), call.method.span().start().line);
        let methods = if is_known(&name) { Vec::new() } else { self.code.method(&name) };
        if !methods.is_empty() {
            return self.follow(&methods, Some(&call.receiver), &call.args);
        }
        let receiver = self.evaluate(&call.receiver);
        let arguments = self.arguments(&call.args);
        if let Value::Program(act) = receiver {
            self.argue(act, &name, &arguments);
            return receiver;
        }
        if name == "open" {
            self.opened(&call.receiver, &arguments, line);
        }
        self.known_call(None, &name, Some(&receiver), &call.args, &arguments, line);
        let argument = || arguments.first().cloned().unwrap_or_else(Value::nothing);
        if TAKE_PATHS.contains(&name.as_str()) && !arguments.is_empty() {
            self.named(argument(), line);
        }
        if name == "emit_rerun_if_changed" {
            return if argument().single() == Some("false") { Value::Silent } else { Value::unknown() };
        }
        if matches!(receiver, Value::Silent) {
            self.release(&call.args, &arguments);
            return receiver;
        }
        if let Some(changed) = changed(&receiver, &name, &arguments) {
            self.assign(&call.receiver, changed);
            return if name == "pop" { receiver.any_element() } else { Value::nothing() };
        }
        match (&receiver, name.as_str()) {
            (Value::List(elements), "join" | "concat") => joined(elements, &argument()),
            (_, "join") => {
                self.joined.extend(receiver.texts());
                let value = receiver.join(&argument());
                self.named(value, line)
            }
            (_, "parent") => receiver.map(parent),
            // The name of a file is no longer a path, even if the file is in OUT_DIR.
            (_, "file_name" | "file_stem" | "extension") => receiver.map_each(|path| part(path, &name)),
            (_, "with_file_name") => receiver
                .combine(&argument(), |path, name| Path::new(path).with_file_name(name).to_string_lossy().into_owned()),
            (_, "with_extension") => receiver.combine(&argument(), |path, extension| {
                Path::new(path).with_extension(extension).to_string_lossy().into_owned()
            }),
            (_, "to_lowercase" | "to_ascii_lowercase") => receiver.map(|text| Some(text.to_lowercase())),
            (_, "to_uppercase" | "to_ascii_uppercase") => receiver.map(|text| Some(text.to_uppercase())),
            (_, "trim") => receiver.map(|text| Some(text.trim().to_owned())),
            (_, "replace") => match (argument().single(), arguments.get(1).and_then(Value::single)) {
                (Some(from), Some(to)) => receiver.map(|text| Some(text.replace(from, to))),
                _ => Value::unknown(),
            },
            (_, "read_dir") => receiver.join(&Value::unknown()),
            (Value::List(_), "collect") if asks_for_path(call) => receiver.join_all(),
            (_, "unwrap_or" | "or") => receiver.or(argument()),
            (_, "enumerate") => {
                let elements = receiver.elements().into_iter();
                let numbered = |(at, element): (usize, Value)| Value::fields([Value::text(at.to_string()), element]);
                Value::list(elements.enumerate().map(numbered).collect())
            }
            (_, "zip") => {
                let (ours, theirs) = (receiver.elements(), argument().elements());
                Value::list(ours.into_iter().zip(theirs).map(|(a, b)| Value::fields([a, b])).collect())
            }
            (_, "chain") => {
                let mut elements = receiver.elements();
                elements.extend(argument().elements());
                Value::list(elements)
            }
            (Value::List(elements), "nth" | "get") => {
                let at = argument().single().and_then(|at| at.parse::<usize>().ok());
                at.map_or_else(
                    || receiver.clone().any_element(),
                    |at| elements.get(at).cloned().unwrap_or_else(Value::nothing),
                )
            }
            (_, "ancestors") => ancestors(&receiver),
            (_, "next" | "first" | "last" | "nth" | "get" | "min" | "max" | "into_values") => receiver.any_element(),
            _ if MAPS.contains(&name.as_str()) => match call.args.first().and_then(converter).as_deref() {
                Some("parent") => receiver.map(parent),
                Some(_) => receiver,
                None => self.mapped(&name, receiver, &argument()),
            },
            _ if IDENTITIES.contains(&name.as_str()) => {
                self.release(&call.args, &arguments);
                receiver
            }
            // The result of an unknown method on a path below OUT_DIR is still below OUT_DIR.
            _ => {
                self.release(&call.args, &arguments);
                receiver.map(|_| None)
            }
        }
    }

    /// `values.map(|value| …)` and similar methods: the closure is called for each element.
    fn mapped(&mut self, name: &str, receiver: Value, closure: &Value) -> Value {
        if !matches!(closure, Value::Function(_)) {
            return if matches!(name, "map" | "and_then" | "flat_map" | "filter_map") {
                Value::unknown()
            } else {
                receiver
            };
        }
        let is_list = matches!(receiver, Value::List(_));
        let results = self.each(receiver.clone().elements(), |this, element| this.apply_value(closure, &[element]));
        match name {
            "map" | "filter_map" | "and_then" | "find_map" | "then" | "flat_map" if !is_list => {
                results.into_iter().next().unwrap_or_else(Value::unknown)
            }
            "map" | "filter_map" => Value::list(results.into_iter().filter(|result| !result.is_nothing()).collect()),
            "flat_map" => Value::list(results.into_iter().flat_map(Value::elements).collect()),
            "and_then" | "find_map" => Value::list(results).any_element(),
            "unwrap_or_else" | "or_else" => results.into_iter().fold(receiver, Value::or),
            "find" => receiver.any_element(),
            "for_each" | "any" | "all" | "position" | "fold" => Value::nothing(),
            _ => receiver,
        }
    }

    /// `OpenOptions::new().write(true).open(path)`, or the same without `write`.
    fn opened(&mut self, options: &Expr, arguments: &[Value], line: usize) {
        let mut writes = false;
        let mut chain = options;
        while let Expr::MethodCall(call) = chain {
            writes |= ["write", "append", "create", "create_new", "truncate"].iter().any(|name| call.method == name);
            chain = &call.receiver;
        }
        if let (true, Some(value)) = (writes, arguments.first()) {
            self.note(Act::Writes { value: value.clone() }, line);
        }
    }

    /// `command.arg("x")`.
    fn argue(&mut self, act: usize, name: &str, given: &[Value]) {
        if let (true, Some(value)) = (matches!(name, "arg" | "args"), given.first())
            && let Some(Act::Runs { arguments, .. }) = self.acts.get_mut(act).map(|at| &mut at.act)
        {
            arguments.extend(value.texts());
        }
    }

    /// The output of a program. Only git's directory is known.
    pub(super) fn answer(&self, act: usize) -> Value {
        const DIRECTORIES: [&str; 3] = ["--git-dir", "--git-common-dir", "--absolute-git-dir"];
        match self.acts.get(act).map(|at| &at.act) {
            Some(Act::Runs { program, arguments })
                if program == "git" && DIRECTORIES.iter().any(|asked| arguments.iter().any(|found| found == asked)) =>
            {
                Value::text(format!("{HOLE}/.git"))
            }
            _ => Value::unknown(),
        }
    }
}

/// The receiver after a method that changes it.
fn changed(receiver: &Value, name: &str, arguments: &[Value]) -> Option<Value> {
    let last = arguments.last().cloned();
    Some(match (receiver, name) {
        (Value::List(elements), "push" | "push_back" | "insert" | "extend" | "append" | "extend_from_slice") => {
            let mut elements = elements.clone();
            let added = match arguments {
                // A map.
                [key, value] if name == "insert" && key.single().is_none_or(|key| key.parse::<usize>().is_err()) => {
                    vec![Value::fields([key.clone(), value.clone()])]
                }
                _ if matches!(name, "extend" | "append" | "extend_from_slice") => last?.elements(),
                _ => vec![last?],
            };
            elements.extend(added);
            Value::list(elements)
        }
        (Value::List(_), "clear") => Value::list(Vec::new()),
        (Value::List(_), "pop" | "pop_front") => receiver.clone(),
        (Value::Text(_), "push") => receiver.join(&last?),
        (Value::Text(_), "push_str") => receiver.concat(&last?),
        (Value::Text(_), "extend") => receiver.join(&last?.join_all()),
        (Value::Text(_), "pop") => receiver.map(parent),
        (Value::Text(_), "set_extension") => receiver.combine(&last?, |path, extension| {
            Path::new(path).with_extension(extension).to_string_lossy().into_owned()
        }),
        (Value::Text(_), "set_file_name") => {
            receiver.combine(&last?, |path, name| Path::new(path).with_file_name(name).to_string_lossy().into_owned())
        }
        (Value::Text(_), "clear") => Value::text(""),
        _ => return None,
    })
}

/// The part of a path that a method returns.
fn part(path: &str, method: &str) -> Option<String> {
    let path = Path::new(path);
    let part = match method {
        "file_name" => path.file_name(),
        "file_stem" => path.file_stem(),
        _ => path.extension(),
    };
    part.map(|part| part.to_string_lossy().into_owned()).filter(|part| !part.contains(ELSEWHERE))
}

fn parent(text: &str) -> Option<String> {
    let parent = path::normalize(Path::new(text)).parent()?.to_string_lossy().into_owned();
    (!parent.is_empty()).then_some(parent)
}

/// `["a", "b"].join("-")` makes a text, not a path.
fn joined(elements: &[Value], separator: &Value) -> Value {
    let separator = separator.single().unwrap_or_default();
    let parts: Option<Vec<&str>> = elements.iter().map(Value::single).collect();
    parts.map_or_else(|| Value::text(HOLE), |parts| Value::text(parts.join(separator)))
}

/// A path and the directories above it. For a path in `.git`, only those up to `.git`.
fn ancestors(of: &Value) -> Value {
    fn git(path: &Path) -> Option<&Path> {
        path.ancestors().find(|above| above.file_name().is_some_and(|name| name == ".git"))
    }
    match of.single() {
        Some(text) if !text.contains(ELSEWHERE) => {
            let path = path::normalize(Path::new(text));
            let is_kept = |above: &&Path| match git(&path) {
                Some(git) => above.starts_with(git),
                None => above.parent().is_some(),
            };
            let texts = path.ancestors().filter(is_kept);
            Value::list(texts.map(|above| Value::text(above.to_string_lossy())).collect())
        }
        _ => of.map(|text| Some(git(Path::new(text))?.join(HOLE.to_string()).to_string_lossy().into_owned())),
    }
}

/// The method that a function passed to `map` stands for: `PathBuf::from` in `.map(PathBuf::from)`, which names the same file;
/// `Path::parent`.
fn converter(argument: &Expr) -> Option<String> {
    let Expr::Path(path) = argument else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    let converts =
        path.path.segments.len() > 1 && (IDENTITIES.contains(&name.as_str()) || CONVERTERS.contains(&name.as_str()));
    converts.then_some(name)
}

const CONVERTERS: &[&str] = &["from", "new", "parent"];

/// `.collect::<PathBuf>()`.
fn asks_for_path(call: &ExprMethodCall) -> bool {
    let is = |argument: &GenericArgument| matches!(argument, GenericArgument::Type(found) if is_path(found));
    call.turbofish.as_ref().is_some_and(|turbofish| turbofish.args.iter().any(is))
}
