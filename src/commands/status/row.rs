//! The reasons of a verdict as text and as JSON, and the times in them.

use std::time::SystemTime;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

use super::change::{Change, Kind};
use super::verdict::Verdict;

/// A reason.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) path: Option<String>,
    /// The name of a variable or a tag.
    pub(super) name: Option<String>,
    pub(super) changed: Option<String>,
    pub(super) key: Option<String>,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) reason: String,
    #[serde(skip)]
    pub(super) line: String,
}

/// The row for a reason.
pub(super) fn row(change: &Change, verdict: Verdict) -> Row {
    let is_path = matches!(change.kind, Kind::File | Kind::Directory | Kind::Extension);
    Row {
        kind: change.kind.as_str(),
        path: change.name.clone().filter(|_| is_path),
        name: change.name.clone().filter(|_| !is_path),
        changed: change.changed.and_then(utc),
        key: change.key.clone(),
        old: change.old.clone(),
        new: change.new.clone(),
        reason: change.reason.clone(),
        line: line(change, verdict),
    }
}

/// The text of a reason.
fn line(change: &Change, verdict: Verdict) -> String {
    let quoted = |value: &Option<String>| value.as_ref().map_or("unset".to_owned(), |value| format!("\"{value}\""));
    let short = |value: &Option<String>| {
        value.as_deref().map_or("none".to_owned(), |value| value.chars().take(10).collect::<String>())
    };
    let name = change.name.as_deref().unwrap_or_default();
    let at = change.changed.map(|at| format!(" {}", local(at))).unwrap_or_default();
    let by = change.key.as_ref().map(|key| format!(" (key {key})")).unwrap_or_default();
    let reason = if change.reason.is_empty() { String::new() } else { format!(": {}", change.reason) };
    match (change.kind, &change.name) {
        (Kind::Extension, _) => format!("{name}, written{at}{reason}"),
        (Kind::File, Some(_)) if verdict == Verdict::Stale => {
            format!("{name} changed{at}, but no key covers it{reason}")
        }
        (Kind::File, Some(_)) => format!("{name} changed{at}{by}{reason}"),
        (Kind::Variable, _) => {
            format!("${name} changed from {} to {}{by}{reason}", quoted(&change.old), quoted(&change.new))
        }
        (Kind::Commit, _) => format!("the commit changed from {} to {}{by}", short(&change.old), short(&change.new)),
        (Kind::Tag, Some(_)) => {
            format!("the tag {name} changed from {} to {}{by}", short(&change.old), short(&change.new))
        }
        (Kind::Directory, Some(_)) => {
            let created = change.changed.map(|at| format!(" (created {})", local(at))).unwrap_or_default();
            format!("the directory {name}{by}{reason}{created}")
        }
        (Kind::File, None) => format!(
            "{}{}",
            change.reason,
            change.changed.map(|at| format!(" (it changed {})", local(at))).unwrap_or_default()
        ),
        _ => format!("{}{by}", change.reason),
    }
}

/// The time in UTC: `2026-11-22T14:02:03Z`.
pub(super) fn utc(time: SystemTime) -> Option<String> {
    Some(Timestamp::try_from(time).ok()?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The local time. The date is left out if it is today.
pub(super) fn local(time: SystemTime) -> String {
    let Ok(time) = Timestamp::try_from(time) else { return "at an unknown time".to_owned() };
    let zoned = time.to_zoned(TimeZone::system());
    let form = if zoned.date() == Zoned::now().date() { "at %H:%M:%S" } else { "on %Y-%m-%d at %H:%M:%S" };
    zoned.strftime(form).to_string()
}
