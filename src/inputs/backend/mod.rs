//! What the build backend takes part in: where it finds the crate, and what it reads itself.

pub(crate) mod in_tree;
pub(crate) mod maturin;
pub(crate) mod setuptools;
