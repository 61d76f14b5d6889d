//! Every number on a page is in the JSON: reports compute nothing.

use std::collections::BTreeSet;

use reports::figure::{clock, count, percent, percent_range, span};
use scraper::{ElementRef, Html, Node};
use serde_json::Value;

use super::{parse, read, study};
use crate::command::{coalmine, plain};

/// What names a quantile, an interval or a share, and is no result.
const NAMES: [&str; 13] = [
    "0", "5", "25", "50", "75", "90", "95", "99", "p50", "p95", "p99", "100", "1",
];

/// Splits a text into its words that hold digits.
fn figures(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| c.is_whitespace() || "()[]{},;:=<>≤≥\"'`*|·×/".contains(c));
    let trimmed = words.map(|word| word.trim_matches(['.', '-', '+', '%', '…']).to_owned());
    trimmed.filter(|word| word.contains(|c: char| c.is_ascii_digit()))
}

/// Adds everything that may be said about the numbers and texts of a result.
fn collect(value: &Value, known: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => known.extend(figures(text)),
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let size = number.abs();
            let forms = [
                value.to_string(),
                percent(size),
                percent(size / 100.0),
                percent_range(size, size),
                span(size),
                clock(size),
                count(size),
                format!("{size:.3}"),
                format!("{size:.4}"),
            ];
            forms.iter().for_each(|form| known.extend(figures(form)));
        }
        Value::Array(list) => {
            known.insert(list.len().to_string());
            list.iter().for_each(|each| collect(each, known));
        }
        Value::Object(fields) => {
            for (key, each) in fields {
                known.extend(figures(key));
                collect(each, known);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// How many objectives have each status, and how many promises are broken: counts of rows.
fn counts(result: &Value, known: &mut BTreeSet<String>) {
    let rows = |key: &str| result[key].as_array().cloned().unwrap_or_default();
    for status in ["ok", "undecided", "MISS"] {
        let many = rows("objectives")
            .iter()
            .filter(|row| row["status"] == status)
            .count();
        known.insert(many.to_string());
    }
    let broken = rows("invariants")
        .iter()
        .filter(|row| row["violated"].as_u64() > Some(0))
        .count();
    known.insert(broken.to_string());
    for verdict in ["better", "worse"] {
        let many = rows("overall")
            .iter()
            .filter(|row| row["verdict"] == verdict)
            .count();
        known.insert(many.to_string());
    }
}

/// Returns the texts of a page without its style and without the numbers along axes.
fn texts(page: &Html) -> Vec<String> {
    let skipped = |element: ElementRef<'_>| {
        let value = element.value();
        let class = value.attr("class").unwrap_or("");
        value.name() == "style" || ["tick", "axis-name"].contains(&class)
    };
    let mut texts = Vec::new();
    for node in page.tree.nodes() {
        if let Node::Text(text) = node.value()
            && !node.ancestors().filter_map(ElementRef::wrap).any(skipped)
        {
            texts.push(text.to_string());
        }
    }
    texts
}

/// Returns the figures of a page that cannot be traced to the result.
fn untraced(html: &str, result: &str) -> Vec<String> {
    let result: Value = serde_json::from_str(result).unwrap();
    let mut known: BTreeSet<String> = NAMES.map(str::to_owned).into();
    collect(&result, &mut known);
    counts(&result, &mut known);
    let page = parse(html);
    let mut lost = Vec::new();
    for text in texts(&page) {
        for figure in figures(&text).filter(|figure| !known.contains(figure)) {
            lost.push(format!("{figure} in {text:?}"));
        }
    }
    lost
}

#[test]
fn every_number_on_the_page_of_a_study_is_in_its_json() {
    let folder = plain();
    study(folder.path());
    let (html, json) = (
        read(folder.path(), "page.html"),
        read(folder.path(), "result.json"),
    );
    assert_eq!(untraced(&html, &json), Vec::<String>::new());
    // And a number that nobody has computed would be found.
    let altered = html.replace("</main>", "<p>73.19 % of them</p></main>");
    assert_eq!(untraced(&altered, &json).len(), 1);
}

#[test]
fn every_number_on_the_page_of_a_shipped_system_is_in_its_json() {
    let folder = tempfile::tempdir().unwrap();
    let page = |format: &str| format!("{format}={}", folder.path().join(format).display());
    let (html, json) = (page("html"), page("json"));
    let args = [
        "simulate",
        "wedge",
        "-n",
        "24",
        "--no-fail",
        "-q",
        "--out",
        &html,
        "--out",
        &json,
    ];
    let ran = coalmine(&args);
    assert!([0, 4].contains(&ran.code), "{ran:#?}");
    let (html, json) = (read(folder.path(), "html"), read(folder.path(), "json"));
    assert_eq!(untraced(&html, &json), Vec::<String>::new());
}

#[test]
fn every_number_on_the_page_of_a_curve_is_in_its_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curve.json").display().to_string();
    let json = format!("json={path}");
    let args = [
        "curve",
        "wedge",
        "-s",
        "step-regression",
        "-n",
        "24",
        "--points",
        "4",
        "--format",
        "html",
    ];
    let ran = coalmine(&[&args[..], &["--out", &json]].concat());
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert_eq!(
        untraced(&ran.out, &read(folder.path(), "curve.json")),
        Vec::<String>::new()
    );
}
