//! How the next sync installs the project: as editable, or as a copy.
//!
//! Source of the facts: uv's documentation, "Editable installs", and `satisfies.rs` in its crate `uv-installer`. uv replaces a
//! project that is installed in the other way, even if `direct_url.json` does not say which way that is.

use super::distribution::{DirectUrl, Distribution, Way};
use super::environment::EnvironmentChoice;
use super::settings::is_set;
use crate::pyproject::Pyproject;
use crate::pyproject::uv_sources::{Installed, User};

/// How the next sync installs the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) editable: bool,
    /// Why the project is installed as a copy.
    reason: String,
}

impl Wanted {
    /// `user` is the project to which the environment belongs, if that is another project.
    pub(super) fn of(
        pyproject: &Pyproject,
        user: Option<&User>,
        choice: &EnvironmentChoice,
        installed: Option<&Distribution>,
    ) -> Self {
        let copy = |reason: &str| Self { editable: false, reason: reason.to_owned() };
        if choice.no_editable {
            return copy("--no-editable");
        }
        if is_set("UV_NO_EDITABLE") {
            return copy("UV_NO_EDITABLE");
        }
        match Self::by_source(pyproject, user) {
            Some(source) if !source.editable => copy(&source.reason),
            // The setting says that some installs are copies. An existing editable install may stay editable.
            None if pyproject.options.editable == Some(false) && !installed.is_some_and(Distribution::is_editable) => {
                copy("`editable = false` in `[tool.cachekeys]`")
            }
            _ => Self { editable: true, reason: String::new() },
        }
    }

    /// How the sources of its workspace, or of the project to which the environment belongs, install it.
    pub(super) fn by_source<'a>(pyproject: &'a Pyproject, user: Option<&'a User>) -> Option<&'a Installed> {
        user.map(|user| &user.installed).or(pyproject.installation.own.as_ref())
    }

    /// Why the current install is not the wanted one.
    pub(super) fn other_way(&self, distribution: &Distribution) -> Option<String> {
        let is_other = distribution.source.as_ref().and_then(DirectUrl::editable) != Some(self.editable);
        let then = if self.editable { "it as editable" } else { "a copy" };
        match distribution.way {
            Way::MaturinDevelop => Some(replaced("`maturin develop`")),
            Way::Pip { .. } => Some(replaced("pip")),
            Way::UvPip if is_other => Some(replaced("`uv pip install`")),
            Way::Copy if is_other => Some(
                "it is installed as a copy: the next `uv sync` installs it as editable (pass `--no-editable` if you \
                 run `uv sync --no-editable`)"
                    .to_owned(),
            ),
            Way::Editable if is_other => {
                Some(format!("it is installed as editable: the next `uv sync` installs {then} ({})", self.reason))
            }
            Way::Other if is_other => Some(format!("it was not installed by uv: the next `uv sync` installs {then}")),
            _ => None,
        }
    }
}

fn replaced(by: &str) -> String {
    format!("it was installed by {by}: the next `uv sync` replaces it with its own build")
}
