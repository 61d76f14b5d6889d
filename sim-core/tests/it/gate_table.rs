//! Gates side by side: what each does to harmless and to worse releases, against an independent
//! simulation of the same setting (NumPy, 20 000 rollouts a cell).
//!
//! Three of its rows are not here. A z test that is looked at every minute has no name in a policy, on
//! purpose. Its Bayesian row approximates the posterior by a normal distribution, which is slower to
//! believe in the first failures than the posterior itself; and its rank test has too few rollouts, and
//! too little said about its windows, to be told from others.

use serde_json::{Value, json};
use sim_core::effect::Course;
use sim_core::engine::SimDuration;
use sim_core::history::Outcome;
use sim_core::policy::gate::{Limit, Population};
use sim_core::telemetry::SignalKind;
use sim_core::traffic::Split;
use sim_core::{Experiment, Family, Seed};

use crate::example::{errors, minutes, wedge};

const ROOT: u64 = 20_261_121;

/// A canary of 100 requests a minute beside a control of 900, both failing at 1 %, for an hour; ten hosts,
/// of which the canary is one.
fn rollout(window: &Value, over: u64, limit: Limit) -> Experiment {
    let mut experiment = wedge();
    experiment.fleet.hosts = 10;
    experiment.traffic.split = Split::ByRequest;
    experiment.traffic.requests_per_second = 1_000.0 / 60.0;
    experiment.fleet.update.takes = sim_core::engine::Distribution::Constant(SimDuration::ZERO);
    experiment.telemetry.signals[0].kind = SignalKind::Ratio {
        base: 0.01,
        correlation: 0.0,
        of: sim_core::telemetry::Counted::Requests,
        unheard: 0.0,
    };
    experiment.policy.stages.truncate(1);
    experiment.policy.stages[0].target = "10%".parse().expect("a share");
    // A criterion that does not hold would prolong the stage beyond the hour.
    experiment.policy.stages[0].criteria.clear();
    let gate = &mut experiment.policy.gates[0];
    gate.over = minutes(over);
    gate.min_samples = 0;
    gate.window = serde_json::from_value(window.clone()).expect("the window is well formed");
    gate.breach.limit = limit;
    experiment
}

/// What the world does: nothing, a movement that both arms share, hosts of unequal quality, or a release
/// that fails so many times as often.
#[derive(Clone, Copy, Debug, PartialEq)]
enum World {
    Calm,
    Shocks,
    Hosts,
    Worse(f64),
}

const WORLDS: [World; 6] = [
    World::Calm,
    World::Shocks,
    World::Hosts,
    World::Worse(1.5),
    World::Worse(2.0),
    World::Worse(3.0),
];

/// How long the shocks last: the correlation of neighbouring minutes, which the table does not state.
///
/// Of 0, 0.5, 0.8 and 0.9 this one reproduces both the share of the first row and that of the second;
/// independent shocks give 0.87 and 0.05 instead of 0.80 and 0.18.
const MEMORY: f64 = 0.8;

fn inside(world: World, mut experiment: Experiment) -> Experiment {
    match world {
        World::Calm => {}
        World::Shocks => {
            let noise = &mut experiment.telemetry.signals[0].noise;
            (noise.shared, noise.memory) = (0.5, MEMORY);
        }
        World::Hosts => experiment.fleet.host_effect = 0.2,
        World::Worse(times) => {
            let release = errors("regression", 0.01 * (times - 1.0), Course::default());
            experiment.release.push(release);
        }
    }
    experiment
}

/// How often a gate rolled back, and the mean of the minutes until it did, where a miss counts an hour.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    runs: f64,
    rolled_back: f64,
    minutes: f64,
    squares: f64,
}

impl Seen {
    fn take(&mut self, outcome: Outcome, detection: Option<SimDuration>) {
        let rolled_back = outcome == Outcome::RolledBack;
        let minutes = detection
            .filter(|_| rolled_back)
            .map_or(60.0, |took| took.as_secs_f64() / 60.0);
        self.runs += 1.0;
        self.rolled_back += f64::from(u8::from(rolled_back));
        self.minutes += minutes;
        self.squares += minutes * minutes;
    }

    fn share(&self) -> f64 {
        self.rolled_back / self.runs
    }

    fn mean(&self) -> f64 {
        self.minutes / self.runs
    }

    fn variance(&self) -> f64 {
        self.squares / self.runs - self.mean() * self.mean()
    }
}

/// Plays gates of one kind of limit side by side, on the same samples.
fn play(gates: &[Experiment], world: World, runs: u64) -> Vec<Seen> {
    let members: Vec<_> = gates
        .iter()
        .map(|gate| inside(world, gate.clone()))
        .collect();
    let family = Family::new(&members);
    let mut seen = vec![Seen::default(); gates.len()];
    for replication in 0..runs {
        let figures = family.play(Seed {
            root: ROOT,
            replication,
        });
        for (seen, figures) in seen.iter_mut().zip(figures) {
            seen.take(figures.outcome, figures.detection);
        }
    }
    seen
}

fn absolute(window: &Value, over: u64, limit: f64) -> Experiment {
    rollout(window, over, Limit::Absolute(limit))
}

fn beside_control(window: &Value) -> Experiment {
    let limit = Limit::Times {
        factor: 1.0,
        of: Population::Control,
    };
    rollout(window, 0, limit)
}

/// A row: the share that is rolled back in the six worlds, and the mean minutes in the last three.
struct Row {
    name: &'static str,
    gate: Experiment,
    shares: [f64; 6],
    delays: [f64; 3],
}

/// How many rollouts the other simulation had.
const THEIRS: f64 = 20_000.0;

/// A figure of the table is rounded: to three digits in the harmless worlds and to two in the others, and
/// minutes to one.
const ROUNDING: [f64; 6] = [0.0005, 0.0005, 0.0005, 0.005, 0.005, 0.005];

/// Deviations of more than four standard errors of both simulations and the rounding of the table.
fn differs(got: f64, expect: f64, variance: f64, runs: f64, rounding: f64) -> bool {
    let sd = (variance * (1.0 / runs + 1.0 / THEIRS)).sqrt();
    (got - expect).abs() > 4.0 * sd + rounding
}

fn compare(rows: &[Row], runs: u64) {
    let gates: Vec<_> = rows.iter().map(|row| row.gate.clone()).collect();
    let mut wrong = Vec::new();
    for (column, world) in WORLDS.into_iter().enumerate() {
        for (row, seen) in rows.iter().zip(play(&gates, world, runs)) {
            let (share, expect) = (seen.share(), row.shares[column]);
            if !expect.is_nan()
                && differs(
                    share,
                    expect,
                    expect * (1.0 - expect),
                    seen.runs,
                    ROUNDING[column],
                )
            {
                wrong.push(format!("{} {world:?}: {share}, not {expect}", row.name));
            }
            let Some(delay) = column.checked_sub(3).map(|index| row.delays[index]) else {
                continue;
            };
            if !delay.is_nan() && differs(seen.mean(), delay, seen.variance(), seen.runs, 0.05) {
                wrong.push(format!(
                    "{} {world:?}: {} min, not {delay}",
                    row.name,
                    seen.mean()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "seed {ROOT}: {wrong:#?}");
}

/// Judges only windows that hold so many requests.
fn full_windows(mut gate: Experiment, requests: u64) -> Experiment {
    gate.policy.gates[0].min_samples = requests;
    gate
}

/// The sum of the log likelihood ratios of 2 % against 1 % in minutes of 100 requests.
///
/// A minute with `k` failures adds `k ln 2 + (100 - k) ln(98/99)`, which is linear in its rate: `(r - 1 %) /
/// unit - slack`.
fn likelihood_cusum() -> Value {
    let (failure, success) = (libm::log(2.0), libm::log(0.98 / 0.99));
    let unit = 0.01 / (failure - success);
    let slack = -(failure + 99.0 * success);
    json!({"cusum": {"slack": slack, "limit": 5.0, "unit": unit}})
}

fn absolute_rows() -> Vec<Row> {
    vec![
        Row {
            name: "single minutes above 3 %",
            gate: absolute(&json!("instant"), 1, 0.03),
            shares: [0.667, 0.804, 0.640, 0.98, 1.0, 1.0],
            delays: [15.2, 7.1, 2.8],
        },
        Row {
            name: "three minutes in a row above 2 %",
            gate: absolute(&json!({"consecutive": 3}), 1, 0.02),
            shares: [0.027, 0.183, 0.046, 0.28, 0.77, 1.0],
            delays: [51.6, 32.9, 9.8],
        },
        Row {
            name: "five minutes above 2 %, five in a row",
            gate: full_windows(absolute(&json!({"consecutive": 5}), 5, 0.02), 500),
            shares: [0.015, 0.226, 0.049, 0.42, 0.96, 1.0],
            delays: [48.1, 23.3, 10.4],
        },
        // The gate goes on after an acceptance, because a rate may rise later, where the test of the other
        // simulation ends (0.42, 0.93 and 43.6, 15.7 minutes at 1.5 and 2 times). These are exact, by the
        // law of the failures from minute to minute without a lower boundary.
        Row {
            name: "SPRT that goes on",
            gate: absolute(
                &json!({"sprt": {"alternative": 0.02, "alpha": 0.01, "beta": 0.1}}),
                0,
                0.01,
            ),
            shares: [0.006_095, f64::NAN, f64::NAN, 0.563_462, 0.997_848, 1.0],
            delays: [40.725, 13.440, 5.118],
        },
        Row {
            name: "CUSUM of log likelihood ratios",
            gate: absolute(&likelihood_cusum(), 1, 0.01),
            shares: [0.045, 0.354, 0.117, 0.80, 1.0, 1.0],
            delays: [33.8, 12.9, 5.4],
        },
    ]
}

fn control_rows() -> Vec<Row> {
    let looks = |looks: u32| {
        beside_control(&json!({"group-sequential": {
            "looks": looks, "over": "1h", "alpha": 0.01, "sides": "one",
            "boundary": "o-brien-fleming"}}))
    };
    vec![
        Row {
            name: "z test once",
            gate: looks(1),
            shares: [0.012, 0.013, 0.103, 0.87, 1.0, 1.0],
            delays: [60.0, 60.0, 60.0],
        },
        Row {
            name: "O'Brien-Fleming",
            gate: looks(5),
            shares: [0.011, 0.013, 0.103, 0.86, 1.0, 1.0],
            delays: [45.7, 27.4, 15.8],
        },
        // The gate waits until five failures of the canary are to be expected, and smooths its variance: at
        // two and three times the rate that costs half a minute and most of one (14.6 and 5.1 without).
        Row {
            name: "mSPRT",
            gate: beside_control(&json!({"msprt": {"alpha": 0.01, "effect": 0.01}})),
            shares: [0.009, 0.010, 0.062, 0.66, 1.0, 1.0],
            delays: [40.3, f64::NAN, f64::NAN],
        },
        Row {
            name: "conditional e-process",
            gate: beside_control(
                &json!({"conditional-e-process": {"alpha": 0.01, "least": 1.25, "most": 10.0}}),
            ),
            shares: [0.003, 0.003, 0.037, 0.49, 1.0, 1.0],
            delays: [47.1, 18.5, 5.9],
        },
    ]
}

#[test]
fn absolute_gates_do_what_they_did_in_another_simulation() {
    compare(&absolute_rows(), 2_000);
}

#[test]
fn gates_beside_a_control_do_what_they_did_in_another_simulation() {
    compare(&control_rows(), 2_000);
}

/// As many rollouts as the other simulation had; the release profile plays them.
#[cfg(not(debug_assertions))]
#[test]
fn all_rows_come_out_at_twenty_thousand_rollouts() {
    compare(&absolute_rows(), 20_000);
    compare(&control_rows(), 20_000);
}

/// The bound is one-sided and normal: with nearly a thousand rollbacks at the level nothing finer is
/// needed, and it must lie below the level, which is the promise. The release profile plays it.
#[cfg(not(debug_assertions))]
#[test]
fn promises_at_any_time_hold_on_a_hundred_thousand_harmless_releases() {
    let windows = [
        json!({"msprt": {"alpha": 0.01, "effect": 0.01}}),
        json!({"msprt": {"alpha": 0.05, "effect": 0.01}}),
        json!({"conditional-e-process": {"alpha": 0.01, "least": 1.25, "most": 10.0}}),
        json!({"conditional-e-process": {"alpha": 0.05, "least": 1.25, "most": 10.0}}),
    ];
    let gates: Vec<_> = windows.iter().map(beside_control).collect();
    for world in [World::Calm, World::Shocks] {
        for (index, seen) in play(&gates, world, 100_000).iter().enumerate() {
            let (share, level) = (seen.share(), [0.01, 0.05][index % 2]);
            let upper = share + 1.645 * (share * (1.0 - share) / seen.runs).sqrt();
            assert!(
                upper <= level,
                "seed {ROOT}: {} {world:?}: {share}, at most {upper}",
                windows[index]
            );
        }
    }
}
