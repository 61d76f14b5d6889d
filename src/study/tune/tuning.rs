//! From a question to its answer: the race, the confirmation, the sensitivity.

use super::blamed::BlamedCandidate;
use super::choice::{Nearest, comparable, nearest, ranking};
use super::confirm::{Confirmation, confirm, planned};
use super::evaluator::Evaluator;
use super::front::front;
use super::question::{Luck, Question, unseen};
use super::samples::Record;
use super::sensitivity::{MODELS, Sensitivity, sensitivity};
use super::successive_rejects::{Ended, InterimAnalysis, Race, RaceHooks, Standing};
use super::watch::Watch;
use crate::study::objective::Status;
use crate::study::shards::Hands;

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
    pub looks: Vec<InterimAnalysis>,
    /// The rollouts of the race.
    pub rollouts: u64,
    /// The candidates that break no constraint and that none of them dominates.
    pub front: Vec<usize>,
    /// What may be recommended: of the candidates that were shown to keep the constraints, and did so on
    /// fresh seeds, the best.
    pub best: Option<usize>,
    /// What seems best where nothing may be recommended.
    pub leading: Option<usize>,
    /// Candidates that were shown to keep the constraints in the search, with what fresh seeds say of each
    /// constraint, where that is not that it is kept.
    pub rejected: Vec<(usize, Confirmation)>,
    /// Where every candidate breaks a constraint, the one that comes nearest.
    pub nearest: Option<Nearest>,
    /// The best against the policy as it is, by what is new.
    pub confirmation: Vec<(String, Confirmation)>,
    /// The candidates that other models of the noise chose among.
    pub finalists: Vec<usize>,
    /// What they chose.
    pub sensitivity: Vec<Sensitivity>,
    /// What led to what went wrong under the policy as it is, what seems best, and the nearest of those that
    /// are not recommended.
    pub blamed: Vec<BlamedCandidate>,
    /// Whether somebody stopped it before it was done.
    pub interrupted: bool,
}

/// So many candidates at most are tried on fresh seeds.
const TRIES: usize = 4;
/// The most candidates that other models of the noise choose among.
const FINALISTS_MAX: usize = 12;

/// Answers the question on the threads of the current pool.
pub fn tune(question: &Question, watch: &Watch<'_>) -> Tuning {
    let evaluator = evaluator_of(question);
    let (candidates, releases) = (question.policies.len(), evaluator.releases());
    let (constraints, minimize) = (&question.constraints, question.minimize);
    let mut race = Race::new(candidates, releases, constraints, minimize, 0);
    let hands = Hands {
        player: watch.player,
        stop: watch.stop,
        done: watch.done,
    };
    let ended = race.run(&RaceHooks {
        may: watch.may,
        play: &|works| evaluator.play(works, hands),
        looked: watch.looked,
    });
    let ranking = ranking(&race, &question.objectives);
    let mut tuning = Tuning::raced(&race, ended, question);
    // The rollouts of a validation are not told: nobody knows how many there will be.
    let done: &(dyn Fn(u64) + Sync) = &|_| {};
    let watched = Hands { done, ..hands };
    if ended != Ended::Interrupted {
        (watch.confirming)();
    }
    tuning.validate(question, race, &ranking, watched);
    if !tuning.interrupted {
        tuning.blamed = tuning.blame(&evaluator);
    }
    tuning
}

fn evaluator_of(question: &Question) -> Evaluator {
    Evaluator::new(
        question.policies.clone(),
        question.search.clone(),
        question.seed,
        0,
    )
}

impl Tuning {
    /// What is known when the race is over, before anything is confirmed.
    fn raced(race: &Race<'_>, ended: Ended, question: &Question) -> Self {
        let best = race.best();
        let proven = (0..race.standing.len())
            .map(|candidate| race.is_proven(candidate))
            .collect();
        let none_fits = ended == Ended::Infeasible || best.is_none();
        let nearest = none_fits.then(|| nearest(race, &question.constraints));
        Self {
            ended,
            best: None,
            leading: best,
            proven,
            front: Vec::new(),
            record: Record::new(Vec::new(), 0),
            standing: race.standing.clone(),
            sizes: race.size.clone(),
            looks: race.looks.clone(),
            rollouts: race.rollouts,
            confirmation: Vec::new(),
            rejected: Vec::new(),
            nearest: nearest.flatten(),
            finalists: Vec::new(),
            sensitivity: Vec::new(),
            blamed: Vec::new(),
            interrupted: ended == Ended::Interrupted,
        }
    }

    /// Holds what was found against fresh seeds, draws the front, and plays what the search did not see.
    fn validate(
        &mut self,
        question: &Question,
        race: Race<'_>,
        ranking: &[usize],
        hands: Hands<'_>,
    ) {
        let mut luck = Luck(0);
        if !self.interrupted {
            let chosen = self.choose(question, &race, ranking, &mut luck, hands);
            self.interrupted = chosen.is_none();
        }
        self.front = self.draw(question, &race);
        self.record = race.record;
        let shown = self.best.or(self.leading);
        if let Some(best) = shown.filter(|_| !self.interrupted) {
            let done = self.confirm(question, best, &mut luck, hands);
            self.interrupted = done.is_none();
        }
    }

    /// Holds the candidates of the ranking against the constraints on fresh seeds, and takes the first that
    /// keeps all of them there; one that the search could not show to keep them is taken only if nothing
    /// better is known. Nothing when stopped.
    fn choose(
        &mut self,
        question: &Question,
        race: &Race<'_>,
        ranking: &[usize],
        luck: &mut Luck,
        hands: Hands<'_>,
    ) -> Option<()> {
        let unproven = self.leading.filter(|_| ranking.is_empty());
        let proven = ranking.iter().take(TRIES).copied();
        for candidate in proven.chain(unproven) {
            // A search that decided nothing is not decided by a validation that plays more than it did.
            let (least, constraints) = (question.confirm, &question.constraints);
            let runs = match ranking {
                [] => least,
                _ => planned(&race.record, candidate, constraints, least),
            };
            let policies = [&question.policies[0], &question.policies[candidate]];
            let fresh = luck.next(question, runs);
            let found = confirm(policies, &question.search, question.asked(), fresh, hands)?;
            if found.kept.iter().all(|status| *status == Status::Ok) {
                self.best = Some(candidate);
                self.confirmation = vec![("fresh seeds".to_owned(), found)];
                return Some(());
            }
            self.rejected.push((candidate, found));
        }
        Some(())
    }

    /// Names the causes of what went wrong in the search, of each candidate once.
    fn blame(&self, evaluator: &Evaluator) -> Vec<BlamedCandidate> {
        let nearest = self.nearest.map(|nearest| nearest.candidate);
        let rejected = self.rejected.first().map(|(candidate, _)| *candidate);
        let shown = self.recommended().or(self.leading);
        let all = [Some(0), shown, nearest, rejected];
        let mut known = Vec::new();
        for candidate in all.into_iter().flatten() {
            if !known.contains(&candidate) {
                known.push(candidate);
            }
        }
        let blamed = known.into_iter();
        blamed
            .map(|candidate| BlamedCandidate::of(evaluator, &self.record, candidate))
            .collect()
    }

    /// Returns what is recommended: the best, or the policy as it is where the best was not shown to be better.
    pub fn recommended(&self) -> Option<usize> {
        let changes = self.best == Some(0) || self.is_confirmed();
        self.best.map(|best| if changes { best } else { 0 })
    }

    /// The front, best first in what is minimised.
    fn draw(&self, question: &Question, race: &Race<'_>) -> Vec<usize> {
        let rejected: Vec<usize> = self
            .rejected
            .iter()
            .map(|(candidate, _)| *candidate)
            .collect();
        let among = comparable(race, &question.objectives, &rejected, self.recommended());
        let mut front = front(&race.record, &question.objectives, &among, &race.size);
        front.sort_by(|&one, &other| race.objective(one).total_cmp(&race.objective(other)));
        front
    }

    /// Plays what the search did not see; nothing when stopped.
    fn confirm(
        &mut self,
        question: &Question,
        best: usize,
        luck: &mut Luck,
        hands: Hands<'_>,
    ) -> Option<()> {
        let asked = (&question.constraints[..], question.minimize);
        if best == 0 {
            self.confirmation.clear();
        } else if self.best == Some(best) {
            self.confirm_unseen(question, best, luck, hands)?;
        }
        self.finalists = self.choose_finalists(best);
        let places = self.finalists.iter();
        let finalists: Vec<_> = places.map(|&it| &question.policies[it]).collect();
        let winner = self.finalists.iter().position(|&it| it == best);
        let winner = winner.expect("the best is a finalist");
        for model in MODELS {
            let fresh = luck.next(question, question.confirm);
            let parts = &question.search;
            let found = sensitivity(model, &finalists, winner, parts, asked, fresh, hands)?;
            self.sensitivity.push(found);
        }
        Some(())
    }

    /// Holds the best against the policy as it is on all that the search did not see; nothing when stopped.
    fn confirm_unseen(
        &mut self,
        question: &Question,
        best: usize,
        luck: &mut Luck,
        hands: Hands<'_>,
    ) -> Option<()> {
        for (what, parts) in unseen(question) {
            let policies = [&question.policies[0], &question.policies[best]];
            let other = luck.next(question, question.confirm);
            let found = confirm(policies, &parts, question.asked(), other, hands)?;
            self.confirmation.push((what, found));
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

    /// Says whether the best is better than the policy as it is on fresh seeds, or keeps what the policy as it
    /// is breaks or cannot be shown to keep.
    pub fn is_confirmed(&self) -> bool {
        let Some((_, fresh)) = self.confirmation.first() else {
            return false;
        };
        // What cannot be shown to keep the constraints is no reason to keep it.
        let current_keeps = fresh.current_kept.iter().all(|it| *it == Status::Ok)
            && !matches!(self.standing[0], Standing::Breaks(_));
        fresh.better() || !current_keeps
    }
}
