//! Candidates that cannot differ, although their texts do.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use sim_core::engine::RunningHash;
use sim_core::policy::gate::test::Guarantee;
use sim_core::policy::gate::{Limit, Measure, Relation};
use sim_core::policy::{Gate, Policy};
use sim_core::telemetry::SignalKind;
use sim_core::traffic::Arrivals;
use sim_core::{Experiment, Steering};

/// For each policy the first one that no rollout of the experiments can tell from it; itself if there is
/// none before it. Of those that another product decides only the very same are equals.
///
/// Three things make equals of different numbers: a count, or a fraction of a number of requests that is
/// known beforehand, is compared as a whole number (limits with the same `floor(n * limit)`); a breach is
/// sustained by whole evaluations; and a gate that no stage looks at does nothing.
pub fn distinct(policies: &[Steering], experiments: &[&Experiment]) -> Vec<usize> {
    let mut known: BTreeMap<(String, u64), usize> = BTreeMap::new();
    let mut first = Vec::new();
    for (at, steering) in policies.iter().enumerate() {
        if steering.decider.is_native() {
            let key = key(&steering.policy, experiments);
            first.push(*known.entry(key).or_insert(at));
        } else {
            let same = policies[..at].iter().position(|other| other == steering);
            first.push(same.unwrap_or(at));
        }
    }
    first
}

/// The policy with each number replaced by one that stands for all of its equals, as text; and the hash
/// of what cannot be said by such a number.
fn key(policy: &Policy, experiments: &[&Experiment]) -> (String, u64) {
    let looked_at = |gate: &Gate| {
        let mut stages = policy.stages.iter();
        stages.any(|stage| stage.criteria.contains(&gate.id) || stage.triggers.contains(&gate.id))
    };
    let mut same = policy.clone();
    let mut hash = RunningHash::new();
    same.gates.retain(looked_at);
    for gate in &mut same.gates {
        if let Some(range) = counts(gate, experiments) {
            range.for_each(|n| hash.word(cut(gate, n)));
            gate.breach.limit = Limit::Absolute(0.0);
        }
        // A breach is sustained over any time between two whole numbers of evaluations alike.
        gate.window = gate.window.in_whole_evaluations(policy.evaluate_every);
    }
    same.stages
        .iter_mut()
        .for_each(|stage| stage.planned = None);
    let text = serde_json::to_string(&same).expect("a policy has text keys");
    (text, hash.finish())
}

/// The numbers of samples that a reading can rest on, where what is compared with the limit is a whole
/// number over one of them; none where it is not, or nobody knows.
fn counts(gate: &Gate, experiments: &[&Experiment]) -> Option<RangeInclusive<u64>> {
    /// So many limits are looked at for one gate.
    const MOST: u64 = 10_000;
    // The mean of several readings is no whole number over anything, and windows that weigh readings compare none of
    // them alone.
    let one_by_one = gate.window.takes_judgements_only() && gate.guarantee() == Guarantee::None;
    if !one_by_one || !matches!(gate.breach.limit, Limit::Absolute(_)) {
        return None;
    }
    match gate.measure {
        Measure::Count => Some(1..=1),
        Measure::Ratio => {
            let most = experiments
                .iter()
                .map(|experiment| requests(gate, experiment));
            let most = most.collect::<Option<Vec<_>>>()?.into_iter().max()?;
            let range = gate.min_samples.max(1)..=most;
            (most.saturating_sub(*range.start()) < MOST).then_some(range)
        }
        _ => None,
    }
}

/// The most requests that a reading of a ratio can cover, where they come exactly as planned.
fn requests(gate: &Gate, experiment: &Experiment) -> Option<u64> {
    let signal = experiment
        .telemetry
        .signals
        .iter()
        .find(|signal| signal.id == gate.signal)?;
    let counted = matches!(signal.kind, SignalKind::Ratio { .. });
    let exact =
        experiment.traffic.arrivals == Arrivals::Exact && experiment.traffic.shape.is_empty();
    let scrape = experiment.telemetry.scrape_every.as_secs_f64();
    let each = experiment.traffic.requests_per_second * scrape;
    // With whole numbers a scrape nothing is rounded, however many scrapes an interval holds.
    let whole = each.fract() == 0.0 && gate.over.as_nanos() > 0;
    (counted && exact && whole).then(|| (each * gate.over.as_secs_f64() / scrape) as u64)
}

/// The whole number at which a fraction of `n` begins to breach, or ceases to.
fn cut(gate: &Gate, n: u64) -> u64 {
    let Some(limit) = gate.breach.limit.absolute() else {
        unreachable!("only absolute limits are cut");
    };
    let upwards = matches!(gate.breach.is, Relation::Above | Relation::AtLeast);
    let breached = |x: u64| {
        let value = x as f64 / n as f64;
        match gate.breach.is {
            Relation::Above => value > limit,
            Relation::AtLeast => value >= limit,
            Relation::Below => value < limit,
            Relation::AtMost => value <= limit,
        }
    };
    if limit * n as f64 > 1e15 {
        return u64::MAX;
    }
    // The product may miss a whole number by rounding; the comparison itself decides.
    let mut x = ((n as f64 * limit).floor() as u64).saturating_sub(1);
    while breached(x) != upwards {
        x += 1;
    }
    x
}
