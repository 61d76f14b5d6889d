//! Where candidates meet scenarios: the only place of a search that plays anything.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use scenarios::Verdict;
use scenarios::import::lower::in_world;
use sim_core::{Experiment, Grid, Plan, Run, Seed, Steering, family_key};

use super::ensemble::Ensemble;
use super::part::Part;
use super::sample::Sample;
use crate::study::shards::{Hands, Round, Share};

/// Candidates and scenarios.
///
/// A replication of a scenario has the same luck under every candidate: all of them are played on one grid,
/// whoever is still in the race. Scenarios have replications of their own, so that their luck is
/// independent.
#[derive(Clone, Debug)]
pub struct Evaluator {
    /// The policies, each with the engine that decides.
    pub policies: Vec<Steering>,
    /// The scenarios.
    pub parts: Vec<Part>,
    grids: Vec<Grid>,
    /// Which candidates can be played in one world: those with the same number here.
    families: Vec<usize>,
    seed: u64,
    first: u64,
}

/// Something to play: replications of a scenario by some candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The scenario.
    pub part: usize,
    /// The candidates.
    pub candidates: Vec<usize>,
    /// The first replication and the one behind the last.
    pub replications: (u64, u64),
}

impl Work {
    /// Returns how many rollouts this is.
    pub const fn rollouts(&self) -> u64 {
        self.candidates.len() as u64 * (self.replications.1 - self.replications.0)
    }
}

/// The samples of one scenario: for each candidate those of the replications in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// What was played.
    pub work: Work,
    /// The samples, by candidate and replication.
    pub samples: Vec<Vec<Sample>>,
}

/// The replications that one thread plays at a time.
const BLOCK: u64 = 4;
/// The replications of one scenario lie so far from those of the next.
const APART: u64 = 1 << 32;

impl Evaluator {
    /// Makes an evaluator for `policies`. Replications derive from the root seed and count from `first`: sets
    /// that begin at least 2^24 apart share no luck.
    ///
    /// # Panics
    /// When there is no policy, or a scenario names what a policy does not have.
    pub fn new(policies: Vec<Steering>, parts: Vec<Part>, seed: u64, first: u64) -> Self {
        assert!(!policies.is_empty(), "a search has a candidate");
        let families = families(&policies);
        let grids = parts.iter().map(|part| grid(part, &policies)).collect();
        Self {
            policies,
            parts,
            grids,
            families,
            seed,
            first,
        }
    }

    /// Returns whether each scenario's release deserves to be rolled out.
    pub fn releases(&self) -> Vec<Verdict> {
        self.parts.iter().map(|part| part.release).collect()
    }

    /// Plays all of `works` on the threads of the current pool, in whatever order, and returns what came
    /// of each in theirs; nothing once `stop` is set, and where the player plays only a part.
    pub fn play(&self, works: &[Work], hands: Hands<'_>) -> Option<Vec<Played>> {
        let numbered = works.iter().enumerate();
        let teams = numbered.flat_map(|(at, work)| self.teams(at, work));
        let teams: Vec<Team> = teams.collect();
        let blocks: Vec<(&Team, u64)> = teams
            .iter()
            .flat_map(|team| {
                let (first, end) = works[team.work].replications;
                (first..end)
                    .step_by(BLOCK as usize)
                    .map(move |block| (team, block))
            })
            .collect();
        let evaluator = self;
        let round = Blocks {
            evaluator,
            works,
            blocks: &blocks,
            hands,
        };
        let share = hands.player.round(&round)?;
        if !share.whole {
            return None;
        }
        Some(shared_out(works, &blocks, share.sum))
    }

    /// The candidates of a work, in teams that can be played in one world.
    fn teams(&self, at: usize, work: &Work) -> Vec<Team> {
        let mut by_family: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, &candidate) in work.candidates.iter().enumerate() {
            by_family
                .entry(self.families[candidate])
                .or_default()
                .push(place);
        }
        let team = |places: Vec<usize>| {
            let members: Vec<usize> = places.iter().map(|&place| work.candidates[place]).collect();
            let experiments: Vec<_> = members
                .iter()
                .map(|&member| self.experiment(work.part, member))
                .collect();
            Team {
                work: at,
                places,
                members,
                played: Ensemble::new(&experiments, &self.grids[work.part]),
            }
        };
        by_family.into_values().map(team).collect()
    }

    /// Plays a block of replications; the samples of each, in the order of the team's members.
    fn block(&self, team: &Team, work: &Work, first: u64) -> Vec<Vec<Sample>> {
        let part = &self.parts[work.part];
        let end = work.replications.1.min(first + BLOCK);
        let play = |replication: u64| {
            let replication = self.first + work.part as u64 * APART + replication;
            let figures = team.played.play(Seed {
                root: self.seed,
                replication,
            });
            let pairs = team.members.iter().zip(&figures);
            pairs
                .map(|(&member, figures)| Sample::of(part, &self.policies[member].policy, figures))
                .collect()
        };
        (first..end).map(play).collect()
    }

    /// Plays one rollout of a candidate again, and keeps its history.
    pub(super) fn again(
        &self,
        part: usize,
        candidate: usize,
        replication: u64,
    ) -> (Experiment, Run) {
        let experiment = self.experiment(part, candidate);
        let seed = Seed {
            root: self.seed,
            replication: self.first + part as u64 * APART + replication,
        };
        let run = Plan::on(&experiment, &self.grids[part]).play(seed);
        (experiment, run)
    }

    fn experiment(&self, part: usize, candidate: usize) -> Experiment {
        under(&self.parts[part], &self.policies[candidate])
    }
}

/// The samples of every block, put where its work asked for them.
fn shared_out(
    works: &[Work],
    blocks: &[(&Team, u64)],
    samples: Vec<Vec<Vec<Sample>>>,
) -> Vec<Played> {
    let empty = |work: &Work| Played {
        samples: vec![Vec::new(); work.candidates.len()],
        work: work.clone(),
    };
    let mut results: Vec<Played> = works.iter().map(empty).collect();
    for ((team, _), samples) in blocks.iter().zip(samples) {
        for replication in samples {
            for (&place, sample) in team.places.iter().zip(replication) {
                results[team.work].samples[place].push(sample);
            }
        }
    }
    results
}

/// All blocks of some works, in their order.
#[expect(
    clippy::struct_field_names,
    reason = "blocks of works are what a round is made of"
)]
struct Blocks<'b> {
    evaluator: &'b Evaluator,
    works: &'b [Work],
    blocks: &'b [(&'b Team, u64)],
    hands: Hands<'b>,
}

impl Round for Blocks<'_> {
    /// For each block the samples of its replications, in the order of the team's members.
    type Sum = Vec<Vec<Vec<Sample>>>;

    fn units(&self) -> u64 {
        self.blocks.len() as u64
    }

    fn play(&self, units: Range<u64>) -> Share<Self::Sum> {
        let play = |&(team, block): &(&Team, u64)| {
            (!self.hands.stop.load(Ordering::Relaxed)).then(|| {
                let samples = self.evaluator.block(team, &self.works[team.work], block);
                (self.hands.done)(team.members.len() as u64 * samples.len() as u64);
                samples
            })
        };
        let blocks = &self.blocks[units.start as usize..units.end as usize];
        let played: Vec<Option<Vec<Vec<Sample>>>> =
            blocks.par_iter().with_max_len(1).map(play).collect();
        let sum: Self::Sum = played.into_iter().map_while(|samples| samples).collect();
        let whole = sum.len() == blocks.len();
        Share { sum, whole }
    }

    fn join(&self, sum: &mut Self::Sum, next: Self::Sum) {
        sum.extend(next);
    }
}

/// Candidates that are played in one world.
struct Team {
    work: usize,
    /// Their places in the work's list.
    places: Vec<usize>,
    members: Vec<usize>,
    played: Ensemble,
}

fn under(part: &Part, steering: &Steering) -> Experiment {
    let mut steering = steering.clone();
    if !steering.decider.is_native() {
        // The signals of another product's metrics are those of the world, whatever they are called there.
        steering.policy = in_world(&steering.policy, &part.experiment.telemetry).into();
    }
    part.experiment.steered_by(steering)
}

fn grid(part: &Part, policies: &[Steering]) -> Grid {
    let experiments: Vec<_> = policies.iter().map(|policy| under(part, policy)).collect();
    Grid::common(&experiments.iter().collect::<Vec<_>>())
}

/// For each policy a number that it shares with those of its family; one that does not decide itself has none.
fn families(policies: &[Steering]) -> Vec<usize> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let number = |(at, steering): (usize, &Steering)| {
        let key = if steering.decider.is_native() {
            serde_json::to_string(&family_key(&steering.policy)).expect("a policy has text keys")
        } else {
            at.to_string()
        };
        let next = known.len();
        *known.entry(key).or_insert(next)
    };
    policies.iter().enumerate().map(number).collect()
}
