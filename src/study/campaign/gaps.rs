//! Gaps of a policy: what it leaves unsaid, and what it does to a release with which nothing is wrong.

use chaos::checker::{GAPS, MissingDeclaration, Stated, read, unsaid};
use sim_core::policy::{Judgement, Policy, WaivedGap};
use sim_core::{Event, Experiment, Outcome, Run};

use super::play::Campaign;

/// The gaps of a policy, as they are told.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    /// Those that somebody has to close or to waive.
    pub open: Vec<MissingDeclaration>,
    /// Those that the policy waives, each with the reason.
    pub waived: Vec<(MissingDeclaration, String)>,
    /// Those that cost nothing.
    pub told: Vec<MissingDeclaration>,
    /// What the policy waives and does not leave open.
    pub idle: Vec<String>,
}

/// Returns the gaps of the policy of `campaign`.
pub fn gaps(campaign: &Campaign) -> Gaps {
    let experiment = &campaign.space.experiment;
    let mut found = calm(campaign);
    found.extend(unsaid(experiment));
    let policy = &experiment.policy;
    let mut gaps = Gaps::default();
    let covers = |waived: &WaivedGap, gap: &MissingDeclaration| {
        waived.gap == gap.code
            && waived
                .of
                .as_ref()
                .is_none_or(|of| gap.of.as_ref() == Some(of))
    };
    let idle = policy
        .waives
        .iter()
        .filter(|waived| !found.iter().any(|gap| covers(waived, gap)));
    gaps.idle = idle.map(|waived| waived.gap.clone()).collect();
    for gap in found {
        match policy.waives.iter().find(|waived| covers(waived, &gap)) {
            Some(waived) => gaps.waived.push((gap, waived.reason.trim().to_owned())),
            None if gap.weighs => gaps.open.push(gap),
            None => gaps.told.push(gap),
        }
    }
    gaps
}

/// So many rollouts without any fault are looked at.
const CALM: u64 = 10;

/// What the policy does to a release with which nothing is wrong, where it does it more often than not.
fn calm(campaign: &Campaign) -> Vec<MissingDeclaration> {
    let experiment = &campaign.space.experiment;
    if !is_calm(experiment) {
        return Vec::new();
    }
    let rehearsals = (0..CALM).map(|number| campaign.rehearsal(u64::MAX - number));
    let runs: Vec<Run> = rehearsals
        .filter_map(|rehearsal| rehearsal.play_beside(&campaign.space.grid).ok())
        .map(|played| played.run)
        .collect();
    let back = |run: &&Run| is_taken_back(run.outcome);
    let stuck = |run: &&Run| is_stuck(run.outcome);
    let rolled: Vec<&Run> = runs.iter().filter(back).collect();
    let halted: Vec<&Run> = runs.iter().filter(stuck).collect();
    let often = |some: &[&Run]| some.len() * 2 > runs.len();
    let mut gaps = Vec::new();
    if often(&rolled) {
        gaps.extend(rolled_back(experiment, &rolled));
    }
    if often(&halted) {
        gaps.extend(stuck_for_good(experiment, &halted));
    }
    gaps
}

fn rolled_back(experiment: &Experiment, rolled: &[&Run]) -> Option<MissingDeclaration> {
    let why = last_word(experiment, rolled[0], |judgement| {
        judgement == Judgement::Breach
    });
    let count = rolled.len();
    let what =
        format!("a release without any fault is rolled back in {count} of {CALM} rollouts{why}");
    gap("healthy-release-rolled-back", what)
}

fn stuck_for_good(experiment: &Experiment, halted: &[&Run]) -> Option<MissingDeclaration> {
    let why = last_word(experiment, halted[0], |judgement| {
        judgement != Judgement::Pass
    });
    let (count, outcome) = (halted.len(), halted[0].outcome.word());
    let what = format!(
        "a release without any fault does not complete in {count} of {CALM} rollouts: {outcome}{why}"
    );
    gap("healthy-release-stuck", what)
}

/// Whether nothing is wrong with the release, and nothing goes wrong beside it.
fn is_calm(experiment: &Experiment) -> bool {
    experiment.release.is_empty() && experiment.faults.is_empty() && experiment.evidence.is_empty()
}

const fn is_taken_back(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::RolledBack | Outcome::FellBack | Outcome::Killed
    )
}

const fn is_stuck(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Paused | Outcome::Unfinished | Outcome::Aborted
    )
}

fn gap(code: &'static str, what: String) -> Option<MissingDeclaration> {
    let mut known = GAPS.iter().filter(|(known, _)| *known == code);
    let (code, promise) = known.next()?;
    Some(MissingDeclaration {
        promise,
        code,
        of: None,
        what,
        weighs: true,
    })
}

/// The stage in which the rollout ended, and the last thing that a gate said there, where it is a `wanted` one.
fn last_word(experiment: &Experiment, run: &Run, wanted: fn(Judgement) -> bool) -> String {
    let policy: &Policy = &experiment.policy;
    let mut stage = None;
    let mut words = vec![None; policy.gates.len()];
    for (_, event) in &run.history {
        if let Event::StageEntered { stage: entered, .. } = *event {
            stage = policy.stages.get(usize::from(entered));
        }
        if let Some((gate, stated)) = Stated::of(event)
            && let Some(word) = words.get_mut(usize::from(gate))
        {
            *word = Some(stated);
        }
    }
    let Some(stage) = stage else {
        return " before the first stage".to_owned();
    };
    let gates = policy.gates.iter().zip(words);
    let mut said = gates.filter_map(|(gate, word)| {
        let stated: Stated = word?;
        let asked = stage.criteria.contains(&gate.id) || stage.triggers.contains(&gate.id);
        (asked && wanted(stated.judgement)).then(|| read(gate, &stated))
    });
    let said = said
        .next_back()
        .map_or(String::new(), |said| format!(": {said}"));
    format!(" in stage `{}`{said}", stage.id)
}
