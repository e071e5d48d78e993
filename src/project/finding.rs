//! The result of a rule: a place, a message, the inputs concerned and the fix.

use std::ops::Range;

use crate::cache_keys::Key;
use crate::inputs::InputId;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The result is wrong: a stale binary, an endless rebuild, or an error of uv.
    Error,
    /// Likely to cause a problem later.
    Warning,
    /// Worth knowing. Only printed with `-v`, and does not affect the exit code.
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
    /// It adds keys, or replaces a key with keys that cover every input that it covered. Applied by `--fix`.
    Safe,
    /// It removes something that the user wrote. Applied by `--unsafe-fixes`.
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

/// The fix of a finding. The keys to write are planned once for each project, from the remedies of all findings together
/// (`fix::plan`), so a rule never writes a key itself. `fix::lower` defines the edit of each remedy, `fix::describe` its
/// description in reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// No edit of the file fixes the finding. The help says what to do.
    #[default]
    None,
}

/// The defect of an entry that is replaced. It determines whether the fix is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The entry harms the build. The fix is safe even if no key replaces it.
    Harmful,
    /// The entry does not harm the build. The fix is unsafe if no key replaces it.
    Harmless,
    /// The entry covers files that are not inputs, but that the user named. The fix is unsafe.
    Unrelated,
}

/// One disagreement between the keys and the build.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finding {
    /// One sentence, without a full stop.
    pub(crate) message: String,
    /// What to do, if the fix does not show it.
    pub(crate) help: Option<String>,
    /// Byte range in pyproject.toml.
    pub(crate) span: Option<Range<usize>>,
    /// The text shown at `span`.
    pub(crate) label: String,
    /// The inputs concerned, in the order of the list of inputs.
    pub(crate) inputs: Vec<InputId>,
    /// Keys that do not cover files: variables, the state of git.
    pub(crate) keys: Vec<Key>,
    pub(crate) remedy: Remedy,
    /// The severity, if it is lower than that of the rule.
    pub(crate) severity: Option<Severity>,
}

impl Finding {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
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
