//! Files that are only embedded as documentation: `#![doc = include_str!("../README.md")]`. rustc reads them, but the wheel does
//! not contain them.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::definitions::Definitions;
use super::origin::Origin;
use super::reference::{What, is_attribute, is_doc};
use super::scan::Scan;
use crate::fs::{Disk, Resolved};
use crate::inputs::sources::tokens;

/// The files, resolved, that doc attributes of the source at `file` embed. Files that become Python's documentation are inputs as
/// well.
pub(in crate::inputs) fn documentation(disk: &Disk, file: &Path, package: &Path) -> Vec<Resolved> {
    let text = disk.text(file).unwrap_or_default();
    // Few sources contain both words, and parsing takes longer than this search.
    let may_embed = text.contains("include_str") && text.contains("doc");
    let Some(tokens) = may_embed.then(|| tokens::parse(&text).ok()).flatten() else {
        return Vec::new();
    };
    let definitions = Definitions::default();
    let origin = Origin { disk, file, package, variables: &definitions.variables };
    let mut scan = Scan::new(&origin, &definitions, true);
    attributes(tokens, &mut |attribute| scan.stream(attribute));
    let named = scan.found.references.into_iter().filter_map(|reference| match reference.what {
        What::File(places) => places.into_iter().find(|place| disk.is_file(place)),
        _ => None,
    });
    named.map(|path| disk.resolve(&path)).collect()
}

/// Calls `take` with the content of each doc attribute.
fn attributes(tokens: TokenStream, take: &mut dyn FnMut(TokenStream)) {
    let mut after_hash = false;
    for token in tokens {
        match &token {
            TokenTree::Group(group) if after_hash && is_attribute(group) => {
                if is_doc(group) {
                    take(group.stream());
                }
                after_hash = false;
            }
            TokenTree::Group(group) => attributes(group.stream(), take),
            TokenTree::Punct(punct) => after_hash = punct.as_char() == '#' || (after_hash && punct.as_char() == '!'),
            _ => after_hash = false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doc_attributes_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["lib.rs", "a.md", "b.md", "c.md", "d.txt"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let text = "#![doc = include_str!(\"a.md\")]\n#![cfg_attr(docsrs, doc = include_str!(\"b.md\"))]\n\
                    mod m { #[doc = include_str!(\"c.md\")] fn f() {} }\nconst D: &str = include_str!(\"d.txt\");\n\
                    #![doc = include_str!(\"gone.md\")]\n";
        std::fs::write(dir.path().join("lib.rs"), text).unwrap();
        let root = Disk::default().real_directory(dir.path());
        let found = documentation(&Disk::default(), &root.join("lib.rs"), &root);
        assert_eq!(found, ["a.md", "b.md", "c.md"].map(|name| root.child(name)));
    }
}
