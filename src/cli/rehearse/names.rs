//! What your rules call our series.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::resolve::read_file;

/// Our names, and the names and labels that they become.
pub type SeriesNames = BTreeMap<String, String>;

/// Reads the map; none means that the rules ask for our names.
///
/// # Errors
///
/// When it is no map of names.
pub fn read(path: Option<&Path>) -> Result<SeriesNames, Failure> {
    let Some(path) = path else {
        return Ok(SeriesNames::new());
    };
    let bytes = read_file(path)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let what = format!("{} is no map of names: {error}", path.display());
        Failure::input(what).help("write {\"error_rate_total\": \"http_requests_total\"}")
    })
}

/// The selector under the name that the rules ask for, with the labels of both.
pub fn renamed(names: &SeriesNames, selector: &str) -> String {
    let Some((name, labels)) = selector.split_once('{') else {
        return selector.to_owned();
    };
    let Some(other) = names.get(name) else {
        return selector.to_owned();
    };
    match other.trim_end().strip_suffix('}') {
        None => format!("{other}{{{labels}"),
        Some(open) if open.ends_with('{') || labels == "}" => format!("{open}{labels}"),
        Some(open) => format!("{open},{labels}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_takes_the_name_of_the_rules_and_keeps_its_labels() {
        let names: SeriesNames = [
            ("errors_total", "http_requests_total{job=\"shop\"}"),
            ("load", "load1"),
            ("bare", "up{}"),
        ]
        .map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned()))
        .into();
        for (selector, becomes) in [
            (
                "errors_total{version=\"canary\"}",
                "http_requests_total{job=\"shop\",version=\"canary\"}",
            ),
            ("load{version=\"stable\"}", "load1{version=\"stable\"}"),
            ("bare{version=\"stable\"}", "up{version=\"stable\"}"),
            ("other{a=\"b\"}", "other{a=\"b\"}"),
        ] {
            assert_eq!(renamed(&names, selector), becomes);
        }
    }
}
