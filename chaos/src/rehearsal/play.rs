//! Playing a rehearsal: the faults are lowered, the rollout is played, every checker looks at it.

use serde::Serialize;
use sim_core::engine::RunningHash;
use sim_core::{Event, Experiment, Grid, Plan, Run, Seed};

use super::Verdict;
use crate::catalogue::{Injection, Misfit, inject};
use crate::checker::{Finding, Status, check};

/// The place of each injection that cannot happen, and what the experiment lacks for it.
pub type Misfits = Vec<(usize, Misfit)>;

/// A rollout with faults, resolved: it depends on no generator and on nothing outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsal {
    /// The policy and its world, without the injections.
    pub experiment: Experiment,
    /// What goes wrong, in the order in which it is lowered.
    pub injections: Vec<Injection>,
    /// Where the randomness of the world comes from.
    pub seed: Seed,
}

/// A rehearsal that was played.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// The experiment with the injections in it.
    pub experiment: Experiment,
    /// The rollout.
    pub run: Run,
    /// What every checker found, in the order of [`crate::checker::CATALOGUE`].
    pub findings: Vec<Finding>,
    /// The number of each injection's own effect, by which the history calls it.
    pub places: Vec<usize>,
    /// For each injection, whether the history shows that it changed something.
    pub confirmed: Vec<bool>,
}

impl Rehearsal {
    /// Returns the experiment with the injections in it, and the number of each injection's own effect.
    ///
    /// # Errors
    /// The place of each injection that the experiment lacks something for, and what it lacks.
    pub fn lowered(&self) -> Result<(Experiment, Vec<usize>), Misfits> {
        let mut experiment = self.experiment.clone();
        inject(&self.injections, &mut experiment)?;
        // The machine numbers what the release does first, and the faults behind it.
        let numbered = experiment.release.iter().chain(&experiment.faults);
        let ids: Vec<&str> = numbered.map(|effect| effect.id.as_str()).collect();
        let own = |injection: &Injection| {
            ids.iter()
                .rposition(|id| *id == injection.id)
                .expect("every fault has an effect of its own name")
        };
        let places = self.injections.iter().map(own).collect();
        Ok((experiment, places))
    }

    /// Returns a digest of everything that a rehearsal can be another by.
    ///
    /// # Panics
    /// Never: every part has text keys.
    pub fn digest(&self) -> u64 {
        let mut hash = RunningHash::new();
        let experiment = &self.experiment;
        hash.text(&json(&experiment.policy));
        hash.text(&json(&experiment.fleet));
        hash.text(&json(&experiment.traffic));
        hash.text(&json(&experiment.telemetry));
        hash.text(&json(&(&experiment.release, &experiment.faults)));
        hash.text(&json(&(&experiment.operators, &experiment.evidence)));
        hash.text(&json(&self.injections));
        hash.word(experiment.horizon.as_nanos());
        hash.word(self.seed.root);
        hash.word(self.seed.replication);
        hash.finish()
    }

    /// Plays it.
    ///
    /// # Errors
    /// The place of each injection that the experiment lacks something for, and what it lacks.
    pub fn play(&self) -> Result<Rehearsed, Misfits> {
        self.play_beside(&Grid::of(&self.experiment))
    }

    /// Plays it. What is the same as on `grid`, that of its base or of another rehearsal, is not made again.
    ///
    /// # Errors
    /// The place of each injection that the experiment lacks something for, and what it lacks.
    pub fn play_beside(&self, grid: &Grid) -> Result<Rehearsed, Misfits> {
        self.rehearse(grid, Plan::play)
    }

    /// Plays it to see whether an invariant is violated and in which manner: a value that a finding names lies on
    /// the right side of each limit and no nearer ([`Plan::scout`]).
    ///
    /// # Errors
    /// As [`Rehearsal::play`].
    pub(crate) fn try_beside(&self, grid: &Grid) -> Result<Rehearsed, Misfits> {
        self.rehearse(grid, Plan::scout)
    }

    fn rehearse(&self, grid: &Grid, play: fn(&Plan, Seed) -> Run) -> Result<Rehearsed, Misfits> {
        let (experiment, places) = self.lowered()?;
        let plan = Plan::on(&experiment, &grid.of_another(&experiment));
        let run = play(&plan, self.seed);
        let shown = |place: &usize| {
            let is = |event: &Event| matches!(event, Event::EffectShowed { effect } if usize::from(*effect) == *place);
            run.history.iter().any(|(_, event)| is(event))
        };
        let confirmed = places.iter().map(shown).collect();
        let findings = check(&experiment, &run);
        Ok(Rehearsed {
            experiment,
            run,
            findings,
            places,
            confirmed,
        })
    }

    /// Plays it only to see what happens and when: nothing is checked, and what gates read lies on the right side
    /// of each limit and no nearer ([`Plan::scout`]).
    ///
    /// # Errors
    /// As [`Rehearsal::play`].
    pub(crate) fn scout(&self, grid: &Grid) -> Result<(Experiment, Run), Misfits> {
        let (experiment, _) = self.lowered()?;
        let run = Plan::on(&experiment, &grid.of_another(&experiment)).scout(self.seed);
        Ok((experiment, run))
    }
}

fn json(part: &impl Serialize) -> String {
    serde_json::to_string(part).expect("every part has text keys")
}

impl Rehearsed {
    /// Returns what was found about the promise of this code.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.id == id)
    }

    /// Returns the promises that were broken.
    pub fn violated(&self) -> impl Iterator<Item = &Finding> {
        let broken = |finding: &&Finding| finding.status == Status::Violated;
        self.findings.iter().filter(broken)
    }

    /// Says what this one rehearsal shows of a promise. A broken promise is broken whatever the faults
    /// did; a promise that held under a fault that never showed says nothing.
    pub fn verdict(&self, finding: &Finding) -> Verdict {
        match finding.status {
            Status::Violated => Verdict::Fail,
            _ if self.confirmed.contains(&false) => Verdict::Inconclusive,
            Status::NotReached => Verdict::Miss,
            Status::Holds => Verdict::Pass,
        }
    }
}
