//! Rules for a rollout that runs faster than the wall: every duration is as many times shorter.
//!
//! `rate` counts by the second and is as many times higher; ratios, counts and quantiles stay what they are.

use scenarios::{Node, Value, documents};
use serde_json::{Value as Json, json};

/// The keys of rules that hold a duration.
const DURATIONS: [&str; 4] = ["for", "keep_firing_for", "interval", "query_offset"];

/// The rules as a file that Prometheus reads (JSON is YAML), with all durations divided by `speed`; none where it is no file
/// of rules.
pub fn sped_up(bytes: &[u8], speed: f64) -> Option<String> {
    let read = documents(bytes);
    let root = read.roots.first().filter(|_| read.diagnostics.is_empty())?;
    root.get("groups")?;
    Some(rewritten(root, "", speed).to_string())
}

fn rewritten(node: &Node, key: &str, speed: f64) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(is) => json!(is),
        Value::Int(number) => json!(*number as i64),
        Value::Float(number) => json!(number),
        Value::String(text) if key == "expr" => json!(expression(text, speed)),
        Value::String(text) if DURATIONS.contains(&key) => {
            json!(shortened(text, speed).unwrap_or_else(|| text.clone()))
        }
        Value::String(text) => json!(text),
        Value::List(items) => items
            .iter()
            .map(|item| rewritten(item, key, speed))
            .collect(),
        Value::Map(entries) => {
            let entry = |(key, value): &(scenarios::Key, Node)| {
                (key.text.clone(), rewritten(value, &key.text, speed))
            };
            Json::Object(entries.iter().map(entry).collect())
        }
    }
}

/// A duration that is so many times shorter, in whole milliseconds, at least one.
fn shortened(text: &str, speed: f64) -> Option<String> {
    let millis = controllers::prometheus::duration::read(text)? as f64;
    let short = (millis / speed).round().max(f64::from(millis > 0.0));
    Some(format!("{short}ms"))
}

/// An expression with its durations shortened: words that begin with a digit and end with a unit, outside of quotes and
/// comments.
fn expression(text: &str, speed: f64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' | '`' => quoted(rest, first),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            // A colon is part of a name, and parts the two durations of a subquery.
            ':' => 1,
            _ if first.is_ascii_digit() => end(rest, |c| is_word(c) && c != ':'),
            _ if is_word(first) => end(rest, is_word),
            _ => first.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        let duration = first.is_ascii_digit() && part.ends_with(|c: char| c.is_ascii_alphabetic());
        let short = if duration {
            shortened(part, speed)
        } else {
            None
        };
        out += short.as_deref().unwrap_or(part);
        rest = after;
    }
    out
}

/// Where a text ceases to be so.
fn end(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// How long a quoted text is, with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_become_shorter_and_nothing_else_does() {
        for (text, becomes) in [
            ("rate(x[5m]) > 10", "rate(x[5000ms]) > 10"),
            (
                "rate5m:x{le=\"5m\"} offset 1h > 1e3 # 5m",
                "rate5m:x{le=\"5m\"} offset 60000ms > 1e3 # 5m",
            ),
            (
                "max_over_time(x{a='it\\'s 5m'}[1h30m:15s])",
                "max_over_time(x{a='it\\'s 5m'}[90000ms:250ms])",
            ),
            ("x > 0x5d and 0.5 < y", "x > 0x5d and 0.5 < y"),
        ] {
            assert_eq!(expression(text, 60.0), becomes, "{text}");
        }
        let rules = "groups:\n  - name: a 5m\n    interval: 1m\n    rules:\n      - alert: Slow\n        expr: |\n          x[5m] > 1\n        for: 2m\n        labels: {for_: 5m}\n";
        assert_eq!(
            sped_up(rules.as_bytes(), 60.0).as_deref(),
            Some(
                r#"{"groups":[{"name":"a 5m","interval":"1000ms","rules":[{"alert":"Slow","expr":"x[5000ms] > 1\n","for":"2000ms","labels":{"for_":"5m"}}]}]}"#
            )
        );
        assert_eq!(sped_up(b"alerts: []", 60.0), None);
    }
}
