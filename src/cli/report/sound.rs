//! Whether the figures of a stored result can be those of any.
//!
//! A result may have been edited, cut, or written by another program. Its shape is judged by its schema; this is
//! what a schema cannot say.

use serde_json::Value;

/// Nothing that is counted or measured is larger: what is beyond it cannot be added up or drawn.
const MOST: f64 = 1e15;

/// Says where a number stands that no result can have, and which.
pub fn too_large(value: &Value) -> Option<String> {
    let mut place = String::new();
    find(value, &mut place)
        .map(|number| format!("{place} is {number}, and no figure of a result is beyond {MOST:e}"))
}

/// Walks to the first number that is too large; `place` is then its path.
fn find(value: &Value, place: &mut String) -> Option<String> {
    let before = place.len();
    let mut inside = |step: String, value: &Value| {
        place.push_str(&step);
        let found = find(value, place);
        if found.is_none() {
            place.truncate(before);
        }
        found
    };
    match value {
        // A seed is any number, and nobody calculates with it.
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| key.as_str() != "seed")
            .find_map(|(key, value)| {
                let dot = if before == 0 { "" } else { "." };
                inside(format!("{dot}{key}"), value)
            }),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .find_map(|(at, value)| inside(format!("[{at}]"), value)),
        Value::Number(number) => {
            let large = number.as_f64().is_none_or(|number| number.abs() > MOST);
            large.then(|| number.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_too_large_is_named_with_its_path() {
        let check = |text: &str, expect: Option<&str>| {
            let value = serde_json::from_str(text).expect("it is JSON");
            let found = too_large(&value);
            assert_eq!(found.as_deref().and_then(|it| it.split(' ').next()), expect);
        };
        check(r#"{"seed": 18446744073709551615, "a": [1, -1e15]}"#, None);
        check(r#"{"a": {"b": [0, {"c": 2e15}]}}"#, Some("a.b[1].c"));
        check(r#"{"a": [1], "b": -1e300}"#, Some("b"));
    }
}
