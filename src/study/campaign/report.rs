//! From what a campaign adds up to, to its typed result.

use std::collections::BTreeMap;

use chaos::coverage::Map;
use reports::{
    ChaosCoverage, ChaosEnd, ChaosFault, ChaosFrontier, ChaosGenerator, ChaosHarm, ChaosReach,
    ChaosReport, Counterexample, Inputs, SelfCheck, Verdict,
};

use super::finding::ShrunkViolation;
use super::frontier::Frontier;
use super::gaps::gaps;
use super::invariant_rows::{late_reasons, row, silent, too_late, verdict};
use super::play::Campaign;
use super::tally::CampaignTally;
use crate::study::{Histogram, hex, profile_word};

/// What the command line knows and a campaign does not.
pub struct CampaignTold<'t> {
    /// The name of the base scenario.
    pub scenario: String,
    /// What was read.
    pub inputs: Inputs,
    /// Why the campaign came to its end.
    pub stopped: ChaosEnd,
    /// Every distinct way in which a promise was broken, shrunk, the worst first.
    pub shown: &'t [ShrunkViolation],
    /// How large each fault may get before a promise breaks.
    pub frontiers: &'t [Frontier],
    /// Returns the command that plays a rehearsal again.
    pub replay: &'t dyn Fn(u64) -> String,
    /// Returns the folder of the case of a finding, by its place, where one was written.
    pub case: &'t dyn Fn(usize) -> Option<String>,
}

/// Returns the typed result of a campaign.
pub fn chaos_report(
    campaign: &Campaign,
    tally: &CampaignTally,
    told: CampaignTold<'_>,
) -> ChaosReport {
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
fn planned(campaign: &Campaign, tally: &CampaignTally) -> u64 {
    let done = tally.runs + tally.left_out + tally.lineage.left_out;
    done + campaign.known(tally.next)
}

fn findings(
    campaign: &Campaign,
    tally: &CampaignTally,
    told: &CampaignTold<'_>,
) -> Vec<Counterexample> {
    let promise = tally.promises.get("INV-ROLLBACK");
    let late = promise.is_some_and(|promise| too_late(campaign, promise));
    let found =
        |(place, shown): (usize, &ShrunkViolation)| counterexample(told, late, place, shown);
    let mut findings: Vec<_> = told.shown.iter().enumerate().map(found).collect();
    findings.sort_by_key(|found| std::cmp::Reverse(found.verdict));
    findings
}

fn counterexample(
    told: &CampaignTold<'_>,
    late: bool,
    place: usize,
    shown: &ShrunkViolation,
) -> Counterexample {
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

fn coverage(map: &Map, tally: &CampaignTally) -> ChaosCoverage {
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

fn harm(tally: &CampaignTally, replay: &dyn Fn(u64) -> String) -> ChaosHarm {
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

fn faults(campaign: &Campaign, tally: &CampaignTally) -> Vec<ChaosFault> {
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

fn generators(campaign: &Campaign, tally: &CampaignTally) -> Vec<ChaosGenerator> {
    let generator = |(place, part): (usize, &super::CampaignPart)| {
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

fn outcomes(tally: &CampaignTally) -> BTreeMap<String, u64> {
    let word = |(outcome, count): (&sim_core::Outcome, &u64)| (outcome.word().to_owned(), *count);
    tally.outcomes.iter().map(word).collect()
}
