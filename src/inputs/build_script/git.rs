//! Whether a build script reads the state of the repository, and whether cargo notices a commit.

use std::collections::HashSet;
use std::path::Path;

use super::act::{Act, At};
use super::script::{GitUse, Script};
use crate::inputs::macros::What;

/// The git state that a script reads, through the `git` program or a crate for it.
pub(super) fn find(
    acts: &[At],
    words: &HashSet<String>,
    features: &dyn Fn(&str, &str) -> bool,
    script: &Script,
) -> Option<GitUse> {
    let says = |text: &str| acts.iter().any(|at| matches!(&at.act, Act::Mentions { text: found } if found == text));
    let says_part =
        |text: &str| acts.iter().any(|at| matches!(&at.act, Act::Mentions { text: found } if found.contains(text)));
    let named = |prefix: &str| words.iter().any(|word| word.starts_with(prefix));
    let has = |word: &str| words.contains(word);
    let describes = says_part("describe") || says("tag") || says("--tags");
    let watches = watches_git(acts, script);
    let found = |tags, tracked, by, (file, line)| Some(GitUse { tags, tracked, by, file, line });

    let program = acts.iter().find(|at| matches!(&at.act, Act::Runs { program, .. } if program == "git"));
    if let Some(at) = program.filter(|_| QUERIES.iter().any(|query| says(query)) && !asks_for_places(&says)) {
        return found(describes, watches, "git", (at.file, at.line));
    }
    let top = (0, 1);
    // vergen 8 has methods such as `git_sha` on one builder. Later versions have a crate for each way to read git. All of them
    // print HEAD.
    let is_vergen = named("vergen")
        && (named("Gitcl") || named("Git2") || named("Gix") || named("git_") || has("all_git") || has("vergen_gitcl"));
    if is_vergen {
        return found(has("all_git") || words.iter().any(|word| word.contains("describe")), true, "vergen", top);
    }
    // shadow-rs 1.x prints the path of a file that it writes during each run, so cargo always runs the script again.
    if named("shadow_rs") || has("ShadowBuilder") {
        return found(true, true, "shadow-rs", top);
    }
    // built 0.8 prints nothing, and only reads git with these features.
    if has("built") && (features("built", "git2") || features("built", "gix")) {
        return found(true, watches, "built", top);
    }
    let library = ["git2", "gix"].into_iter().find(|library| has(library));
    library.and_then(|library| found(describes, watches, library, top))
}

/// Subcommands whose output may go into the build. `git submodule update` is not one of them.
const QUERIES: &[&str] =
    &["rev-parse", "log", "describe", "show", "rev-list", "status", "tag", "branch", "symbolic-ref", "for-each-ref"];

/// `git rev-parse --show-toplevel` and similar commands return where the repository is, not its state.
fn asks_for_places(says: &dyn Fn(&str) -> bool) -> bool {
    let place = ["--show-toplevel", "--git-dir", "--git-common-dir", "--absolute-git-dir", "--is-inside-work-tree"];
    let others = QUERIES.iter().filter(|query| **query != "rev-parse").any(|query| says(query));
    place.iter().any(|place| says(place)) && !says("HEAD") && !others
}

/// Whether a `rerun-if` line names something in `.git`, or a computed path in a script that mentions HEAD.
fn watches_git(acts: &[At], script: &Script) -> bool {
    let mentions = |part: &str| {
        acts.iter().any(|at| match &at.act {
            Act::Mentions { text } => text.contains(part),
            Act::Prints { values, .. } => values.iter().any(|value| value.contains(part)),
            _ => false,
        })
    };
    script.watched.iter().filter(|named| named.by == "rerun-if-changed").any(|named| match &named.what {
        What::Unknown(_) => mentions("HEAD") || mentions(".git"),
        what => is_in_git(what),
    })
}

/// Whether it is a path in `.git`.
pub(in crate::inputs) fn is_in_git(what: &What) -> bool {
    let lies_there = |path: &Path| path.components().any(|component| component.as_os_str() == ".git");
    match what {
        What::File(places) => places.iter().any(|place| lies_there(place)),
        What::Directory(directory) | What::Suffix(directory, _) => lies_there(directory),
        What::Variable(_) | What::Unknown(_) => false,
    }
}
