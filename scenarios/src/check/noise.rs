//! Noise: movements that can be played, and models that fit the signal whose place they take.

use sim_core::engine::SimDuration;
use sim_core::telemetry::{
    Autoregressive, Blocks, Dependence, Harmonic, Link, Noise, Season, SignalKind,
};

use super::fleet::SIGMA_MAX;
use super::names::{Names, unique};
use super::numbers::{probability, within};
use super::problem::{Problem, each};
use crate::diagnostic::quote::quote;
use crate::{NoiseModel, Scenario, World};

/// The most values of a history: a year of five minutes.
const VALUES_MAX: usize = 110_000;
/// The most harmonics of a day and of a week. Statistics of a few days cannot tell more apart.
const DAILY_MAX: usize = 4;
const WEEKLY_MAX: usize = 2;
/// The longest memory from one step to the next: a thousand steps.
const MEMORY_MAX: f64 = 0.999;
/// The largest movement in logarithms: a factor of 10^21.
const LOG_MAX: f64 = 50.0;
/// The shortest step of a history.
const STEP_MIN: SimDuration = SimDuration::from_secs(1);
/// So many wrong values of one list are shown; the others are wrong in the same way.
const SHOWN: usize = 3;

/// Checks how a signal of this kind moves.
pub(crate) fn check(path: &str, noise: &Noise, kind: &SignalKind) -> Vec<Problem> {
    let numbers = [
        within(&format!("{path}.own"), noise.own, 0.0..=strength(noise)),
        within(
            &format!("{path}.shared"),
            noise.shared,
            0.0..=strength(noise),
        ),
        within(&format!("{path}.memory"), noise.memory, 0.0..=0.999_999),
        added(path, noise, kind),
    ];
    let mut problems: Vec<Problem> = numbers.into_iter().flatten().collect();
    let most = bound(noise.link);
    problems.extend(season(&format!("{path}.season"), &noise.season, most));
    let path = format!("{path}.dependence");
    problems.extend(match &noise.dependence {
        None => Vec::new(),
        Some(Dependence::Blocks(of)) => blocks(&format!("{path}.blocks"), of, most),
        Some(Dependence::Autoregressive(of)) => {
            process(&format!("{path}.autoregressive"), of, most)
        }
    });
    problems
}

/// The largest spread of a Gaussian movement.
fn strength(noise: &Noise) -> f64 {
    match noise.link {
        Link::Log => SIGMA_MAX,
        Link::Identity => f64::MAX,
    }
}

/// The largest movement on the scale of the link. Summands have the unit of the signal, whatever it is.
fn bound(link: Link) -> f64 {
    match link {
        Link::Log => LOG_MAX,
        Link::Identity => 1e300,
    }
}

fn added(path: &str, noise: &Noise, kind: &SignalKind) -> Option<Problem> {
    let level = matches!(kind, SignalKind::Gauge { .. });
    (noise.link == Link::Identity && !level).then(|| {
        let message = format!("{} moves by factors, not by summands", article(kind));
        Problem::error("CM144", format!("{path}.link"), message).help("write `link: log`")
    })
}

fn season(path: &str, season: &Season, most: f64) -> Vec<Problem> {
    let lists = [
        ("daily", &season.daily, DAILY_MAX),
        ("weekly", &season.weekly, WEEKLY_MAX),
    ];
    let of_list = |(word, list, longest): (&str, &Vec<Harmonic>, usize)| {
        let path = format!("{path}.{word}");
        if list.len() > longest {
            let message = format!("{} harmonics, at most {longest}", list.len());
            return vec![Problem::error("CM150", path, message)];
        }
        let numbers = each(&path, list).flat_map(|(path, harmonic)| {
            [
                within(&format!("{path}.cos"), harmonic.cos, -most..=most),
                within(&format!("{path}.sin"), harmonic.sin, -most..=most),
            ]
        });
        numbers.flatten().collect()
    };
    lists.into_iter().flat_map(of_list).collect()
}

fn blocks(path: &str, blocks: &Blocks, most: f64) -> Vec<Problem> {
    let mut problems = history(path, "residuals", &blocks.residuals, most);
    problems.extend(step(path, blocks.step));
    problems.extend(probability(&format!("{path}.shared"), blocks.shared));
    if !problems.is_empty() {
        return problems;
    }
    let (step, block) = (blocks.step.as_nanos(), blocks.block.as_nanos());
    let steps = block / step;
    let wrong = if steps == 0 || steps * step != block {
        format!(
            "{} is no whole number of steps of {}",
            blocks.block, blocks.step
        )
    } else if steps > blocks.residuals.len() as u64 {
        format!("{} is longer than the history", blocks.block)
    } else {
        return problems;
    };
    problems.push(
        Problem::error("CM145", format!("{path}.block"), wrong)
            .help("write a few steps, such as 2 hours of steps of 5 minutes"),
    );
    problems
}

fn process(path: &str, process: &Autoregressive, most: f64) -> Vec<Problem> {
    let mut problems = history(path, "innovations", &process.innovations, most);
    let numbers = [
        step(path, process.step),
        within(&format!("{path}.memory"), process.memory, 0.0..=MEMORY_MAX),
        probability(&format!("{path}.slow"), process.slow),
        probability(&format!("{path}.shared"), process.shared),
    ];
    problems.extend(numbers.into_iter().flatten());
    problems
}

fn step(path: &str, step: SimDuration) -> Option<Problem> {
    (step < STEP_MIN).then(|| {
        let message = format!("{step} is less than {STEP_MIN}");
        Problem::error("CM143", format!("{path}.step"), message)
            .reason("every step of the history is played")
    })
}

fn history(path: &str, word: &str, values: &[f64], most: f64) -> Vec<Problem> {
    let path = format!("{path}.{word}");
    if values.len() < 2 {
        let message = format!("{} {word}: there is nothing to resample", values.len());
        return vec![Problem::error("CM145", path, message)];
    }
    if values.len() > VALUES_MAX {
        let message = format!("{} {word}, at most {VALUES_MAX}", values.len());
        return vec![Problem::error("CM150", path, message)];
    }
    let wrong = each(&path, values)
        .filter(|(_, value)| !(-most..=most).contains(*value))
        .take(SHOWN);
    wrong
        .filter_map(|(path, value)| within(&path, *value, -most..=most))
        .collect()
}

/// Puts the noise models of a scenario in the place of what `world` says of their signals, and returns
/// what does not fit. `models` are in the order of the scenario; none stands for a file that could not
/// be loaded.
pub(crate) fn put_noise(
    scenario: &Scenario,
    models: &[Option<NoiseModel>],
    world: &mut World,
) -> Vec<Problem> {
    let signals = &mut world.telemetry.signals;
    let chosen = || each("noise", &scenario.noise);
    let ids = chosen().map(|(path, chosen)| (format!("{path}.signal"), chosen.signal.as_str()));
    let mut problems = unique("signal with a noise model", ids);
    let names = Names::new("signal", signals.iter().map(|signal| signal.id.as_str()));
    problems.extend(
        chosen()
            .filter_map(|(path, chosen)| names.resolve(format!("{path}.signal"), &chosen.signal)),
    );
    for ((path, chosen), model) in chosen().zip(models) {
        let known = signals.iter_mut().find(|signal| signal.id == chosen.signal);
        let (Some(known), Some(model)) = (known, model) else {
            continue;
        };
        match played(&known.kind, &model.kind) {
            Some(kind) => {
                known.kind = kind;
                known.noise = model.noise.clone();
            }
            None => problems.push(misfit(&path, &chosen.signal, &known.kind, &model.kind)),
        }
    }
    problems
}

/// Returns what a signal of kind `world` is with the normal value of `model`. How many runs there are is
/// the world's affair.
fn played(world: &SignalKind, model: &SignalKind) -> Option<SignalKind> {
    use SignalKind::{Count, Gauge, Latency, Ratio, RatioOfRuns};
    match (world, model) {
        (
            RatioOfRuns { runs_per_hour, .. },
            Ratio {
                base, correlation, ..
            }
            | RatioOfRuns {
                base, correlation, ..
            },
        ) => Some(RatioOfRuns {
            base: *base,
            runs_per_hour: *runs_per_hour,
            correlation: *correlation,
        }),
        (
            Ratio { of, unheard, .. },
            RatioOfRuns {
                base, correlation, ..
            }
            | Ratio {
                base, correlation, ..
            },
        ) => Some(Ratio {
            base: *base,
            correlation: *correlation,
            of: *of,
            unheard: *unheard,
        }),
        (Count { .. }, Count { .. })
        | (Gauge { .. }, Gauge { .. })
        | (Latency { .. }, Latency { .. }) => Some(model.clone()),
        _ => None,
    }
}

fn misfit(path: &str, signal: &str, world: &SignalKind, model: &SignalKind) -> Problem {
    let message = format!(
        "{} is {} in this world, and the model is of {}",
        quote(signal),
        article(world),
        article(model)
    );
    Problem::error("CM167", format!("{path}.model"), message)
        .reason("gates would read a number that the signal does not have")
        .help("name another signal, or calibrate a model from a history of that kind")
}

const fn article(kind: &SignalKind) -> &'static str {
    match kind {
        SignalKind::Ratio { .. } => "a ratio",
        SignalKind::RatioOfRuns { .. } => "a ratio of runs",
        SignalKind::Count { .. } => "a count",
        SignalKind::Updates => "the outcomes of updates",
        SignalKind::Heartbeat { .. } => "a heartbeat",
        SignalKind::Gauge { .. } => "a gauge",
        SignalKind::Latency { .. } => "a latency",
    }
}
