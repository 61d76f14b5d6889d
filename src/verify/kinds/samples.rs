//! Group I, second part: two samples side by side, and intervals of one.

use sim_core::engine::sample::{self, Binomial};
use sim_core::policy::gate::test::{Arms, MannWhitney, Null, exact_upper_tail, normal_tail};
use sim_core::policy::gate::{Limit, Measure, Reading, Relation, Window};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Trial, TrialSums, sums};
use super::watch::{WatchedGate, indicator};
use crate::study::interval::Level;

const CANARY: u32 = 1;
const CONTROL: u32 = 2;

/// The pooled z statistic of two proportions against a limit: how often it passes it without an
/// effect, and with one.
///
/// The list `n` and names such as `size_unbalanced_500_9500` state the canary's requests first.
pub fn z_test(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (p0, p1) = (case.probability("p0")?, case.probability("p1")?);
    let test = ZTest {
        gate: WatchedGate::new(
            Measure::Last,
            Relation::Above,
            Limit::Absolute(case.number("z")?),
            Window::Instant,
        ),
        p0,
    };
    let [canary, control] = case.list("n")?[..] else {
        return Err(Unable("its `n` are not two".to_owned()));
    };
    let own = [canary as u64, control as u64];
    let mut answers = case.answers(|_| None);
    for (part, answer) in answers.iter_mut().enumerate() {
        let sizes = unbalanced(&answer.name);
        let (n, p) = match (answer.name.as_str(), sizes) {
            ("power", _) => (own, p1),
            ("size", _) => (own, p0),
            (_, Some(sizes)) => (sizes, p0),
            _ => continue,
        };
        answer.estimate = Some(test.rejections(n, p, effort.part(part as u64)).share(0));
    }
    Ok(answers)
}

/// The two sizes in a name such as `size_unbalanced_500_9500`.
fn unbalanced(name: &str) -> Option<[u64; 2]> {
    let (canary, control) = name.strip_prefix("size_unbalanced_")?.split_once('_')?;
    Some([canary.parse().ok()?, control.parse().ok()?])
}

struct ZTest {
    gate: WatchedGate,
    p0: f64,
}

impl ZTest {
    fn rejections(&self, [canary, control]: [u64; 2], p: f64, effort: Effort) -> TrialSums<1> {
        let (of_canary, of_control) = (Binomial::new(canary, p), Binomial::new(control, self.p0));
        sums(effort, || {
            |trial: Trial| {
                let arms = Arms {
                    canary_failed: of_canary.sample(&mut trial.draws(CANARY)),
                    canary,
                    control_failed: of_control.sample(&mut trial.draws(CONTROL)),
                    control,
                };
                // Without a failure there is no statistic and nothing to reject.
                let reading = |z| Reading::of(z, canary + control);
                let z = arms.z(Null::Times(1.0));
                [indicator(
                    z.is_some_and(|z| self.gate.breaches(reading(z), None)),
                )]
            }
        })
    }
}

/// Intervals of x events in n runs, and the upper ends for none.
pub fn binomial_interval(case: &ClosedFormCase, _: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (x, n) = (case.count("x")?, case.at_least_one("n")?);
    let level = Level::of(case.fraction("level")?);
    if x > n {
        return Err(Unable("its `x` is more than its `n`".to_owned()));
    }
    let (x, n) = (u64::from(x), u64::from(n));
    Ok(case.answers(|asked| {
        let interval = match asked.name {
            "wilson" => level.wilson(x, n),
            "clopper_pearson" => level.clopper_pearson(x, n),
            "jeffreys" => level.jeffreys(x, n),
            "zero_upper_cp_two_sided" => {
                return Some(TrialEstimate::exact(level.clopper_pearson(0, n).high));
            }
            "zero_upper_rule_of_three" => {
                return Some(TrialEstimate::exact(level.upper_without_events(n)));
            }
            _ => return None,
        };
        let ends = [interval.low, interval.high];
        ends.get(asked.place?).copied().map(TrialEstimate::exact)
    }))
}

/// The exact test of ranks: its limit, its size, its power, and how often a shifted value is larger.
pub fn mann_whitney(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let n = case.at_least_one("n")? as usize;
    let m = case.at_least_one("m")? as usize;
    let (alpha, delta) = (case.fraction("alpha")?, case.number("delta")?);
    if n * m > 40_000 {
        let why = "its samples are too large for the exact test";
        return Err(Unable(why.to_owned()));
    }
    let tail = exact_upper_tail(n, m);
    // The tail falls from 1: the limit is the first count at which it is small enough.
    let limit = tail.iter().take_while(|p| **p > alpha).count();
    let cost = 2.0 * (n + m) as f64;
    let wins = |shift: f64, part: u64| -> TrialSums<2> {
        sums(effort.part(part).at_cost(cost), || {
            let (mut x, mut y) = (vec![0.0; n], vec![0.0; m]);
            move |trial: Trial| {
                let (canary, control) = (&mut trial.draws(CANARY), &mut trial.draws(CONTROL));
                x.fill_with(|| shift + sample::standard_normal(canary));
                y.fill_with(|| sample::standard_normal(control));
                let won = MannWhitney::wins(&x, &y);
                [indicator(won >= limit as f64), won / (n * m) as f64]
            }
        })
    };
    let cles = TrialEstimate::exact(normal_tail(-delta / std::f64::consts::SQRT_2));
    let mut all = Vec::new();
    for mut answer in case.answers(|_| None) {
        answer.estimate = match answer.name.as_str() {
            "u_crit" => Some(TrialEstimate::exact(limit as f64)),
            "size" => Some(wins(0.0, 0).share(0)),
            "power" => Some(wins(delta, 1).share(0)),
            "cles" => Some(cles),
            _ => None,
        };
        let of_shift = answer.name == "cles";
        all.push(answer.clone());
        if of_shift {
            answer.name += ", played";
            answer.estimate = Some(wins(delta, 1).mean(1));
            all.push(answer);
        }
    }
    Ok(all)
}
