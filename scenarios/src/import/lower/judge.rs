//! What a metric's own conditions say of numbers: which form of answer they take, what passes, and the limit.

use controllers::argo::condition::{Conditions, Outcome, Value};
use controllers::argo::metric::Metric;
use controllers::flagger::metric::{Ask, Source, passes};
use controllers::flagger::policy::Policy;
use sim_core::decider::AnswerShape;

/// Numbers at which conditions are tried: shares, percentages, seconds and milliseconds.
const TRIED: [f64; 7] = [0.0, 0.02, 0.5, 1.0, 50.0, 100.0, 1e9];

/// A metric as what it says of a number.
pub(super) struct Judge<'a> {
    passes: Box<dyn Fn(f64) -> bool + 'a>,
    /// The numbers that it is written with.
    literals: Vec<f64>,
}

/// The limit of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Threshold {
    /// The number.
    pub at: f64,
    /// Whether what is larger fails.
    pub fails_above: bool,
    /// Whether the number itself passes.
    pub itself: bool,
}

impl<'a> Judge<'a> {
    /// The judge of a metric of Argo, and the form of answers that its conditions take; none where they take no number.
    pub fn argo(metric: &Metric) -> Option<(Judge<'static>, AnswerShape)> {
        let conditions = metric.conditions();
        let shape = shape(metric, &conditions)?;
        let literals = [&metric.success_condition, &metric.failure_condition]
            .into_iter()
            .flat_map(|text| literals(text))
            .collect();
        let passes =
            move |number: f64| conditions.judge(&value(shape, number)).0 == Outcome::Successful;
        let passes = Box::new(passes);
        Some((Judge { passes, literals }, shape))
    }

    /// The judge of a metric of Flagger.
    pub fn flagger(policy: &'a Policy, ask: Ask<'a>) -> Self {
        let metric = ask.metric;
        let range = metric.threshold_range.unwrap_or_default();
        let scale = if ask.source == Source::RequestDuration && in_seconds(policy) {
            0.001
        } else {
            1.0
        };
        let literals = [range.min, range.max, Some(metric.threshold)]
            .into_iter()
            .flatten()
            .map(|limit| limit * scale)
            .collect();
        let passes = Box::new(move |number: f64| passes(policy, &ask, number));
        Self { passes, literals }
    }

    /// A judge that lets pass what `passes` does, written with these numbers.
    pub fn of(passes: Box<dyn Fn(f64) -> bool + 'a>, literals: Vec<f64>) -> Self {
        Self { passes, literals }
    }

    pub fn passes(&self, number: f64) -> bool {
        (self.passes)(number)
    }

    /// Whether any number fails, and any passes.
    pub fn tells_apart(&self) -> bool {
        let tried = || {
            TRIED
                .iter()
                .chain(&self.literals)
                .flat_map(|x| [*x, x * 0.99, x * 1.01])
        };
        tried().any(|x| self.passes(x)) && !tried().all(|x| self.passes(x))
    }

    /// The first number of the text at which the judgement turns.
    pub fn threshold(&self) -> Option<Threshold> {
        let turns = |at: f64| {
            let near = (at.abs() * 1e-6).max(1e-9);
            let (below, above) = (self.passes(at - near), self.passes(at + near));
            (below != above).then(|| Threshold {
                at,
                fails_above: below,
                itself: self.passes(at),
            })
        };
        self.literals.iter().find_map(|at| turns(*at))
    }
}

/// Whether Flagger's own query for the duration of requests answers in seconds.
pub(super) fn in_seconds(policy: &Policy) -> bool {
    policy.is_kubernetes() || policy.provider().starts_with("gatewayapi")
}

fn value(shape: AnswerShape, number: f64) -> Value {
    match shape {
        AnswerShape::Vector => Value::vector(&[number]),
        AnswerShape::Number => Value::Float(number),
    }
}

/// The form of answers that a metric takes: what its provider gives, or else what its conditions can judge.
fn shape(metric: &Metric, conditions: &Conditions) -> Option<AnswerShape> {
    use controllers::argo::condition::Answer;
    match metric.answers().first() {
        Some(Answer::Vector) => return Some(AnswerShape::Vector),
        Some(Answer::Number) => return Some(AnswerShape::Number),
        Some(_) => return None,
        None => {}
    }
    let takes = |shape: AnswerShape| {
        let judged = TRIED
            .iter()
            .map(|number| conditions.judge(&value(shape, *number)).0);
        judged.into_iter().all(|outcome| outcome != Outcome::Error)
    };
    let written = conditions.success.is_some() || conditions.failure.is_some();
    let mut forms = [AnswerShape::Number, AnswerShape::Vector].into_iter();
    forms.find(|shape| written && takes(*shape))
}

/// The numbers in a condition.
fn literals(text: &str) -> Vec<f64> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let words = text.split(|c: char| !inside(c));
    words
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
        .filter_map(|word| word.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(success: &str, failure: &str) -> Metric {
        Metric {
            success_condition: success.into(),
            failure_condition: failure.into(),
            provider: serde_json::json!({"prometheus": {"query": "x"}}),
            ..Metric::default()
        }
    }

    #[track_caller]
    fn check(success: &str, failure: &str, at: f64, fails_above: bool, itself: bool) {
        let (judge, shape) = Judge::argo(&metric(success, failure)).expect("it takes a number");
        assert_eq!(shape, AnswerShape::Vector);
        let expect = Threshold {
            at,
            fails_above,
            itself,
        };
        assert_eq!(judge.threshold(), Some(expect), "{success} {failure}");
    }

    #[test]
    fn the_limit_is_where_the_judgement_turns() {
        check("result[0] >= 0.95", "", 0.95, false, true);
        check("result[0] > 0.95", "", 0.95, false, false);
        check("", "result[0] > 5", 5.0, true, true);
        check(
            "len(result) == 0 || result[0] < 0.02",
            "",
            0.02,
            true,
            false,
        );
        check("result[0] >= 0.99", "result[0] < 0.95", 0.99, false, true);
        check("all(result, # < 300)", "", 300.0, true, false);
    }

    #[test]
    fn conditions_that_take_no_number_have_no_judge() {
        let web = |condition: &str| Metric {
            success_condition: condition.into(),
            provider: serde_json::json!({"web": {"url": "http://x"}}),
            ..Metric::default()
        };
        assert!(Judge::argo(&web("result.ok == true")).is_none());
        let (judge, shape) = Judge::argo(&web("result >= 0.9")).expect("a number");
        assert!(shape == AnswerShape::Number && judge.tells_apart());
    }
}
