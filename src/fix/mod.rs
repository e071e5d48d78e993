//! The fixer: which keys to write ([`plan()`]), and the bytes to change ([`edit`]).

pub(crate) mod edit;
mod few;
mod key;
pub(crate) mod plan;
mod replace;
mod settle;
mod told;

pub(crate) use few::would_write;
pub(crate) use plan::{Fix, Plan, plan};
