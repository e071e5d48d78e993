//! What a build script prints for cargo, what it reads, and which of these files and variables cargo does not track.
//!
//! The files of the script, and of local crates that it calls, are parsed (`code`) and interpreted with partly known values
//! (`interpreter`). The results are acts (`act`): printed lines, calls that read or write (`known_calls`), and named paths. All
//! acts of a script are evaluated together (`judgement`).

mod act;
mod calls;
mod code;
mod expressions;
mod following;
mod git;
mod interpreter;
mod invocations;
mod judgement;
mod known_calls;
mod method_names;
mod methods;
mod names;
mod place;
mod script;
#[cfg(test)]
mod tests;
mod value;
mod variables;

use std::path::{Path, PathBuf};

pub(super) use git::is_in_git;
pub(super) use script::{File, Helper, Named, Script, SetVariable};
pub(super) use variables::{is_cargos_own, is_of_a_helper, is_of_the_machine};

use super::unread::Unread;
use crate::fs::Disk;
use act::{Act, At};
use code::Code;
use interpreter::Interpreter;
use judgement::Judgement;
use known_calls::Reads;
use place::{Place, place};

/// Analyses the build script of the package in `package`. `features` answers whether a build dependency has a feature.
pub(super) fn analyse(
    disk: &Disk,
    files: &[File],
    package: &Path,
    features: &(dyn Fn(&str, &str) -> bool + Sync),
) -> Script {
    on_deep_stack(|| {
        let (code, unread) = learned(files);
        let (acts, joined) = Interpreter::new(&code, files, package).run();
        let mut script = Judgement::new(disk, package, &joined).of(&acts);
        script.git = git::find(&acts, &code.words, features, &script);
        script.unread = unread;
        script
    })
    .unwrap_or_default()
}

/// A file that is opened, with the file (index) and line that opens it.
pub(super) type Opened = (PathBuf, usize, usize);

/// The files that the code in `files` opens when it runs for each of `packages`.
pub(super) fn opened(disk: &Disk, files: &[File], packages: &[&Path]) -> Vec<Vec<Opened>> {
    let opened_for = |code: &Code, package: &Path| {
        let mut opened = Vec::new();
        for At { act, file, line } in Interpreter::new(code, files, package).run().0 {
            if let Act::Reads { value, reads: Reads::File, .. } = act {
                let places = value.texts().into_iter().map(|text| place(disk, &text, package));
                let paths = places.filter_map(|place| if let Place::Path(path) = place { Some(path) } else { None });
                opened.extend(paths.filter(|path| disk.is_file(path)).map(|path| (path, file, line)));
            }
        }
        opened
    };
    on_deep_stack(|| {
        let (code, _) = learned(files);
        packages.iter().map(|package| opened_for(&code, package)).collect()
    })
    .unwrap_or_else(|| vec![Vec::new(); packages.len()])
}

/// The definitions in `files`, and the files that could not be read.
fn learned(files: &[File]) -> (Code, Vec<Unread>) {
    let mut code = Code::default();
    let learned = files.iter().enumerate().map(|(index, file)| code.learn(index, file));
    let unread = learned.filter_map(Result::err).collect();
    (code, unread)
}

/// In bytes: several times the stack that the deepest accepted source needs.
const STACK: usize = 64 << 20;

/// Runs `work` on a thread with a large stack, because parsing and interpreting recurse as deep as the source is nested. `None` if
/// the system cannot start a thread.
fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()?;
        Some(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
