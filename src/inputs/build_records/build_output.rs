//! The lines that a build script printed during its last run: `cargo:KEY=VALUE` and `cargo::KEY=VALUE`.
//!
//! Source: cargo book, "Build Scripts: Outputs of the Build Script"; cargo's `BuildOutput::parse`.

/// The lines that name what the build depends on, in their order, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BuildOutput {
    /// `rerun-if-changed`: relative to the directory of the package, or absolute.
    pub(crate) files: Vec<String>,
    /// `rerun-if-env-changed`.
    pub(crate) variables: Vec<String>,
    /// The variables that `rustc-env` sets for the compiler.
    pub(crate) sets: Vec<String>,
}

/// Reads all lines that are UTF-8. cargo skips other lines too.
pub(super) fn parse(bytes: &[u8]) -> BuildOutput {
    let mut found = BuildOutput::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some((key, value)) = std::str::from_utf8(line).ok().and_then(directive) else { continue };
        let (list, value) = match key {
            "rerun-if-changed" => (&mut found.files, value),
            "rerun-if-env-changed" => (&mut found.variables, value),
            "rustc-env" => (&mut found.sets, value.split('=').next().unwrap_or_default()),
            _ => continue,
        };
        if !value.is_empty() && !list.iter().any(|known| known == value) {
            list.push(value.to_owned());
        }
    }
    found
}

fn directive(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let directive = line.strip_prefix("cargo::").or_else(|| line.strip_prefix("cargo:"))?;
    directive.split_once('=')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_spellings_are_read_and_all_else_is_skipped() {
        let text = b"hello\ncargo:rerun-if-changed=a b.h\r\n cargo::rerun-if-changed=x=y\ncargo:rerun-if-changed=a b.h\n\
                     cargo::rerun-if-env-changed=CC\ncargo:rustc-env=A=1=2\ncargo:rustc-cfg=x\ncargo:rerun-if-changed=\n\
                     cargo:rerun-if-changed\n\xff\xfecargo:rerun-if-changed=no\ncargo:rerun-if-changed=\xff\nx cargo:rerun-if-changed=no";
        let found = parse(text);
        assert_eq!(found.files, ["a b.h", "x=y"]);
        assert_eq!(found.variables, ["CC"]);
        assert_eq!(found.sets, ["A"]);
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            parse(&bytes);
            parse(&[b"cargo:rerun-if-changed=".as_slice(), &bytes].concat());
        }
    }
}
