//! A policy of one's own from the few numbers that one knows of a service.

use clap::Args;
use scenarios::lint::samples_for;
use sim_core::engine::{Share, SimDuration, Unit};

use super::quantities::{
    SIGMA, Z99, exact, percent, quantity, reached, round, round_up, slower, stages,
};
use crate::cli::failure::Failure;

/// What is known of the service.
#[derive(Args, Clone, Debug)]
pub struct Known {
    /// The requests of the whole service in a second [default: 200]
    #[arg(long, value_name = "NUMBER", conflicts_with = "template")]
    rps: Option<f64>,
    /// The share of requests that fails normally [default: 0.2%]
    #[arg(long, value_name = "SHARE", conflicts_with = "template")]
    base_error: Option<String>,
    /// The time that 99 of 100 requests normally take at most [default: 450ms]
    #[arg(long, value_name = "TIME", conflicts_with = "template")]
    p99: Option<String>,
    /// The stages, in percent of the fleet [default: 1,10,50,100]
    #[arg(
        long,
        value_name = "PERCENT,..",
        value_delimiter = ',',
        conflicts_with = "template"
    )]
    stages: Vec<String>,
    /// How many hosts serve it [default: 100]
    #[arg(long, value_name = "N", conflicts_with = "template",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    hosts: Option<u32>,
}

/// A service in numbers, and the rollout that is made for it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewService {
    rps: f64,
    base: f64,
    p99: f64,
    stages: Vec<Share>,
    hosts: u32,
    limits: Limits,
}

/// The limits of the gates, and what they look at.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limits {
    /// A stage is left below this error ratio.
    go: f64,
    /// The rollout is rolled back above this one.
    stop: f64,
    criteria: Look,
    triggers: Look,
    observe: SimDuration,
}

/// How many requests a gate needs, and how far it looks back for them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    samples: u64,
    over: SimDuration,
}

/// The longest that a gate may look back and still be a gate.
const OVER_MAX: SimDuration = SimDuration::from_hours(24);

impl NewService {
    /// Reads what is known; what is not takes a default.
    ///
    /// # Errors
    ///
    /// When a number makes no sense, or when the first stage gets so few requests that nothing can be told
    /// from them.
    pub fn read(known: &Known) -> Result<Self, Failure> {
        let rps = known.rps.unwrap_or(200.0);
        if !(rps.is_finite() && (1e-3..=1e9).contains(&rps)) {
            return Err(Failure::usage(format!("--rps {rps} is no load"))
                .help("say how many requests the whole service gets in a second: --rps 200"));
        }
        let base = base_error(known)?;
        let p99 = quantity("--p99", known.p99.as_deref(), "450ms", &[Unit::Time])?;
        if !(0.1..=600_000.0).contains(&p99) {
            return Err(Failure::usage("--p99 is between 0.1ms and 10m")
                .help("write the unit: --p99 450ms"));
        }
        let stages = stages(&known.stages)?;
        let hosts = known.hosts.unwrap_or(100);
        let limits = Limits::of(rps, base, reached(&stages, hosts))?;
        Ok(Self {
            rps,
            base,
            p99,
            stages,
            hosts,
            limits,
        })
    }

    /// The policy, in some thirty lines.
    pub fn policy(&self) -> String {
        let Limits {
            go,
            stop,
            criteria,
            triggers,
            observe,
        } = self.limits;
        let (slow, slower) = (round(1.3 * self.p99), round(1.8 * self.p99));
        let (go, stop, observe) = (percent(go), percent(stop), exact(observe));
        let look = |look: Look| {
            let (over, samples) = (exact(look.over), look.samples);
            format!("population: canary, over: {over}, window: instant, min-samples: {samples}")
        };
        let (criteria, triggers) = (look(criteria), look(triggers));
        let mut text = format!(
            "\
version: 1
name: my-service
profile: own
evaluate-every: 1m
rounding: up
gates:
  # A stage is left while both hold. The look-back times bring the samples that are asked for in the first stage.
  - {{id: errors, signal: errors, measure: ratio, {criteria}, breach: {{is: above, limit: {{absolute: {go}}}}}, on: &hold {{missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}}}}
  - {{id: p99, signal: latency, measure: {{quantile: 0.99}}, {criteria}, breach: {{is: above, limit: {{absolute: {slow}ms}}}}, on: *hold}}
  # One breach rolls back: on so many samples chance alone does it in one look of 100 000.
  - {{id: errors-high, signal: errors, measure: ratio, {triggers}, breach: {{is: above, limit: {{absolute: {stop}}}}}, on: *hold, class: regression}}
  - {{id: p99-high, signal: latency, measure: {{quantile: 0.99}}, {triggers}, breach: {{is: above, limit: {{absolute: {slower}ms}}}}, on: *hold, class: regression}}
classes: [{{id: regression, action: rollback}}]
stages:
"
        );
        let last = self.stages.last().copied().unwrap_or(Share::ONE);
        if last < Share::ONE {
            let radius = format!("blast-radius: {{max: {last}, enforced: true}}\n");
            text = text.replacen("gates:\n", &format!("{radius}gates:\n"), 1);
        }
        for stage in &self.stages {
            let id = format!(
                "to-{}",
                stage.to_string().replace('%', "").replace('.', "-")
            );
            text += &format!(
                "  - {{id: {id}, target: {stage}, ramp: at-once, observe: {observe}, observe-from: convergence, pause-after-windows: 3, criteria: [errors, p99], triggers: [errors-high, p99-high]}}\n"
            );
        }
        text + "\
rollback:
  deadline: 5m
  steps: [{id: revert, required: true, retries: 1, takes: {constant: 1s}, effect: {revert-hosts: {takes: {uniform: {low: 5s, high: 30s}}}}}]
"
    }

    /// The world in which it is rolled out.
    pub fn world(&self) -> String {
        let median = round(self.p99 / libm::exp(Z99 * SIGMA));
        let Self {
            rps, hosts, base, ..
        } = self;
        let parallel = hosts.div_ceil(10);
        let cap = round(20.0 * self.p99);
        format!(
            "\
version: 1
name: my-service
fleet:
  hosts: {hosts}
  update: {{parallel: {parallel}, takes: {{lognormal: {{median: 40s, sigma: 0.4}}}}}}
traffic: {{requests-per-second: {rps}, arrivals: poisson, split: by-host}}
telemetry:
  scrape-every: 15s
  lag: 5s
  stale-after: 2m
  signals:
    - {{id: errors, kind: {{ratio: {{base: {}}}}}, noise: {{own: 0.05, shared: 0.1, memory: 0.9}}, harms-users: true}}
    - {{id: latency, kind: {{latency: {{cap: {cap}ms, parts: [{{weight: 1, median: {median}ms, sigma: {SIGMA}}}]}}}}, noise: {{own: 0.02, shared: 0.02, memory: 0.9}}}}
",
            percent(*base)
        )
    }

    /// The good release.
    pub fn healthy(&self) -> String {
        let horizon = self.horizon();
        format!(
            "\
version: 1
name: healthy
description: Nothing is wrong with the release.
world: {{file: world.yaml}}
release: {{is: good}}
horizon: {horizon}
expect:
  own: {{outcome: completed, at-least: 95%, why: nothing is wrong}}
"
        )
    }

    /// The bad release: errors well above the limit, ten minutes after the first host has it.
    pub fn regression(&self) -> String {
        let (horizon, by) = (self.horizon(), percent(round(3.0 * self.limits.stop)));
        format!(
            "\
version: 1
name: step-regression
description: Ten minutes after the first host has it, {by} more of the requests fail.
world: {{file: world.yaml}}
release:
  is: bad
  effects: [{{id: regression, change: {{add: {{signal: errors, by: {by}}}}}, course: {{from: first-exposure, after: 10m}}}}]
horizon: {horizon}
expect:
  own: {{outcome: rolled_back, at-least: 95%, why: three times the limit}}
"
        )
    }

    fn horizon(&self) -> String {
        let watched = self.limits.observe.saturating_mul(self.stages.len() as u64);
        exact(
            watched
                .saturating_mul(2)
                .saturating_add(SimDuration::from_hours(2)),
        )
    }
}

fn base_error(known: &Known) -> Result<f64, Failure> {
    let base = quantity(
        "--base-error",
        known.base_error.as_deref(),
        "0.2%",
        &[Unit::Percent, Unit::Plain],
    )?;
    if !(0.0..=0.2).contains(&base) {
        let what = format!("--base-error is read as {}", percent(base));
        return Err(Failure::usage(what)
            .help("at most 20% can fail normally; write the unit: --base-error 0.2%"));
    }
    Ok(base)
}

impl Limits {
    /// Limits that a healthy release hardly ever reaches, where `share` of the load is in the first stage.
    fn of(rps: f64, base: f64, share: f64) -> Result<Self, Failure> {
        let (go, stop) = (
            round((2.5 * base).max(0.005)),
            round((5.0 * base).max(0.01)),
        );
        let rate = rps * share;
        // A criterion that is breached by chance waits for the next look; a trigger rolls back.
        let criteria = Look::of(rate, [samples_for(1.2 * base, go, 1e-2), slower(1.3, 1e-2)])?;
        let triggers = Look::of(
            rate,
            [samples_for(1.2 * base, stop, 1e-5), slower(1.8, 1e-5)],
        )?;
        let longest = criteria.over.max(triggers.over);
        let observe = SimDuration::from_hours(1).max(longest.saturating_mul(2));
        Ok(Self {
            go,
            stop,
            criteria,
            triggers,
            observe,
        })
    }
}

impl Look {
    /// A look at the samples that are needed, at `rate` requests a second.
    fn of(rate: f64, needed: [Option<u64>; 2]) -> Result<Self, Failure> {
        let needed = needed.into_iter().flatten().max().unwrap_or(1000).max(100);
        let samples = round_up(needed as f64);
        // A Poisson count is hardly ever four standard deviations below its mean.
        let seconds = (samples + 4.0 * libm::sqrt(samples)) / rate;
        if seconds > OVER_MAX.as_secs_f64() {
            let what = format!(
                "the first stage gets {rate:.2} requests a second, and {samples} are needed to tell a good release from a bad one",
            );
            return Err(Failure::input(what).help(
                "begin with a larger stage, such as --stages 25,100: nothing can be told from so few requests in a day",
            ));
        }
        let minutes = (seconds / 60.0).ceil().max(1.0);
        let over = SimDuration::from_secs(60 * minutes as u64);
        Ok(Self {
            samples: samples as u64,
            over,
        })
    }
}
