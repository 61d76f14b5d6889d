//! Marks: the limits that a reading is compared with, where nothing else is done with its value.

use crate::effect::{Change, Effect};
use crate::plan::{GatePlan, Plan, Source};
use crate::policy::Gate;
use crate::policy::gate::{Limit, Measure};
use crate::telemetry::{Mark, Query};

impl Plan {
    /// Returns, for each query of the plan, the limits that its answer is compared with, in their order;
    /// nothing where the value itself matters.
    ///
    /// They are those of quantiles of single latencies, which cost most, at gates with absolute limits whose
    /// windows remember what was judged and not what was read.
    pub(crate) fn marks(&self) -> Vec<Vec<Mark>> {
        let marks = |(index, query): (usize, &Query)| self.marks_of(index, *query);
        self.queries.iter().enumerate().map(marks).collect()
    }

    fn marks_of(&self, index: usize, query: Query) -> Vec<Mark> {
        let law = self.signals[query.signal].law.as_ref();
        let single = law.is_some_and(|law| law.bounds().is_empty());
        let Measure::Quantile(q) = query.measure else {
            return Vec::new();
        };
        if !single || q <= 0.0 || self.is_misread(query) {
            return Vec::new();
        }
        let gates = self.experiment.policy.gates.iter().zip(&self.gates);
        let asking = gates.filter(|(_, plan)| plan.asks(index));
        let limits: Option<Vec<f64>> = asking.map(|(gate, plan)| plan.limit(gate, index)).collect();
        let mut limits = limits.unwrap_or_default();
        limits.sort_by(f64::total_cmp);
        limits.dedup();
        let mark = |limit| Mark::new(limit, q);
        limits.into_iter().map(mark).collect()
    }

    /// Whether a fault may read the value otherwise than it is.
    fn is_misread(&self, query: Query) -> bool {
        let signal = &self.experiment.telemetry.signals[query.signal];
        let misreads = |effect: &Effect| match &effect.change {
            Change::Misread(misread) => {
                let named = misread.of.signal.as_ref();
                named.is_none_or(|name| *name == signal.id)
            }
            _ => false,
        };
        signal.recording.is_some()
            || self
                .effects
                .on_data()
                .any(|(_, plan)| misreads(&plan.effect))
    }
}

impl GatePlan {
    fn asks(&self, query: usize) -> bool {
        let inner = self.inner.map(|(index, _)| Source::Query(index));
        [Some(self.reads), self.refers_to, inner].contains(&Some(Source::Query(query)))
    }

    /// Returns the limit that the gate compares the answer to `query` with; none where it needs the value.
    fn limit(&self, gate: &Gate, query: usize) -> Option<f64> {
        match gate.breach.limit {
            Limit::Absolute(limit)
                if self.reads == Source::Query(query)
                    && self.inner.is_none()
                    && self.test.is_none()
                    && gate.window.takes_judgements_only()
                    && !limit.is_nan() =>
            {
                Some(limit)
            }
            _ => None,
        }
    }
}
