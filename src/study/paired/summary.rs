//! From sums to the typed result of a comparison.

use reports::{
    CompareReport, CompareRow, CompareUnit, CompareVerdict, ComparedCauses, ComparedPair,
    ComparedPolicy, ComparedScenario,
};
use sim_core::engine::RunningHash;

use super::interval::{Spread, newcombe};
use super::measure::{Measure, MeasureUnit};
use super::play::{Comparison, Pair, Score};
use super::sums::{Extreme, PairSums};
use super::verdict::{ALPHA, DIFFERING_MIN, holm, sign_test};
use crate::study::cause_rows;
use crate::study::interval::Interval;
use crate::study::summary::hex;

/// Whom a comparison is about.
#[derive(Clone, Copy)]
pub struct Contest<'a> {
    /// The tool's name and version.
    pub tool: &'a str,
    /// The two policies.
    pub policies: &'a [ComparedPolicy; 2],
    /// Makes the commands that play a pair again, from the place of the scenario and the
    /// replication.
    pub replay: &'a dyn Fn(usize, u64) -> [String; 2],
}

/// How the figures are made, in one sentence a figure.
const METHOD: &str = "Rates: Newcombe's paired score interval (method 10), exact McNemar test. \
    Times, harm, exposure: paired t with Hall's correction for skewness, over pairs that have both; a \
    scenario is a stratum. A verdict is shown if significant (Holm over the table, alpha 5 %), the interval \
    excludes 0 and at least 6 pairs differ.";

/// Returns the typed result.
///
/// # Panics
/// If there are not as many scores as pairs of cases.
pub fn compare_report(
    comparison: &Comparison,
    scores: &[Score],
    contest: &Contest<'_>,
) -> CompareReport {
    assert_eq!(comparison.pairs.len(), scores.len(), "one score a scenario");
    let all: Vec<_> = scores.iter().collect();
    let context = Context {
        comparison,
        contest,
    };
    let scenario = |at: usize| context.scenario(at, &scores[at]);
    let mut scenarios: Vec<_> = (0..scores.len()).map(scenario).collect();
    adjust(scenarios.iter_mut().flat_map(|one| &mut one.rows));
    let mut overall = context.rows(&all);
    adjust(overall.iter_mut());
    let mut hash = RunningHash::new();
    scores.iter().for_each(|score| hash.word(score.hash()));
    CompareReport {
        schema: CompareReport::SCHEMA.to_owned(),
        version: CompareReport::VERSION,
        tool: contest.tool.to_owned(),
        policies: contest.policies.clone(),
        same: comparison.pairs.iter().all(is_same),
        seed: comparison.seed,
        runs: comparison.runs,
        complete: scores.iter().all(|score| score.runs == comparison.runs),
        method: METHOD.to_owned(),
        overall,
        scenarios,
        causes: causes(scores),
        hash: hex(hash.finish()),
    }
}

fn is_same(pair: &Pair) -> bool {
    let [first, second] = &pair.cases;
    first.experiment() == second.experiment()
}

/// Who led to what went wrong under each policy.
fn causes(scores: &[Score]) -> Vec<ComparedCauses> {
    let mut all = Score::default();
    scores.iter().for_each(|score| all.blame(score));
    let side = |(side, word): (usize, &str)| {
        let among = |kind: &str| {
            let mut known = all.among[side].iter();
            let known = known.find(|(rate, _)| rate.word() == kind);
            known.map_or(0, |(_, count)| *count)
        };
        ComparedCauses {
            side: word.to_owned(),
            rows: cause_rows(&all.causes[side], among),
        }
    };
    let sides = ["A", "B"].into_iter().enumerate().map(side);
    sides.filter(|side| !side.rows.is_empty()).collect()
}

struct Context<'a> {
    comparison: &'a Comparison,
    contest: &'a Contest<'a>,
}

impl Context<'_> {
    fn scenario(&self, at: usize, score: &Score) -> ComparedScenario {
        let case = &self.comparison.pairs[at].cases[0];
        ComparedScenario {
            scenario: case.name.clone(),
            release: case.kind().word().to_owned(),
            rows: self.rows(&[score]),
        }
    }

    /// One row for each measure that any pair has.
    fn rows(&self, scores: &[&Score]) -> Vec<CompareRow> {
        let row = |measure: Measure| {
            let cases: Vec<&PairSums> = scores
                .iter()
                .filter_map(|score| score.sums.get(&measure))
                .collect();
            let mut sums = PairSums::default();
            cases.iter().for_each(|one| sums.merge(one));
            (sums.pairs > 0).then(|| self.row(measure, &cases, &sums))
        };
        Measure::ALL.into_iter().filter_map(row).collect()
    }

    fn row(&self, measure: Measure, cases: &[&PairSums], sums: &PairSums) -> CompareRow {
        let scale = measure.unit().scale();
        let mean = |sum: i128| sum as f64 / sums.pairs as f64 / scale;
        let (interval, p) = interval(measure, cases, sums);
        CompareRow {
            id: measure.word().to_owned(),
            unit: unit(measure.unit()),
            a: mean(sums.first),
            b: mean(sums.second),
            difference: mean(sums.difference()),
            interval: interval.map(|both| [both.low / scale, both.high / scale]),
            pairs: sums.pairs,
            unpaired: sums.unpaired,
            more: sums.more,
            less: sums.less,
            p,
            p_adjusted: p,
            verdict: CompareVerdict::NoDifferenceShown,
            most: sums.most().map(|most| self.most(measure, most)),
        }
    }

    fn most(&self, measure: Measure, most: Extreme) -> ComparedPair {
        let [a, b] = most
            .values
            .map(|value| value as f64 / measure.unit().scale());
        ComparedPair {
            scenario: self.comparison.pairs[most.case].cases[0].name.clone(),
            replication: most.replication,
            a,
            b,
            replay: (self.contest.replay)(most.case, most.replication),
        }
    }
}

/// The interval of the difference in counts, and the p-value of no difference; one pair alone says
/// nothing about its own chance.
fn interval(measure: Measure, cases: &[&PairSums], sums: &PairSums) -> (Option<Interval>, f64) {
    if measure.unit() == MeasureUnit::Rate {
        return (Some(newcombe(sums)), sign_test(sums.more, sums.less));
    }
    let spread = Spread::of(cases);
    let p_value = spread.map_or(1.0, |spread| match spread.interval() {
        Some(_) => spread.p_value(),
        None => sign_test(sums.more, sums.less),
    });
    (spread.and_then(|spread| spread.interval()), p_value)
}

/// Makes the p-values of one table good for their number, and says the words.
fn adjust<'a>(rows: impl Iterator<Item = &'a mut CompareRow>) {
    adjust_with(rows, DIFFERING_MIN);
}

/// As [`adjust`], where at least `differing` pairs must differ.
pub(super) fn adjust_with<'a>(rows: impl Iterator<Item = &'a mut CompareRow>, differing: u64) {
    let mut rows: Vec<_> = rows.collect();
    let p_values: Vec<_> = rows.iter().map(|row| row.p).collect();
    for (row, adjusted) in rows.iter_mut().zip(holm(&p_values)) {
        row.p_adjusted = adjusted;
        row.verdict = verdict(row, differing);
    }
}

fn verdict(row: &CompareRow, differing: u64) -> CompareVerdict {
    let excludes = row
        .interval
        .is_none_or(|[low, high]| low > 0.0 || high < 0.0);
    let enough = row.more + row.less >= differing;
    if !excludes || !enough || row.p_adjusted > ALPHA {
        return CompareVerdict::NoDifferenceShown;
    }
    let wanted = Measure::ALL
        .iter()
        .any(|measure| measure.word() == row.id && measure.is_wanted());
    if (row.difference > 0.0) == wanted {
        CompareVerdict::Better
    } else {
        CompareVerdict::Worse
    }
}

const fn unit(unit: MeasureUnit) -> CompareUnit {
    match unit {
        MeasureUnit::Rate => CompareUnit::Rate,
        MeasureUnit::Seconds => CompareUnit::Seconds,
        MeasureUnit::Minutes => CompareUnit::Minutes,
        MeasureUnit::Share => CompareUnit::Share,
    }
}
