//! The public API, as rustdoc lists it. `snapshots/public-api.txt` shows every item that is added or removed.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::process::Command;

#[test]
fn it_is_what_the_snapshot_lists() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["doc", "--lib", "--no-deps", "--locked", "--offline", "--target-dir"]).arg(&target);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(target.join("doc/cachekeys/all.html")).unwrap();
    let items: Vec<String> = page.split("<li><a href=\"").skip(1).filter_map(item).collect();
    assert!(items.contains(&"fn check".to_owned()), "rustdoc lists them in another way now: {items:?}");
    support::assert_snapshot(&(items.join("\n") + "\n"), "public-api.txt");
}

/// Turns `report/struct.Look.html">…` into `struct report::Look`.
fn item(link: &str) -> Option<String> {
    let (path, _) = link.split_once(".html\"")?;
    let (module, item) =
        path.rsplit_once('/').map_or((String::new(), path), |(module, item)| (module.replace('/', "::") + "::", item));
    let (kind, name) = item.split_once('.')?;
    Some(format!("{kind} {module}{name}"))
}
