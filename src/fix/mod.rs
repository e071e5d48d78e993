//! The fixer: which keys to write ([`plan()`]), and the bytes to change ([`edit`]).

mod compact;
mod describe;
mod directories;
pub(crate) mod edit;
mod lower;
pub(crate) mod plan;
mod planned_key;
mod replace;
mod solve;
mod star;
mod style;

pub use plan::FixSummary;
pub(crate) use plan::{Plan, plan};
pub(crate) use style::{ExactList, exact_list, would_write};
