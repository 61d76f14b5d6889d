//! The first field in which two values differ.

use scenarios::adapter::Json;

/// Returns where `got` first differs from `expected`, with both values; nothing if it does not.
///
/// Only what is expected is looked at; a member that is absent equals `null`.
pub(super) fn first_difference(path: &str, expected: &Json, got: &Json) -> Option<String> {
    match (expected, got) {
        (Json::Object(members), Json::Object(_)) => members.iter().find_map(|(key, value)| {
            first_difference(
                &format!("{path}.{key}"),
                value,
                got.get(key).unwrap_or(&Json::Null),
            )
        }),
        (Json::List(items), Json::List(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.find_map(|(index, (a, b))| first_difference(&format!("{path}[{index}]"), a, b))
        }
        (Json::Text(expected), Json::Text(got)) if expected != got => {
            Some(text_difference(path, expected, got))
        }
        // JSON has no infinities; a row may write them as texts, such as `"+inf"`.
        (Json::Text(expected), Json::Float(got) | Json::Integer(got)) if names(expected, *got) => {
            None
        }
        _ if expected.same_as(got) => None,
        _ => Some(format!(
            "{path}: expected {}, got {}",
            show(expected),
            show(got)
        )),
    }
}

/// Whether a text is the name of `number`, which is not finite: `inf`, `+Infinity`, `NaN`.
fn names(text: &str, number: f64) -> bool {
    let named = text.trim().parse::<f64>().ok();
    !number.is_finite()
        && named.is_some_and(|named| named == number || named.is_nan() && number.is_nan())
}

/// Long texts are compared line by line, so that the message stays readable.
fn text_difference(path: &str, expected: &str, got: &str) -> String {
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let (expected, got) = (lines(expected), lines(got));
    if expected.len() == 1 && got.len() == 1 {
        return format!("{path}: expected {:?}, got {:?}", expected[0], got[0]);
    }
    let same = expected
        .iter()
        .zip(&got)
        .take_while(|(a, b)| a == b)
        .count();
    let at = |lines: &[String]| {
        lines
            .get(same)
            .map_or("the end".into(), |line| format!("{line:?}"))
    };
    format!(
        "{path}, line {}: expected {}, got {}",
        same + 1,
        at(&expected),
        at(&got)
    )
}

fn show(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Bool(value) => value.to_string(),
        Json::Integer(value) | Json::Float(value) => format!("{value:?}"),
        Json::Text(text) => format!("{text:?}"),
        Json::List(items) => format!(
            "[{}]",
            items.iter().map(show).collect::<Vec<_>>().join(", ")
        ),
        Json::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{key}: {}", show(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Returns a list of texts.
pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Json {
    Json::List(
        texts
            .into_iter()
            .map(|text| Json::Text(text.into()))
            .collect(),
    )
}

/// Returns an object.
pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(
        members
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenarios::adapter::parse;

    #[track_caller]
    fn check(expected: &str, got: &str, expect: Option<&str>) {
        let value = |text| parse(text).expect("the test's own text is JSON");
        assert_eq!(
            first_difference("expect", &value(expected), &value(got)).as_deref(),
            expect
        );
    }

    #[test]
    fn the_first_difference_is_named_with_its_path() {
        check(
            r#"{"a": [1, {"b": 2}]}"#,
            r#"{"a": [1.0, {"b": 2}], "c": 3}"#,
            None,
        );
        check(
            r#"{"a": [1, {"b": 2}]}"#,
            r#"{"a": [1, {"b": 3}]}"#,
            Some("expect.a[1].b: expected 2.0, got 3.0"),
        );
        check(r#"{"a": null}"#, "{}", None);
        check(
            r#"{"a": [1]}"#,
            r#"{"a": []}"#,
            Some("expect.a: expected [1.0], got []"),
        );
        check("true", "1", Some("expect: expected true, got 1.0"));
        check("NaN", "NaN", None);
        check(r#"{"a": "+inf"}"#, r#"{"a": Infinity}"#, None);
        check(r#""-Infinity""#, "-Infinity", None);
        check(r#""nan""#, "NaN", None);
        check(
            r#""+inf""#,
            "-Infinity",
            Some("expect: expected \"+inf\", got -inf"),
        );
        check(r#""1""#, "1", Some("expect: expected \"1\", got 1.0"));
        check(
            r#""a\nb\n""#,
            r#""a\nc\n""#,
            Some("expect, line 2: expected \"b\", got \"c\""),
        );
        check(
            r#""a\nb""#,
            r#""a""#,
            Some("expect, line 2: expected \"b\", got the end"),
        );
    }
}
