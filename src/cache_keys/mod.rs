//! uv's side: what the keys cover, exactly as uv computes it.

pub(crate) mod grammar;

pub(crate) use grammar::{Entry, Key, Rejection, RejectionKind};
