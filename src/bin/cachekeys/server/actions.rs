//! Code actions: fix a finding, fix all findings, ignore a finding. The client makes the edit.

use std::collections::HashMap;

use cachekeys::Applicability;
use cachekeys::editor::{Analysis, TextFix};
use cachekeys::report::Edit;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, DocumentChange, Edit as DocumentEdit,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};

use super::abilities::{Abilities, FIX_ALL};
use super::diagnostics;

/// From this number of keys on, a title gives only their count.
const MANY: usize = 3;

/// The actions at a place in this version of the document.
pub(super) fn actions(
    analysis: &Analysis,
    version: i32,
    params: &CodeActionParams,
    abilities: &Abilities,
) -> Vec<CodeAction> {
    let wants = |kind: &CodeActionKind| {
        let only = params.context.only.as_deref();
        only.is_none_or(|only| only.iter().any(|wanted| contains(wanted, kind)))
    };
    let edit = |edit: &Edit| workspace_edit(analysis, version, &params.text_document, edit, abilities);
    let mut actions = Vec::new();
    if wants(&CodeActionKind::QuickFix) {
        let asked = abilities.encoding.bytes(analysis.text(), params.range);
        let is_there = |index: &usize| {
            let place = analysis.place(*index);
            place.start <= asked.end && asked.start <= place.end
        };
        let there: Vec<usize> = (0..analysis.findings().len()).filter(is_there).collect();
        for &index in &there {
            let Some(fix) = analysis.fix(index) else { continue };
            actions.push(CodeAction {
                is_preferred: (fix.summary.applicability == Applicability::Safe).then_some(true),
                ..quick_fix(analysis, index, title(analysis.findings()[index].code, &fix), edit(&fix.edit), abilities)
            });
        }
        for &index in &there {
            let Some(ignored) = analysis.ignore(index) else { continue };
            let title = format!("Ignore {} here", analysis.findings()[index].code);
            actions.push(quick_fix(analysis, index, title, edit(&ignored), abilities));
        }
    }
    if wants(&FIX_ALL)
        && let Some(all) = analysis.fix_all()
    {
        let title = "Fix all safely fixable findings of cachekeys".to_owned();
        actions.push(CodeAction { title, kind: Some(FIX_ALL), edit: Some(edit(&all)), ..CodeAction::default() });
    }
    actions
}

/// Whether `wanted` includes a kind: the same kind, or one that contains it.
fn contains(wanted: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    rest.is_some_and(|rest| wanted.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'))
}

fn quick_fix(
    analysis: &Analysis,
    index: usize,
    title: String,
    edit: WorkspaceEdit,
    abilities: &Abilities,
) -> CodeAction {
    CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: diagnostics::of_finding(analysis, index, abilities).map(|found| vec![found]),
        edit: Some(edit),
        ..CodeAction::default()
    }
}

fn title(code: &str, fix: &TextFix) -> String {
    let summary = &fix.summary;
    let what = if summary.keys.len() < MANY {
        summary.message()
    } else {
        format!("{} {} keys", summary.action, summary.keys.len())
    };
    let mark = if summary.applicability == Applicability::Unsafe { " (unsafe)" } else { "" };
    format!("{code}: {what}{mark}")
}

fn workspace_edit(
    analysis: &Analysis,
    version: i32,
    document: &TextDocumentIdentifier,
    edit: &Edit,
    abilities: &Abilities,
) -> WorkspaceEdit {
    let range = abilities.encoding.range(analysis.text(), &edit.range);
    let edit = TextEdit { range, new_text: edit.content.clone() };
    if !abilities.versions_edits {
        let changes = HashMap::from([(document.uri.clone(), vec![edit])]);
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version: Some(version),
            text_document_identifier: document.clone(),
        },
        edits: vec![DocumentEdit::TextEdit(edit)],
    };
    let changes = vec![DocumentChange::TextDocumentEdit(change)];
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_stands_for_all_below_it() {
        for (wanted, expected) in [
            ("", true),
            ("source", true),
            ("source.fixAll", true),
            ("source.fixAll.cachekeys", true),
            ("source.fix", false),
            ("source.fixAll.ruff", false),
            ("quickfix", false),
        ] {
            assert_eq!(contains(&CodeActionKind::Custom(wanted.into()), &FIX_ALL), expected, "{wanted}");
        }
    }
}
