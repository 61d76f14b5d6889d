//! The decision: a pure function of the policy, where the rollout stands and what is seen.

use super::{Action, BlastRadius, EvidenceFlaw, Policy, Stage, Unanswered};
use crate::engine::{Share, SimDuration, SimTime};

/// Where a rollout stands, as far as decisions need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RolloutState {
    /// What the rollout is doing.
    pub phase: RolloutPhase,
    /// The index of the stage that is being played.
    pub stage: usize,
    /// When the observation of the stage began; none while hosts are still being updated and the
    /// stage counts from convergence.
    pub observed_since: Option<SimTime>,
    /// When the stage was entered.
    pub entered: SimTime,
    /// How often a trigger has made the rollout step back.
    pub step_backs: u32,
    /// When the approval to leave the stage was asked for.
    pub asked: Option<SimTime>,
}

/// What a rollout is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutPhase {
    /// A stage is being played.
    Active,
    /// The rollout stands still until somebody lets it go on.
    Paused,
    /// The release is being taken back, or a setting is taking effect.
    Acting,
    /// Nothing more will happen.
    Over,
}

/// What is seen at an evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts that a decision rests on"
)]
pub struct Observation {
    /// The instant.
    pub now: SimTime,
    /// The class and the gate of the most severe trigger that fires, by index.
    pub fired: Option<(usize, usize)>,
    /// Whether every criterion of the stage passes on adequate data.
    pub criteria_met: bool,
    /// The flaw of a piece of evidence (by index) that the stage must hold.
    pub flaw: Option<(usize, EvidenceFlaw)>,
    /// The exposure that has really been reached.
    pub exposure: Share,
    /// Whether every host of the stage's target serves the new version.
    pub converged: bool,
    /// Whether somebody with the stage's role has approved.
    pub approved: bool,
    /// Whether the policy's calendar lets the rollout go forward.
    pub open: bool,
}

/// What to do. The loop applies it; nothing else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing.
    Hold,
    /// Ask the stage's role for approval.
    Ask,
    /// Go on to the next stage.
    Advance,
    /// The last stage is done.
    Complete,
    /// Stand still: the stage was not satisfied in time.
    PauseOverdue,
    /// Nobody has approved in time.
    Unanswered(Unanswered),
    /// Take the class's action because a trigger fired.
    Act {
        /// The action, after the class's limit on step-backs has been applied.
        action: Action,
        /// The class, by index.
        class: usize,
        /// The gate that fired, by index; none where evidence is flawed.
        gate: Option<usize>,
    },
    /// Roll back because more was reached than the policy allows.
    RollbackBlast,
}

/// Decides one step. Pure: the same arguments give the same decision.
///
/// The order is the order of harm: too much exposure, then triggers, then flawed evidence, then
/// the way forward; a stage that is satisfied exactly when its pause falls due advances.
///
/// # Panics
/// When the state names a stage that the policy does not have.
pub fn decide(policy: &Policy, state: &RolloutState, seen: &Observation) -> Decision {
    assert!(state.stage < policy.stages.len(), "the stage exists");
    if state.phase != RolloutPhase::Active {
        return Decision::Hold;
    }
    let too_far = |radius: BlastRadius| radius.enforced && seen.exposure > radius.max;
    if policy.blast_radius.is_some_and(too_far) {
        return Decision::RollbackBlast;
    }
    if let Some((class, gate)) = seen.fired {
        let action = action_of(policy, state, class);
        if action != Action::Record {
            return Decision::Act {
                action,
                class,
                gate: Some(gate),
            };
        }
    }
    let of_flaw = |(index, _)| class_of_evidence(policy, index);
    if let Some(class) = seen.flaw.and_then(of_flaw) {
        return Decision::Act {
            action: action_of(policy, state, class),
            class,
            gate: None,
        };
    }
    forward(policy, state, seen)
}

/// A step back that has no stage before it, or that has been taken often enough, is a rollback.
fn action_of(policy: &Policy, state: &RolloutState, class: usize) -> Action {
    let class = &policy.classes[class];
    let worn_out = class.at_most.is_some_and(|limit| state.step_backs >= limit);
    match class.action {
        Action::StepBack if state.stage == 0 || worn_out => Action::Rollback,
        action => action,
    }
}

fn class_of_evidence(policy: &Policy, index: usize) -> Option<usize> {
    let class = policy.evidence[index].class.as_ref()?;
    policy.classes.iter().position(|known| known.id == *class)
}

fn forward(policy: &Policy, state: &RolloutState, seen: &Observation) -> Decision {
    let stage = &policy.stages[state.stage];
    let Some(since) = state.observed_since else {
        return Decision::Hold;
    };
    let observed = seen.now.saturating_since(since);
    let satisfied =
        observed >= stage.observe && seen.converged && seen.criteria_met && seen.flaw.is_none();
    if satisfied && (stage.approval.is_none() || seen.approved) {
        let last = state.stage + 1 == policy.stages.len();
        return match (last, seen.open) {
            (true, _) => Decision::Complete,
            (false, true) => Decision::Advance,
            (false, false) => Decision::Hold,
        };
    }
    if let Some(then) = unanswered(stage, state, seen) {
        return Decision::Unanswered(then);
    }
    if overdue(stage, observed) {
        return Decision::PauseOverdue;
    }
    if satisfied && state.asked.is_none() {
        Decision::Ask
    } else {
        Decision::Hold
    }
}

/// What is done because an approval was asked for and has not come in time.
fn unanswered(stage: &Stage, state: &RolloutState, seen: &Observation) -> Option<Unanswered> {
    let (within, asked) = (stage.approval_within?, state.asked?);
    let waited = seen.now.saturating_since(asked);
    (!seen.approved && waited >= within.limit).then_some(within.then)
}

fn overdue(stage: &Stage, observed: SimDuration) -> bool {
    stage
        .pause_after_windows
        .is_some_and(|windows| observed >= stage.observe.saturating_mul(u64::from(windows)))
}
