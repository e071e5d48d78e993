//! Tests how settings are read, and that the schema agrees.

use serde_json::{Value as Json, json};
use toml_edit::{Document, TableLike, Value};

use super::*;

fn parse(text: &str) -> Result<Options, (String, String)> {
    let document = Document::parse(text.to_owned()).unwrap();
    match fault(document.as_table()) {
        None => Ok(Options::of([document.as_table() as &dyn TableLike])),
        Some(fault) => Err((fault.reason, text[fault.span].to_owned())),
    }
}

#[track_caller]
fn assert_fault(settings: &str, reason: &str, place: &str) {
    let fault = parse(settings).unwrap_err();
    assert_eq!((fault.0.as_str(), fault.1.as_str()), (reason, place), "{settings}");
}

/// Converts a table of settings to JSON.
fn json_of(table: &dyn TableLike) -> Json {
    let one = |value: &Value| match value {
        Value::String(text) => json!(text.value()),
        Value::Integer(number) => json!(number.value()),
        Value::Boolean(flag) => json!(flag.value()),
        Value::Array(list) => list.iter().map(|value| json!(value.as_str())).collect(),
        other => panic!("{other:?} is in no example"),
    };
    table.iter().map(|(name, item)| (name.to_owned(), one(item.as_value().unwrap()))).collect()
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    assert_fault("selct = []", "unknown setting `selct`, did you mean `select`?", "selct");
    assert_fault("colour = 1", "unknown setting `colour`", "colour");
    assert_fault("ignore = ['CK1', 'CK1033']", "`ignore`: unknown rule `CK1033`, did you mean `CK103`?", "'CK1033'");
    assert_fault("select = 'CK1'", "`select`: invalid type: string \"CK1\", expected a list", "'CK1'");
    assert_fault("exclude = ['a', 3]", "`exclude`: invalid type: integer `3`, expected a string", "3");
    assert_fault("editable = 'no'", "`editable`: invalid type: string \"no\", expected a boolean", "'no'");
    let reason = "`extra-inputs`: `/etc` is not a path or glob below the directory of the settings";
    assert_fault("extra-inputs = ['/etc']", reason, "'/etc'");
    assert_fault("extra-variables = ['A=1']", "`extra-variables`: `A=1` is not a valid variable name", "'A=1'");
    assert_fault("editable = [true]", "`editable`: invalid type: sequence, expected a boolean", "[true]");
    let (reason, place) = parse("exclude-inputs = ['a[']").unwrap_err();
    assert!(
        reason.starts_with("`exclude-inputs`: `a[` is not a valid glob: ") && place == "'a['",
        "{reason} at {place}"
    );
}

#[test]
fn the_required_version_comes_before_what_this_one_does_not_know() {
    let own = env!("CARGO_PKG_VERSION");
    let reason = format!("`required-version`: the project requires cachekeys >=99, but this is cachekeys {own}");
    assert_fault("new-setting = 1\nrequired-version = '>=99'", &reason, "'>=99'");
    let (reason, place) = parse("required-version = 'new'").unwrap_err();
    assert!(reason.contains("`new` is not a version") && place == "'new'", "{reason} at {place}");
    for good in [own, &format!("=={own}"), ">=0.1"] {
        parse(&format!("required-version = '{good}'")).unwrap();
    }
}

#[test]
fn a_pattern_stands_for_what_lies_below_it() {
    for (glob, path, expected) in [
        ("data", "data/a/b.bin", true),
        ("./data/", "data/a.bin", true),
        ("data", "other/data/a.bin", false),
        ("**/data", "other/data/a.bin", true),
        ("*.bin", "a.bin", true),
        ("*.bin", "data/a.bin", false),
        ("../shared/**", "../shared/x", true),
        ("..", "../shared/x", true),
    ] {
        assert_eq!(Pattern::try_from(glob.to_owned()).unwrap().matches(path), expected, "{glob} {path}");
    }
}

#[test]
fn the_later_table_counts() {
    let tables = ["select = ['CK1']\neditable = false", "select = ['CK2']"].map(|text| Document::parse(text).unwrap());
    let options = Options::of(tables.iter().map(|document| document.as_table() as &dyn TableLike));
    assert_eq!(options.select, Some(vec![Selector::parse("CK2").unwrap()]));
    assert!(options.editable == Some(false) && !options.has_metadata());
}

#[test]
fn the_schema_admits_what_the_parser_reads_and_nothing_else() {
    let schema = Options::schema();
    jsonschema::meta::validate(schema.as_value()).unwrap();
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    for (settings, expected) in [
        ("", true),
        ("select = ['ALL', 'CK1', 'CK20', 'CK103', 'wide-walk']\nignore = []", true),
        ("extend-select = ['CK010']\nrequired-version = '>=0.1'", true),
        ("exclude = ['vendored', '**/x']\nexclude-inputs = ['src/generated/**']", true),
        ("extra-inputs = ['../data', 'a/**/*.json']\nextra-variables = ['FLAG']", true),
        ("editable = false\nmetadata = true", true),
        ("manifests = ['rust/Cargo.toml', '../core/Cargo.toml']", true),
        ("select = ['CK999']", false),
        ("select = ['ck103']", false),
        ("select = ['wide']", false),
        ("ignore = 'CK1'", false),
        ("exclude = [1]", false),
        ("exclude-inputs = ['']", false),
        ("extra-inputs = ['/etc/passwd']", false),
        ("extra-variables = ['A=1']", false),
        ("extra-variables = ['']", false),
        ("editable = 'no'", false),
        ("metadata = 1", false),
        ("required-version = 1", false),
        ("required-version = ''", false),
        ("colour = true", false),
    ] {
        let document = Document::parse(settings.to_owned()).unwrap();
        let read = parse(settings);
        assert_eq!(read.is_ok(), expected, "{settings}: {read:?}");
        assert_eq!(validator.is_valid(&json_of(document.as_table())), expected, "{settings}");
    }
}

#[test]
fn every_setting_says_what_it_means_and_its_default_may_be_written() {
    let schema = Options::schema();
    let properties = schema.as_value()["properties"].as_object().unwrap();
    let names = [
        "editable", "exclude", "exclude-inputs", "extend-select", "extra-inputs", "extra-variables", "fix-style",
        "ignore", "manifests", "metadata", "required-version", "select",
    ];
    let mut known = Options::names();
    known.sort();
    assert_eq!(known, names);
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
        let default = &property["default"];
        assert_eq!(default.is_null(), name == "required-version", "{name}");
        if !default.is_null() {
            parse(&format!("{name} = {default}")).unwrap();
        }
    }
}
