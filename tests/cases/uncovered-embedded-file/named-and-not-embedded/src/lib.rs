//! The table is `include_str!("../data/table.csv")`, or `sol!("data/table.csv")`.

/// As `sol!(Table, "data/table.csv")`.
#[doc = "data/table.csv"]
#[deprecated(note = "data/table.csv")]
#[cfg(feature = "data/table.csv")]
#[cfg_attr(unix, serde(default = "data/table.csv"))]
#[derive(Parser)]
#[command(name = "data/table.csv")]
pub struct Settings {
    #[arg(long, default_value = "data/table.csv")]
    #[serde(rename = "data/table.csv")]
    table: String,
}

pub fn said(log: &Log) -> String {
    println!("data/table.csv");
    eprintln!("{}", "data/table.csv");
    log::info!("data/table.csv");
    tracing::debug!(path = "data/table.csv");
    assert!(true, "data/table.csv");
    assert_eq!("data/table.csv", "data/table.csv");
    if log.is_empty() {
        panic!("data/table.csv");
    }
    let read = std::fs::read("data/table.csv");
    let both = tokio::join!(load("data/table.csv"), log.load("data/table.csv"));
    let all = vec!["data/table.csv"];
    let known = matches!(all[0], "data/table.csv");
    format!("data/table.csv {read:?} {both:?} {known}")
}

macro_rules! path {
    ($path:literal) => {
        std::path::Path::new($path)
    };
}

pub fn table() -> &'static std::path::Path {
    path!("data/table.csv")
}

#[cfg(test)]
mod tests {
    sol!(Table, "data/table.csv");
}

#[rstest]
#[case("data/table.csv")]
fn reads(#[case] path: &str) {
    sol!(Table, "data/table.csv");
}

#[tokio::test(flavor = "multi_thread")]
async fn runs() {
    const TABLE: &str = include_str!("../data/table.csv");
}
