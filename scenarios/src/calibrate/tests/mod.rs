//! Parameters that went in come out again, and what no model describes is refused.
//!
//! All histories are made here, by the samplers of the engine at the address (purpose 0, entity 0, tick 0) of
//! the seeds that are named. Tolerances are four standard errors, with the formula beside them.

mod hosts;
mod intervals;
mod promises;
mod requests;

use sim_core::engine::{Draws, Key};

use super::{Fit, Refusal, Settings, fit};
use crate::recorded::{Reading, Recorded, RecordedSeries, Sampling, read};

const SEED: u64 = 20_261_121;
/// Two weeks of five minutes.
const TWO_WEEKS: usize = 4032;

fn draws(replication: u64) -> Draws {
    Key::for_replication(SEED, replication).draws(0, 0, 0)
}

fn of_text(text: &str, sampling: Sampling) -> RecordedSeries {
    let reading = Reading {
        sampling,
        ..Reading::default()
    };
    match read("made.csv", text.as_bytes(), &reading) {
        Ok(Recorded::Series(history)) => *history,
        other => panic!("it is a history: {other:?}"),
    }
}

/// A history of values five minutes apart, from Monday 2023-11-13 00:00 UTC.
fn every_five_minutes(values: impl Iterator<Item = String>) -> RecordedSeries {
    let row = |(k, value): (usize, String)| format!("{},{value}\n", 1_699_833_600 + 300 * k);
    let rows: String = values.enumerate().map(row).collect();
    of_text(&format!("timestamp,value\n{rows}"), Sampling::Interval)
}

fn fitted(history: &RecordedSeries, settings: &Settings) -> Fit {
    fit(history, settings).unwrap_or_else(|refusal| panic!("seed {SEED}: {refusal:?}"))
}

fn code(result: Result<Fit, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.diagnostic().code, |_| "accepted")
}

#[track_caller]
fn near(what: &str, found: f64, expect: f64, tolerance: f64) {
    assert!(
        (found - expect).abs() <= tolerance,
        "{what}: {found}, expected {expect} +- {tolerance}, seed {SEED}"
    );
}

/// A stationary Gaussian AR(1) of variance 1.
fn autoregressive(draws: &mut Draws, phi: f64, n: usize) -> Vec<f64> {
    use sim_core::engine::sample::standard_normal;
    let mut value = standard_normal(draws);
    let mut step = || {
        value = phi * value + libm::sqrt(1.0 - phi * phi) * standard_normal(draws);
        value
    };
    (0..n).map(|_| step()).collect()
}
