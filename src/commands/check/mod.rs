//! `check`: judges one project by the rules, and fixes its text in memory.

#[cfg(test)]
#[cfg(target_os = "linux")]
mod oracle;
pub(crate) mod stdin;
