//! Places in other files for a finding: the inputs that it names, and the lines that make them inputs.

use std::path::PathBuf;

use crate::fs::path::printable;
use crate::project::Project;
use crate::project::finding::Finding;

/// A place in another file that is related to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Related {
    /// The absolute path.
    pub path: PathBuf,
    /// The line, counted from 0; the first line if the line is not known.
    pub line: usize,
    /// How the place is related to the finding.
    pub message: String,
}

/// The greatest number of places for a finding, since an editor lists them all.
const MOST: usize = 10;

pub(super) fn related(project: &Project, finding: &Finding) -> Vec<Related> {
    let inputs = finding.inputs.iter().map(|id| project.inputs.get(*id)).filter(|input| input.exists);
    let places = inputs.map(|input| {
        let (path, line) = named(project, &input.reason).unwrap_or((input.path.to_path_buf(), 0));
        Related { path, line, message: printable(&format!("{}: {}", input.shown, input.reason)) }
    });
    let mut places: Vec<Related> = places.take(MOST).collect();
    if places.is_empty() {
        // For a variable, the git state or an undetermined path, the message names the file and line.
        let message = printable(&finding.message);
        places.extend(named(project, &finding.message).map(|(path, line)| Related { path, line, message }));
    }
    places
}

/// The file and line (from 0) that a sentence names in the form `src/lib.rs:12`.
fn named(project: &Project, sentence: &str) -> Option<(PathBuf, usize)> {
    sentence.split([' ', '`', ',', ';', '(', ')']).find_map(|word| {
        let (file, line) = word.rsplit_once(':')?;
        let line: usize = line.parse().ok()?;
        let path = project.file(file);
        project.is_file(&path).then(|| (path.to_path_buf(), line.saturating_sub(1)))
    })
}
