#![doc = include_str!("../README.md")]
#[doc = include_str!("../README.md")]
struct S;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod inline { const T: &str = include_str!("x.txt"); }
