//! The campaign: the original in every probe first, then each mutant until it is caught.

use std::sync::atomic::{AtomicBool, Ordering};

use chaos::mutant::{
    Base, Mutant, MutantStatus, MutationTest, Played, Trial, mutation_tests, with_manual_triggers,
};
use rayon::prelude::*;
use sim_core::Experiment;

/// What is to be played.
#[derive(Clone, Debug)]
pub struct MutationCampaign {
    /// A good release under the policy as it is.
    pub base: Experiment,
    /// The mutants; those that cannot be rolled out with what is wrong with them.
    pub mutants: Vec<(Mutant, Option<String>)>,
    /// The root seed.
    pub seed: u64,
    /// The most rollouts, those of the original included.
    pub runs_max: u64,
}

/// What came of a campaign.
#[derive(Clone, Debug)]
pub struct Mutated {
    /// The names of the probes.
    pub probes: Vec<String>,
    /// What became of each mutant, in their order.
    pub fates: Vec<Fated>,
    /// How many rollouts were played in all.
    pub runs: u64,
    /// Whether every mutant was played to its end.
    pub finished: bool,
}

/// What became of one mutant.
#[derive(Clone, Debug)]
pub struct Fated {
    /// Its fate.
    pub fate: MutantStatus,
    /// How many rollouts of it were played.
    pub runs: u64,
    /// Whether it was played to its end: caught, or through every probe that it was given.
    pub finished: bool,
}

impl MutationCampaign {
    /// Plays the campaign on the threads of the pool that it is called in.
    ///
    /// Each mutant has as many rollouts as every other, so that the result does not depend on threads.
    /// `done` is told how many more rollouts are finished; once `stop` is set nothing more is begun.
    pub fn play(&self, stop: &AtomicBool, done: &(dyn Fn(u64) + Sync)) -> Mutated {
        let (probes, plays) = self.originals(done);
        let base = Base::new(&probes, plays);
        let viable = self
            .mutants
            .iter()
            .filter(|(_, flaw)| flaw.is_none())
            .count() as u64;
        let each = self.runs_max.saturating_sub(probes.len() as u64) / viable.max(1);
        let fates: Vec<Fated> = self
            .mutants
            .par_iter()
            .with_max_len(1)
            .map(|(mutant, flaw)| match flaw {
                Some(flaw) => unviable(flaw),
                None => try_out(mutant, &base, each, stop, done),
            })
            .collect();
        Mutated {
            runs: probes.len() as u64 + fates.iter().map(|fated| fated.runs).sum::<u64>(),
            finished: fates.iter().all(|fated| fated.finished),
            probes: probes.into_iter().map(|probe| probe.name).collect(),
            fates,
        }
    }

    /// Plays the original; a probe that has nothing to happen to is left out.
    fn originals(&self, done: &(dyn Fn(u64) + Sync)) -> (Vec<MutationTest>, Vec<Played>) {
        let all = mutation_tests(&with_manual_triggers(&self.base), self.seed);
        let played: Vec<_> = all
            .into_par_iter()
            .with_max_len(1)
            .filter_map(|probe| {
                let played = Played::new(&probe).ok()?;
                done(1);
                Some((probe, played))
            })
            .collect();
        played.into_iter().unzip()
    }
}

fn unviable(flaw: &str) -> Fated {
    Fated {
        fate: MutantStatus::Unviable(flaw.to_owned()),
        runs: 0,
        finished: true,
    }
}

fn try_out(
    mutant: &Mutant,
    base: &Base<'_>,
    most: u64,
    stop: &AtomicBool,
    done: &(dyn Fn(u64) + Sync),
) -> Fated {
    let mut trial = Trial::new(mutant);
    let mut runs = 0;
    for probe in trial.order(base).into_iter().take(most as usize) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let caught = trial.step(base, probe);
        runs += 1;
        done(1);
        if let Some(fate) = caught {
            return fated(fate, runs, true);
        }
    }
    let finished = runs == most.min(base.probes.len() as u64);
    let fate = trial.close(base, runs == base.probes.len() as u64);
    fated(fate, runs, finished)
}

const fn fated(fate: MutantStatus, runs: u64, finished: bool) -> Fated {
    Fated {
        fate,
        runs,
        finished,
    }
}
