//! From what a campaign adds up to, to its typed result.

use std::collections::BTreeMap;

use chaos::checker::{CATALOGUE, Invariant};
use reports::{
    ChaosEnd, ChaosFault, ChaosGenerator, ChaosHarm, ChaosInvariant, ChaosReport, Counterexample,
    Inputs, SelfCheck, Verdict,
};

use super::campaign::Campaign;
use super::finding::Violation;
use super::promised::promised;
use super::tally::{PromiseTally, Tally};
use crate::study::interval::clopper_pearson;
use crate::study::{Histogram, hex, profile_word};

/// What the command line knows and a campaign does not.
pub struct Told<'t> {
    /// The name of the base scenario.
    pub scenario: String,
    /// The name of the campaign.
    pub campaign: String,
    /// What was read.
    pub inputs: Inputs,
    /// Why the campaign came to its end.
    pub stopped: ChaosEnd,
    /// Returns the command that plays a rehearsal again.
    pub replay: &'t dyn Fn(u64) -> String,
}

/// Returns the typed result of a campaign.
pub fn chaos_report(campaign: &Campaign, tally: &Tally, told: Told<'_>) -> ChaosReport {
    let policy = &campaign.terrain.experiment.policy;
    let invariants: Vec<_> = CATALOGUE
        .iter()
        .map(|invariant| row(campaign, tally, invariant))
        .collect();
    let faults = faults(campaign, tally);
    let findings = findings(tally, &told);
    let (verdict, reasons) = verdict(&invariants, &faults, tally);
    ChaosReport {
        schema: ChaosReport::SCHEMA.to_owned(),
        version: ChaosReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        campaign: told.campaign,
        scenario: told.scenario,
        seed: campaign.seed,
        planned: campaign.total(),
        runs: tally.runs,
        stopped: told.stopped,
        inputs: told.inputs,
        verdict,
        reasons,
        worst: findings.first().cloned(),
        invariants,
        findings,
        harm: harm(tally, told.replay),
        faults,
        misfits: misfits(campaign),
        generators: generators(campaign),
        inconclusive: tally.inconclusive,
        outcomes: outcomes(tally),
        self_check: SelfCheck {
            runs: tally.checked,
            differed: tally.differed,
        },
        hash: hex(tally.hash),
    }
}

fn row(campaign: &Campaign, tally: &Tally, invariant: &Invariant) -> ChaosInvariant {
    let none = PromiseTally::default();
    let promise = tally.promises.get(invariant.id).unwrap_or(&none);
    let tested = promise.tested();
    let bound = || clopper_pearson(promise.broken_within, tested).high;
    let made = promised(&campaign.terrain.experiment, invariant.id) || tested > 0;
    ChaosInvariant {
        id: invariant.id.to_owned(),
        title: invariant.title.to_owned(),
        verdict: made.then(|| of_promise(promise)),
        tested,
        conclusive: promise.held + promise.broken_within + promise.broken_beyond,
        violations: promise.broken_within,
        violations_beyond: promise.broken_beyond,
        upper_bound: (tested > 0).then(bound),
        min_slack: promise.slack,
        unit: invariant.unit.map(str::to_owned),
    }
}

fn of_promise(promise: &PromiseTally) -> Verdict {
    match promise {
        _ if promise.broken_within > 0 => Verdict::Fail,
        _ if promise.tested() == 0 => Verdict::Miss,
        _ if promise.broken_beyond > 0 => Verdict::Characterised,
        _ if promise.held == 0 => Verdict::Inconclusive,
        _ => Verdict::Pass,
    }
}

/// The worst of everything, and why it is no better.
fn verdict(
    invariants: &[ChaosInvariant],
    faults: &[ChaosFault],
    tally: &Tally,
) -> (Verdict, Vec<String>) {
    let mut verdict = Verdict::Pass;
    let mut reasons: Vec<(Verdict, String)> = Vec::new();
    let of = |wanted: Verdict| -> Vec<&str> {
        let rows = invariants.iter().filter(|row| row.verdict == Some(wanted));
        rows.map(|row| row.id.as_str()).collect()
    };
    let silent = faults
        .iter()
        .filter(|fault| fault.tolerated && fault.shown == 0);
    let silent: Vec<&str> = silent.map(|fault| fault.name.as_str()).collect();
    let lists = [
        (
            Verdict::Fail,
            "broken by faults that the policy is to withstand",
            of(Verdict::Fail),
        ),
        (
            Verdict::Inconclusive,
            "held, but never with every fault showing",
            of(Verdict::Inconclusive),
        ),
        (
            Verdict::Inconclusive,
            "never had an effect, so that nothing is known of them",
            silent,
        ),
        (Verdict::Miss, "never put to the test", of(Verdict::Miss)),
        (
            Verdict::Characterised,
            "broken beyond the tolerance alone",
            of(Verdict::Characterised),
        ),
    ];
    for (worst, what, names) in lists {
        if !names.is_empty() {
            verdict = verdict.max(worst);
            reasons.push((
                worst,
                format!("{} ({what}): {}", worst.word(), names.join(", ")),
            ));
        }
    }
    if tally.differed > 0 {
        let what = format!(
            "{} rehearsals gave another hash when played again",
            tally.differed
        );
        verdict = Verdict::Fail;
        reasons.push((Verdict::Fail, what));
    }
    reasons.sort_by_key(|(worst, _)| std::cmp::Reverse(*worst));
    (verdict, reasons.into_iter().map(|(_, why)| why).collect())
}

fn findings(tally: &Tally, told: &Told<'_>) -> Vec<Counterexample> {
    let mut all: Vec<&Violation> = tally
        .promises
        .values()
        .flat_map(|promise| promise.examples.first())
        .collect();
    all.sort_by_key(|violation| violation.rank());
    let found = |violation: &Violation| Counterexample {
        invariant: violation.invariant.clone(),
        verdict: if violation.within {
            Verdict::Fail
        } else {
            Verdict::Characterised
        },
        sentence: violation.detail.clone(),
        faults: violation.faults.clone(),
        at_s: violation.at_s,
        rehearsal: violation.number,
        replay: (told.replay)(violation.number),
        case: None,
    };
    all.into_iter().map(found).collect()
}

fn harm(tally: &Tally, replay: &dyn Fn(u64) -> String) -> ChaosHarm {
    let thousandths = |value: u64| value as f64 / 1e3;
    let quantile = |of: &Histogram, percent| of.quantile(percent).map(thousandths);
    ChaosHarm {
        error_minutes_mean: tally.error_millimin.mean().map(|mean| mean / 1e3),
        error_minutes_p95: quantile(&tally.error_millimin, 95),
        error_minutes_max: tally.error_millimin.max().map(thousandths),
        worst: tally.worst_harm.map(|(_, number)| replay(number)),
        detection_p50_s: quantile(&tally.detection_ms, 50),
        detection_p95_s: quantile(&tally.detection_ms, 95),
        rollback_p50_s: quantile(&tally.rollback_ms, 50),
        rollback_max_s: tally.rollback_ms.max().map(thousandths),
        rollback_never: tally.rollback_ms.never(),
    }
}

fn faults(campaign: &Campaign, tally: &Tally) -> Vec<ChaosFault> {
    let fault = |kind: &chaos::generator::Kind| {
        let name = kind.entry.name;
        let fared = tally.kinds.get(name).copied().unwrap_or_default();
        ChaosFault {
            name: name.to_owned(),
            tolerated: campaign.tolerance.bears(name),
            runs: fared.runs,
            shown: fared.shown,
            broken: fared.broken,
        }
    };
    campaign.terrain.kinds.iter().map(fault).collect()
}

fn misfits(campaign: &Campaign) -> BTreeMap<String, String> {
    let misfits = campaign.terrain.misfits.iter();
    misfits
        .map(|(name, why)| ((*name).to_owned(), why.0.clone()))
        .collect()
}

fn generators(campaign: &Campaign) -> Vec<ChaosGenerator> {
    let generator = |(part, planned): &(super::Part, u64)| ChaosGenerator {
        name: part.word().to_owned(),
        planned: *planned,
    };
    campaign.parts.iter().map(generator).collect()
}

fn outcomes(tally: &Tally) -> BTreeMap<String, u64> {
    let word = |(outcome, count): (&sim_core::Outcome, &u64)| (outcome.word().to_owned(), *count);
    tally.outcomes.iter().map(word).collect()
}
