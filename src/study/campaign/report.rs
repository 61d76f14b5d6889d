//! From what a campaign adds up to, to its typed result.

use std::collections::BTreeMap;

use chaos::checker::Finding;
use chaos::coverage::Map;
use reports::{
    ChaosCoverage, ChaosEnd, ChaosFault, ChaosFrontier, ChaosGenerator, ChaosHarm, ChaosInvariant,
    ChaosReach, ChaosReport, Counterexample, Inputs, SelfCheck, Verdict,
};

use super::finding::Shown;
use super::frontier::Frontier;
use super::play::Campaign;
use super::promised::promised;
use super::tally::{PromiseTally, Tally};
use crate::study::interval::clopper_pearson;
use crate::study::{Histogram, hex, profile_word};

/// What the command line knows and a campaign does not.
pub struct Told<'t> {
    /// The name of the base scenario.
    pub scenario: String,
    /// What was read.
    pub inputs: Inputs,
    /// Why the campaign came to its end.
    pub stopped: ChaosEnd,
    /// Every distinct way in which a promise was broken, shrunk, the worst first.
    pub shown: &'t [Shown],
    /// How large each fault may get before a promise breaks.
    pub frontiers: &'t [Frontier],
    /// Returns the command that plays a rehearsal again.
    pub replay: &'t dyn Fn(u64) -> String,
    /// Returns the folder of the case of a finding, by its place, where one was written.
    pub case: &'t dyn Fn(usize) -> Option<String>,
}

/// Returns the typed result of a campaign.
pub fn chaos_report(campaign: &Campaign, tally: &Tally, told: Told<'_>) -> ChaosReport {
    let policy = &campaign.terrain.experiment.policy;
    let calm = campaign.rehearsal(u64::MAX).play();
    let promises = calm.expect("a base without faults can be played").findings;
    let invariants: Vec<_> = promises
        .iter()
        .map(|promise| row(campaign, tally, told.shown, promise))
        .collect();
    let faults = faults(campaign, tally);
    let coverage = coverage(campaign, tally);
    let findings = findings(campaign, tally, &told);
    let (verdict, reasons) = verdict(&invariants, &faults, tally, &coverage);
    ChaosReport {
        schema: ChaosReport::SCHEMA.to_owned(),
        version: ChaosReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        campaign: campaign.name.clone(),
        scenario: told.scenario,
        seed: campaign.seed,
        planned: campaign.total(),
        runs: tally.runs,
        left_out: tally.left_out,
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
        coverage,
        frontiers: told.frontiers.iter().map(frontier).collect(),
        inconclusive: tally.inconclusive,
        outcomes: outcomes(tally),
        self_check: SelfCheck {
            runs: tally.checked,
            differed: tally.differed,
        },
        hash: hex(tally.hash),
    }
}

fn row(campaign: &Campaign, tally: &Tally, shown: &[Shown], invariant: &Finding) -> ChaosInvariant {
    let none = PromiseTally::default();
    let promise = tally.promises.get(invariant.id).unwrap_or(&none);
    let tested = promise.tested();
    let bound = || clopper_pearson(promise.broken_within + promise.late_within, tested).high;
    let late = too_late(campaign, promise);
    let within = |one: &Shown| {
        let broken = one.shrunk.within && (late || !one.shrunk.is_late());
        one.shrunk.invariant == invariant.id && broken
    };
    let found = of_promise(promise, shown.iter().any(within));
    let made = promised(&campaign.terrain.experiment, invariant.id) || tested > 0;
    ChaosInvariant {
        id: invariant.id.to_owned(),
        title: invariant.title.to_owned(),
        verdict: made.then_some(found),
        tested,
        conclusive: tested - promise.held_inconclusive,
        violations: promise.broken_within + promise.late_within,
        violations_beyond: promise.broken_beyond,
        upper_bound: (tested > 0).then(bound),
        min_slack: promise.slack,
        unit: invariant.unit.map(str::to_owned),
    }
}

/// `within` says that a rehearsal that was found beyond the tolerance was shrunk to one within it.
fn of_promise(promise: &PromiseTally, within: bool) -> Verdict {
    match promise {
        _ if promise.broken_within > 0 || within => Verdict::Fail,
        _ if promise.tested() == 0 => Verdict::Miss,
        _ if promise.broken_beyond + promise.late_within > 0 => Verdict::Characterised,
        _ if promise.held == 0 => Verdict::Inconclusive,
        _ => Verdict::Pass,
    }
}

/// Whether more rollbacks are late than may be, beyond what chance explains (Clopper and Pearson, 95 %).
fn too_late(campaign: &Campaign, promise: &PromiseTally) -> bool {
    let among = promise.tested_within;
    among > 0 && clopper_pearson(promise.late_within, among).low > campaign.late_allowed
}

/// The worst of everything, and why it is no better.
fn verdict(
    invariants: &[ChaosInvariant],
    faults: &[ChaosFault],
    tally: &Tally,
    coverage: &ChaosCoverage,
) -> (Verdict, Vec<String>) {
    let mut verdict = Verdict::Pass;
    let mut reasons: Vec<(Verdict, String)> = Vec::new();
    let of = |wanted: Verdict| -> Vec<&str> {
        let rows = invariants.iter().filter(|row| row.verdict == Some(wanted));
        rows.map(|row| row.id.as_str()).collect()
    };
    let cells = coverage.reaches.iter().flat_map(|reach| &reach.missing);
    let cells: Vec<&String> = cells.collect();
    // A fault that nobody looks at in any situation has no cell, and nothing could show of it.
    let possible = |fault: &ChaosFault| {
        let cell = format!("{} while ", fault.name);
        cells.iter().any(|name| name.starts_with(&cell))
    };
    let silent = faults
        .iter()
        .filter(|fault| fault.tolerated && fault.shown == 0 && possible(fault));
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
            "broken beyond the tolerance, or no more often than may be",
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

fn findings(campaign: &Campaign, tally: &Tally, told: &Told<'_>) -> Vec<Counterexample> {
    let promise = tally.promises.get("INV-ROLLBACK");
    let late = promise.is_some_and(|promise| too_late(campaign, promise));
    let found = |(place, shown): (usize, &Shown)| {
        let case = (told.case)(place);
        let replay = match &case {
            Some(folder) => format!("coalmine replay {folder}"),
            None => (told.replay)(shown.found.number),
        };
        Counterexample {
            invariant: shown.shrunk.invariant.clone(),
            verdict: if shown.shrunk.within && (late || !shown.shrunk.is_late()) {
                Verdict::Fail
            } else {
                Verdict::Characterised
            },
            sentence: shown.shrunk.detail.clone(),
            faults: shown.shrunk.faults.clone(),
            faults_found: shown.found.faults.len() as u64,
            shrink_replays: shown.small.as_ref().map_or(0, |one| one.replays.into()),
            at_s: shown.shrunk.at_ms.map(|at| at as f64 / 1e3),
            rehearsal: shown.found.number,
            replay,
            case,
        }
    };
    let mut findings: Vec<_> = told.shown.iter().enumerate().map(found).collect();
    findings.sort_by_key(|found| std::cmp::Reverse(found.verdict));
    findings
}

fn frontier(found: &Frontier) -> ChaosFrontier {
    ChaosFrontier {
        fault: found.fault.clone(),
        knob: found.knob.clone(),
        holds: found.holds,
        breaks: found.breaks,
        unit: if found.seconds { "s" } else { "fraction" }.to_owned(),
        promises: found.promises.clone(),
        runs: found.runs,
    }
}

fn coverage(campaign: &Campaign, tally: &Tally) -> ChaosCoverage {
    let summary = tally
        .coverage
        .against(&Map::of(&campaign.terrain.experiment));
    let reach = |reach: &chaos::coverage::Reach| ChaosReach {
        of: reach.of.to_owned(),
        reachable: reach.reachable,
        reached: reach.reached,
        missing: reach.missing.clone(),
        beyond: reach.beyond,
    };
    ChaosCoverage {
        reaches: summary.reaches.iter().map(reach).collect(),
        ways: summary.novelty.ways,
        missing_mass: summary.novelty.missing_mass(),
        missing_mass_bound: summary.novelty.upper_bound(),
    }
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
    let generator = |part: &super::Part| ChaosGenerator {
        name: part.generator.word().to_owned(),
        planned: part.runs,
    };
    campaign.parts.iter().map(generator).collect()
}

fn outcomes(tally: &Tally) -> BTreeMap<String, u64> {
    let word = |(outcome, count): (&sim_core::Outcome, &u64)| (outcome.word().to_owned(), *count);
    tally.outcomes.iter().map(word).collect()
}
