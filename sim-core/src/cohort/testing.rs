//! Looks of windows that judge for themselves: what they read, and what they say.

use super::gate_reader::GateReader;
use super::progress::Progress;
use crate::plan::Source;
use crate::policy::gate::test::{Classified, MannWhitney, ShiftDirection};
use crate::policy::gate::{Gate, Judgement, Limit, MannWhitneyWindow, Reading, Relation, Window};
use crate::telemetry::Query;

impl GateReader<'_, '_> {
    fn query(&self, source: Source) -> Option<Query> {
        match source {
            Source::Query(index) => Some(self.plan.queries[index]),
            Source::Baseline => None,
        }
    }

    /// Takes what came since the last look, and judges by everything so far.
    ///
    /// Where nothing can be read the gate concludes what it says about that, and the test has taken
    /// nothing: what is late is taken later, what is spoilt is lost to it.
    pub(super) fn take(&mut self, gate: usize, progress: &mut Progress) -> (Reading, Judgement) {
        let (plan, declared) = self.gate(gate);
        let queries = [Some(plan.reads), plan.refers_to].map(|source| self.query(source?));
        let news = self
            .store
            .news(self.conditions, queries, progress.taken, self.now);
        match news {
            Err(none) => {
                progress.taken = none.upto;
                (Reading::flawed(none.flaw), declared.on.conclude(none.flaw))
            }
            Ok(news) => {
                progress.taken = news.upto;
                let elapsed = self.now.saturating_since(progress.began);
                let [own, reference] = news.of;
                progress.test.observe(elapsed, own, reference);
                (progress.test.reading(), progress.test.judge(declared))
            }
        }
    }

    /// Judges the short window of a burn rate as well: it breaches where both do.
    fn burns(
        &mut self,
        gate: usize,
        (long, baseline): (Judgement, Option<Reading>),
        reference: Option<Reading>,
    ) -> Judgement {
        let (plan, declared) = self.gate(gate);
        let Some((query, _)) = plan.inner else {
            return long;
        };
        let short = self.read(Source::Query(query), baseline);
        long.min(declared.judge_needing(0, short, reference).judgement)
    }

    /// Judges the ranks of single values. Data that cannot be read are what the gate says about them,
    /// and so are fewer values than half of those that the look-back time holds.
    fn ranks(&mut self, gate: usize, judged: Judgement, window: MannWhitneyWindow) -> Judgement {
        let (plan, declared) = self.gate(gate);
        let step = plan.inner.map_or(1, |(_, step)| step);
        let sources = [Some(plan.reads), plan.refers_to].map(|source| self.query(source?));
        let [Some(canary), Some(control)] = sources else {
            return judged;
        };
        let mut points = |query| self.store.points(self.conditions, query, step, self.now);
        let samples = points(canary).and_then(|canary| Ok([canary, points(control)?]));
        let [canary, control] = match samples {
            Ok(samples) => samples,
            Err(flaw) => return declared.on.conclude(flaw),
        };
        let wanted = declared.over.as_nanos() / window.every.as_nanos().max(1) / 2;
        if (canary.len().min(control.len()) as u64) < wanted {
            return declared.on.too_few;
        }
        match rank_test(declared, window).classify(&canary, &control) {
            Classified::High | Classified::Low => Judgement::Breach,
            Classified::Pass => Judgement::Pass,
            Classified::Nodata => declared.on.missing,
        }
    }

    /// Lets a window that looks back in its own way judge what was read.
    pub(super) fn judge_by_window(
        &mut self,
        gate: usize,
        (reading, judged): (Reading, Judgement),
        (baseline, reference): (Option<Reading>, Option<Reading>),
    ) -> Judgement {
        let (_, declared) = self.gate(gate);
        let readable = reading.flaw(declared.min_samples).is_none();
        match declared.window {
            Window::BurnRate(_) => self.burns(gate, (judged, baseline), reference),
            Window::MannWhitney(window) if readable => self.ranks(gate, judged, window),
            _ => judged,
        }
    }
}

/// Kayenta's judge in the direction of the gate's breach; the limit's factor is the least effect.
fn rank_test(gate: &Gate, window: MannWhitneyWindow) -> MannWhitney {
    let direction = match gate.breach.is {
        Relation::Above | Relation::AtLeast => ShiftDirection::Increase,
        Relation::Below | Relation::AtMost => ShiftDirection::Decrease,
    };
    let factor = match gate.breach.limit {
        Limit::Times { factor, .. } => factor,
        _ => 1.0,
    };
    MannWhitney {
        tolerance: window.tolerance,
        confidence: window.confidence,
        increase: factor,
        decrease: factor,
        ..MannWhitney::kayenta(direction)
    }
}
