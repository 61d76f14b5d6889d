//! Gaps of gates that cannot see: criteria that pass without data, and baselines that are not there or hold the
//! canary.

use sim_core::Experiment;
use sim_core::engine::Share;
use sim_core::policy::gate::{Gate, Limit, Population, Relation};
use sim_core::policy::{Judgement, Policy, Stage};
use sim_core::telemetry::SignalKind;

use super::gaps::Gaps;
use super::watch::{acting, triggered};

pub(super) fn look(experiment: &Experiment, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    criteria(policy, gaps);
    hasty(policy, gaps);
    for gate in acting(policy) {
        baseline(policy, gate, gaps);
        diluted(experiment, gate, gaps);
    }
}

/// A stage that is left before a criterion sees nothing but it: what was before is a part of what passes.
fn hasty(policy: &Policy, gaps: &mut Gaps) {
    for stage in policy
        .stages
        .iter()
        .filter(|stage| !stage.observe.is_zero())
    {
        let criteria = policy
            .gates
            .iter()
            .filter(|gate| stage.criteria.contains(&gate.id));
        let longest = criteria.max_by_key(|gate| gate.over);
        if let Some(gate) = longest.filter(|gate| gate.over > stage.observe) {
            let what = format!(
                "stage `{}` is observed for {}, and criterion `{}` looks back {}: most of what passes was before",
                stage.id, stage.observe, gate.id, gate.over
            );
            gaps.say_of("look-back-longer-than-stage", &stage.id, what);
        }
    }
}

/// A release of which so many requests more fail than normally is caught by any policy worth its name; see
/// `INV-CAUGHT`.
const PLAIN: f64 = 0.3;

/// A trigger that reads the old version, or the fleet in which a small canary is lost.
fn diluted(experiment: &Experiment, gate: &Gate, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    let mut stages = triggered(policy, gate).filter(|stage| !is_backed(policy, gate, stage));
    let Some(stage) = stages.next() else { return };
    let id = &gate.id;
    if gate.population == Population::Control {
        let what = format!("trigger `{id}` reads the control, on which the release does nothing");
        return gaps.say_of("trigger-never-fires", id, what);
    }
    let kind = kind(experiment, gate);
    let (Some(SignalKind::Ratio { base, .. }), Limit::Absolute(limit), Population::Fleet) =
        (kind, gate.breach.limit, gate.population)
    else {
        return;
    };
    let seen = base + PLAIN * stage.target.as_f64();
    if seen <= limit && matches!(gate.breach.is, Relation::Above | Relation::AtLeast) {
        let what = format!(
            "trigger `{id}` reads the whole fleet: in stage `{}` a release that fails {} % of its requests shows as \
             {:.2} %, and the limit is {} %",
            stage.id,
            PLAIN * 100.0,
            seen * 100.0,
            limit * 100.0
        );
        gaps.say_of("trigger-fires-late", id, what);
    }
}

/// The kind of the signal that a gate reads.
fn kind<'e>(experiment: &'e Experiment, gate: &Gate) -> Option<&'e SignalKind> {
    let mut signals = experiment.telemetry.signals.iter();
    signals
        .find(|signal| signal.id == gate.signal)
        .map(|signal| &signal.kind)
}

/// A criterion that passes where it sees nothing lets a stage be left unseen.
fn criteria(policy: &Policy, gaps: &mut Gaps) {
    for gate in &policy.gates {
        let mut stages = policy.stages.iter();
        let Some(stage) = stages.find(|stage| stage.criteria.contains(&gate.id)) else {
            continue;
        };
        let on = gate.on;
        let flaws = [
            ("missing", on.missing),
            ("stale", on.stale),
            ("not a number", on.nan),
            ("without a denominator", on.zero_denominator),
            ("too few", on.too_few),
        ];
        let passing = flaws.iter().filter(|(_, word)| *word == Judgement::Pass);
        let passing: Vec<&str> = passing.map(|(name, _)| *name).collect();
        if !passing.is_empty() {
            let what = format!(
                "criterion `{}` passes on data that are {}: stage `{}` can be left unseen",
                gate.id,
                passing.join(" or "),
                stage.id
            );
            gaps.say_of("criterion-passes-without-data", &gate.id, what);
        }
    }
}

/// A trigger that has nothing to compare with in a stage, where nothing else acts on its signal.
fn baseline(policy: &Policy, gate: &Gate, gaps: &mut Gaps) {
    let mut stages = triggered(policy, gate).filter(|stage| !is_backed(policy, gate, stage));
    let found = stages.find_map(|stage| Some((stage, without(policy, gate, stage)?)));
    if let Some((stage, why)) = found {
        let what = format!(
            "trigger `{}` never fires in stage `{}`: {why}, and nothing else acts on `{}` there",
            gate.id, stage.id, gate.signal
        );
        gaps.say_of("trigger-never-fires", &gate.id, what);
    }
}

/// Why the gate has nothing to compare the canary with in the stage.
fn without(policy: &Policy, gate: &Gate, stage: &Stage) -> Option<String> {
    let of = gate.breach.limit.refers_to()?;
    let first = policy
        .stages
        .first()
        .is_some_and(|first| first.id == stage.id);
    match of {
        Population::Fleet if gate.population == Population::Canary => {
            // The fleet shows at least the canary's part of what the canary does.
            let most = match gate.breach.limit {
                Limit::Times { factor, .. } => factor * stage.target.as_f64() >= 1.0,
                Limit::Plus { .. } | Limit::Absolute(_) => stage.target == Share::ONE,
            };
            let why = format!(
                "the fleet that it compares with holds the canary, {} of it",
                stage.target
            );
            most.then_some(why)
        }
        Population::Control if stage.target == Share::ONE => {
            Some("at 100% there is no control to compare with".to_owned())
        }
        Population::CanaryBaseline if first => {
            Some("the baseline of the canary is made when that stage is over".to_owned())
        }
        _ => None,
    }
}

/// Whether another trigger acts on the signal in the stage, reads the canary and has what it needs.
fn is_backed(policy: &Policy, gate: &Gate, stage: &Stage) -> bool {
    let mut others =
        acting(policy).filter(|other| other.id != gate.id && other.signal == gate.signal);
    others.any(|other| {
        let sees = other.population == Population::Canary;
        sees && stage.triggers.contains(&other.id) && without(policy, other, stage).is_none()
    })
}
