//! Random keys, in all forms of the tables and more.

use std::path::{Path, PathBuf, is_separator};

use super::random::{FILES, Random};
use super::tree::Tree;
use super::trial::ROOT;
use crate::cache_keys::{Key, glob};
use crate::fs::path::normalize;

/// A list of keys that are likely to match something in the tree.
pub(crate) fn keys(random: &mut Random, tree: &Tree) -> Vec<Key> {
    let count = [1, 1, 2, 2, 2, 3, 3, 4, 5, 7][random.below(10)];
    (0..count).map(|_| key(random, tree)).collect()
}

fn key(random: &mut Random, tree: &Tree) -> Key {
    match random.below(100) {
        0 | 1 => Key::Dir(relative(random.pick::<String>(&tree.dirs))),
        2 => Key::Env("CACHEKEYS_NO_SUCH_VARIABLE".to_owned()),
        3 => Key::Git { commit: false, tags: false },
        4..=6 => file(soup(random)),
        7..=21 => file(literal(random, tree)),
        _ => file(decorated(random, tree)),
    }
}

/// A `file` key, but not a glob at the root of the disk, for which uv would walk the whole disk.
fn file(text: String) -> Key {
    let base = glob::split(&text).0;
    // On Windows, `/nope/..` is the root.
    let base = if cfg!(windows) { normalize(Path::new(&*base)) } else { PathBuf::from(&*base) };
    let at_root = base.has_root() && base.parent().is_none();
    Key::File(if at_root { text.trim_start_matches(is_separator).to_owned() } else { text })
}

/// Special characters, in any order.
fn soup(random: &mut Random) -> String {
    let chars: Vec<char> = "***???[[]]{{}}!^#//\\\\ ,,-aabsrcü\u{85}\u{0}".chars().collect();
    // Without `.`, which might lead out of the tree.
    (0..=random.below(9)).map(|_| *random.pick(&chars)).collect()
}

/// A path of the tree as seen from the project.
fn relative(path: &str) -> String {
    match path.strip_prefix("proj") {
        Some("") => ".".to_owned(),
        Some(below) => below.trim_start_matches('/').to_owned(),
        None => format!("../{path}"),
    }
}

fn some_path(random: &mut Random, tree: &Tree) -> String {
    let links = tree.links.iter().map(|(link, _)| link);
    let all: Vec<&String> = tree.files.iter().chain(&tree.late).chain(links).collect();
    if all.is_empty() { "proj/missing.rs".to_owned() } else { (*random.pick(&all)).clone() }
}

fn literal(random: &mut Random, tree: &Tree) -> String {
    let mut path = match random.below(10) {
        0 => relative(random.pick::<String>(&tree.dirs)),
        1 => format!("{}/missing.rs", relative(random.pick::<String>(&tree.dirs))),
        2 => format!("{}/{}", some_base(random, tree), random.pick(&FILES)),
        3 => "pyproject.toml".to_owned(),
        4 => format!("{ROOT}/{}", some_path(random, tree)),
        _ => relative(&some_path(random, tree)),
    };
    match random.below(14) {
        0 => path = path.replace('/', "//"),
        1 => path.push('/'),
        2 => path.push_str("/."),
        3 => path = format!("src/../{path}"),
        4 => path = format!("../proj/./{path}"),
        5 => path.push(' '),
        6 => path = format!("missing/../{path}"),
        _ => path = as_on_windows(random, path),
    }
    path
}

/// A directory where a glob may start. It is never above the root of the tree.
fn some_base(random: &mut Random, tree: &Tree) -> String {
    match random.below(20) {
        0..=5 => String::new(),
        6..=12 => relative(random.pick::<String>(&tree.dirs)),
        13 => "../sib".to_owned(),
        14 => "..".to_owned(),
        15 => "src/../src".to_owned(),
        16 => "../proj".to_owned(),
        17 => format!("{ROOT}/{}", random.pick::<String>(&tree.dirs)),
        18 => tree.links.first().map_or("nope".to_owned(), |(link, _)| relative(link)),
        _ => (*random.pick(&["nope", "/nope", "src/..", "../sib/../proj/src", "src/nope/..", "pyproject.toml"]))
            .to_owned(),
    }
}

const MIDDLES: [&str; 20] = [
    "", "", "", "", "**", "**", "**", "*", "?*", "{src,mod,a}", "[sm]*", "{src/mod,sub}", "src", "mod/**", "**/src",
    "**/target", "{,mod}", "..", "./.", "**/**",
];

const LEAVES: [&str; 58] = [
    "*.rs", "*.rs", "*.rs", "*", "*", "**", "**", "***", "?.rs", "[ab].rs", "[!a].rs", "[^a]*", "**.rs", "*.{rs,toml}",
    "*.{rs, txt}", "lib{,.x}.rs", "{a,b}.rs", "{{a,b},lib}.rs", "Cargo.*", "Cargo.{toml,lock}", "?ber.rs", "??ber.rs",
    "ü*.rs", "[ü]ber.rs", "[[:alpha:]].rs", "+(a|b).rs", "[a-z]*", "[]x]*", "[!]a]*", "[*].rs", "*.rs ", "* ", "*\t",
    "\\*.rs", "*\\", "back[\\\\]slash.rs", "*\\ ", "#*.rs", "[#]*.rs", "!*.rs", "[!]*.rs", "*/../*.rs", "src/*.rs",
    "src/**", "*/ ", "** ", "{*.rs}", "{}*", "*.RS", "by?te.rs", "[-]", "[a-]*", "*lib*", "target/**", "[", "a{b",
    "*a}", "[b-a]",
];

const WHOLE: [&str; 14] = [
    "**/*.rs", "*.toml", "!**/target/**", "!target/**", "**/*", "*", "!*", "!**", "!src/**", "!*.rs", "nope*/**/*.rs",
    "!/src/*", "\\!n*.rs", "!{src,mod}/**",
];

fn decorated(random: &mut Random, tree: &Tree) -> String {
    let mut glob = match random.below(10) {
        0 | 1 => (*random.pick(&WHOLE)).to_owned(),
        2..=4 => mutated(random, tree),
        _ => composed(random, tree),
    };
    if random.percent(15) {
        glob.insert(0, '!');
    }
    match random.below(30) {
        0 => glob.push(' '),
        1 => glob.push('/'),
        2 => glob.insert_str(0, "./"),
        3 => glob = glob.replace('/', "//"),
        4 => glob = glob.replace('/', "/./"),
        _ => glob = as_on_windows(random, glob),
    }
    glob
}

/// Sometimes changes a text into another form with the same meaning on Windows.
fn as_on_windows(random: &mut Random, text: String) -> String {
    if !cfg!(windows) {
        return text;
    }
    match random.below(10) {
        0 => text.to_ascii_uppercase(),
        1 => text.replace('/', "\\"),
        _ => text,
    }
}

fn composed(random: &mut Random, tree: &Tree) -> String {
    let base = some_base(random, tree);
    let mut middle = *random.pick(&MIDDLES);
    if base == ".." && middle == ".." {
        middle = "";
    }
    let leaf = *random.pick(&LEAVES);
    let parts = [base.as_str(), middle, leaf];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// A path of the tree with wildcards inserted, or with its special characters escaped.
fn mutated(random: &mut Random, tree: &Tree) -> String {
    let path = relative(&some_path(random, tree));
    let parts: Vec<String> =
        path.split('/').map(|part| if part == ".." { part.to_owned() } else { vague(random, part) }).collect();
    parts.join("/")
}

fn vague(random: &mut Random, part: &str) -> String {
    let mut chars: Vec<String> = part.chars().map(String::from).collect();
    match random.below(10) {
        0 => "*".to_owned(),
        1 => "**".to_owned(),
        2 => {
            let at = random.below(chars.len());
            "?".clone_into(&mut chars[at]);
            chars.concat()
        }
        3 => {
            let at = random.below(chars.len());
            chars[at] = format!("[{}]", chars[at]);
            chars.concat()
        }
        4 => format!("{{{part},zzz}}"),
        5 => part.rsplit_once('.').map_or("*".to_owned(), |(_, extension)| format!("*.{extension}")),
        6 => {
            chars.iter().map(|c| if "*?[]{}!#\\".contains(c.as_str()) { format!("[{c}]") } else { c.clone() }).collect()
        }
        7 => chars
            .iter()
            .map(|c| if "*?[]{}!#\\ ".contains(c.as_str()) { format!("\\{c}") } else { c.clone() })
            .collect(),
        _ => part.to_owned(),
    }
}
