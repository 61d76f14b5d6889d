//! How artifacts really are, whatever a policy cares to look at.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::operator::EvidenceChange;
use sim_core::policy::EvidenceFlaw;
use sim_core::{Event, Experiment};

use super::finding::Line;

/// The oldest that evidence may be where the policy says nothing: no document allows more than a week (RaptorQ
/// rollout policy, "within the past week"), and what is older is about another release.
const AGE_MAX: SimDuration = SimDuration::from_hours(7 * 24);

/// Returns what is wrong at `at` with the evidence called `id`, given what had been found until then.
///
/// What the experiment declares counts first: an artifact that is vacuous is flawed even for a policy
/// that does not ask. Then what the history found, unless the artifact was changed since.
pub(super) fn flaw(
    experiment: &Experiment,
    before: &[Line],
    id: &str,
    at: SimTime,
) -> Option<EvidenceFlaw> {
    declared_flaw(experiment, id, at).or_else(|| found_flaw(experiment, before, id, at))
}

fn declared_flaw(experiment: &Experiment, id: &str, at: SimTime) -> Option<EvidenceFlaw> {
    let change = last_change(experiment, id, at)?;
    let rules = experiment
        .policy
        .evidence
        .iter()
        .find(|known| known.id == id)?;
    let (state, age) = (
        change.state,
        change.state.age + (at.elapsed() - change.from),
    );
    let too_old = age > rules.max_age.unwrap_or(AGE_MAX);
    let tests = [
        (!state.exists, EvidenceFlaw::Missing),
        (!state.parses, EvidenceFlaw::Unparseable),
        (too_old, EvidenceFlaw::Stale),
        (!state.says_something, EvidenceFlaw::Vacuous),
        (!state.passes, EvidenceFlaw::Failed),
    ];
    tests
        .into_iter()
        .find_map(|(is_so, flaw)| is_so.then_some(flaw))
}

/// Returns for how many seconds from `at` on the evidence called `id` will not be too old, where it is known
/// how old it is.
pub(super) fn freshness(experiment: &Experiment, id: &str, at: SimTime) -> Option<f64> {
    let change = last_change(experiment, id, at)?;
    let mut rules = experiment.policy.evidence.iter();
    let rules = rules.find(|known| known.id == id)?;
    let age = change.state.age + (at.elapsed() - change.from);
    let limit = rules.max_age.unwrap_or(AGE_MAX);
    Some(limit.checked_sub(age)?.as_secs_f64())
}

fn found_flaw(
    experiment: &Experiment,
    before: &[Line],
    id: &str,
    at: SimTime,
) -> Option<EvidenceFlaw> {
    let index = experiment
        .policy
        .evidence
        .iter()
        .position(|known| known.id == id)?;
    let (found, flaw) = before.iter().rev().find_map(|(found, event)| match event {
        Event::Refused { evidence, flaw } | Event::EvidenceFlawed { evidence, flaw }
            if usize::from(*evidence) == index =>
        {
            Some((*found, *flaw))
        }
        _ => None,
    })?;
    let mended =
        last_change(experiment, id, at).is_some_and(|change| change.from > found.elapsed());
    (!mended).then_some(flaw)
}

fn last_change<'e>(
    experiment: &'e Experiment,
    id: &str,
    at: SimTime,
) -> Option<&'e EvidenceChange> {
    let known = experiment
        .evidence
        .iter()
        .filter(|change| change.evidence == id);
    known
        .filter(|change| change.from <= at.elapsed())
        .max_by_key(|change| change.from)
}

/// Says whether a waiver of `rule` had been accepted.
pub(super) fn is_waived(experiment: &Experiment, before: &[Line], rule: &str) -> bool {
    before.iter().any(|(_, event)| match event {
        Event::WaiverJudged {
            waiver,
            refusal: None,
        } => experiment
            .policy
            .waivers
            .get(usize::from(*waiver))
            .is_some_and(|known| known.rule == rule),
        _ => false,
    })
}
