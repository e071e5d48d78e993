//! The values of names: `let`, assignments, patterns.

use syn::{Expr, Member, Pat, Type};

use super::interpreter::Interpreter;
use super::value::Value;

impl Interpreter<'_> {
    pub(super) fn local(&mut self, local: &syn::Local) {
        let mut value = Value::unknown();
        if let Some(init) = &local.init {
            value = self.evaluate(&init.expr);
            if let Some((_, other)) = &init.diverge {
                self.evaluate(other);
            }
        }
        if let Pat::Type(typed) = &local.pat
            && is_path(&typed.ty)
            && matches!(value, Value::List(_))
        {
            value = value.join_all();
        }
        self.bind(&local.pat, value);
    }

    /// Gives a variable, or a field of one, another value.
    pub(super) fn assign(&mut self, target: &Expr, value: Value) {
        match target {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    self.change(&name.to_string(), value);
                }
            }
            Expr::Field(field) => {
                if let Value::Fields(mut fields) = self.evaluate(&field.base) {
                    fields.insert(member(&field.member), value);
                    self.assign(&field.base, Value::Fields(fields));
                }
            }
            Expr::Reference(inner) => self.assign(&inner.expr, value),
            Expr::Unary(inner) => self.assign(&inner.expr, value),
            Expr::Paren(inner) => self.assign(&inner.expr, value),
            _ => {}
        }
    }

    pub(super) fn bind(&mut self, pattern: &Pat, value: Value) {
        match pattern {
            Pat::Ident(name) => {
                if let Some((_, inner)) = &name.subpat {
                    self.bind(inner, value.clone());
                }
                self.set(name.ident.to_string(), value);
            }
            Pat::Type(typed) => self.bind(&typed.pat, value),
            Pat::Reference(inner) => self.bind(&inner.pat, value),
            Pat::Paren(inner) => self.bind(&inner.pat, value),
            // `Some(x)`, `Ok(x)`: an optional value is treated like a value.
            Pat::TupleStruct(inner) if inner.elems.len() == 1 => self.bind(&inner.elems[0], value),
            Pat::TupleStruct(inner) => self.bind_all(inner.elems.iter(), &value),
            Pat::Tuple(inner) => self.bind_all(inner.elems.iter(), &value),
            Pat::Struct(inner) => {
                for field in &inner.fields {
                    self.bind(&field.pat, value.field(&member(&field.member)));
                }
            }
            Pat::Slice(inner) => {
                for element in &inner.elems {
                    self.bind(element, value.clone().any_element());
                }
            }
            Pat::Or(inner) => inner.cases.iter().for_each(|case| self.bind(case, value.clone())),
            _ => {}
        }
    }

    fn bind_all<'p>(&mut self, patterns: impl Iterator<Item = &'p Pat>, value: &Value) {
        for (at, pattern) in patterns.enumerate() {
            self.bind(pattern, value.field(&at.to_string()));
        }
    }
}

pub(super) fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(at) => at.index.to_string(),
    }
}

/// Whether a type is a single path, not a list of paths.
pub(super) fn is_path(found: &Type) -> bool {
    match found {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "PathBuf"),
        _ => false,
    }
}
