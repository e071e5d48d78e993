//! rustc's dep-info: a Makefile that names the files that were read, with variables in comments.
//!
//! Source of the format: cargo's `parse_rustc_dep_info`, and rustc's `write_out_deps`, which only escapes blanks in paths. All
//! rules of one file have the same dependencies, so the first is enough.

/// The content of one dep-info file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DepInfo {
    /// Relative to the directory in which rustc ran, or absolute. The root of the crate comes first.
    pub(super) files: Vec<String>,
    /// The names of variables, whether set or not.
    pub(super) variables: Vec<String>,
}

/// Reads the lines that it recognises. Text that is not dep-info yields nothing.
pub(super) fn parse(text: &str) -> DepInfo {
    let mut found = DepInfo::default();
    let mut has_rule = false;
    for line in text.lines() {
        if let Some(variable) = line.strip_prefix("# env-dep:") {
            let name = unescape(variable.split('=').next().unwrap_or_default());
            if !name.is_empty() && !found.variables.contains(&name) {
                found.variables.push(name);
            }
        } else if !line.starts_with('#')
            && !has_rule
            // Not at the first colon: `C:\target\lib.d: C:\src\lib.rs`.
            && let Some((_, dependencies)) = line.split_once(": ")
        {
            has_rule = true;
            found.files = paths(dependencies);
        }
    }
    found
}

/// The paths of a rule, separated by blanks. A blank in a path is escaped by `\`.
fn paths(dependencies: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut path = String::new();
    for part in dependencies.split(' ') {
        if let Some(part) = part.strip_suffix('\\') {
            path.push_str(part);
            path.push(' ');
        } else {
            path.push_str(part);
            paths.push(std::mem::take(&mut path));
        }
    }
    // The file may be cut off in the middle of a path.
    paths.retain(|path| !path.is_empty());
    paths
}

/// rustc writes a line break in a name or a value as `\n`, so that each variable has one line.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some(other)) => plain.push(other),
            ('\\', None) => {}
            (c, _) => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_rule_and_all_variables() {
        let text = "/t/deps/a.d: src/lib.rs src/a\\ b.txt src/../x.rs\n\n/t/deps/liba.rlib: src/lib.rs\n\nsrc/lib.rs:\n\n\
                    # env-dep:A\n# env-dep:B=x: y=z\n# env-dep:B\n# env-dep:C\\\\D=\\n\n# checksum:blake3=00 file_len:1 src/lib.rs\n";
        let found = parse(text);
        assert_eq!(found.files, ["src/lib.rs", "src/a b.txt", "src/../x.rs"]);
        assert_eq!(found.variables, ["A", "B", "C\\D"]);
    }

    #[test]
    fn drives_have_colons_and_line_ends_two_bytes() {
        let found = parse("C:\\t\\a.d: C:\\w\\src\\lib.rs src\\a.rs\r\n\r\n# env-dep:A=1\r\n");
        assert_eq!(found.files, ["C:\\w\\src\\lib.rs", "src\\a.rs"]);
        assert_eq!(found.variables, ["A"]);
    }

    #[test]
    fn what_was_cut_off_or_is_no_dep_info_names_nothing_wrong() {
        assert_eq!(parse("a.d: src/lib.rs src/a\\").files, ["src/lib.rs"]);
        for text in ["", "\n", ": ", "a.d:", "# env-dep:", "# env-dep:=", "\0\u{1}: \0", "# x: y"] {
            let found = parse(text);
            assert!(found.files.iter().all(|file| file == "\0") && found.variables.is_empty(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_rustc_escapes_is_read_back(files in prop::collection::vec("[a-z./:]{1,6}( [a-zé]{1,4}){0,2}", 1..6)) {
            let line: Vec<String> = files.iter().map(|file| file.replace(' ', "\\ ")).collect();
            prop_assert_eq!(parse(&format!("a.d: {}\n", line.join(" "))).files, files);
        }

        #[test]
        fn garbage_does_not_panic(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            parse(&text);
            parse(&String::from_utf8_lossy(&bytes));
            parse(&format!("# env-dep:{text}\na: {text}"));
        }
    }
}
