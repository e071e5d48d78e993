//! The value of an expression, and its effects.

use std::collections::BTreeMap;
use std::rc::Rc;

use syn::{BinOp, Block, Expr, ExprMatch, ExprRange, Lit, RangeLimits, Stmt, UnOp};

use super::act::Act;
use super::interpreter::Interpreter;
use super::names::member;
use super::place::{ELSEWHERE, HOLE};
use super::value::{Callable, Value};

impl Interpreter<'_> {
    pub(super) fn evaluate(&mut self, expression: &Expr) -> Value {
        let value = if self.enter() { self.expression(expression) } else { Value::unknown() };
        self.leave();
        value
    }

    fn expression(&mut self, expression: &Expr) -> Value {
        match expression {
            Expr::Lit(literal) => self.literal(&literal.lit),
            Expr::Path(path) => self.name(&path.path),
            Expr::Call(call) => self.function_call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Macro(call) => self.invocation(&call.mac),
            Expr::Reference(inner) => self.evaluate(&inner.expr),
            Expr::Paren(inner) => self.evaluate(&inner.expr),
            Expr::Group(inner) => self.evaluate(&inner.expr),
            Expr::Try(inner) => self.evaluate(&inner.expr),
            Expr::Await(inner) => self.evaluate(&inner.base),
            Expr::Cast(inner) => self.evaluate(&inner.expr),
            Expr::Unary(inner) => {
                let value = self.evaluate(&inner.expr);
                if matches!(inner.op, UnOp::Deref(_)) { value } else { Value::unknown() }
            }
            Expr::Block(block) => self.block(&block.block),
            Expr::Unsafe(block) => self.block(&block.block),
            Expr::Async(block) => self.block(&block.block),
            Expr::TryBlock(block) => self.block(&block.block),
            Expr::Const(block) => self.block(&block.block),
            Expr::Array(array) => Value::list(array.elems.iter().map(|element| self.evaluate(element)).collect()),
            Expr::Repeat(repeat) => Value::list(vec![self.evaluate(&repeat.expr)]),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => Value::nothing(),
            Expr::Tuple(tuple) => {
                let fields: Vec<Value> = tuple.elems.iter().map(|element| self.evaluate(element)).collect();
                Value::fields(fields)
            }
            Expr::Struct(made) => {
                let mut fields = match &made.rest {
                    Some(rest) => match self.evaluate(rest) {
                        Value::Fields(fields) => fields,
                        _ => BTreeMap::new(),
                    },
                    None => BTreeMap::new(),
                };
                for field in &made.fields {
                    let value = self.evaluate(&field.expr);
                    fields.insert(member(&field.member), value);
                }
                Value::Fields(fields)
            }
            Expr::Field(field) => match (self.evaluate(&field.base), member(&field.member).as_str()) {
                (Value::Program(act), "stdout") => self.answer(act),
                (base, name) => base.field(name),
            },
            Expr::Index(index) => {
                let (list, at) = (self.evaluate(&index.expr), self.evaluate(&index.index));
                match (list, at.single().and_then(|at| at.parse::<usize>().ok())) {
                    (Value::List(elements), Some(at)) => elements.get(at).cloned().unwrap_or_else(Value::unknown),
                    (list @ Value::List(_), None) => list.any_element(),
                    _ => Value::unknown(),
                }
            }
            Expr::Range(range) => self.range(range),
            Expr::Binary(binary) => {
                let (left, right) = (self.evaluate(&binary.left), self.evaluate(&binary.right));
                match binary.op {
                    BinOp::Add(_) => sum(&left, &right),
                    BinOp::AddAssign(_) => {
                        self.assign(&binary.left, sum(&left, &right));
                        Value::nothing()
                    }
                    _ => Value::unknown(),
                }
            }
            Expr::Assign(assignment) => {
                let value = self.evaluate(&assignment.right);
                self.assign(&assignment.left, value);
                Value::nothing()
            }
            Expr::Let(condition) => {
                let value = self.evaluate(&condition.expr);
                self.bind(&condition.pat, value);
                Value::unknown()
            }
            Expr::If(_) | Expr::Match(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
                self.control(expression)
            }
            Expr::Closure(closure) => self.closure(closure),
            Expr::Return(returned) => {
                let value = returned.expr.as_ref().map_or_else(Value::nothing, |value| self.evaluate(value));
                self.returns(value);
                Value::nothing()
            }
            Expr::Break(broken) => {
                broken.expr.as_ref().map(|value| self.evaluate(value));
                Value::nothing()
            }
            Expr::Continue(_) => Value::nothing(),
            _ => Value::unknown(),
        }
    }

    fn control(&mut self, expression: &Expr) -> Value {
        match expression {
            Expr::If(branch) => self.scoped(|this| {
                this.evaluate(&branch.cond);
                this.branch(2, |this, at| match (at, &branch.else_branch) {
                    (0, _) => (this.block(&branch.then_branch), ends(&branch.then_branch)),
                    (_, Some((_, other))) => {
                        let ends = matches!(&**other, Expr::Block(block) if ends(&block.block));
                        (this.evaluate(other), ends)
                    }
                    (_, None) => (Value::nothing(), false),
                })
            }),
            Expr::Match(choice) => self.choice(choice),
            Expr::ForLoop(repeated) => {
                let elements = self.evaluate(&repeated.expr).elements();
                self.each(elements, |this, element| {
                    this.scoped(|this| {
                        this.bind(&repeated.pat, element);
                        this.block(&repeated.body)
                    })
                });
                Value::nothing()
            }
            Expr::While(repeated) => {
                self.repeat(|this| {
                    this.scoped(|this| {
                        this.evaluate(&repeated.cond);
                        this.block(&repeated.body)
                    });
                });
                Value::nothing()
            }
            Expr::Loop(repeated) => {
                self.repeat(|this| drop(this.block(&repeated.body)));
                Value::unknown()
            }
            _ => Value::unknown(),
        }
    }

    fn choice(&mut self, choice: &ExprMatch) -> Value {
        let value = self.evaluate(&choice.expr);
        self.branch(choice.arms.len(), |this, at| {
            let arm = &choice.arms[at];
            let found = this.scoped(|this| {
                this.bind(&arm.pat, value.clone());
                if let Some((_, guard)) = &arm.guard {
                    this.evaluate(guard);
                }
                this.evaluate(&arm.body)
            });
            let ends = match &*arm.body {
                Expr::Block(block) => ends(&block.block),
                body => leaves(body),
            };
            (found, ends)
        })
    }

    pub(super) fn literal(&mut self, literal: &Lit) -> Value {
        match literal {
            Lit::Str(text) => {
                let (text, line) = (text.value(), text.span().start().line);
                if text.contains([HOLE, ELSEWHERE]) {
                    return Value::unknown();
                }
                if !self.print(std::slice::from_ref(&text), line) && !self.is_shown {
                    self.note(Act::Mentions { text: text.clone() }, line);
                }
                Value::text(text)
            }
            Lit::Int(number) => Value::text(number.base10_digits()),
            Lit::Char(character) => Value::text(character.value()),
            Lit::Bool(value) => Value::text(value.value.to_string()),
            _ => Value::unknown(),
        }
    }

    /// The value of a variable, a constant or a function that is named.
    fn name(&mut self, path: &syn::Path) -> Value {
        let Some(last) = path.segments.last().map(|last| last.ident.to_string()) else { return Value::unknown() };
        let qualifier = qualifier(path);
        if qualifier.is_empty()
            && let Some(value) = self.get(&last)
        {
            return value;
        }
        if let Some(value) = self.constant(&last) {
            return value;
        }
        let is_constant = last.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        match self.code.find(&qualifier, &last, self.file).into_iter().next() {
            _ if last == "None" => Value::nothing(),
            Some(function) => Value::Function(Rc::new(Callable::Function(function))),
            None if self.by_name && !qualifier.is_empty() && is_constant => Value::text(last),
            None => Value::unknown(),
        }
    }

    fn range(&mut self, range: &ExprRange) -> Value {
        let end = |this: &mut Self, bound: &Option<Box<Expr>>| {
            bound.as_ref().map(|bound| this.evaluate(bound)).and_then(|value| value.single()?.parse::<u32>().ok())
        };
        let (start, stop) = (end(self, &range.start), end(self, &range.end));
        let past = u32::from(matches!(range.limits, RangeLimits::Closed(_)));
        match (start, stop.and_then(|stop| stop.checked_add(past))) {
            (Some(start), Some(stop)) if stop.saturating_sub(start) <= 64 => {
                Value::list((start..stop).map(|number| Value::text(number.to_string())).collect())
            }
            _ => Value::unknown(),
        }
    }
}

/// The last component before the name in a path.
pub(super) fn qualifier(path: &syn::Path) -> String {
    path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// `+` for texts. The sum of two numbers is not computed.
fn sum(left: &Value, right: &Value) -> Value {
    left.combine(right, |a, b| match (a.parse::<i64>(), b.parse::<i64>()) {
        (Ok(_), Ok(_)) => HOLE.to_string(),
        _ => format!("{a}{b}"),
    })
}

/// Whether the code after a block cannot be reached from it.
fn ends(block: &Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(last, _)) if leaves(last))
}

fn leaves(expression: &Expr) -> bool {
    matches!(expression, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}
