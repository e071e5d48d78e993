//! Checks fixes with uv's own code. For random trees, keys and inputs, the keys that `--fix` writes cover every input and nothing
//! that the build writes. A fix changes only the keys, and a second run changes nothing.
//!
//! The trees and keys come from `cache_keys/oracle`. They are generated from a number. To shrink a case, proptest keeps fewer
//! parts of them. It prints the case that fails, and stores its seed in `proptest-regressions/`.

mod case;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use proptest::prelude::*;

use super::judge;
use crate::cache_keys::oracle::tree::{bump, os, time};
use crate::cache_keys::oracle::{trial, uv};
use crate::cache_keys::{Coverage, Key, split};
use crate::commands::settings::{FixMode, Settings};
use crate::fs::{Disk, path, resolve, resolved};
use crate::inputs::{Input, Inputs, Kind, Tree as SourceTree};
use crate::output::ProjectReport;
use crate::project::build_outputs::Outputs;
use crate::project::finding::Applicability;
use crate::project::{Keys, Project};
use crate::pyproject::Pyproject;
use crate::pyproject::uv_workspace::UvProject;
use case::{Case, case};

/// The text around the list. Its comments must be kept.
const HEAD: &str =
    "# c1.\n[build-system] # c2.\nrequires = ['maturin']\nbuild-backend = 'maturin'\n\n[tool.uv] # c3.\n";
const TAIL: &str = "# c4.\ncompile-bytecode = true # c5.\n\n[tool.other]\ncache-keys = ['**']\n# c6.\n";

/// A case, written to the disk.
struct Site {
    project: PathBuf,
    files: Vec<PathBuf>,
    case: Case,
    _home: tempfile::TempDir,
}

impl Site {
    fn of(case: &Case) -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap().join("root");
        let project = root.join("proj");
        std::fs::create_dir_all(&project).unwrap();
        case.tree.build(&root);
        let keys = trial::rooted(&case.keys, &root);
        let files = case.tree.all_files(&root);
        let site = Self { project, files, case: Case { keys, ..case.clone() }, _home: home };
        site.write(&site.text());
        site
    }

    /// The text of the case. Each entry has its own line, with a comment above it.
    fn text(&self) -> String {
        let string = |text: &str| serde_json::to_string(text).unwrap();
        let mut list = String::from("cache-keys = [\n");
        for (at, key) in self.case.keys.iter().enumerate() {
            let entry = match key {
                Key::File(text) if at % 2 == 0 => string(text),
                Key::File(text) => format!("{{ file = {} }}", string(text)),
                Key::Dir(text) => format!("{{ dir = {} }}", string(text)),
                Key::Env(name) => format!("{{ env = {} }}", string(name)),
                Key::Git { commit, tags } => format!("{{ git = {{ commit = {commit}, tags = {tags} }} }}"),
            };
            list.extend([format!("    # c1{at}.\n"), format!("    {entry},\n")]);
        }
        format!("{HEAD}{list}]\n{TAIL}")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.project.join("pyproject.toml"), text).unwrap();
    }

    fn judge(&self, text: &str, unsafe_fixes: bool) -> ProjectReport {
        let disk = Disk::default();
        let pyproject = Pyproject::parse(&disk, &self.project.join("pyproject.toml"), text.to_owned()).unwrap();
        let uv = UvProject::default();
        let mut inputs = Inputs::default();
        inputs.files = self.inputs();
        let outputs = Outputs::of(&disk, &pyproject, &inputs, &uv);
        let keys: Vec<Key> = pyproject.entries().iter().map(|entry| entry.key.clone()).collect();
        let Ok(coverage) = Coverage::compile(&disk, &pyproject.dir, &keys) else {
            unreachable!("the caller has looked")
        };
        let project =
            Project::assemble(disk, pyproject, inputs.into(), outputs.into(), uv.into(), Keys::Read(coverage));
        let settings = Settings { fix: FixMode::Diff, unsafe_fixes, ..Settings::default() };
        let selection = settings.selection().unwrap().over(&project.pyproject.options);
        let (report, refused) = judge(&project, &settings, &selection);
        assert!(refused.is_none(), "{refused:?}\n{text}");
        report
    }

    /// The inputs: pyproject.toml and random files outside the directories that the build writes to.
    fn inputs(&self) -> Vec<Input> {
        let root = self.project.parent().unwrap();
        let is_output = |path: &Path| [".venv", "target"].iter().any(|name| path.starts_with(self.project.join(name)));
        let candidates: Vec<&PathBuf> = self.files.iter().filter(|file| !is_output(file)).collect();
        let mut inputs = vec![self.input(&self.project.join("pyproject.toml"), Kind::Pyproject, None)];
        if candidates.is_empty() {
            return inputs;
        }
        let directory = |index: &prop::sample::Index| root.join(os(index.get::<String>(&self.case.tree.dirs)));
        // As in the analysis, no tree contains the project, or lies where the build writes.
        let trees =
            self.case.sources.iter().map(directory).filter(|tree| !self.project.starts_with(tree) && !is_output(tree));
        for tree in trees.collect::<BTreeSet<_>>() {
            let is_source = |file: &&&PathBuf| file.starts_with(&tree) && resolve::is_rust(file);
            let source = SourceTree { directory: resolved(&tree), whole: false };
            inputs.extend(
                candidates.iter().filter(is_source).map(|file| self.input(file, Kind::Source, Some(source.clone()))),
            );
        }
        inputs.extend(
            self.case.single.iter().map(|index| self.input(index.get::<&PathBuf>(&candidates), Kind::Embedded, None)),
        );
        let mut seen = BTreeSet::new();
        inputs.retain(|input| seen.insert(input.path.clone()));
        inputs.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.path.cmp(&b.path)));
        inputs
    }

    fn input(&self, path: &Path, kind: Kind, tree: Option<SourceTree>) -> Input {
        let shown = path::display(&self.project, path);
        Input {
            path: resolved(path),
            shown,
            kind,
            in_crate: None,
            reason: String::new(),
            tree,
            exists: true,
            outside: false,
            loose: false,
            watched: Some(true),
        }
    }

    /// Whether uv notices a change of each file. Each file in turn gets the newest time of all.
    fn noticed(&self) -> Vec<bool> {
        let mut clock = SystemTime::UNIX_EPOCH;
        for file in self.files.iter().chain([&self.project.join("pyproject.toml")]) {
            clock = clock.max(time(file));
        }
        let notices = |file: &PathBuf| {
            bump(file, &mut clock);
            let [pinned, newest] = uv::VERSIONS.map(|(_, ask)| ask(&self.project).unwrap() == Some(clock));
            assert_eq!(pinned, newest, "the versions of uv differ in {}", file.display());
            pinned
        };
        self.files.iter().map(notices).collect()
    }

    /// The new files beside the sources that uv would notice.
    fn to_come(&self, text: &str) -> BTreeSet<PathBuf> {
        self.write(text);
        let sources = self.inputs().into_iter().filter(|input| input.tree.is_some());
        let mut to_come: BTreeSet<PathBuf> =
            sources.map(|input| input.path.with_file_name("file_to_come.rs")).collect();
        let mut clock = self.files.iter().map(|file| time(file)).fold(SystemTime::now(), SystemTime::max);
        to_come.retain(|file| {
            std::fs::write(file, "").unwrap();
            bump(file, &mut clock);
            let [pinned, newest] = uv::VERSIONS.map(|(_, ask)| ask(&self.project).unwrap() == Some(clock));
            std::fs::remove_file(file).unwrap();
            assert_eq!(pinned, newest, "the versions of uv differ in {}", file.display());
            pinned
        });
        to_come
    }

    /// The coverage of the list on this system.
    fn coverage(&self, text: &str) -> Coverage {
        let pyproject = Pyproject::parse(&Disk::default(), Path::new("pyproject.toml"), text.to_owned()).unwrap();
        let keys: Vec<Key> = pyproject.entries().iter().map(|entry| entry.key.clone()).collect();
        Coverage::compile(&Disk::default(), &resolved(&self.project), &keys).unwrap()
    }

    /// The inputs that uv does not notice, and the files written by the build that it does notice.
    fn faults(&self, text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        self.write(text);
        let inputs: BTreeSet<PathBuf> = self.inputs().into_iter().map(|input| input.path.to_path_buf()).collect();
        let (mut missed, mut written) = (BTreeSet::new(), BTreeSet::new());
        for (file, noticed) in self.files.iter().zip(self.noticed()) {
            let shown = path::display(&self.project, file);
            let is_output = shown.starts_with("target/") || shown.starts_with(".venv/");
            if inputs.contains(file) && !noticed {
                missed.insert(shown);
            } else if is_output && noticed {
                written.insert(shown);
            }
        }
        (missed, written)
    }
}

/// Every comment of the head and the tail, and those above entries.
fn comments(text: &str) -> BTreeSet<&str> {
    text.split("# c").skip(1).filter_map(|rest| rest.split('.').next()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 3000, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_is_right_by_uvs_own_code(case in case()) {
        let site = Site::of(&case);
        let before = site.text();
        prop_assume!(Coverage::compile(&Disk::default(), &resolved(&site.project), &site.case.keys).is_ok());
        let report = site.judge(&before, false);
        prop_assert!(!site.case.keys.is_empty() || !report.findings.is_empty(), "an empty list has findings");
        let after = report.fixed_text.clone().unwrap_or_else(|| before.clone());

        // The edit changes only the keys, and keeps every comment.
        prop_assert!(after.starts_with(HEAD) && after.ends_with(TAIL), "{after}");
        prop_assert_eq!(comments(&before), comments(&after));

        // No key is written twice.
        let listed = |text: &str| Pyproject::parse(&Disk::default(), Path::new("pyproject.toml"), text.to_owned()).unwrap().entries().iter()
            .map(|entry| format!("{:?}", entry.key)).collect::<Vec<_>>();
        let repeats = |keys: &[String]| keys.len() - keys.iter().collect::<BTreeSet<_>>().len();
        prop_assert!(repeats(&listed(&after)) <= repeats(&listed(&before)), "{before}\n{after}");

        // The list is never narrower: new files beside the sources are noticed as before.
        let lost: Vec<_> = site.to_come(&before).difference(&site.to_come(&after)).cloned().collect();
        prop_assert!(lost.is_empty(), "not noticed any more: {lost:?}\n{before}\n{after}");

        // If the list means the same on Windows as here, it still does after the fix.
        let has_root_glob = site.case.keys.iter().any(|key| key.is_glob() && split(&key.text()).0.is_empty());
        let is_portable = |text: &str| site.coverage(text).is_portable();
        prop_assert!(has_root_glob || !is_portable(&before) || is_portable(&after), "not portable\n{before}\n{after}");

        // The findings name every input that is still uncovered, with the reason.
        let (missed, written) = site.faults(&after);
        let left = site.judge(&after, false);
        let told: BTreeSet<String> = left.findings.iter().filter(|left| left.fix.is_none() && left.help.is_some())
            .flat_map(|left| left.inputs.clone()).collect();
        let untold: Vec<_> = missed.difference(&told).collect();
        prop_assert!(untold.is_empty(), "not covered: {untold:?}\n{before}\n{after}\n{:#?}", left.findings);
        let odd = |path: &String| path.contains(['*', '?', '[', ']', '{', '}', '\\', '\u{FFFD}']) || path.split('/').any(|part| {
            part.starts_with(['!', '#']) || part != part.trim()
        });
        // `./!**` is the pattern `!**` below its base.
        let takes_away = after.contains("\"!") || after.contains("/!");
        prop_assert!(missed.iter().all(|path| odd(path) || takes_away), "not covered: {missed:?}\n{after}");
        let says = |text: &str| left.findings.iter().any(|left| left.help.as_deref().is_some_and(|help| help.starts_with(text)));
        // Some keys only cover outputs whose names differ from build to build. Such a key is removed only if it matches nothing.
        let is_dead = |left: &crate::output::Diagnostic| {
            left.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Unsafe && fix.keys.is_empty())
        };
        let (stays, dead) = (says("it stays"), left.findings.iter().any(is_dead));
        prop_assert!(written.is_empty() || stays || dead, "covered: {written:?}\n{before}\n{after}\n{:#?}", left.findings);

        // A second run changes nothing, not even after unsafe fixes.
        prop_assert_eq!(&left.fixed_text, &None, "a second --fix changes\n{}", after);
        let unsafely = site.judge(&after, true).fixed_text.unwrap_or_else(|| after.clone());
        prop_assert!(unsafely.starts_with(HEAD) && unsafely.ends_with(TAIL), "{unsafely}");
        for unsafe_fixes in [false, true] {
            prop_assert_eq!(site.judge(&unsafely, unsafe_fixes).fixed_text, None, "one more fix changes\n{}", unsafely);
        }
        let (missed_now, written) = site.faults(&unsafely);
        prop_assert!(missed_now.is_subset(&missed) && (written.is_empty() || stays), "{missed_now:?} {written:?}\n{after}\n{unsafely}");
    }

    #[test]
    fn a_list_from_nothing_is_read_alike_on_windows(case in case()) {
        let site = Site::of(&Case { keys: Vec::new(), ..case });
        let report = site.judge(&site.text(), false);
        let after = report.fixed_text.clone().unwrap_or_else(|| site.text());
        let coverage = site.coverage(&after);
        prop_assert!(coverage.is_portable(), "{after}");
        let elsewhere = coverage.elsewhere().unwrap();
        for input in site.inputs() {
            let covered = [&coverage, &elsewhere].map(|coverage| coverage.covering_key_of_file(&input.path).is_some());
            prop_assert_eq!(covered[0], covered[1], "{}\n{}", input.shown, after);
        }
    }
}
