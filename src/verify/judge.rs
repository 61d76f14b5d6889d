//! The judgement of one quantity.
//!
//! With a fixed seed |z| must be at most 4. A quantity over 2.5 is run once more, with a fresh seed
//! and ten times the trials, and must then be at most 3.

use super::case::Answer;
use super::estimate::{Doubt, Estimate};
use super::verification::{QuantityResult, Status};

const FIRST_MAX: f64 = 4.0;
const SUSPICIOUS: f64 = 2.5;
const AGAIN_MAX: f64 = 3.0;

/// Judges the answer of the first run.
pub fn judge(answer: &Answer, rel_tol: f64) -> QuantityResult {
    let z = answer.estimate.and_then(|estimate| z(answer, estimate));
    let status = match answer.estimate {
        None => Status::Unknown,
        Some(_) if z.is_some_and(|z| z.abs() <= FIRST_MAX) => Status::Ok,
        Some(estimate) if z.is_none() && agrees(estimate, answer.expected, rel_tol) => Status::Ok,
        Some(_) => Status::Differs,
    };
    QuantityResult {
        name: answer.name.clone(),
        expected: answer.expected,
        simulated: answer.estimate.map(|estimate| estimate.value),
        z,
        trials: answer.estimate.map_or(0, |estimate| estimate.trials),
        again: None,
        status,
    }
}

/// Says whether the quantity must be run once more: suspicious, and not yet condemned.
pub fn is_suspicious(quantity: &QuantityResult) -> bool {
    quantity.status == Status::Ok && quantity.z.is_some_and(|z| z.abs() > SUSPICIOUS)
}

/// Judges the second run of a suspicious quantity.
pub fn judge_again(quantity: &mut QuantityResult, answer: &Answer) {
    quantity.again = answer.estimate.and_then(|estimate| z(answer, estimate));
    if !quantity.again.is_some_and(|z| z.abs() <= AGAIN_MAX) {
        quantity.status = Status::Differs;
    }
}

/// Returns how many standard errors the estimate lies above the exact answer.
fn z(answer: &Answer, estimate: Estimate) -> Option<f64> {
    let root = (estimate.trials as f64).sqrt();
    let stated = answer.sd_per_trial.map(|sd| sd / root);
    let error = match estimate.doubt {
        Doubt::None | Doubt::Whole { .. } => return None,
        Doubt::Rank { z } => return Some(z),
        Doubt::Weighted { error } => error,
        Doubt::Mean { error } => stated.unwrap_or(error),
        Doubt::Share => {
            let p = answer.expected;
            stated.unwrap_or((p * (1.0 - p)).sqrt() / root)
        }
    };
    let off = estimate.value - answer.expected;
    // Without any error only the exact answer itself is no deviation.
    let z = if off == 0.0 { 0.0 } else { off / error };
    (!z.is_nan()).then_some(z)
}

fn agrees(estimate: Estimate, expected: f64, rel_tol: f64) -> bool {
    match estimate.doubt {
        Doubt::Whole { low, high } => (low..=high).contains(&expected),
        _ => (estimate.value - expected).abs() <= rel_tol * expected.abs(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(expected: f64, value: f64, doubt: Doubt) -> Answer {
        let estimate = Some(Estimate {
            value,
            trials: 100,
            doubt,
        });
        Answer {
            name: "p".to_owned(),
            expected,
            sd_per_trial: None,
            estimate,
        }
    }

    #[test]
    fn four_errors_are_accepted_and_more_are_not() {
        let check = |value: f64, status: Status, suspicious: bool| {
            let judged = judge(&answer(0.5, value, Doubt::Share), 1e-9);
            assert_eq!(
                (judged.status, is_suspicious(&judged)),
                (status, suspicious),
                "{value}"
            );
        };
        check(0.5, Status::Ok, false);
        check(0.62, Status::Ok, false);
        check(0.65, Status::Ok, true);
        check(0.35, Status::Ok, true);
        check(0.71, Status::Differs, false);
    }

    #[test]
    fn a_second_run_must_come_closer() {
        let check = |value: f64, status: Status| {
            let mut judged = judge(&answer(0.5, 0.65, Doubt::Share), 1e-9);
            judge_again(&mut judged, &answer(0.5, value, Doubt::Share));
            assert_eq!(judged.status, status, "{value}");
        };
        check(0.64, Status::Ok);
        check(0.66, Status::Differs);
    }

    #[test]
    fn each_doubt_has_its_own_measure() {
        let check = |one: &Answer, z: Option<f64>, status: Status| {
            let judged = judge(one, 1e-9);
            assert_eq!((judged.z, judged.status), (z, status), "{one:?}");
        };
        check(&answer(2.0, 2.0, Doubt::None), None, Status::Ok);
        check(&answer(2.0, 2.000_001, Doubt::None), None, Status::Differs);
        check(
            &answer(2.0, 3.0, Doubt::Mean { error: 0.5 }),
            Some(2.0),
            Status::Ok,
        );
        let stated = Answer {
            sd_per_trial: Some(20.0),
            ..answer(2.0, 3.0, Doubt::Mean { error: 0.1 })
        };
        check(&stated, Some(0.5), Status::Ok);
        let weighted = Answer {
            estimate: answer(2.0, 3.0, Doubt::Weighted { error: 0.25 }).estimate,
            ..stated
        };
        check(&weighted, Some(4.0), Status::Ok);
        check(
            &answer(
                59.0,
                58.0,
                Doubt::Whole {
                    low: 58.0,
                    high: 59.0,
                },
            ),
            None,
            Status::Ok,
        );
        check(
            &answer(
                60.0,
                58.0,
                Doubt::Whole {
                    low: 58.0,
                    high: 59.0,
                },
            ),
            None,
            Status::Differs,
        );
        check(
            &answer(1.0, 0.0, Doubt::Mean { error: 0.0 }),
            Some(f64::NEG_INFINITY),
            Status::Differs,
        );
        check(
            &answer(1.0, f64::NAN, Doubt::Mean { error: 0.1 }),
            None,
            Status::Differs,
        );
        check(
            &Answer {
                estimate: None,
                ..answer(1.0, 1.0, Doubt::None)
            },
            None,
            Status::Unknown,
        );
    }
}
