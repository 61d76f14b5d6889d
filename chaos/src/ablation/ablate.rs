//! Playing a rehearsal with all its faults, without any, and without each of them.

use sim_core::engine::{Share, SimDuration, SimTime};
use sim_core::run::Harm;
use sim_core::{Event, Experiment, History, Outcome};

use super::divergence::Divergence;
use crate::checker::Finding;
use crate::rehearsal::{Misfits, Rehearsal, Rehearsed};

/// A rehearsal, and the same with less.
#[derive(Clone, Debug)]
pub struct Ablation {
    /// With all faults.
    pub whole: Showing,
    /// Without any fault.
    pub bare: Showing,
    /// Without each of them, in their order.
    pub without: Vec<Without>,
}

/// A rehearsal without one of its faults.
#[derive(Clone, Debug)]
pub struct Without {
    /// When the fault showed first, with all the others there; none where it never did.
    pub showed: Option<SimTime>,
    /// What the rehearsal comes to without it.
    pub showing: Showing,
    /// Where its way leaves that of the whole; none where it never does.
    pub parting: Option<Divergence>,
}

/// What a rehearsal came to, as far as one promise is concerned.
#[derive(Clone, Debug)]
pub struct Showing {
    /// What was found about the promise.
    pub finding: Finding,
    /// How the rollout ended.
    pub outcome: Outcome,
    /// As in [`sim_core::Run::detection`].
    pub detection: Option<SimDuration>,
    /// As in [`sim_core::Run::rollback`].
    pub rollback: Option<SimDuration>,
    /// The largest share that served the new version.
    pub reached: Share,
    /// What users suffered.
    pub harm: Harm,
    /// What was played.
    pub experiment: Experiment,
    /// What happened.
    pub history: History,
}

/// Plays `rehearsal` with all faults, without any and without each; none where there is no such promise.
///
/// # Errors
/// The place of each injection that the experiment lacks something for, and what it lacks.
pub fn ablate(rehearsal: &Rehearsal, promise: &str) -> Result<Option<Ablation>, Misfits> {
    let played = rehearsal.play()?;
    let bare = Rehearsal {
        injections: Vec::new(),
        ..rehearsal.clone()
    };
    let bare = Showing::of(&bare.play()?, promise);
    let Some((whole, bare)) = Showing::of(&played, promise).zip(bare) else {
        return Ok(None);
    };
    let mut without = Vec::new();
    for place in 0..rehearsal.injections.len() {
        let mut fewer = rehearsal.clone();
        fewer.injections.remove(place);
        let fewer = fewer.play()?;
        let showing = Showing::of(&fewer, promise).expect("the invariant is known");
        without.push(Without {
            showed: showed(&played, place),
            parting: Divergence::of(&whole.history, &showing.history),
            showing,
        });
    }
    Ok(Some(Ablation {
        whole,
        bare,
        without,
    }))
}

/// Returns when the injection at `place` first changed something.
fn showed(played: &Rehearsed, place: usize) -> Option<SimTime> {
    let own = played.places[place];
    let is = |event: &Event| matches!(event, Event::EffectShowed { effect } if usize::from(*effect) == own);
    let mut lines = played.run.history.iter();
    lines.find(|(_, event)| is(event)).map(|(at, _)| *at)
}

impl Showing {
    fn of(played: &Rehearsed, promise: &str) -> Option<Self> {
        let run = &played.run;
        Some(Self {
            finding: played.finding(promise)?.clone(),
            outcome: run.outcome,
            detection: run.detection,
            rollback: run.rollback,
            reached: run.exposure.reached_max,
            harm: run.harm,
            experiment: played.experiment.clone(),
            history: run.history.clone(),
        })
    }
}
