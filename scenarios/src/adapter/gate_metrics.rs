//! The metrics that the stage gates of an optimize rollout judge: a JSON object of numbers by name.

use super::{Json, js_number};

/// What a metrics file says about one metric.
#[derive(Clone, Debug)]
pub enum Metric {
    /// Nothing, or `null`.
    Absent,
    /// A number, maybe not a finite one.
    Number(f64),
    /// Something else, which JavaScript compares as this number all the same.
    Other {
        /// What the comparison sees.
        compares_as: f64,
        /// The type of the value in words.
        what: &'static str,
    },
}

/// Returns the metric `name` of a metrics file.
pub fn metric(file: &Json, name: &str) -> Metric {
    match file.get(name) {
        None | Some(Json::Null) => Metric::Absent,
        Some(Json::Integer(value) | Json::Float(value)) => Metric::Number(*value),
        Some(other) => Metric::Other {
            compares_as: js_number::number(other),
            what: match other {
                Json::Text(_) => "a string",
                Json::Bool(_) => "a boolean",
                Json::List(_) => "a list",
                _ => "an object",
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::lenient_json::parse;
    use super::*;

    #[test]
    fn a_metric_is_absent_a_number_or_something_else() {
        let file = parse(r#"{"a": 0.5, "b": null, "c": "0.9"}"#).expect("it is JSON");
        assert!(matches!(metric(&file, "a"), Metric::Number(0.5)));
        assert!(matches!(metric(&file, "b"), Metric::Absent));
        assert!(matches!(metric(&file, "z"), Metric::Absent));
        assert!(matches!(
            metric(&file, "c"),
            Metric::Other {
                compares_as: 0.9,
                what: "a string"
            }
        ));
    }
}
