//! Random numbers and random trees.

use super::tree::{Tree, folded, is_possible};

/// A small random number generator (`SplitMix64`). The same seed gives the same numbers on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const DIRS: [&str; 17] = [
    "src", "mod", "sub", "target", ".venv", "a", "b", "src", "mod", "a-b", "we[ird", "br{ace}", "sp ace", "ü", "!not",
    "#hash", "trail ",
];

pub(crate) const FILES: [&str; 32] = [
    "lib.rs", "main.rs", "a.rs", "b.rs", "ab.rs", "build.rs", "Cargo.toml", "Cargo.lock", "x.txt", "lib.rs", "a.rs",
    "mod", ".hidden.rs", "brk[1].rs", "br{ace}.rs", "über.rs", "uber.rs", "trail.rs ", " lead.rs", "#c.rs", "!n.rs",
    "back\\slash.rs", "a,b.rs", "*.rs", "-", "~", "lib.x.rs", "src", "LIB.RS", "ex!.rs", "caret^.rs",
    "by\u{FFFD}te.rs",
];

/// One of the names that is possible on this system.
fn name(random: &mut Random, names: &[&'static str]) -> &'static str {
    loop {
        let name = random.pick(names);
        if is_possible(name) {
            return name;
        }
    }
}

/// A tree of about ten files, with a sibling beside the project and a few symlinks of all kinds.
pub(crate) fn tree(random: &mut Random) -> Tree {
    let mut tree = Tree::default();
    let mut dirs = vec!["proj".to_owned(), "proj/src".to_owned(), "sib".to_owned(), "sib/src".to_owned()];
    for _ in 0..random.below(7) {
        let dir = format!("{}/{}", random.pick(&dirs), name(random, &DIRS));
        dirs.push(dir);
    }
    dirs.sort();
    dirs.dedup();
    dirs.extend(["proj".to_owned(), "proj".to_owned()]);
    let mut taken = dirs.clone();
    taken.extend(["proj/pyproject.toml".to_owned(), "out".to_owned()]);
    let mut free = |path: String| {
        let free = !taken.contains(&folded(&path));
        if free {
            taken.push(folded(&path));
        }
        free.then_some(path)
    };
    for _ in 0..4 + random.below(9) {
        let dir = if random.percent(5) { ".." } else { random.pick(&dirs).as_str() };
        let path = format!("{dir}/{}", name(random, &FILES)).replace("../", "");
        tree.files.extend(free(path));
    }
    for index in 0..random.below(4) {
        let dir = random.pick(&dirs).clone();
        let Some(link) = free(format!("{dir}/{}", name(random, &FILES))) else { continue };
        let up = "../".repeat(dir.split('/').count());
        let target = match random.below(6) {
            // A file that can only be reached through this link.
            0 | 1 => {
                let hidden = format!("out/{index}/target");
                tree.files.push(hidden.clone());
                hidden
            }
            2 | 3 if !tree.files.is_empty() => random.pick(&tree.files).clone(),
            4 => random.pick(&dirs).clone(),
            5 => "missing".to_owned(),
            _ => continue,
        };
        tree.links.push((link, format!("{up}{target}")));
    }
    if cfg!(windows) {
        tree.links.clear();
    }
    for _ in 0..random.below(3) {
        let dir = random.pick(&dirs).clone();
        let dir = if random.percent(50) { format!("{dir}/{}", name(random, &DIRS)) } else { dir };
        let taken = tree.files.contains(&dir) || tree.links.iter().any(|(link, _)| *link == dir);
        if !taken && let Some(path) = free(format!("{dir}/{}", name(random, &FILES))) {
            tree.late.push(path);
        }
    }
    tree.dirs = dirs;
    tree
}
