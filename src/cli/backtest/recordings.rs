//! Which recordings a backtest reads, and of which signals.

use std::path::Path;

use scenarios::files;
use scenarios::recorded::{
    Columns, Purpose, Reading, Recorded, RecordedSeries, Sampling, Unit, with_requests,
};
use sim_core::policy::Policy;
use sim_core::policy::gate::Measure;

use super::args::BacktestArgs;
use crate::cli::failure::Failure;
use crate::cli::resolve::suggestion;
use crate::study::backtest::SignalMetric;

/// Reads the recording of every signal that is named.
pub(super) fn metrics(args: &BacktestArgs, policy: &Policy) -> Result<Vec<SignalMetric>, Failure> {
    let read = signals(policy);
    let pairs = pairs(args, &read)?;
    let reading = reading(args)?;
    let (mut metrics, mut reports) = (Vec::<SignalMetric>::new(), Vec::new());
    for (signal, file) in pairs {
        must_be_read_once(&signal, &read, &metrics)?;
        match files::recording(Path::new(&file), &of_signal(&reading, policy, &signal)) {
            Ok(Recorded::Series(history)) => {
                let history = *history;
                metrics.push(SignalMetric { signal, history });
            }
            Ok(Recorded::Summary(_)) => {
                let what = format!("{file} is the summary of a whole load test");
                let help = "a backtest needs values over time: a CSV, or an answer to query_range";
                return Err(Failure::input(what).help(help));
            }
            Err(report) => reports.push(report),
        }
    }
    if reports.is_empty() {
        join(args, &reading, &mut metrics)?;
        Ok(metrics)
    } else {
        Err(Failure::Reports(reports))
    }
}

/// A level has the unit of its limits, whatever stands behind its cells: 90 % of a CPU is 90.
fn of_signal(reading: &Reading, policy: &Policy, signal: &str) -> Reading {
    let mut gates = policy.gates.iter().filter(|gate| gate.signal == signal);
    let level = |measure| matches!(measure, Measure::Mean | Measure::Last | Measure::Trend);
    let levels = gates.all(|gate| level(gate.measure));
    Reading {
        unit: reading.unit.or(levels.then_some(Unit::Ratio)),
        ..reading.clone()
    }
}

pub(super) fn reading(args: &BacktestArgs) -> Result<Reading, Failure> {
    Ok(Reading {
        sampling: Sampling::Interval,
        columns: columns(&args.columns)?,
        exclude: args.exclude.clone(),
        purpose: Purpose::Play,
        unit: args.unit.map(Into::into),
    })
}

/// Which signal is recorded in which file, as far as somebody says so.
pub(super) fn pairs(
    args: &BacktestArgs,
    read: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = Vec::new();
    for said in &args.signals {
        let pair = said.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{said}` names no file"))
                .help("say --signal SIGNAL=FILE, such as error_rate=errors.csv")
        })?;
        pairs.push((pair.0.to_owned(), pair.1.to_owned()));
    }
    for said in &args.histories {
        pairs.push(named(said, read)?);
    }
    if pairs.is_empty() {
        return Err(Failure::usage("there is no recording to play against")
            .help(format!("the policy reads {}: SIGNAL=FILE", read.join(", "))));
    }
    Ok(pairs)
}

pub(super) fn must_be_read_once(
    signal: &str,
    read: &[String],
    metrics: &[SignalMetric],
) -> Result<(), Failure> {
    if !read.iter().any(|known| known == signal) {
        let all = format!("it reads {}", read.join(", "));
        let help = suggestion(signal, read.iter().map(String::as_str), &all);
        return Err(Failure::input(format!("no gate of the policy reads `{signal}`")).help(help));
    }
    if metrics.iter().any(|metric| metric.signal == signal) {
        let what = format!("there are two recordings of `{signal}`");
        return Err(Failure::usage(what).help("put them into one file, in the order of time"));
    }
    Ok(())
}

/// Puts the requests beside the errors where they are recordings of their own.
pub(super) fn join(
    args: &BacktestArgs,
    reading: &Reading,
    metrics: &mut [SignalMetric],
) -> Result<(), Failure> {
    let names: Vec<String> = metrics.iter().map(|metric| metric.signal.clone()).collect();
    for said in &args.requests {
        let (signal, file) = match said.split_once('=') {
            Some((signal, file)) if names.iter().any(|known| known == signal) => (signal, file),
            _ => match &names[..] {
                [only] => (only.as_str(), said.as_str()),
                _ => {
                    return Err(Failure::usage(format!("whose requests are in {said}?"))
                        .help(format!("say --requests SIGNAL={said}")));
                }
            },
        };
        let requests = requests(file, reading)?;
        for metric in metrics.iter_mut().filter(|metric| metric.signal == signal) {
            metric.history = with_requests(metric.history.clone(), &requests)
                .map_err(|report| Failure::Reports(vec![report]))?;
        }
    }
    Ok(())
}

/// Reads how many requests there were.
pub(super) fn requests(file: &str, reading: &Reading) -> Result<RecordedSeries, Failure> {
    let reading = Reading {
        unit: Some(Unit::Errors),
        ..reading.clone()
    };
    match files::recording(Path::new(file), &reading) {
        Ok(Recorded::Series(history)) => Ok(*history),
        Ok(Recorded::Summary(_)) => Err(Failure::input(format!("{file} is a summary"))
            .help("requests need values over time: a CSV, or an answer to query_range")),
        Err(report) => Err(Failure::Reports(vec![report])),
    }
}

/// The signals that the gates of a policy read, each once.
pub(super) fn signals(policy: &Policy) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for gate in &policy.gates {
        if !names.contains(&gate.signal) {
            names.push(gate.signal.clone());
        }
    }
    names
}

/// Finds out which signal a recording is of: as said, the only one, or the one that the file is called
/// like.
pub(super) fn named(said: &str, read: &[String]) -> Result<(String, String), Failure> {
    if let Some((signal, file)) = said.split_once('=')
        && !Path::new(said).exists()
    {
        return Ok((signal.to_owned(), file.to_owned()));
    }
    let stem = Path::new(said).file_stem().and_then(|stem| stem.to_str());
    let like = |signal: &&String| stem == Some(signal.as_str());
    match (read, read.iter().find(like)) {
        ([only], _) => Ok((only.clone(), said.to_owned())),
        (_, Some(signal)) => Ok((signal.clone(), said.to_owned())),
        _ => Err(
            Failure::usage(format!("which signal is recorded in {said}?")).help(format!(
                "say SIGNAL={said}; the policy reads {}",
                read.join(", ")
            )),
        ),
    }
}

pub(super) fn columns(said: &[String]) -> Result<Columns, Failure> {
    const ROLES: [&str; 5] = ["timestamp", "value", "n", "host", "version"];
    let column = |said: &String| match said.split_once('=') {
        Some((role, name)) if ROLES.contains(&role) && !name.is_empty() => {
            Ok((role.to_owned(), name.to_owned()))
        }
        _ => Err(Failure::usage(format!("`{said}` names no column"))
            .help("say --column ROLE=NAME; roles are timestamp, value, n, host, version")),
    };
    said.iter()
        .map(column)
        .collect::<Result<_, _>>()
        .map(Columns)
}
