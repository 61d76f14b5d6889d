//! The judgement of one quantity.
//!
//! With a fixed seed |z| must be at most 4. A quantity over 2.5 is run once more, with a fresh seed
//! and ten times the trials, and must then be at most 3.

use super::case::ExactAnswer;
use super::estimate::{Doubt, TrialEstimate};
use super::share::{clumped_z, share_z};
use super::verification::{CaseStatus, QuantityResult};

const FIRST_MAX: f64 = 4.0;
const SUSPICIOUS: f64 = 2.5;
const AGAIN_MAX: f64 = 3.0;

/// Judges the answer of the first run.
pub fn judge(answer: &ExactAnswer, rel_tol: f64) -> QuantityResult {
    let told = answer
        .estimate
        .filter(|estimate| !says_nothing(*estimate, answer.expected));
    let z = told.and_then(|estimate| z(answer, estimate));
    let status = match answer.estimate {
        None => CaseStatus::Unknown,
        Some(estimate) if says_nothing(estimate, answer.expected) => CaseStatus::Unknown,
        Some(_) if z.is_some_and(|z| z.abs() <= FIRST_MAX) => CaseStatus::Ok,
        Some(estimate) if z.is_none() && agrees(estimate, answer.expected, rel_tol) => {
            CaseStatus::Ok
        }
        Some(_) => CaseStatus::Differs,
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
    quantity.status == CaseStatus::Ok && quantity.z.is_some_and(|z| z.abs() > SUSPICIOUS)
}

/// Judges the second run of a suspicious quantity.
pub fn judge_again(quantity: &mut QuantityResult, answer: &ExactAnswer) {
    quantity.again = answer.estimate.and_then(|estimate| z(answer, estimate));
    if !quantity.again.is_some_and(|z| z.abs() <= AGAIN_MAX) {
        quantity.status = CaseStatus::Differs;
    }
}

/// Returns how many standard errors the estimate lies above the exact answer.
///
/// The error of a share follows from the exact answer, never from the trials: where something rare has not
/// happened they show no error at all.
fn z(answer: &ExactAnswer, estimate: TrialEstimate) -> Option<f64> {
    let (value, p, trials) = (estimate.value, answer.expected, estimate.trials);
    let stated = answer.sd_per_trial.map(|sd| sd / (trials as f64).sqrt());
    let error = match estimate.doubt {
        Doubt::None | Doubt::Whole { .. } => return None,
        Doubt::Rank { z } => return Some(z),
        Doubt::Share => return share_z(value, p, trials),
        Doubt::Clumped { error } => return clumped_z(value, p, (trials, error)),
        // All trials said 0, or all said 1: a share, and nothing is known of its error but that.
        Doubt::Mean { error: 0.0 } if stated.is_none() && (value == 0.0 || value == 1.0) => {
            return share_z(value, p, trials);
        }
        Doubt::Weighted { error } => error,
        Doubt::Mean { error } => stated.unwrap_or(error),
    };
    let off = value - p;
    // Without any error only the exact answer itself is no deviation.
    let z = if off == 0.0 { 0.0 } else { off / error };
    (!z.is_nan()).then_some(z)
}

/// Whether weighted trials have all missed what they were to estimate: they say nothing then.
fn says_nothing(estimate: TrialEstimate, expected: f64) -> bool {
    let missed = matches!(estimate.doubt, Doubt::Weighted { error: 0.0 });
    missed && estimate.value == 0.0 && expected != 0.0
}

fn agrees(estimate: TrialEstimate, expected: f64, rel_tol: f64) -> bool {
    match estimate.doubt {
        Doubt::Whole { low, high } => (low..=high).contains(&expected),
        _ => (estimate.value - expected).abs() <= rel_tol * expected.abs(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(expected: f64, value: f64, doubt: Doubt) -> ExactAnswer {
        let estimate = Some(TrialEstimate {
            value,
            trials: 100,
            doubt,
        });
        ExactAnswer {
            name: "p".to_owned(),
            expected,
            sd_per_trial: None,
            estimate,
        }
    }

    #[test]
    fn four_errors_are_accepted_and_more_are_not() {
        let check = |value: f64, status: CaseStatus, suspicious: bool| {
            let judged = judge(&answer(0.5, value, Doubt::Share), 1e-9);
            assert_eq!(
                (judged.status, is_suspicious(&judged)),
                (status, suspicious),
                "{value}"
            );
        };
        check(0.5, CaseStatus::Ok, false);
        check(0.62, CaseStatus::Ok, false);
        check(0.65, CaseStatus::Ok, true);
        check(0.35, CaseStatus::Ok, true);
        check(0.71, CaseStatus::Differs, false);
    }

    #[test]
    fn a_second_run_must_come_closer() {
        let check = |value: f64, status: CaseStatus| {
            let mut judged = judge(&answer(0.5, 0.65, Doubt::Share), 1e-9);
            judge_again(&mut judged, &answer(0.5, value, Doubt::Share));
            assert_eq!(judged.status, status, "{value}");
        };
        check(0.64, CaseStatus::Ok);
        check(0.66, CaseStatus::Differs);
    }

    #[test]
    fn each_doubt_has_its_own_measure() {
        let check = |one: &ExactAnswer, z: Option<f64>, status: CaseStatus| {
            let judged = judge(one, 1e-9);
            assert_eq!((judged.z, judged.status), (z, status), "{one:?}");
        };
        check(&answer(2.0, 2.0, Doubt::None), None, CaseStatus::Ok);
        check(
            &answer(2.0, 2.000_001, Doubt::None),
            None,
            CaseStatus::Differs,
        );
        check(
            &answer(2.0, 3.0, Doubt::Mean { error: 0.5 }),
            Some(2.0),
            CaseStatus::Ok,
        );
        let stated = ExactAnswer {
            sd_per_trial: Some(20.0),
            ..answer(2.0, 3.0, Doubt::Mean { error: 0.1 })
        };
        check(&stated, Some(0.5), CaseStatus::Ok);
        let weighted = ExactAnswer {
            estimate: answer(2.0, 3.0, Doubt::Weighted { error: 0.25 }).estimate,
            ..stated
        };
        check(&weighted, Some(4.0), CaseStatus::Ok);
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
            CaseStatus::Ok,
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
            CaseStatus::Differs,
        );
        check(
            &answer(2.0, 1.5, Doubt::Mean { error: 0.0 }),
            Some(f64::NEG_INFINITY),
            CaseStatus::Differs,
        );
        check(
            &answer(1.0, f64::NAN, Doubt::Mean { error: 0.1 }),
            None,
            CaseStatus::Differs,
        );
        check(
            &ExactAnswer {
                estimate: None,
                ..answer(1.0, 1.0, Doubt::None)
            },
            None,
            CaseStatus::Unknown,
        );
    }

    /// A tail of 4.8e-7 is not to be seen in 200 000 trials: all of them miss it in 91 of 100 cases.
    #[test]
    fn what_is_too_rare_to_be_seen_is_no_difference() {
        let check = |hits: f64, doubt: Doubt, status: CaseStatus| {
            let mut answer = answer(4.8e-7, hits / 200_000.0, doubt);
            let estimate = answer.estimate.as_mut().expect("it was just set");
            estimate.trials = 200_000;
            assert_eq!(judge(&answer, 1e-9).status, status, "{hits} {doubt:?}");
        };
        for doubt in [
            Doubt::Share,
            Doubt::Clumped { error: 0.0 },
            Doubt::Mean { error: 0.0 },
        ] {
            check(0.0, doubt, CaseStatus::Ok);
        }
        // One hit has the probability 0.09, three have 0.00014, six have 10^-9.
        check(1.0, Doubt::Share, CaseStatus::Ok);
        check(3.0, Doubt::Share, CaseStatus::Ok);
        check(6.0, Doubt::Share, CaseStatus::Differs);
        // Weighted trials that have all died out are no answer.
        check(0.0, Doubt::Weighted { error: 0.0 }, CaseStatus::Unknown);
    }
}
