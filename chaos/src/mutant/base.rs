//! The base: the policy as it is, played in every probe. What a mutant does is held against it.

use std::collections::{BTreeMap, BTreeSet};

use sim_core::effect::{Change, CommandTrouble, Effect};
use sim_core::policy::gate::{Population, Window};
use sim_core::policy::{Judgement, Policy};
use sim_core::{Event, Experiment, History, Plan, Seed};

use super::feature::flaw_feature;
use super::oracle_gates::plain_hash;
use super::{MutationTest, add_oracle_gates, broken, tell};
use crate::catalogue::Misfit;
use crate::checker::{Status, check_history};
use crate::coverage::{Situation, steps};

/// The policy as it is, played in every probe of a campaign.
#[derive(Clone, Debug)]
pub struct Base<'c> {
    /// The probes.
    pub probes: &'c [MutationTest],
    /// What the original did in each.
    pub plays: Vec<Played>,
    /// The promises that the original itself breaks somewhere, by family of probes.
    broken: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// What happened somewhere, by name.
    features: BTreeSet<String>,
}

/// One play of the original.
#[derive(Clone, Debug)]
pub struct Played {
    /// The experiment with its faults, without witnesses.
    pub experiment: Experiment,
    /// Hash and outcome with witnesses, as the machine wrote them.
    pub(super) raw: u64,
    /// Hash of what the witnesses tell.
    pub(super) told: u64,
    broken: BTreeSet<&'static str>,
    features: BTreeSet<String>,
}

impl Played {
    /// Plays the original in a probe.
    ///
    /// # Errors
    /// The place of each injection that the experiment lacks something for, and what it lacks.
    pub fn new(probe: &MutationTest) -> Result<Self, Vec<(usize, Misfit)>> {
        let (experiment, _) = probe.rehearsal.lowered()?;
        let (raw, told) = play(experiment.clone(), &experiment, probe.rehearsal.seed);
        Ok(Self {
            raw,
            told: told.hash(),
            broken: violations(&experiment, &told)
                .into_iter()
                .map(|(promise, _)| promise)
                .collect(),
            features: features(&experiment, &told),
            experiment,
        })
    }
}

/// Plays an experiment with the witnesses of `original`; returns the hash of what the machine wrote and
/// what the witnesses tell.
pub(super) fn play(
    mut experiment: Experiment,
    original: &Experiment,
    seed: Seed,
) -> (u64, History) {
    add_oracle_gates(&mut experiment, &original.policy);
    let run = Plan::new(&experiment).play(seed);
    let effects = original.release.len() + original.faults.len();
    let policies = (&experiment.policy, &original.policy);
    let told = tell(&run.history, policies.0, policies.1, effects);
    (plain_hash(&run.history, effects), told)
}

/// Returns every promise of `original` that a told history breaks, and how.
pub(super) fn violations(original: &Experiment, told: &History) -> Vec<(&'static str, String)> {
    let found = check_history(original, told);
    let found = found
        .into_iter()
        .filter(|finding| finding.status == Status::Violated);
    found
        .map(|finding| (finding.id, finding.detail))
        .chain(
            broken(original, told)
                .into_iter()
                .map(|broken| (broken.promise, broken.detail)),
        )
        .collect()
}

impl<'c> Base<'c> {
    /// Brings the plays of all probes together, in the order of the probes.
    ///
    /// # Panics
    /// When there are not as many plays as probes.
    pub fn new(probes: &'c [MutationTest], plays: Vec<Played>) -> Self {
        assert_eq!(probes.len(), plays.len(), "each probe is played once");
        let mut broken: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        let mut features = BTreeSet::new();
        for (probe, play) in probes.iter().zip(&plays) {
            broken
                .entry(probe.family)
                .or_default()
                .extend(play.broken.iter().copied());
            features.extend(play.features.iter().cloned());
        }
        Self {
            probes,
            plays,
            broken,
            features,
        }
    }

    /// Whether the original keeps a promise in every probe of a family.
    pub fn keeps(&self, family: &str, promise: &str) -> bool {
        let broken = self.broken.get(family);
        !broken.is_some_and(|broken| broken.contains(promise))
    }

    /// Whether any of these things happened somewhere; always where there are none.
    pub fn reaches(&self, needs: &[String]) -> bool {
        needs.is_empty() || needs.iter().any(|need| self.features.contains(need))
    }

    /// Returns the promises that count nowhere, because the original breaks them in every family.
    pub fn broken_in(&self, family: &str) -> Vec<&'static str> {
        let broken = self.broken.get(family);
        broken.map_or_else(Vec::new, |broken| broken.iter().copied().collect())
    }
}

/// What happened in a play, as far as some place of a policy is put to the test by it.
fn features(experiment: &Experiment, told: &History) -> BTreeSet<String> {
    let policy = &experiment.policy;
    let mut features = outages(experiment, told);
    let loses = |effect: &Effect| {
        matches!(&effect.change, Change::Commands(change)
            if matches!(change.trouble, CommandTrouble::Lost { .. }))
    };
    if experiment.faults.iter().any(loses) {
        features.insert("lost".to_owned());
    }
    let changed = experiment.evidence.iter();
    features.extend(changed.map(|change| format!("evidence:{}", change.evidence)));
    for (_, event) in told {
        let feature = feature(policy, event, &mut features);
        features.extend(feature);
    }
    features
}

/// What an event puts to the test; what it puts to the test beside that goes to `features`.
fn feature(policy: &Policy, event: &Event, features: &mut BTreeSet<String>) -> Option<String> {
    Some(match *event {
        Event::Judged { gate, flaw, .. } => {
            features.extend(flaw.map(|flaw| flaw_feature(flaw).to_owned()));
            let gate = &policy.gates[usize::from(gate)];
            if matches!(gate.population, Population::Canary) {
                features.insert("fleet".to_owned());
            }
            format!("gate:{}", gate.id)
        }
        Event::StageEntered { stage, .. } => {
            let stage = policy.stages.get(usize::from(stage));
            format!("stage:{}", stage.map_or("?", |stage| &stage.id))
        }
        Event::StepBegan { step, attempt } => {
            let step = policy.rollback.steps.get(usize::from(step));
            let step = step.map_or("?", |step| &step.id);
            if attempt > 0 {
                features.insert(format!("again:{step}"));
            }
            format!("step:{step}")
        }
        Event::RungTaken { rung } => format!("rung:{rung}"),
        Event::Triggered { class, .. } => {
            let class = policy.classes.get(usize::from(class));
            format!("class:{}", class.map_or("?", |class| &class.id))
        }
        _ => return plain_feature(event).map(str::to_owned),
    })
}

/// What an event puts to the test of which a policy has one at most.
const fn plain_feature(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::WaiverJudged { .. } => "waiver",
        Event::RollbackBegan => "rollback",
        Event::LadderExhausted => "exhausted",
        Event::KillThrown => "killed",
        Event::KillEffective => "kill",
        Event::Recovered { .. } => "recovered",
        Event::BlastExceeded { .. } => "blast",
        Event::StandbyAbsent => "standby",
        _ => return None,
    })
}

/// What a controller was doing when it went down.
fn outages(experiment: &Experiment, told: &History) -> BTreeSet<String> {
    let gates = &experiment.policy.gates;
    let mut breaching = vec![false; gates.len()];
    let mut outages = BTreeSet::new();
    for step in steps(told) {
        match *step.event {
            Event::Judged {
                gate, judgement, ..
            } => breaching[usize::from(gate)] = judgement == Judgement::Breach,
            Event::ControllerStopped => {
                let doing = doing(step.now);
                outages.insert(format!("outage:{doing}"));
                let windowed = gates.iter().zip(&breaching);
                let mut windowed = windowed.filter(|(gate, _)| gate.window != Window::Instant);
                if windowed.any(|(_, breaching)| *breaching) {
                    outages.insert("outage:breach".to_owned());
                }
                if matches!(step.now, Situation::Climbing(at) | Situation::Watching(at) if at > 0) {
                    outages.insert("outage:later".to_owned());
                }
            }
            _ => {}
        }
    }
    outages
}

fn doing(situation: Situation) -> &'static str {
    match situation {
        Situation::Retreating | Situation::Falling(_) | Situation::Killing => "retreat",
        Situation::Asking(_) => "asking",
        Situation::Watching(_) => "watching",
        _ => "waiting",
    }
}
