//! The rows of a campaign about invariants.

use chaos::checker::{Finding, MissingDeclaration};
use chaos::coverage::Map;
use reports::{ChaosFault, ChaosInvariant, ChaosUnder, Verdict};

use super::finding::ShrunkViolation;
use super::gaps::Gaps;
use super::play::Campaign;
use super::promise_tally::{GroupTally, PromiseTally};
use super::promised::promised;
use super::tally::CampaignTally;
use crate::study::interval::clopper_pearson;

/// The faults that the policy is to withstand, that can show and that never did.
pub(super) fn silent(faults: &[ChaosFault], map: &Map) -> Vec<String> {
    let never = faults.iter().filter(|fault| {
        fault.tolerated && fault.shown == 0 && !map.left_off.contains_key(fault.name.as_str())
    });
    never.map(|fault| fault.name.clone()).collect()
}

pub(super) fn row(
    campaign: &Campaign,
    (tally, silent, gaps): (&CampaignTally, &[String], &Gaps),
    shown: &[ShrunkViolation],
    invariant: &Finding,
) -> ChaosInvariant {
    let none = PromiseTally::default();
    let promise = tally.promises.get(invariant.id).unwrap_or(&none);
    let tested = promise.tested();
    let bound = || clopper_pearson(promise.broken_within + promise.late_within, tested).high;
    let late = too_late(campaign, promise);
    let within = |one: &ShrunkViolation| {
        let broken = one.shrunk.within && (late || !one.shrunk.is_late());
        one.shrunk.invariant == invariant.id && broken
    };
    let found = of_promise(promise, shown.iter().any(within), silent);
    let experiment = &campaign.space.experiment;
    let [unsaid, waived, told] = gaps_of(gaps, invariant.id);
    // A policy without a waiver can be given none that is bad.
    let asked = tested > 0 && invariant.id != "INV-WAIVER";
    let made = promised(experiment, invariant.id) || asked;
    let meant = tested == 0 && !(waived.is_empty() && told.is_empty());
    let verdict = declared_verdict(found, (made, meant), unsaid.is_empty());
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

/// What is not declared of an invariant, what is waived of that, and what is told of it.
fn gaps_of(gaps: &Gaps, invariant: &str) -> [Vec<String>; 3] {
    let open = gaps.open.iter().filter(|gap| gap.promise == invariant);
    let waived = gaps.waived.iter();
    let waived = waived.filter(|(gap, _)| gap.promise == invariant);
    let waived = waived.map(|(gap, why)| format!("{} (waived: {why})", gap.what));
    let told = gaps.told.iter().filter(|gap| gap.promise == invariant);
    [
        open.map(|gap| gap.what.clone()).collect(),
        waived.collect(),
        told.map(|gap| gap.what.clone()).collect(),
    ]
}

/// What is not declared cannot be kept: at best nothing is known. What is meant to be left open is no promise.
fn declared_verdict(
    found: Verdict,
    (made, meant): (bool, bool),
    declared: bool,
) -> Option<Verdict> {
    match (made, declared) {
        (true, true) if meant => None,
        (true, true) => Some(found),
        (true, false) => Some(found.max(Verdict::Miss)),
        (false, true) => None,
        (false, false) => Some(Verdict::Miss),
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
fn untested(tally: &CampaignTally, promise: &PromiseTally) -> Vec<String> {
    let shown = tally.kinds.iter().filter(|(_, kind)| kind.shown > 0);
    let elsewhere = shown.filter(|(name, _)| !promise.under.contains_key(*name));
    elsewhere.map(|(name, _)| name.clone()).collect()
}

/// What is said of a promise. Rehearsals in which a fault did not show are evidence about the other faults,
/// and about this one nothing: a promise that held is not known to hold under a fault that is `silent`.
///
/// `within` says that a rehearsal that was found beyond the tolerance was shrunk to one within it.
pub(super) fn of_promise(promise: &PromiseTally, within: bool, silent: &[String]) -> Verdict {
    match promise {
        _ if promise.broken_within > 0 || within => Verdict::Fail,
        _ if promise.tested() == 0 => Verdict::Miss,
        _ if !silent.is_empty() => Verdict::Inconclusive,
        _ if promise.broken_beyond + promise.late_within > 0 => Verdict::KnownLimitation,
        _ => Verdict::Pass,
    }
}

/// Whether more rollbacks are late than may be, from all stages or from one of them.
pub(super) fn too_late(campaign: &Campaign, promise: &PromiseTally) -> bool {
    promise.is_too_late(campaign.late_allowed)
}

/// Says from which stages rollbacks are late more often than may be, where the mean over all of them hides it.
pub(super) fn late_reasons(campaign: &Campaign, tally: &CampaignTally) -> Vec<String> {
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

fn unknown(silent: &[String]) -> Option<(Verdict, String)> {
    let why = || {
        format!(
            "{} (these faults never had an effect, so that nothing is known under them): {}",
            Verdict::Inconclusive.word(),
            few(silent)
        )
    };
    (!silent.is_empty()).then(|| (Verdict::Inconclusive, why()))
}

fn irreproducible(tally: &CampaignTally) -> Option<(Verdict, String)> {
    let what = || {
        format!(
            "{} fault-injection experiments gave another hash when played again",
            tally.differed
        )
    };
    (tally.differed > 0).then(|| (Verdict::Fail, what()))
}

/// The worst of everything, and why it is no better: what was violated, the gaps, and what is not known.
pub(super) fn verdict(
    invariants: &[ChaosInvariant],
    (gaps, late): (&Gaps, Vec<String>),
    silent: &[String],
    tally: &CampaignTally,
) -> (Verdict, Vec<String>) {
    let mut reasons: Vec<(Verdict, String)> = Vec::new();
    reasons.extend(late.into_iter().map(|why| (Verdict::Fail, why)));
    reasons.extend(causes(gaps).into_iter().map(|why| (Verdict::Miss, why)));
    reasons.extend(unknown(silent));
    reasons.extend(irreproducible(tally));
    reasons.extend(of_rows(invariants));
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
        format!("gap {}: {}{more} ({})", gap.code, gap.what, gap.promise)
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

/// What each verdict means of an invariant.
const MEANINGS: [(Verdict, &str); 3] = [
    (
        Verdict::Fail,
        "violated by faults that the policy is to withstand",
    ),
    (Verdict::Miss, "by any fault-injection experiment"),
    (
        Verdict::KnownLimitation,
        "violated outside the declared tolerance or within the accepted rate",
    ),
];

/// The invariants of each verdict, where there are any. Those that are not declared have a reason of their own.
fn of_rows(invariants: &[ChaosInvariant]) -> Vec<(Verdict, String)> {
    let reason = |(worst, what): (Verdict, &str)| {
        let unsaid = |row: &&ChaosInvariant| worst == Verdict::Miss && !row.unsaid.is_empty();
        let rows = invariants.iter();
        let rows = rows.filter(|row| row.verdict == Some(worst) && !unsaid(row));
        let names: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
        let word = match worst {
            Verdict::Miss => "NOT EXERCISED",
            _ => worst.word(),
        };
        let why = || format!("{word} ({what}): {}", names.join(", "));
        (!names.is_empty()).then(|| (worst, why()))
    };
    MEANINGS.into_iter().filter_map(reason).collect()
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
