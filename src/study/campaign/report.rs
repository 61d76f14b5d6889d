//! From what a campaign adds up to, to its typed result.

use std::collections::BTreeMap;

use chaos::checker::{Finding, MissingDeclaration};
use chaos::coverage::Map;
use reports::{
    ChaosCoverage, ChaosEnd, ChaosFault, ChaosFrontier, ChaosGenerator, ChaosHarm, ChaosInvariant,
    ChaosReach, ChaosReport, ChaosUnder, Counterexample, Inputs, SelfCheck, Verdict,
};

use super::finding::Shown;
use super::frontier::Frontier;
use super::gaps::{Gaps, gaps};
use super::play::Campaign;
use super::promised::promised;
use super::tally::{GroupTally, PromiseTally, Tally};
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
    let policy = &campaign.space.experiment.policy;
    let calm = campaign.rehearsal(u64::MAX).play();
    let promises = calm.expect("a base without faults can be played").findings;
    let map = Map::of(&campaign.space.experiment);
    let faults = faults(campaign, tally);
    let silent = silent(&faults, &map);
    let gaps = gaps(campaign);
    let invariants: Vec<_> = promises
        .iter()
        .map(|promise| row(campaign, (tally, &silent, &gaps), told.shown, promise))
        .collect();
    let coverage = coverage(&map, tally);
    let mut findings = findings(campaign, tally, &told);
    findings.retain(|found| {
        let mut rows = invariants.iter();
        rows.any(|row| row.id == found.invariant && row.verdict.is_some())
    });
    let late = late_reasons(campaign, tally);
    let (verdict, reasons) = verdict(&invariants, (&gaps, late), &silent, tally);
    ChaosReport {
        schema: ChaosReport::SCHEMA.to_owned(),
        version: ChaosReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        campaign: campaign.name.clone(),
        scenario: told.scenario,
        seed: campaign.seed,
        planned: planned(campaign, tally),
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
        generators: generators(campaign, tally),
        coverage,
        lineage: tally.lineage.told(&campaign.space, &campaign.parts),
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

/// How many rehearsals were planned: those that were played or left out, and those that are known to be left.
fn planned(campaign: &Campaign, tally: &Tally) -> u64 {
    let done = tally.runs + tally.left_out + tally.lineage.left_out;
    done + campaign.known(tally.next)
}

/// The faults that the policy is to withstand, that can show and that never did.
fn silent(faults: &[ChaosFault], map: &Map) -> Vec<String> {
    let never = faults.iter().filter(|fault| {
        fault.tolerated && fault.shown == 0 && !map.left_off.contains_key(fault.name.as_str())
    });
    never.map(|fault| fault.name.clone()).collect()
}

fn row(
    campaign: &Campaign,
    (tally, silent, gaps): (&Tally, &[String], &Gaps),
    shown: &[Shown],
    invariant: &Finding,
) -> ChaosInvariant {
    let none = PromiseTally::default();
    let promise = tally.promises.get(invariant.id).unwrap_or(&none);
    let tested = promise.tested();
    let bound = || clopper_pearson(promise.broken_within + promise.late_within, tested).high;
    let late = too_late(campaign, promise);
    let within = |one: &Shown| {
        let broken = one.shrunk.within && (late || !one.shrunk.is_late());
        one.shrunk.invariant == invariant.id && broken
    };
    let found = of_promise(promise, shown.iter().any(within), silent);
    let experiment = &campaign.space.experiment;
    let of_it = gaps.open.iter().filter(|gap| gap.promise == invariant.id);
    let unsaid: Vec<String> = of_it.map(|gap| gap.what.clone()).collect();
    let waived = gaps.waived.iter();
    let waived = waived.filter(|(gap, _)| gap.promise == invariant.id);
    let waived: Vec<String> = waived
        .map(|(gap, why)| format!("{} (waived: {why})", gap.what))
        .collect();
    let told = gaps.told.iter().filter(|gap| gap.promise == invariant.id);
    let told: Vec<String> = told.map(|gap| gap.what.clone()).collect();
    // A policy without a waiver can be given none that is bad.
    let asked = tested > 0 && invariant.id != "INV-WAIVER";
    let made = promised(experiment, invariant.id) || asked;
    let meant = tested == 0 && !(waived.is_empty() && told.is_empty());
    // What is not declared cannot be kept: at best nothing is known. What is meant to be left open is no promise.
    let verdict = match (made, unsaid.is_empty()) {
        (true, true) if meant => None,
        (true, true) => Some(found),
        (true, false) => Some(found.max(Verdict::Miss)),
        (false, true) => None,
        (false, false) => Some(Verdict::Miss),
    };
    ChaosInvariant {
        id: invariant.id.to_owned(),
        title: invariant.title.to_owned(),
        verdict,
        tested,
        conclusive: tested - promise.held_inconclusive,
        faults: promise.under.len() as u64,
        unseen: if tested > 0 {
            silent.to_vec()
        } else {
            Vec::new()
        },
        untested: untested(tally, promise),
        unsaid,
        waived,
        told,
        violations: promise.broken_within + promise.late_within,
        violations_beyond: promise.broken_beyond,
        upper_bound: (tested > 0).then(bound),
        min_slack: promise.slack,
        unit: invariant.unit.map(str::to_owned),
        under: promise.groups.iter().map(under).collect(),
    }
}

fn under((group, fared): (&String, &GroupTally)) -> ChaosUnder {
    ChaosUnder {
        group: group.clone(),
        tested: fared.tested,
        broken: fared.broken,
        upper_bound: clopper_pearson(fared.broken, fared.tested).high,
        min_slack: fared.slack,
    }
}

/// The faults that showed, but never in a rehearsal that put the promise to the test.
fn untested(tally: &Tally, promise: &PromiseTally) -> Vec<String> {
    let shown = tally.kinds.iter().filter(|(_, kind)| kind.shown > 0);
    let elsewhere = shown.filter(|(name, _)| !promise.under.contains_key(*name));
    elsewhere.map(|(name, _)| name.clone()).collect()
}

/// What is said of a promise. Rehearsals in which a fault did not show are evidence about the other faults,
/// and about this one nothing: a promise that held is not known to hold under a fault that is `silent`.
///
/// `within` says that a rehearsal that was found beyond the tolerance was shrunk to one within it.
fn of_promise(promise: &PromiseTally, within: bool, silent: &[String]) -> Verdict {
    match promise {
        _ if promise.broken_within > 0 || within => Verdict::Fail,
        _ if promise.tested() == 0 => Verdict::Miss,
        _ if !silent.is_empty() => Verdict::Inconclusive,
        _ if promise.broken_beyond + promise.late_within > 0 => Verdict::KnownLimitation,
        _ => Verdict::Pass,
    }
}

/// Whether more rollbacks are late than may be, from all stages or from one of them.
fn too_late(campaign: &Campaign, promise: &PromiseTally) -> bool {
    promise.is_too_late(campaign.late_allowed)
}

/// Says from which stages rollbacks are late more often than may be, where the mean over all of them hides it.
fn late_reasons(campaign: &Campaign, tally: &Tally) -> Vec<String> {
    let stages = &campaign.space.experiment.policy.stages;
    let allowed = campaign.late_allowed;
    let promise = tally.promises.get("INV-ROLLBACK");
    let late = promise
        .filter(|one| !one.is_late_in_all(allowed))
        .into_iter()
        .flat_map(|one| one.late_stages(allowed));
    let reason = |(stage, late, among): (u16, u64, u64)| {
        let (word, id) = (Verdict::Fail.word(), &stages.get(usize::from(stage))?.id);
        let allowed = allowed * 100.0;
        Some(format!(
            "{word}: rollbacks from stage `{id}` end after the deadline in {late} of {among}, {allowed} % are \
             accepted (INV-ROLLBACK)"
        ))
    };
    late.filter_map(reason).collect()
}

/// The worst of everything, and why it is no better: what was violated, the gaps, and what is not known.
fn verdict(
    invariants: &[ChaosInvariant],
    (gaps, late): (&Gaps, Vec<String>),
    silent: &[String],
    tally: &Tally,
) -> (Verdict, Vec<String>) {
    let mut reasons: Vec<(Verdict, String)> = Vec::new();
    reasons.extend(late.into_iter().map(|why| (Verdict::Fail, why)));
    reasons.extend(causes(gaps).into_iter().map(|why| (Verdict::Miss, why)));
    if !silent.is_empty() {
        let why = format!(
            "{} (these faults never had an effect, so that nothing is known under them): {}",
            Verdict::Inconclusive.word(),
            few(silent)
        );
        reasons.push((Verdict::Inconclusive, why));
    }
    if tally.differed > 0 {
        let what = format!(
            "{} fault-injection experiments gave another hash when played again",
            tally.differed
        );
        reasons.push((Verdict::Fail, what));
    }
    let of = |wanted: Verdict| -> Vec<&str> {
        let unsaid = |row: &&ChaosInvariant| wanted == Verdict::Miss && !row.unsaid.is_empty();
        let rows = invariants
            .iter()
            .filter(|row| row.verdict == Some(wanted) && !unsaid(row));
        rows.map(|row| row.id.as_str()).collect()
    };
    let lists = [
        (
            Verdict::Fail,
            "violated by faults that the policy is to withstand",
            of(Verdict::Fail),
        ),
        (
            Verdict::Miss,
            "not exercised by any fault-injection experiment",
            of(Verdict::Miss),
        ),
        (
            Verdict::KnownLimitation,
            "violated outside the declared tolerance or within the accepted rate",
            of(Verdict::KnownLimitation),
        ),
    ];
    for (worst, what, names) in lists {
        if !names.is_empty() {
            let why = format!("{} ({what}): {}", worst.word(), names.join(", "));
            reasons.push((worst, why));
        }
    }
    // What is violated comes first, then what the policy lacks: it is the cause of most of the rest.
    reasons.sort_by_key(|(worst, _)| *worst != Verdict::Fail);
    let all = reasons.iter().map(|(worst, _)| *worst);
    let verdict = all.max().unwrap_or(Verdict::Pass);
    let idle = gaps.idle.iter();
    let idle =
        idle.map(|code| format!("`waives` names {code}, which the policy does not leave open"));
    let reasons = reasons.into_iter().map(|(_, why)| why).chain(idle);
    (verdict, reasons.collect())
}

/// The open gaps, one sentence for each kind.
fn causes(gaps: &Gaps) -> Vec<String> {
    let mut kinds: Vec<(&MissingDeclaration, usize)> = Vec::new();
    for gap in &gaps.open {
        match kinds.iter_mut().find(|(known, _)| known.code == gap.code) {
            Some((_, more)) => *more += 1,
            None => kinds.push((gap, 0)),
        }
    }
    let told = kinds.into_iter().map(|(gap, more)| {
        let more = match more {
            0 => String::new(),
            more => format!(", and {more} more such"),
        };
        let word = Verdict::Miss.word();
        format!(
            "{word}: {}{more} ({}, gap {})",
            gap.what, gap.promise, gap.code
        )
    });
    told.collect()
}

/// So many names are told; the JSON has all.
const NAMED: usize = 4;

fn few(names: &[String]) -> String {
    let told = &names[..names.len().min(NAMED)];
    match names.len() - told.len() {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
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
                Verdict::KnownLimitation
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
        declared: found.declared,
        unit: if found.seconds { "s" } else { "fraction" }.to_owned(),
        promises: found.promises.clone(),
        runs: found.runs,
    }
}

fn coverage(map: &Map, tally: &Tally) -> ChaosCoverage {
    let summary = tally.coverage.against(map);
    let left_off = map.left_off.iter();
    let reach = |reach: &chaos::coverage::Reach| ChaosReach {
        of: reach.of.to_owned(),
        reachable: reach.reachable,
        reached: reach.reached,
        missing: reach.missing.clone(),
        beyond: reach.beyond,
    };
    ChaosCoverage {
        reaches: summary.reaches.iter().map(reach).collect(),
        left_off: left_off
            .map(|(fault, why)| ((*fault).to_owned(), (*why).to_owned()))
            .collect(),
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
    campaign.space.kinds.iter().map(fault).collect()
}

fn misfits(campaign: &Campaign) -> BTreeMap<String, String> {
    let misfits = campaign.space.misfits.iter();
    misfits
        .map(|(name, why)| ((*name).to_owned(), why.0.clone()))
        .collect()
}

fn generators(campaign: &Campaign, tally: &Tally) -> Vec<ChaosGenerator> {
    let generator = |(place, part): (usize, &super::Part)| {
        let came_to = tally.parts.get(place).cloned().unwrap_or_default();
        let aimed = matches!(part.generator, super::Generator::Directed(_));
        ChaosGenerator {
            name: part.generator.word().to_owned(),
            planned: if aimed { came_to.runs } else { part.runs },
            runs: came_to.runs,
            violating: came_to.violating,
            broken: came_to.broken,
        }
    };
    campaign.parts.iter().enumerate().map(generator).collect()
}

fn outcomes(tally: &Tally) -> BTreeMap<String, u64> {
    let word = |(outcome, count): (&sim_core::Outcome, &u64)| (outcome.word().to_owned(), *count);
    tally.outcomes.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(promise: &PromiseTally, silent: &[&str], expect: Verdict) {
        let silent: Vec<String> = silent.iter().map(ToString::to_string).collect();
        assert_eq!(of_promise(promise, false, &silent), expect, "{promise:?}");
    }

    /// Each rehearsal had a fault that did not show, and each fault showed in some rehearsal.
    #[test]
    fn a_promise_is_inconclusive_only_for_faults_that_never_showed_at_all() {
        let held = || PromiseTally {
            held: 9,
            held_inconclusive: 9,
            ..PromiseTally::default()
        };
        check(&held(), &[], Verdict::Pass);
        check(&held(), &["telemetry.nan"], Verdict::Inconclusive);
    }

    #[test]
    fn a_broken_promise_is_broken_whatever_never_showed() {
        let broken = PromiseTally {
            held: 9,
            broken_within: 1,
            ..PromiseTally::default()
        };
        check(&broken, &["telemetry.nan"], Verdict::Fail);
    }
}
