//! Two stored results of the same scenarios, seed and number of rollouts: what differs.
//!
//! A result holds counts and no single rollouts, so that its pairs are gone. The rates are compared as if
//! the samples were independent; as both sides met the same randomness, which mostly makes them alike,
//! the intervals are rather too wide than too narrow.

use libm::{erfc, sqrt};
use reports::{
    CompareReport, CompareRow, CompareUnit, CompareVerdict, ComparedCauses, ComparedPolicy,
    ComparedScenario, ObjectiveStatus, StudyReport,
};

use super::summary::adjust_with;
use crate::study::interval::{Interval, wilson};

/// How the figures are made.
const METHOD: &str = "From two stored results, which hold no pairs: rates as of independent samples, \
    Newcombe's hybrid score interval, pooled score test. A difference is shown where the p-value, \
    adjusted by Holm over the table, is at most 5 % and the interval excludes 0. Times and harm need \
    the rollouts: compare the policies.";

/// An event counted on one side.
#[derive(Clone, Copy, Debug)]
struct Counted {
    events: u64,
    among: u64,
}

impl Counted {
    fn rate(self) -> f64 {
        self.events as f64 / self.among as f64
    }
}

/// Says why two results cannot be compared; none where they can.
pub fn mismatch(results: [&StudyReport; 2]) -> Option<String> {
    let [a, b] = results;
    let names = |report: &StudyReport| {
        let inside = report.scenarios.iter().map(|one| one.scenario.clone());
        let mut names: Vec<_> = inside.collect();
        names.push(report.scenario.clone());
        names.sort();
        names
    };
    if a.seed != b.seed {
        return Some(format!("their seeds are {} and {}", a.seed, b.seed));
    }
    if a.runs != b.runs {
        return Some(format!("they have {} and {} rollouts", a.runs, b.runs));
    }
    (names(a) != names(b)).then(|| "they are of different scenarios".to_owned())
}

/// Returns the comparison of two results; `named` is what they are called on the command line.
pub fn compare_results(results: [&StudyReport; 2], named: [&str; 2], tool: &str) -> CompareReport {
    let [a, b] = results;
    let side = |(report, named): (&StudyReport, &str)| ComparedPolicy {
        named: named.to_owned(),
        policy: report.policy.clone(),
        profile: report.profile.clone(),
        digest: report.inputs.digest.clone(),
        lowered: report.inputs.lowered.clone(),
    };
    let scenarios = scenarios(a, b);
    let each = scenarios.len().max(1) as u64;
    let mut overall = rows(a, b);
    adjust_with(overall.iter_mut(), 0);
    CompareReport {
        schema: CompareReport::SCHEMA.to_owned(),
        version: CompareReport::VERSION,
        tool: tool.to_owned(),
        policies: [side((a, named[0])), side((b, named[1]))],
        same: a.inputs.digest == b.inputs.digest && a.hash == b.hash,
        seed: a.seed,
        runs: a.runs / each,
        complete: a.complete && b.complete,
        method: METHOD.to_owned(),
        overall,
        scenarios,
        causes: causes(results),
        hash: a.hash.clone(),
    }
}

fn causes(results: [&StudyReport; 2]) -> Vec<ComparedCauses> {
    let sides = ["A", "B"].into_iter().zip(results);
    let sides = sides.map(|(word, report)| ComparedCauses {
        side: word.to_owned(),
        rows: report.causes.clone(),
    });
    sides.filter(|side| !side.rows.is_empty()).collect()
}

fn scenarios(a: &StudyReport, b: &StudyReport) -> Vec<ComparedScenario> {
    let alone = |report| std::slice::from_ref(report);
    let [first, second] = [a, b].map(|report| match &report.scenarios[..] {
        [] => alone(report),
        several => several,
    });
    let pair = |one: &StudyReport| {
        let other = second.iter().find(|other| other.scenario == one.scenario)?;
        Some(ComparedScenario {
            scenario: one.scenario.clone(),
            release: one.release.map_or("", |kind| kind.word()).to_owned(),
            rows: rows(one, other),
        })
    };
    let mut pairs: Vec<_> = first.iter().filter_map(pair).collect();
    adjust_with(pairs.iter_mut().flat_map(|pair| &mut pair.rows), 0);
    pairs
}

/// One row for each rate that both results have counted.
fn rows(a: &StudyReport, b: &StudyReport) -> Vec<CompareRow> {
    let row = |(id, first): (String, Counted)| {
        let mut others = counted(b).into_iter();
        let (_, second) = others.find(|(other, _)| *other == id)?;
        Some(compared(&id, first, second))
    };
    counted(a).into_iter().filter_map(row).collect()
}

/// The rates of a result; what a scenario expects is a limit of its own and no rate to compare.
fn counted(report: &StudyReport) -> Vec<(String, Counted)> {
    let tested = report.objectives.iter();
    let tested = tested.filter(|row| row.status != ObjectiveStatus::Untested);
    let tested = tested.filter(|row| !row.id.starts_with("expected_outcome"));
    let told = report
        .told
        .iter()
        .map(|row| (&row.id, row.events, row.among));
    let all = tested
        .map(|row| (&row.id, row.events, row.among))
        .chain(told);
    let counted = all.filter(|(.., among)| *among > 0);
    counted
        .map(|(id, events, among)| (id.clone(), Counted { events, among }))
        .collect()
}

fn compared(id: &str, first: Counted, second: Counted) -> CompareRow {
    let interval = independent(first, second);
    CompareRow {
        id: id.to_owned(),
        unit: CompareUnit::Rate,
        a: first.rate(),
        b: second.rate(),
        difference: second.rate() - first.rate(),
        interval: Some([interval.low, interval.high]),
        pairs: first.among.min(second.among),
        unpaired: first.among.abs_diff(second.among),
        more: 0,
        less: 0,
        p: p_value(first, second),
        p_adjusted: 1.0,
        verdict: CompareVerdict::NoDifferenceShown,
        most: None,
    }
}

/// Returns the 95 % interval of the difference of two independent rates, second minus first: the hybrid
/// score interval (R. G. Newcombe, Stat. Med. 17, 1998, 873, method 10).
fn independent(first: Counted, second: Counted) -> Interval {
    let [one, two] = [first, second].map(|side| wilson(side.events, side.among));
    let (from, to) = (first.rate(), second.rate());
    let reach = |a: f64, b: f64| sqrt(a * a + b * b);
    Interval {
        low: to - from - reach(to - two.low, one.high - from),
        high: to - from + reach(two.high - to, from - one.low),
    }
}

/// The two-sided p-value of no difference, by the score test with the pooled rate.
fn p_value(first: Counted, second: Counted) -> f64 {
    let [n, m] = [first.among as f64, second.among as f64];
    let pooled = (first.events + second.events) as f64 / (n + m);
    let error = sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m));
    if error == 0.0 {
        return 1.0;
    }
    let z = (second.rate() - first.rate()).abs() / error;
    erfc(z / core::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: Newcombe 1998, table II, method 10, examples a (56/70 against 48/80) and e (5/56 against
    /// 0/29); the sign is that of second minus first.
    #[test]
    fn the_interval_of_independent_rates_agrees_with_the_paper() {
        let table = [
            ([(48, 80), (56, 70)], [0.0524, 0.3339]),
            ([(0, 29), (5, 56)], [-0.0381, 0.1926]),
        ];
        for (sides, expect) in table {
            let [first, second] = sides.map(|(events, among)| Counted { events, among });
            let got = independent(first, second);
            let off = (got.low - expect[0])
                .abs()
                .max((got.high - expect[1]).abs());
            assert!(off < 6e-5, "{sides:?}: {got:?} against {expect:?}");
        }
    }

    /// 20 of 100 against 35 of 100: z = 0.15 / sqrt(0.275 x 0.725 x 0.02) = 2.3755, and the normal
    /// distribution leaves 0.01752 beyond it on both sides.
    #[test]
    fn the_score_test_agrees_with_a_hand_computation() {
        let [first, second] = [20, 35].map(|events| Counted { events, among: 100 });
        assert!((p_value(first, second) - 0.01752).abs() < 2e-5);
        assert_eq!(
            p_value(
                Counted { events: 0, ..first },
                Counted {
                    events: 0,
                    ..second
                }
            ),
            1.0
        );
    }
}
