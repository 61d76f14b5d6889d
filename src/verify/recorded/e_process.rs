//! Rows of the kind `raptorq-eprocess`: a bet on violations, to its wealth and the judgement at which
//! it rejects.

use scenarios::adapter::Json;
use sim_core::policy::gate::test::EProcess;

use super::compare::{first_difference, object};
use super::outcome::{Outcome, Unusable, count, number, part};

/// More judgements than this are no recording.
const MOST: f64 = 1e8;

/// What a row says of the end.
const FIELDS: [&str; 5] = [
    "final_e",
    "n",
    "rejected",
    "rejection_time_0based",
    "violations",
];

pub(super) fn check(row: &Json) -> Outcome {
    let mut process = fresh(row)?;
    let (mut n, mut violations) = (0, 0);
    for (violated, times) in runs(row)? {
        for _ in 0..times {
            process.observe(violated);
        }
        n += times;
        violations += if violated { times } else { 0 };
    }
    let rejected_at = process.rejected_at();
    let at = rejected_at.map(|at| at as f64);
    let got = object([
        ("final_e", Json::Float(process.wealth())),
        ("n", Json::Integer(n as f64)),
        ("rejected", Json::Bool(rejected_at.is_some())),
        (
            "rejection_time_0based",
            at.map_or(Json::Null, Json::Integer),
        ),
        ("violations", Json::Integer(violations as f64)),
    ]);
    let expected =
        FIELDS.map(|field| part(row, field).map(|value| (field.to_owned(), value.clone())));
    let expected = expected.into_iter().collect::<Result<_, _>>()?;
    Ok(first_difference("row", &Json::Object(expected), &got))
}

fn fresh(row: &Json) -> Result<EProcess, Unusable> {
    let (p0, bet, alpha) = (
        number(row, "p0")?,
        number(row, "lambda")?,
        number(row, "alpha")?,
    );
    let inside = |p: f64| 0.0 < p && p < 1.0;
    if !inside(p0) || !inside(alpha) || bet.is_nan() || bet <= 0.0 || bet * p0 > 1.0 {
        return Err(Unusable("its bet could lose more than there is".into()));
    }
    Ok(EProcess::new(p0, bet, alpha))
}

/// The judgements: whether they are violations, and how many of them in a row.
fn runs(row: &Json) -> Result<Vec<(bool, u64)>, Unusable> {
    let Json::List(runs) = part(row, "violations_run_length")? else {
        return Err(Unusable("its run lengths are no list".into()));
    };
    let run = |run: &Json| match run {
        Json::List(pair) if pair.len() == 2 => {
            let violated = match pair[0] {
                Json::Bool(violated) => violated,
                _ => count(&pair[0], MOST)? > 0,
            };
            Some((violated, count(&pair[1], MOST)?))
        }
        _ => None,
    };
    runs.iter()
        .map(run)
        .collect::<Option<_>>()
        .ok_or_else(|| Unusable("a run length is no pair of numbers".into()))
}
