//! Latencies of single requests, and summaries of them.

use sim_core::engine::sample::lognormal;

use super::*;
use crate::adapter::k6::Percentiles;
use crate::calibrate::{Kind, of_summary};

fn latencies(count: usize, mut one: impl FnMut() -> f64) -> RecordedSeries {
    let mut row = |k: usize| format!("{},{}\n", 1_700_000_000 + k / 10, one());
    let rows: String = (0..count).map(&mut row).collect();
    of_text(&format!("timestamp,value\n{rows}"), Sampling::Request)
}

fn settings() -> Settings {
    Settings {
        kind: Some(Kind::Latency),
        ..Settings::default()
    }
}

/// Weight, median and sigma of each part; the share of the slowest is larger than in any quantile that is
/// compared.
const PARTS: [(f64, f64, f64); 3] = [(0.7, 20.0, 0.3), (0.25, 60.0, 0.4), (0.05, 400.0, 0.5)];

fn mixture(replication: u64, cap: f64) -> RecordedSeries {
    let mut draws = draws(replication);
    latencies(24_000, move || {
        let u = draws.uniform();
        let [first, second, third] = PARTS;
        let (_, median, sigma) = if u < first.0 {
            first
        } else if u < first.0 + second.0 {
            second
        } else {
            third
        };
        lognormal(&mut draws, libm::log(median), sigma).min(cap)
    })
}

#[test]
fn a_mixture_gives_back_its_parts_and_its_p99() {
    let found = fitted(&mixture(20, f64::INFINITY), &settings())
        .latency
        .expect("latencies");
    assert_eq!((found.parts.len(), found.timeout), (3, None), "{found:?}");
    for (part, (weight, median, sigma)) in found.parts.iter().zip(PARTS) {
        // A part holds n w values; overlapping neighbours cost about another factor of two in its error.
        let values = 24_000.0 * weight;
        near(
            "weight",
            part.weight,
            weight,
            8.0 * libm::sqrt(weight * (1.0 - weight) / 24_000.0),
        );
        near(
            "log median",
            libm::log(part.median / median),
            0.0,
            8.0 * sigma / libm::sqrt(values),
        );
        near(
            "sigma",
            part.sigma,
            sigma,
            8.0 * sigma / libm::sqrt(2.0 * values),
        );
    }
    near("p99", found.p99[1] / found.p99[0], 1.0, 0.05);
    assert!(found.ks < 1.63 / libm::sqrt(24_000.0), "{}", found.ks);
}

#[test]
fn a_time_out_is_seen_and_does_not_bend_the_mixture() {
    let found = fitted(&mixture(21, 600.0), &settings())
        .latency
        .expect("latencies");
    let timeout = found.timeout.expect("there is one");
    near("time-out", timeout.at, 600.0, 0.0);
    // Above 600 ms lies 5 % of P(z > log(1.5) / 0.5) = 0.2087, and of the middle part nothing.
    near(
        "cut",
        timeout.count as f64 / 24_000.0,
        0.05 * 0.2087,
        4.0 * libm::sqrt(0.0104 / 24_000.0),
    );
    near("sigma of the cut part", found.parts[2].sigma, 0.5, 0.08);
    assert!(
        found.tail.expect("there is a tail").index < 0.0,
        "the tail ends"
    );
}

#[test]
fn a_pareto_tail_gives_back_its_index() {
    let mut draws = draws(22);
    // Above any threshold a Pareto law of shape 2 is a generalised Pareto law of index 1/2.
    let history = latencies(20_000, move || 10.0 / libm::sqrt(draws.uniform()));
    let tail = fitted(&history, &settings())
        .latency
        .expect("latencies")
        .tail
        .expect("a tail");
    near("index", tail.index, 0.5, 4.0 * 1.5 / libm::sqrt(1000.0));
    near("its error", tail.error, 1.5 / libm::sqrt(1000.0), 0.01);
}

#[test]
fn a_summary_gives_a_band_for_p99_and_refuses_p999() {
    let summary = Percentiles {
        median_ms: 80.0,
        p95_ms: 220.0,
        p99_ms: None,
        max_ms: None,
        requests: Some(1000.0),
    };
    let found = of_summary("load.json", &summary).expect("it is sound");
    // By hand: sigma = ln(2.75) / 1.644854 = 0.6150097, p99 = 80 exp(2.326348 sigma) = 334.539.
    near("sigma", found.sigma, 0.615_009_7, 1e-7);
    near("p99", found.p99[0], 334.539, 0.002);
    near("low", found.p99[1], 0.7 * 334.539, 0.002);
    assert_eq!(found.refused.diagnostic().code, "CM329");
    let broken = Percentiles {
        p95_ms: 80.0,
        ..summary
    };
    assert_eq!(
        of_summary("x", &broken)
            .expect_err("no spread")
            .diagnostic()
            .code,
        "CM320"
    );
}
