//! Group I, first part: alerts on burn rates, and quantiles as histograms and samples show them.

use sim_core::engine::sample::{self, Binomial};
use sim_core::policy::gate::test::{BurnRate, normal_tail, normal_upper_quantile};
use sim_core::policy::gate::{Limit, Measure, Reading, Relation, Window};
use sim_core::telemetry::histogram_quantile;

use super::super::case::{AskedQuantity, ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Trial, TrialSums, sums};
use super::binomial_law::binomial_law;
use super::watch::{WatchedGate, indicator};

const SHORT: u32 = 1;
const REST: u32 = 2;
const LATENCY: u32 = 3;

/// The period of an error budget, as The Site Reliability Workbook (2018, chapter 5) has it: 30 days.
const BUDGET_S: f64 = 30.0 * 86_400.0;

/// An alert on two windows in the fluid limit: when a constant error rate is detected, what part of
/// the budget it has burnt by then, and how long the alert outlives it.
pub fn burn_rate(case: &ClosedFormCase, _: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (slo, burn) = (case.fraction("slo")?, case.positive("burn")?);
    let fluid = Fluid {
        alert: BurnRate::new(slo, burn),
        windows: [case.positive("long_s")?, case.positive("short_s")?],
    };
    let rates = case.list("error_rates")?;
    let of = |asked: &AskedQuantity<'_>, says: &dyn Fn(f64) -> Option<f64>| {
        let rate = rates.get(asked.place.unwrap_or(0))?;
        says(*rate).map(TrialEstimate::exact)
    };
    let burnt = |rate: f64| Some(fluid.detects(rate)? * rate / ((1.0 - slo) * BUDGET_S));
    Ok(case.answers(|asked| match asked.name {
        "detect_s" => of(&asked, &|rate| fluid.detects(rate)),
        "reset_s" => of(&asked, &|rate| fluid.resets(rate)),
        "budget_fraction_at_detect" => of(&asked, &burnt),
        _ => None,
    }))
}

/// An alert that watches errors without noise.
#[derive(Clone, Copy, Debug)]
struct Fluid {
    alert: BurnRate,
    windows: [f64; 2],
}

impl Fluid {
    /// Asks the alert when each window holds its share `filled` of errors.
    fn fires(&self, rate: f64, filled: impl Fn(f64) -> f64) -> bool {
        let [long, short] = self
            .windows
            .map(|window| rate * filled(window).clamp(0.0, 1.0));
        self.alert.observe(long, short).rejects()
    }

    /// Returns when errors that begin after none are detected.
    fn detects(&self, rate: f64) -> Option<f64> {
        let full = self.windows[0].max(self.windows[1]);
        let fires = |now: f64| self.fires(rate, |window| now / window);
        fires(full).then(|| turn(full, fires))
    }

    /// Returns how long the alert goes on after errors end that have filled both windows.
    fn resets(&self, rate: f64) -> Option<f64> {
        let full = self.windows[0].max(self.windows[1]);
        let silent = |now: f64| !self.fires(rate, |window| 1.0 - now / window);
        (!silent(0.0)).then(|| turn(full, silent))
    }
}

/// Returns the instant in `0..=end` from which `holds` is true, by bisection.
fn turn(end: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut before, mut after) = (0.0, end);
    for _ in 0..100 {
        let middle = f64::midpoint(before, after);
        if holds(middle) {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}

/// The same alert on counts, at one instant: a short window inside a long one.
pub fn two_window_alert(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (short, rest) = (case.at_least_one("n_short")?, case.at_least_one("n_rest")?);
    let (p, thr) = (case.probability("p")?, case.fraction("thr")?);
    // Twice the threshold at an objective of a half is the threshold, to the last digit.
    let alert = BurnRate::new(0.5, 2.0 * thr);
    let all = f64::from(short) + f64::from(rest);
    let windows =
        |in_short: f64, in_rest: f64| [(in_short + in_rest) / all, in_short / f64::from(short)];
    let of_short = Binomial::new(short.into(), p);
    let of_rest = Binomial::new(rest.into(), p);
    let fired: TrialSums<2> = sums(effort, || {
        |trial: Trial| {
            let in_short = of_short.sample(&mut trial.draws(SHORT)) as f64;
            let in_rest = of_rest.sample(&mut trial.draws(REST)) as f64;
            let [long, short] = windows(in_short, in_rest);
            [(long, short), (short, short)]
                .map(|(long, short)| indicator(alert.observe(long, short).rejects()))
        }
    });
    let long_only = || {
        let fires = |failed: usize| alert.observe(failed as f64 / all, 1.0).rejects();
        mass_where(&binomial_law(short + rest, p), fires)
    };
    Ok(case.answers(|asked| match asked.name {
        "p_both" => Some(fired.share(0)),
        "p_short_only" => Some(fired.share(1)),
        "p_long_only" => Some(TrialEstimate::exact(long_only())),
        _ => None,
    }))
}

fn mass_where(law: &[f64], is_meant: impl Fn(usize) -> bool) -> f64 {
    let masses = law.iter().enumerate();
    masses
        .filter(|(count, _)| is_meant(*count))
        .map(|(_, mass)| mass)
        .sum()
}

/// What is asked for by names such as `true_p95` and `hist_p99`.
fn quantile_after(prefix: &str, name: &str) -> Option<f64> {
    let digits = name.strip_prefix(prefix)?;
    let percent: f64 = digits.parse().ok()?;
    // p999 stands for 99.9 %, p9999 for 99.99 %.
    let q = if digits.len() > 2 {
        percent / 10_f64.powi(digits.len() as i32)
    } else {
        percent / 100.0
    };
    (0.0 < q && q < 1.0).then_some(q)
}

/// A lognormal latency.
#[derive(Clone, Copy, Debug)]
struct Latency {
    median: f64,
    sigma: f64,
}

impl Latency {
    fn of(case: &ClosedFormCase) -> Result<Self, Unable> {
        Ok(Self {
            median: case.positive("median")?,
            sigma: case.positive("sigma")?,
        })
    }

    fn quantile(self, q: f64) -> f64 {
        self.median * (self.sigma * normal_upper_quantile(1.0 - q)).exp()
    }

    fn above(self, limit: f64) -> f64 {
        normal_tail((limit / self.median).ln() / self.sigma)
    }
}

/// Quantiles of infinitely many latencies, true and through the buckets of a histogram.
pub fn histogram(case: &ClosedFormCase, _: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (latency, bounds) = (Latency::of(case)?, case.list("buckets")?);
    let rising = bounds.windows(2).all(|pair| pair[0] < pair[1]);
    if bounds.is_empty() || bounds[0] <= 0.0 || !rising {
        return Err(Unable("its `buckets` do not rise from above 0".to_owned()));
    }
    let above = bounds.iter().map(|bound| latency.above(*bound));
    let before = std::iter::once(1.0).chain(above.clone());
    let shares = before
        .zip(above.chain([0.0]))
        .map(|(before, above)| before - above);
    Ok(case.answers(|asked| {
        if let Some(q) = quantile_after("hist_p", asked.name) {
            return histogram_quantile(&bounds, shares.clone(), q).map(TrialEstimate::exact);
        }
        let q = quantile_after("true_p", asked.name)?;
        Some(TrialEstimate::exact(latency.quantile(q)))
    }))
}

/// A gate on the order statistic that stands for a quantile.
pub fn sample_quantile_breach(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (latency, n) = (Latency::of(case)?, case.at_least_one("n")?);
    let (q, limit) = (case.fraction("q")?, case.positive("thr")?);
    // The rank is meant exactly: .99 times 1000 is 990, whatever its double is.
    let rank = ((q * f64::from(n) - 1e-9).ceil().max(1.0) as u64).min(n.into());
    let gate = WatchedGate::new(
        Measure::Last,
        Relation::Above,
        Limit::Absolute(limit),
        Window::Instant,
    );
    let breaches: TrialSums<1> = sums(effort, || {
        |trial: Trial| {
            let place = sample::order_statistic(&mut trial.draws(LATENCY), n.into(), rank);
            let seen = latency.quantile(place.clamp(1e-300, 1.0 - f64::EPSILON));
            [indicator(gate.breaches(Reading::of(seen, n.into()), None))]
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "p_breach" => Some(breaches.share(0)),
        name => {
            let q = quantile_after("true_p", name)?;
            Some(TrialEstimate::exact(latency.quantile(q)))
        }
    }))
}
