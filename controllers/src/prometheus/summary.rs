//! Summaries over the elements of a vector.

use super::ast::{Aggregate, Summary};
use super::kahan::{Sum, mean, quantile};
use super::labels::Labels;
use super::range::extreme;
use super::value::Element;

/// Returns one element a group, in the order in which the groups appear.
pub(super) fn apply(
    aggregate: &Aggregate,
    parameter: Option<f64>,
    elements: Vec<Element>,
) -> Vec<Element> {
    let mut groups: Vec<(Labels, Vec<f64>)> = Vec::new();
    for Element { labels, value } in elements {
        let labels = if aggregate.without {
            labels.without(&aggregate.labels)
        } else {
            labels.only(&aggregate.labels)
        };
        match groups.iter_mut().find(|(known, _)| *known == labels) {
            Some((_, values)) => values.push(value),
            None => groups.push((labels, vec![value])),
        }
    }
    groups
        .into_iter()
        .map(|(labels, values)| Element {
            labels,
            value: summary(aggregate.op, parameter, values),
        })
        .collect()
}

fn summary(op: Summary, parameter: Option<f64>, values: Vec<f64>) -> f64 {
    let all = || values.iter().copied();
    match op {
        Summary::Sum => {
            let (first, rest) = (values[0], all().skip(1));
            let start = Sum {
                sum: first,
                lost: 0.0,
            };
            let Sum { sum, lost } = rest.fold(start, Sum::plus);
            sum + lost
        }
        Summary::Avg => mean(&values),
        Summary::Max => extreme(values[0], all(), |a, b| a > b),
        Summary::Min => extreme(values[0], all(), |a, b| a < b),
        Summary::Count => values.len() as f64,
        Summary::Group => 1.0,
        Summary::Stdvar => variance(&values),
        Summary::Stddev => variance(&values).sqrt(),
        Summary::Quantile => quantile(parameter.unwrap_or(f64::NAN), values),
    }
}

/// The variance as a population; a first value that is not finite makes it NaN.
fn variance(values: &[f64]) -> f64 {
    let (mut count, mut mean, mut squares) = (1.0, values[0], 0.0);
    if !values[0].is_finite() {
        squares = f64::NAN;
    }
    for value in &values[1..] {
        count += 1.0;
        let delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
    }
    squares / count
}
