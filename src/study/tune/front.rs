//! The Pareto front: who is not beaten in everything.

use super::metric::Metric;

/// Returns the candidates to which no other is at least as good in every figure and better in one.
///
/// `figures` holds for each candidate its figure for each of `metrics`; none where there is none, which
/// compares with nothing. Candidates with the very same figures are all on the front, or none.
pub fn front(metrics: &[Metric], figures: &[Vec<Option<f64>>]) -> Vec<usize> {
    let beaten =
        |one: &Vec<Option<f64>>| figures.iter().any(|other| dominates(metrics, other, one));
    (0..figures.len())
        .filter(|&at| !beaten(&figures[at]))
        .collect()
}

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
    fn the_front_is_who_is_not_beaten_in_everything() {
        let metrics = [Metric::FalseRollback, Metric::Harm];
        let row = |rate: f64, harm: f64| vec![Some(rate), Some(harm)];
        let rows = [
            row(0.0, 3.0),
            row(0.1, 1.0),
            row(0.1, 2.0),
            row(0.0, 3.0),
            row(0.2, 1.0),
        ];
        assert_eq!(front(&metrics, &rows), [0, 1, 3]);
        assert_eq!(
            front(&[Metric::BlastWithin], &[vec![Some(0.9)], vec![Some(1.0)]]),
            [1]
        );
        assert_eq!(front(&metrics, &[vec![None, None], row(0.0, 0.0)]), [0, 1]);
    }
}
