//! Sides: whether a quantile lies below or above a limit, from counts alone.
//!
//! A quantile is at most `x` exactly where at least as many requests as its rank are. So each interval is
//! counted once for each limit, however many looks cover it, and no look has to search. A rough count, which
//! leaves some requests around the limit open, mostly tells.

use super::counts::Mark;
use super::latencies::Spans;
use super::law::LatencyLaw;
use super::rank::rank;
use super::store::Store;

impl Store<'_> {
    /// Returns a value on the same side of each of `marks`, of which there are some, as the quantile `q` of
    /// the latencies in `spans`; none where it is too near to one of them to be told from counts.
    pub(super) fn side(
        &mut self,
        law: &LatencyLaw,
        spans: &Spans,
        (q, total): (f64, f64),
        marks: &[Mark],
    ) -> Option<f64> {
        let mut above = None;
        for mark in marks {
            let mut is_below = |open| self.is_below(law, spans, (q, total), (mark.log, open));
            if is_below(mark.rough).or_else(|| is_below(0.0))? {
                return Some(between(above, Some(mark.limit)));
            }
            above = Some(mark.limit);
        }
        Some(between(above, None))
    }

    /// Whether the quantile `q` lies below a limit with this logarithm, when each interval is counted but for
    /// the part `open`; none where that is too much.
    fn is_below(
        &mut self,
        law: &LatencyLaw,
        spans: &Spans,
        (q, total): (f64, f64),
        (log, open): (f64, f64),
    ) -> Option<bool> {
        let (rank, unsure) = (rank(q, total), ROUNDING * total);
        let (mut least, mut most) = (0.0, 0.0);
        for span in spans.iter().filter(|span| span.counts()) {
            let upto = self.series[span.series].upto(law, (log, open), span.range);
            least += span.weight * upto.least as f64;
            most += span.weight * upto.most as f64;
        }
        let (below, not_above) = (least > rank + unsure, most >= rank - unsure);
        (below == not_above).then_some(below)
    }
}

/// Sums of so many requests, whole or weighted, differ by less of their total for rounding.
pub(super) const ROUNDING: f64 = 1e-12;

/// Returns a value above one limit and below the other.
pub(super) fn between(above: Option<f64>, below: Option<f64>) -> f64 {
    match (above, below) {
        (None, Some(below)) => below / 2.0,
        (Some(above), Some(below)) => f64::midpoint(above, below),
        (Some(above), None) => above.abs() * 2.0 + 1.0,
        (None, None) => 1.0,
    }
}
