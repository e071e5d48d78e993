//! Fingerprints by which a finding is recognized in the next run. They depend on its file, rule and message, but not on its line.

use std::collections::HashMap;

use super::{Diagnostic, ProjectReport};
use crate::fs::path::slashed;

/// How often each fingerprint was given. Equal findings get different fingerprints.
#[derive(Default)]
pub(super) struct Fingerprints(HashMap<u128, usize>);

impl Fingerprints {
    pub(super) fn of(&mut self, project: &ProjectReport, finding: &Diagnostic) -> String {
        self.of_parts(&[&slashed(&project.pyproject), finding.code, &finding.message])
    }

    pub(super) fn of_parts(&mut self, parts: &[&str]) -> String {
        let hash = hash(&parts.join("\0"));
        let seen = self.0.entry(hash).or_default();
        *seen += 1;
        // The first finding keeps its fingerprint if an equal one is added.
        let nth = if *seen > 1 { format!("-{seen}") } else { String::new() };
        format!("{hash:032x}{nth}")
    }
}

/// FNV-1a. The hash functions of the standard library may change between versions.
fn hash(text: &str) -> u128 {
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    text.bytes().fold(START, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_the_published_ones_and_never_twice() {
        // Test vectors of draft-eastlake-fnv.
        assert_eq!(hash(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(hash("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        let mut fingerprints = Fingerprints::default();
        let first = fingerprints.of_parts(&["a", "b"]);
        assert_eq!(fingerprints.of_parts(&["a", "b"]), format!("{first}-2"));
        assert_ne!(fingerprints.of_parts(&["ab", ""]), first);
    }
}
