//! Gates: limits that can be compared with, and windows that can fill.

use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::Policy;
use sim_core::policy::gate::{Limit, Measure, Sustain, SustainMode, Window};

use super::numbers::{factor, finite, lasts};
use super::problem::{Problem, each};
use super::sizes::remembered;
use super::statistics;

/// Checks every gate by itself.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let never = "the controller would evaluate without ever getting on";
    let mut problems: Vec<Problem> = lasts("evaluate-every", policy.evaluate_every, never)
        .into_iter()
        .collect();
    for (path, gate) in each("gates", &policy.gates) {
        problems.extend(limit(&path, gate));
        problems.extend(quantile(&path, gate));
        problems.extend(statistics::check(&path, gate, policy.evaluate_every));
        let lasting = gate.lasting.and_then(|it| {
            lasts(
                &format!("{path}.for"),
                it,
                "a window fires for no time at all at its first firing, which counts without `for` too",
            )
        });
        problems.extend(lasting);
        problems.extend(window(
            &format!("{path}.window"),
            &gate.window,
            policy.evaluate_every,
        ));
    }
    problems
}

fn limit(path: &str, gate: &Gate) -> Vec<Problem> {
    let path = format!("{path}.breach.limit");
    let number = match gate.breach.limit {
        Limit::Absolute(limit) => finite(&format!("{path}.absolute"), limit),
        Limit::Times { factor: times, .. } => factor(&format!("{path}.times.factor"), times),
        Limit::Plus { margin, .. } => finite(&format!("{path}.plus.margin"), margin),
    };
    let itself = gate.breach.limit.refers_to() == Some(gate.population);
    let mirror = itself.then(|| {
        Problem::error("CM123", path, "the gate compares a population with itself")
            .reason("both sides move together, so that the gate always or never fires")
            .help("compare with another population, such as `control`")
    });
    number.into_iter().chain(mirror).collect()
}

fn quantile(path: &str, gate: &Gate) -> Option<Problem> {
    let Measure::Quantile(level) = gate.measure else {
        return None;
    };
    let sound = level > 0.0 && level < 1.0;
    (!sound).then(|| {
        let message = format!("{level} is not a quantile between 0 and 1");
        Problem::error("CM122", format!("{path}.measure.quantile"), message)
            .help("write the 99th percentile as 0.99")
    })
}

fn window(path: &str, window: &Window, every: SimDuration) -> Vec<Problem> {
    match window {
        Window::Consecutive(0) => {
            let path = format!("{path}.consecutive");
            vec![Problem::error(
                "CM125",
                path,
                "0 breaches in a row need no breach at all",
            )]
        }
        Window::Sustained(sustain) => sustained(&format!("{path}.sustained"), sustain, every),
        Window::Count(limits) => {
            let limited = [limits.failures, limits.inconclusive, limits.errors_in_a_row];
            let idle = limited.iter().all(Option::is_none) && limits.of.is_none();
            let path = format!("{path}.count");
            idle.then(|| Problem::error("CM125", path, "this window counts towards nothing"))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn sustained(path: &str, sustain: &Sustain, every: SimDuration) -> Vec<Problem> {
    let over = format!("{path}.over");
    if sustain.over.is_zero() || sustain.over < every {
        let message = format!("{} is shorter than {every}, one evaluation", sustain.over);
        let problem = Problem::error("CM125", over, message)
            .reason("nothing can be sustained over a window that holds one look at most")
            .help("lengthen the window, or say `instant`");
        return vec![problem];
    }
    let crowded = remembered(&over, "evaluations", sustain.over, every);
    crowded
        .into_iter()
        .chain(at_least(path, sustain, every))
        .collect()
}

/// A window of length `over` holds the evaluations younger than `over`: 10 of them a minute apart
/// in 10 minutes.
fn at_least(path: &str, sustain: &Sustain, every: SimDuration) -> Option<Problem> {
    let SustainMode::AtLeast(wanted) = sustain.mode else {
        return None;
    };
    let holds = sustain.over.as_nanos().div_ceil(every.as_nanos().max(1));
    let path = format!("{path}.mode.at-least");
    if wanted == 0 {
        return Some(Problem::error(
            "CM125",
            path,
            "0 breaches need no breach at all",
        ));
    }
    (u64::from(wanted) > holds).then(|| {
        let message = format!("the window holds {holds} evaluations, never {wanted}");
        Problem::error("CM125", path, message)
            .reason("such a gate can never fire")
            .help("lengthen the window, or ask for fewer breaches")
    })
}
