//! The values of arguments: formats, where crates are read from, when to use colours.

use cachekeys::CrateMetadata;
use clap::ValueEnum;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The findings of each place with its line of the file
    #[default]
    Full,
    /// One line for each finding
    Concise,
    /// One document, with its version
    Json,
    /// One JSON object for each finding
    JsonLines,
    /// Annotations for GitHub Actions
    Github,
    /// A Code Quality report for GitLab
    Gitlab,
    /// SARIF 2.1.0, with the fixes
    Sarif,
    /// A test report in XML
    Junit,
}

impl Format {
    /// Whether programs read the output. An incomplete output is then invalid.
    pub(crate) fn is_document(self) -> bool {
        !matches!(self, Self::Full | Self::Concise)
    }

    /// Whether the output contains the edits of fixes, and whether it contains all infos.
    pub(crate) fn contains(self) -> (bool, bool) {
        match self {
            Self::Json | Self::Sarif => (true, true),
            Self::JsonLines | Self::Gitlab => (false, true),
            Self::Full | Self::Concise | Self::Github | Self::Junit => (false, false),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SideFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Metadata {
    /// Ask cargo, or read the manifests where cargo is missing or fails (default)
    #[default]
    Auto,
    /// Ask cargo only
    Cargo,
    /// Read the manifests only, without cargo
    Manifest,
}

impl From<Metadata> for CrateMetadata {
    fn from(metadata: Metadata) -> Self {
        match metadata {
            Metadata::Auto => Self::Auto,
            Metadata::Cargo => Self::Cargo,
            Metadata::Manifest => Self::Manifest,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}
