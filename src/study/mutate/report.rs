//! From fates to the typed result.

use chaos::mutant::{Mutant, MutantStatus, MutantVerdict, OPERATORS};
use reports::{Inputs, MutantRow, MutateReport, MutateScore, MutateStatus};

use super::{Fated, Mutated, MutationCampaign};
use crate::study::profile_word;

/// How many of the mutants that count are to be caught, and how many of the critical ones.
const GOALS: [f64; 2] = [0.95, 1.0];

/// Whom a result is about.
#[derive(Clone, Debug)]
pub struct MutateSubject {
    /// What the result was made from.
    pub inputs: Inputs,
    /// The name of the scenario.
    pub scenario: String,
}

/// Returns the result of a campaign.
pub fn mutate_report(
    campaign: &MutationCampaign,
    mutated: &Mutated,
    subject: MutateSubject,
) -> MutateReport {
    let mutants = || campaign.mutants.iter().map(|(mutant, _)| mutant);
    let pairs = || mutants().zip(&mutated.fates);
    let score = score(pairs(), GOALS[0]);
    let critical = self::score(pairs().filter(|(mutant, _)| mutant.critical), GOALS[1]);
    let status = status(mutated, score.is_met() && critical.is_met());
    let rows = pairs().map(|(mutant, fated)| row(mutant, fated, mutated));
    let policy = &campaign.base.policy;
    MutateReport {
        schema: MutateReport::SCHEMA.to_owned(),
        version: MutateReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        scenario: subject.scenario,
        seed: campaign.seed,
        inputs: subject.inputs,
        rehearsals: mutated.probes.len() as u64,
        runs: mutated.runs,
        status,
        score,
        critical,
        mutants: rows.collect(),
    }
}

const fn status(mutated: &Mutated, is_met: bool) -> MutateStatus {
    match (mutated.finished, is_met) {
        (false, _) => MutateStatus::Interrupted,
        (true, true) => MutateStatus::Met,
        (true, false) => MutateStatus::Missed,
    }
}

fn score<'m>(mutants: impl Iterator<Item = (&'m Mutant, &'m Fated)>, goal: f64) -> MutateScore {
    let mut score = MutateScore {
        goal,
        ..MutateScore::default()
    };
    for (_, fated) in mutants {
        let verdict = fated.fate.verdict();
        score.of += u64::from(verdict.counts());
        score.caught += u64::from(verdict == MutantVerdict::Caught);
    }
    score
}

fn row(mutant: &Mutant, fated: &Fated, mutated: &Mutated) -> MutantRow {
    let mut known = OPERATORS.iter();
    let operator = known.find(|operator| operator.name == mutant.operator);
    let operator = operator.expect("every operator is in the table");
    let verdict = fated.fate.verdict();
    let got_through = verdict.counts() && verdict != MutantVerdict::Caught;
    let mut row = MutantRow {
        operator: mutant.operator.to_owned(),
        does: operator.summary.to_owned(),
        part: operator.part().to_owned(),
        site: mutant.site.clone(),
        critical: mutant.critical,
        verdict: verdict.word().to_owned(),
        why: None,
        promise: None,
        detail: None,
        rehearsal: None,
        runs: fated.runs,
        sentence: got_through.then(|| mutant.sentence()),
    };
    tell_fate(&mut row, &fated.fate, mutated);
    row
}

/// What is known of a mutant by how it ended.
fn tell_fate(row: &mut MutantRow, fate: &MutantStatus, mutated: &Mutated) {
    match fate {
        MutantStatus::Caught {
            promise,
            probe,
            detail,
        } => {
            row.promise = Some((*promise).to_owned());
            row.detail = Some(detail.clone());
            row.rehearsal = mutated.probes.get(*probe).cloned();
        }
        MutantStatus::Survived(survival) => row.why = Some(survival.words().to_owned()),
        MutantStatus::Unviable(flaw) => row.why = Some(flaw.clone()),
    }
}
