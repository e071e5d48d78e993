//! What cargo will say, as the manifests have it: something to work with while cargo thinks.
//!
//! cargo has the last word. What was made of the forecast counts only where cargo says the same of every crate in it; else
//! it is made again.

use std::path::Path;
use std::sync::Arc;

use crate::crates::build_crate::Crate;
use crate::crates::resolver::{Ledger, Workspaces, lock};

/// The workspaces without cargo.
pub(crate) struct Forecast {
    workspaces: Workspaces,
    ledger: Ledger,
}

impl Forecast {
    /// `None` where cargo is not asked at all.
    pub(crate) fn of(workspaces: &Workspaces) -> Option<Self> {
        let ledger = Ledger::default();
        Some(Self { workspaces: workspaces.by_manifests(Arc::clone(&ledger))?, ledger })
    }

    /// Who answers until cargo does.
    pub(crate) fn workspaces(&self) -> &Workspaces {
        &self.workspaces
    }

    /// Whether cargo says the same of all crates on which the analysis of the project in `directory` is built. Waits for
    /// cargo. What needed no analysis holds.
    pub(crate) fn holds(&self, directory: &Path, workspaces: &Workspaces) -> bool {
        let Some(crates) = lock(&self.ledger).remove(directory) else { return true };
        // Overrides are read by the manifests in any case.
        let is_asked = |found: &&Crate| !found.is_override;
        let agrees = |found: &Crate| {
            let answer = workspaces.workspace_of(&found.package().manifest, directory, found.is_entry);
            answer.is_ok_and(|workspace| found.is_as_in(&workspace))
        };
        crates.is_some_and(|crates| crates.iter().filter(is_asked).all(agrees))
    }
}
