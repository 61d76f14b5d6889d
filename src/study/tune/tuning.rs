//! From a question to its answer: the race, the confirmation, the sensitivity.

use std::sync::atomic::AtomicBool;

use sim_core::policy::Policy;

use super::arena::{Arena, Part};
use super::confirm::{Confirmation, confirm};
use super::constraint::Constraint;
use super::front::front;
use super::metric::Metric;
use super::perturb;
use super::race::{Course, Ended, Look, Race, Standing};
use super::record::Record;
use super::sensitivity::{MODELS, Sensitivity, sensitivity};
use crate::study::objective::Status;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The candidates; the first is the policy as it is.
    pub policies: Vec<Policy>,
    /// The scenarios of the search.
    pub search: Vec<Part>,
    /// Scenarios that only the confirmation plays.
    pub held_out: Vec<Part>,
    /// What must be kept.
    pub constraints: Vec<Constraint>,
    /// What should be least.
    pub minimize: Metric,
    /// What the front is drawn in.
    pub objectives: Vec<Metric>,
    /// The root seed.
    pub seed: u64,
    /// The replications of each scenario in the confirmation.
    pub confirm: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Tuning {
    /// Why the race ended.
    pub ended: Ended,
    /// Everything that was played in the race.
    pub record: Record,
    /// How each candidate stands.
    pub standing: Vec<Standing>,
    /// Whether each candidate was shown to keep the constraints.
    pub proven: Vec<bool>,
    /// The size up to which each candidate was played.
    pub sizes: Vec<u32>,
    /// The looks of the race.
    pub looks: Vec<Look>,
    /// The rollouts of the race.
    pub rollouts: u64,
    /// The candidates that break nothing and are not beaten in everything.
    pub front: Vec<usize>,
    /// The best candidate, if any seems to keep the constraints.
    pub best: Option<usize>,
    /// The best against the policy as it is, by what is new.
    pub confirmation: Vec<(String, Confirmation)>,
    /// The candidates that other models of the noise chose among.
    pub finalists: Vec<usize>,
    /// What they chose.
    pub sensitivity: Vec<Sensitivity>,
    /// Whether somebody stopped it before it was done.
    pub interrupted: bool,
}

/// Sets of replications lie so far apart.
const SET: u64 = 1 << 24;
/// The most candidates that other models of the noise choose among.
const FINALISTS_MAX: usize = 12;

/// How much may be played, and what is told about it.
pub struct Watch<'a> {
    /// Asked before each piece of work with the rollouts played and those that it needs.
    pub may: &'a (dyn Fn(u64, u64) -> bool + Sync),
    /// Told how many more rollouts of the search are finished.
    pub done: &'a (dyn Fn(u64) + Sync),
    /// Told after each look.
    pub looked: &'a (dyn Fn(&Race<'_>) + Sync),
    /// Told when the search is over and its confirmation begins, whose rollouts are not told.
    pub confirming: &'a (dyn Fn() + Sync),
    /// Set to end everything.
    pub stop: &'a AtomicBool,
}

/// Answers the question on the threads of the current pool.
pub fn tune(question: &Question, watch: &Watch<'_>) -> Tuning {
    let arena = Arena::new(
        question.policies.clone(),
        question.search.clone(),
        question.seed,
        0,
    );
    let candidates = question.policies.len();
    let mut race = Race::new(
        candidates,
        arena.releases(),
        &question.constraints,
        question.minimize,
        0,
    );
    let ended = race.run(&Course {
        may: watch.may,
        play: &|works| arena.play(works, watch.stop, watch.done),
        looked: watch.looked,
    });
    let best = race.best();
    let proven = (0..race.standing.len())
        .map(|candidate| race.is_proven(candidate))
        .collect();
    let unbroken = |&candidate: &usize| !matches!(race.standing[candidate], Standing::Breaks(_));
    let among: Vec<usize> = (0..race.standing.len()).filter(unbroken).collect();
    let mut front = front(&race.record, &question.objectives, &among, &race.size);
    front.sort_by(|&one, &other| race.objective(one).total_cmp(&race.objective(other)));
    let mut tuning = Tuning {
        ended,
        best,
        proven,
        front,
        record: race.record,
        standing: race.standing,
        sizes: race.size,
        looks: race.looks,
        rollouts: race.rollouts,
        confirmation: Vec::new(),
        finalists: Vec::new(),
        sensitivity: Vec::new(),
        interrupted: ended == Ended::Interrupted,
    };
    if let Some(best) = best.filter(|_| ended != Ended::Interrupted) {
        (watch.confirming)();
        let done = tuning.confirm(question, best, (watch.stop, &|_| {}));
        tuning.interrupted = done.is_none();
    }
    tuning
}

impl Tuning {
    /// Plays what the search did not see; nothing when stopped.
    fn confirm(
        &mut self,
        question: &Question,
        best: usize,
        watch: (&AtomicBool, &(dyn Fn(u64) + Sync)),
    ) -> Option<()> {
        let asked = (&question.constraints[..], question.minimize);
        let mut luck = (question.seed, 0, question.confirm);
        if best != 0 {
            for (what, parts) in unseen(question) {
                luck.1 += SET;
                let policies = [&question.policies[0], &question.policies[best]];
                self.confirmation
                    .push((what, confirm(policies, &parts, asked, luck, watch)?));
            }
        }
        self.finalists = self.choose_finalists(best);
        let finalists: Vec<_> = self
            .finalists
            .iter()
            .map(|&it| &question.policies[it])
            .collect();
        let winner = self
            .finalists
            .iter()
            .position(|&it| it == best)
            .expect("the best is a finalist");
        for model in MODELS {
            luck.1 += SET;
            let found = sensitivity(
                model,
                &finalists,
                winner,
                &question.search,
                asked,
                luck,
                watch,
            )?;
            self.sensitivity.push(found);
        }
        Some(())
    }

    /// The best, the policy as it is, and the front from the best on.
    fn choose_finalists(&self, best: usize) -> Vec<usize> {
        let mut finalists = vec![0, best];
        finalists.extend(&self.front);
        let mut known = Vec::new();
        finalists.retain(|finalist| {
            let new = !known.contains(finalist);
            known.push(*finalist);
            new
        });
        finalists.truncate(FINALISTS_MAX);
        finalists
    }

    /// Says whether the best is better than the policy as it is where the search did not look: it breaks no
    /// constraint there, and is better, or keeps what the policy as it is breaks.
    pub fn is_confirmed(&self) -> bool {
        let Some((_, fresh)) = self.confirmation.first() else {
            return false;
        };
        let better = fresh
            .difference
            .is_some_and(|difference| difference.high < 0.0);
        let mends = matches!(self.standing[0], Standing::Breaks(_));
        self.keeps() && (better || mends)
    }

    /// Says whether the best was shown to keep the constraints, and nothing speaks against it.
    pub fn keeps(&self) -> bool {
        let proven = self.best.is_some_and(|best| self.proven[best]);
        match self.confirmation.first() {
            Some((_, fresh)) => {
                let all = fresh.kept.iter().all(|status| *status == Status::Ok);
                let any_missed = fresh.kept.contains(&Status::Miss);
                !any_missed && (proven || all)
            }
            None => proven,
        }
    }
}

/// Sets of scenarios that the search did not see, each with what is new about it.
fn unseen(question: &Question) -> Vec<(String, Vec<Part>)> {
    let all =
        |change: &dyn Fn(&Part) -> Part| question.search.iter().map(change).collect::<Vec<_>>();
    let mut sets = vec![("fresh seeds".to_owned(), question.search.clone())];
    if !question.held_out.is_empty() {
        sets.push(("other scenarios".to_owned(), question.held_out.clone()));
    }
    sets.push((
        "effects x0.75".to_owned(),
        all(&|part| perturb::effects(part, 0.75)),
    ));
    sets.push((
        "effects x1.5".to_owned(),
        all(&|part| perturb::effects(part, 1.5)),
    ));
    sets.push((
        "load x0.7".to_owned(),
        all(&|part| perturb::load(part, 0.7)),
    ));
    sets
}
