//! From what a search came to, to the typed result.

use reports::{
    CandidateCauses, CandidateRow, LookRow, NearestRow, RejectedRow, SearchFigures, SensitivityRow,
    TuneReport, TuneStatus,
};
use scenarios::search_space::Space;

use super::args::TuneArgs;
use super::field::Field;
use super::patch::patch;
use super::report_rows::{confirmation, figure, kept, refused, standing, status, variation};
use super::suite::SearchSuite;
use crate::cli::inputs::inputs;
use crate::cli::resolve::{ChosenPolicy, quoted};
use crate::study::tune::{
    BlamedCandidate, Confirmation, ERROR, Metric, Nearest, Part, Question, Sensitivity, Tuning,
    runs_at,
};
use crate::study::{cause_rows, profile_word};

const RULE: &str = "all candidates are simulated on common random numbers; after each interim analysis (32 \
    replications of each scenario, then a half as many again) a candidate is dropped when an exact bound shows \
    that it breaks a constraint, or Student's t on paired differences shows that one which meets them is better; \
    the errors of all analyses and candidates add up to the error that is given. Of equals the one with most \
    room to the constraints is recommended, if it meets them on fresh seeds as well";

/// What a result is made from.
pub struct SearchOutcome<'a> {
    pub args: &'a TuneArgs,
    pub policy: &'a ChosenPolicy,
    pub space: &'a Space<'a>,
    pub suite: &'a SearchSuite,
    pub field: &'a Field,
}

impl SearchOutcome<'_> {
    /// Returns the typed result.
    pub fn report(&self, question: &Question, tuning: &Tuning) -> TuneReport {
        let row = |candidate: usize| self.row(tuning, candidate);
        let status = status(tuning);
        let recommended = match status {
            TuneStatus::Better | TuneStatus::Keep => tuning.recommended(),
            _ => None,
        };
        let best_so_far = tuning.leading.filter(|_| recommended.is_none());
        let changed = recommended.filter(|_| status == TuneStatus::Better);
        let policy = &self.policy.document.value;
        TuneReport {
            schema: TuneReport::SCHEMA.to_owned(),
            version: TuneReport::VERSION,
            policy: policy.name.clone(),
            profile: profile_word(policy.profile).to_owned(),
            seed: question.seed,
            inputs: inputs(self.policy, &self.suite.chosen, None),
            again: self.again(tuning.rollouts),
            variations: self.space.variations.iter().map(variation).collect(),
            minimize: question.minimize.word().to_owned(),
            subject_to: question
                .constraints
                .iter()
                .map(ToString::to_string)
                .collect(),
            objectives: question
                .objectives
                .iter()
                .map(|it| it.word().to_owned())
                .collect(),
            search: self.search(tuning),
            status,
            current: row(0),
            current_on_front: tuning.front.contains(&0),
            recommended: recommended.map(row),
            best_so_far: best_so_far.map(row),
            nearest: tuning
                .nearest
                .filter(|_| status == TuneStatus::Infeasible)
                .map(|nearest| self.nearest(&nearest, question, tuning)),
            rejected: tuning
                .rejected
                .iter()
                .map(|(candidate, found)| self.rejected(*candidate, found))
                .collect(),
            causes: tuning.blamed.iter().map(|it| self.causes(it)).collect(),
            front: tuning
                .front
                .iter()
                .map(|&candidate| row(candidate))
                .collect(),
            candidates: (0..tuning.standing.len()).map(row).collect(),
            refused: self.field.refused.iter().map(refused).collect(),
            confirmation: tuning
                .confirmation
                .iter()
                .map(|(what, it)| confirmation(what, it))
                .collect(),
            sensitivity: tuning
                .sensitivity
                .iter()
                .map(|found| self.sensitivity(found, question, tuning))
                .collect(),
            patch: changed.map_or(String::new(), |candidate| {
                patch(self.policy, &self.field.candidates[candidate].text)
            }),
        }
    }

    fn nearest(&self, nearest: &Nearest, question: &Question, tuning: &Tuning) -> NearestRow {
        NearestRow {
            candidate: self.row(tuning, nearest.candidate),
            binding: question.constraints[nearest.constraint].to_string(),
            used: Some(nearest.used).filter(|used| used.is_finite()),
            not_varied: self.not_varied(question.constraints[nearest.constraint].metric),
        }
    }

    /// The gates that can change a metric and of which no number was varied, in the order of the policy:
    /// triggers, and criteria unless it is about what triggers alone do.
    fn not_varied(&self, metric: Metric) -> Vec<String> {
        let policy = &self.policy.document.value;
        let criteria = metric != Metric::FalseRollback;
        let acts = |id: &String| {
            let mut stages = policy.stages.iter();
            stages
                .any(|stage| stage.triggers.contains(id) || criteria && stage.criteria.contains(id))
        };
        let varied = |id: &String| {
            let (own, other) = (format!("gates.{id}."), format!(".metrics.{id}."));
            let mut places = self.space.variations.iter().flat_map(|it| &it.places);
            places.any(|place| place.path.starts_with(&own) || place.path.contains(&other))
        };
        let gates = policy.gates.iter().map(|gate| &gate.id);
        gates
            .filter(|id| acts(id) && !varied(id))
            .cloned()
            .collect()
    }

    fn rejected(&self, candidate: usize, found: &Confirmation) -> RejectedRow {
        RejectedRow {
            settings: self.field.candidates[candidate].settings.clone(),
            runs: found.runs,
            kept: kept(&found.kept),
        }
    }

    fn causes(&self, blamed: &BlamedCandidate) -> CandidateCauses {
        let looked = |kind: &str| {
            let same = blamed.causes.iter().filter(|(of, ..)| *of == kind);
            same.map(|(.., blamed)| blamed.rollouts).sum()
        };
        let wrong = blamed.wrong.iter();
        CandidateCauses {
            settings: self.field.candidates[blamed.candidate].settings.clone(),
            wrong: wrong
                .map(|(kind, many)| ((*kind).to_owned(), *many))
                .collect(),
            causes: cause_rows(&blamed.causes, looked),
        }
    }

    fn row(&self, tuning: &Tuning, candidate: usize) -> CandidateRow {
        let runs = match tuning.sizes[candidate] {
            0 => 0,
            size => runs_at(size),
        };
        let estimate = |metric: Metric| {
            let played = tuning.record.runs_in(candidate, metric.scope());
            Some((
                metric.word().to_owned(),
                figure(tuning.record.estimate(candidate, metric, played)?),
            ))
        };
        CandidateRow {
            settings: self.field.candidates[candidate].settings.clone(),
            standing: standing(tuning, candidate, &self.args.constraints()),
            runs,
            figures: Metric::ALL.into_iter().filter_map(estimate).collect(),
        }
    }

    fn search(&self, tuning: &Tuning) -> SearchFigures {
        let names = |parts: &[Part]| parts.iter().map(|part| part.name.clone()).collect();
        let look = |look: &crate::study::tune::InterimAnalysis| LookRow {
            runs: look.runs,
            left: look.left as u64,
            rollouts: look.rollouts,
        };
        SearchFigures {
            scenarios: names(&self.suite.search),
            held_out: names(&self.suite.held_out),
            left_out: self.suite.left_out.clone(),
            candidates: tuning.standing.len() as u64,
            equal: self.field.equal,
            rollouts: tuning.rollouts,
            looks: tuning.looks.iter().map(look).collect(),
            rule: RULE.to_owned(),
            error: ERROR,
        }
    }

    /// The command that plays exactly this search, whatever ended it.
    fn again(&self, rollouts: u64) -> String {
        let args = self.args;
        let mut words = vec![format!("coalmine tune {}", self.policy.words())];
        let mut say =
            |option: &str, value: &str| words.push(format!("--{option} {}", quoted(value)));
        args.vary.iter().for_each(|it| say("vary", it));
        args.subject_to
            .iter()
            .for_each(|it| say("subject-to", &it.to_string()));
        say("minimize", args.minimize.0.word());
        args.objectives
            .iter()
            .for_each(|it| say("objectives", it.0.word()));
        args.scenario.iter().for_each(|it| say("scenario", it));
        args.hold_out.iter().for_each(|it| say("hold-out", it));
        // A search that was stopped before anything was played is asked for as it was.
        let played = (rollouts > 0).then_some(rollouts).or(args.runs);
        played.iter().for_each(|it| say("runs", &it.to_string()));
        say("confirm", &args.confirm.to_string());
        say("seed", &args.seed.to_string());
        words.join(" ")
    }

    fn sensitivity(
        &self,
        found: &Sensitivity,
        question: &Question,
        tuning: &Tuning,
    ) -> SensitivityRow {
        let choice = found.choice.map(|finalist| tuning.finalists[finalist]);
        let costs = found.regret.is_some_and(|regret| regret.low > 0.0);
        let word = match choice {
            None => "none meets the constraints",
            Some(choice) if Some(choice) == tuning.best.or(tuning.leading) => "same",
            Some(_) if found.winner_fits && !costs => "statistically indistinguishable",
            Some(_) => "changes",
        };
        let figures = found.winner.iter();
        SensitivityRow {
            model: found.model.word(&question.search).to_owned(),
            runs: question.confirm,
            recommended: figures
                .filter_map(|(metric, it)| Some((metric.word().to_owned(), figure((*it)?))))
                .collect(),
            keeps: found.winner_fits,
            choice: choice.map(|choice| self.field.candidates[choice].settings.clone()),
            regret: found.regret.map(figure),
            word: word.to_owned(),
        }
    }
}
