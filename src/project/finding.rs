//! What a rule reports: a place, a message, the inputs concerned and what would fix it.

use std::ops::Range;

use crate::cache_keys::Key;
use crate::inputs::InputId;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Wrong results: a stale binary, an endless rebuild, uv fails.
    Error,
    /// Will hurt.
    Warning,
    /// Worth knowing; printed with `-v` only, and of no influence on the exit code.
    Info,
}

impl Severity {
    /// The lower-case word that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Whether a fix may be applied without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// It adds keys, or replaces a key by keys that cover every input that it covered. Applied by `--fix`.
    Safe,
    /// It takes away something the user wrote. Applied with `--unsafe-fixes`.
    Unsafe,
}

impl Applicability {
    /// The lower-case word that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// What would fix a finding. The keys to write are planned once a project, from the remedies of all findings together
/// (`fix::plan`), so that a rule never spells a key. `fix::lower` says what each remedy changes, `fix::describe` how a
/// report calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Cover [`Finding::inputs`] and add [`Finding::keys`].
    Cover,
    /// Replace entry `.0` by keys that cover the same inputs, and nothing that the build writes.
    Replace(usize, Defect),
    /// Replace all entries that name files by fewer keys that cover the same inputs.
    Shorten,
    /// Remove entry `.0`.
    Remove(usize),
    /// Rename the misspelled list `tool.uv.<.0>` to `cache-keys`.
    Rename(String),
    /// Remove entry `.0` of `tool.uv.reinstall-package`.
    RemoveReinstall(usize),
    /// Remove the comment that starts at byte `.0`.
    RemoveComment(usize),
    /// No edit of the file helps; the help says what does.
    None,
}

/// What is wrong with an entry that is replaced, and so what may be lost with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// It does harm to the build: the fix is safe even where no key takes its place.
    Harmful,
    /// It does no harm to the build: the fix is unsafe where no key takes its place.
    Harmless,
    /// It covers files that are not inputs, and the user named them: the fix is unsafe.
    Unrelated,
}

/// One disagreement between the keys and the build.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// One sentence, without a full stop.
    pub(crate) message: String,
    /// What to do, where the fix does not say it.
    pub(crate) help: Option<String>,
    /// Byte range in pyproject.toml.
    pub(crate) span: Option<Range<usize>>,
    /// What the place marked by `span` shows.
    pub(crate) label: String,
    /// The inputs concerned, in the order of the list of inputs.
    pub(crate) inputs: Vec<InputId>,
    /// Keys that do not cover files: variables, the state of git.
    pub(crate) keys: Vec<Key>,
    pub(crate) remedy: Remedy,
    /// Where this one is less bad than its rule says.
    pub(crate) severity: Option<Severity>,
}

impl Finding {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            span: None,
            label: String::new(),
            inputs: Vec::new(),
            keys: Vec::new(),
            remedy: Remedy::None,
            severity: None,
        }
    }

    pub(crate) fn at(mut self, span: Option<Range<usize>>, label: impl Into<String>) -> Self {
        self.span = span;
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn covering(mut self, inputs: Vec<InputId>) -> Self {
        self.inputs = inputs;
        self.remedy = Remedy::Cover;
        self
    }

    pub(crate) fn adding(mut self, keys: Vec<Key>) -> Self {
        self.keys = keys;
        self.remedy = Remedy::Cover;
        self
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(crate) fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = remedy;
        self
    }
}
