//! The Pareto front: who is not dominated.

use super::metric::Metric;
use super::samples::Record;
use super::successive_rejects::runs_at;

/// Returns those of `among` that no other of them dominates: none is at least as good in every figure and
/// better in one. Two candidates are compared over the replications that both have played, `sizes` of them as
/// the race counts. Candidates with the very same figures are all on the front, or none.
pub fn front(record: &Record, metrics: &[Metric], among: &[usize], sizes: &[u32]) -> Vec<usize> {
    let figures: Vec<Figures> = among
        .iter()
        .map(|&candidate| figures(record, metrics, candidate, sizes[candidate]))
        .collect();
    let is_dominated = |own: &Figures| figures.iter().any(|other| beats(metrics, other, own));
    let kept = among
        .iter()
        .zip(&figures)
        .filter(|(candidate, own)| sizes[**candidate] > 0 && !is_dominated(own));
    kept.map(|(&candidate, _)| candidate).collect()
}

/// Says whether the first candidate dominates the second, over the replications that both have played.
pub fn is_dominated(
    record: &Record,
    metrics: &[Metric],
    (by, candidate): (usize, usize),
    sizes: &[u32],
) -> bool {
    let [one, other] =
        [by, candidate].map(|candidate| figures(record, metrics, candidate, sizes[candidate]));
    beats(metrics, &one, &other)
}

/// The figures of a candidate at each size up to its own.
type Figures = Vec<Vec<Option<f64>>>;

fn figures(record: &Record, metrics: &[Metric], candidate: usize, size: u32) -> Figures {
    let at = |size| {
        metrics
            .iter()
            .map(|&it| record.value(candidate, it, runs_at(size)))
            .collect()
    };
    (1..=size).map(at).collect()
}

fn beats(metrics: &[Metric], one: &Figures, other: &Figures) -> bool {
    let common = one.len().min(other.len());
    common > 0 && dominates(metrics, &one[common - 1], &other[common - 1])
}

/// A figure that one of the two does not have compares with nothing.
fn dominates(metrics: &[Metric], one: &[Option<f64>], other: &[Option<f64>]) -> bool {
    let gain = |(metric, (one, other)): (&Metric, (&Option<f64>, &Option<f64>))| {
        let gain = (*other)? - (*one)?;
        Some(if metric.is_wanted() { -gain } else { gain })
    };
    let gains: Vec<f64> = metrics
        .iter()
        .zip(one.iter().zip(other))
        .filter_map(gain)
        .collect();
    gains.iter().all(|gain| *gain >= 0.0) && gains.iter().any(|gain| *gain > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dominates_who_is_nowhere_better_and_somewhere_worse() {
        let metrics = [Metric::FalseRollback, Metric::BlastWithin];
        let check = |one: [f64; 2], other: [f64; 2], expect: bool| {
            assert_eq!(
                dominates(&metrics, &one.map(Some), &other.map(Some)),
                expect,
                "{one:?} {other:?}"
            );
        };
        check([0.0, 1.0], [0.1, 1.0], true);
        check([0.1, 1.0], [0.0, 1.0], false);
        check([0.0, 0.9], [0.0, 1.0], false);
        check([0.0, 1.0], [0.0, 0.9], true);
        check([0.0, 1.0], [0.0, 1.0], false);
        check([0.0, 0.9], [0.1, 1.0], false);
        assert!(!dominates(&metrics, &[None, None], &[Some(0.0), Some(0.0)]));
    }
}
