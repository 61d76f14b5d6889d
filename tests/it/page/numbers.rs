//! Every number on a page is in the JSON: reports compute nothing.

use std::collections::{BTreeMap, BTreeSet};

use reports::figure::{clock, count, percent, percent_range, span};
use scraper::{ElementRef, Html, Node};
use serde_json::Value;

use super::kinds::{Made, kinds};
use super::parse;

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
        Value::String(text) => {
            known.extend(figures(text));
            // Instants are shown without a T, and without seconds that are zero.
            known.extend(figures(&text.replace(":00Z", "Z").replace('T', " ")));
        }
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
            // Percentage points, minutes and hours of a comparison; thresholds and readings.
            for unit in [0.01, 1.0, 60.0, 3600.0] {
                known.extend([2, 3, 4].map(|digits| rounded(size / unit, digits)));
            }
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

/// A number with so many significant digits, and at most four decimals.
fn rounded(size: f64, digits: i32) -> String {
    let before = if size > 0.0 {
        size.log10().floor() as i32
    } else {
        0
    };
    let decimals = (digits - 1 - before).clamp(0, 4) as usize;
    format!("{size:.decimals$}")
}

/// Rows that a page counts: by status, by fate, by decision, by place.
fn counts(result: &Value, known: &mut BTreeSet<String>) {
    const COUNTED: [(&str, &[&str]); 5] = [
        ("objectives", &["status"]),
        ("overall", &["verdict"]),
        ("mutants", &["verdict", "operator"]),
        ("mutants", &["verdict", "part"]),
        ("candidates", &["standing"]),
    ];
    let rows = |key: &str| result[key].as_array().cloned().unwrap_or_default();
    for (list, keys) in COUNTED {
        let mut groups: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows(list) {
            let group: Vec<_> = keys.iter().map(|key| row[*key].to_string()).collect();
            *groups.entry(group.join(" ")).or_default() += 1;
        }
        known.extend(groups.values().map(usize::to_string));
    }
    let broken = |row: &&Value| row["violated"].as_u64() > Some(0);
    let broken = rows("invariants").iter().filter(broken).count();
    known.insert(broken.to_string());
    places(result, known);
    shares(result, known);
    runs_of_starts(&rows("events"), known);
}

/// How much is missing of what a campaign covers, by state, and by state and group of faults.
fn places(result: &Value, known: &mut BTreeSet<String>) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let reaches = result["coverage"]["reaches"].as_array();
    let missing = reaches
        .into_iter()
        .flatten()
        .filter_map(|reach| reach["missing"].as_array());
    for name in missing.flatten().filter_map(Value::as_str) {
        if let Some((fault, state)) = name.split_once(" while ") {
            let group = fault.split('.').next().unwrap_or(fault);
            *places.entry(format!("{state} {group}")).or_default() += 1;
            *places.entry(state.to_owned()).or_default() += 1;
        } else if let Some((place, _)) = name.split_once(": ") {
            *places.entry(place.to_owned()).or_default() += 1;
        }
    }
    known.extend(places.values().map(usize::to_string));
}

/// What is said of two figures together: the share that was reached, and the change of what was minimised.
fn shares(result: &Value, known: &mut BTreeSet<String>) {
    for reach in result["coverage"]["reaches"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let [reached, reachable] = ["reached", "reachable"].map(|key| reach[key].as_f64().unwrap());
        known.extend(figures(&percent(reached / reachable)));
    }
    let minimized = result["minimize"].as_str().unwrap_or_default();
    let value = |row: &str| result[row]["figures"][minimized]["value"].as_f64();
    if let (Some(now), Some(best)) = (value("current"), value("recommended")) {
        known.insert(format!("{:.0}", (best / now - 1.0).abs() * 100.0));
    }
}

/// How many neighbouring starts of a backtest came to the same.
fn runs_of_starts(starts: &[Value], known: &mut BTreeSet<String>) {
    let alike = |a: &Value, b: &Value| a["decision"] == b["decision"] && a["gate"] == b["gate"];
    known.extend(starts.chunk_by(alike).map(|run| run.len().to_string()));
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
fn every_number_on_a_page_is_in_its_json() {
    for Made { kind, html, json } in kinds() {
        assert_eq!(untraced(html, json), Vec::<String>::new(), "{kind}");
        // And a number that nobody has computed would be found.
        let altered = html.replace("</main>", "<p>73.19 % of them</p></main>");
        assert_eq!(untraced(&altered, json).len(), 1, "{kind}");
    }
}
