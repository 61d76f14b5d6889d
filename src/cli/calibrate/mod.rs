//! `coalmine calibrate`: from recorded metrics to noise models.

mod facts;
mod rows;

use std::path::Path;
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use scenarios::calibrate::{self, Fit, Holding, Kind, RunCheck, Settings, SummaryFit, Total};
use scenarios::history::{
    Columns, History, Purpose, Reading, Recorded, Sampling, Stretch, Unit, with_requests,
};
use scenarios::{NoiseModel, Report, files};
use sim_core::engine::SimDuration;

use super::backtest::UnitArg;
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::miss::MissArgs;
use super::offered::{Answers, Calibrate};
use super::output::{Format, OutputArgs};
use super::schema::pretty;

/// What is fitted, and how.
#[derive(Args, Debug)]
pub struct CalibrateArgs {
    /// CSV (timestamp,value[,n][,host][,version] or time,errors,requests), what Grafana exports, Prometheus
    /// query_range JSON, promtool tsdb dump, OpenMetrics text with times, or k6 summaries
    #[arg(required = true, value_name = "HISTORY")]
    histories: Vec<String>,
    /// What kind of metric it is [default: what the values look like]
    #[arg(long, value_enum)]
    kind: Option<KindArg>,
    /// The unit of a ratio's values [default: what they look like, and a question where that is not clear]
    #[arg(long, value_enum)]
    unit: Option<UnitArg>,
    /// The number of requests of the one history, as a recording of its own; its values are then errors
    #[arg(long, value_name = "FILE")]
    requests: Option<String>,
    /// The name of a column: timestamp, value, n, host or version; may be repeated
    #[arg(long, value_name = "ROLE=NAME", value_parser = column)]
    column: Vec<(String, String)>,
    /// A stretch to leave out, such as a known incident; may be repeated
    #[arg(long, value_name = "FROM..TO")]
    exclude: Vec<Stretch>,
    /// The length of a block of history that stays together [default: 2h, or 12 steps if longer]
    #[arg(long, value_name = "DURATION")]
    block: Option<SimDuration>,
    /// What holds the written movement together
    #[arg(long, value_enum, default_value = "blocks")]
    dependence: DependenceArg,
    /// How many hosts a count was added up over [default: those that the history names, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    hosts: Option<u32>,
    /// The probability for which a limit is suggested; may be repeated [default: 0.05 0.01 0.001]
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    alpha: Vec<f64>,
    /// The root of all random draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    miss: MissArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// The kind of a metric.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// Events in each interval.
    Count,
    /// Bad requests among n.
    Ratio,
    /// A level: a mean latency, a load.
    Gauge,
    /// Latencies, a request a row.
    Latency,
}

/// What holds the movement together.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DependenceArg {
    /// Blocks of the history as it was.
    Blocks,
    /// A slow movement and white noise, for what-ifs.
    Autoregressive,
}

fn column(text: &str) -> Result<(String, String), String> {
    const ROLES: [&str; 5] = ["timestamp", "value", "n", "host", "version"];
    let pair = text
        .split_once('=')
        .filter(|(role, name)| ROLES.contains(role) && !name.is_empty());
    let (role, name) =
        pair.ok_or_else(|| format!("say ROLE=NAME with a role of {}", ROLES.join(", ")))?;
    Ok((role.to_owned(), name.to_owned()))
}

fn probability(text: &str) -> Result<f64, String> {
    let value = text
        .parse()
        .ok()
        .filter(|value| *value > 0.0 && *value < 1.0);
    value.ok_or_else(|| "it is a number between 0 and 1, such as 0.01".to_owned())
}

/// One history and what became of it.
struct Calibrated {
    pub name: String,
    /// Warnings of the reading.
    pub warnings: Option<Report>,
    pub result: Result<Found, Report>,
}

/// What was fitted.
enum Found {
    /// A history.
    Fit(Box<Fit>),
    /// A k6 summary.
    Summary(Box<SummaryFit>),
}

impl Found {
    fn model(&self) -> &NoiseModel {
        match self {
            Self::Fit(fit) => &fit.model,
            Self::Summary(fit) => &fit.model,
        }
    }

    fn runs(&self) -> Option<&RunCheck> {
        match self {
            Self::Fit(fit) => fit.series.as_ref().map(|series| &series.runs),
            Self::Summary(_) => None,
        }
    }
}

/// Fits every history and says how well the first halves predict the second.
pub fn answer(args: &CalibrateArgs, console: &Console) -> Answer {
    if args.requests.is_some() && args.histories.len() > 1 {
        return Err(
            Failure::usage("there is one --requests and several histories")
                .help("calibrate one history at a time with its requests"),
        );
    }
    let output = Answers::<Calibrate>::open(&args.output)?;
    let asked = interrupt::watch();
    let wanted = args.histories.iter();
    let all: Vec<Calibrated> = wanted
        .take_while(|_| !asked.load(Ordering::Relaxed))
        .map(|name| one(args, name))
        .collect();
    let left = args.histories.len() - all.len();
    if all.is_empty() {
        return Ok(interrupt::nothing(console, "no history was fitted"));
    }
    let accepted: Vec<&Found> = all
        .iter()
        .filter_map(|one| one.result.as_ref().ok())
        .collect();
    if accepted.is_empty() && !matches!(args.output.format, Format::Json) {
        let refused = all.into_iter().filter_map(|one| one.result.err());
        return Err(Failure::Reports(refused.collect()));
    }
    if wants_model(args) && accepted.len() != 1 {
        let what = format!(
            "{} histories were accepted, and a noise model is made of one",
            accepted.len()
        );
        return Err(Failure::usage(what).help("name one history for each --out noise=FILE"));
    }
    let checks: Vec<_> = accepted.iter().filter_map(|found| found.runs()).collect();
    let total = Total::of(&checks);
    let report = rows::report(args, &all, total.as_ref());
    output.write(console, |form, style| match form {
        Calibrate::Json => pretty(&report) + "\n",
        Calibrate::Noise => calibrate::yaml(accepted[0].model()),
        Calibrate::Text => reports::fit_text(&report, style),
    })?;
    if left > 0 {
        let what = format!("{left} histories were not looked at");
        return Ok(interrupt::nothing(console, &what));
    }
    let far = checks.iter().any(|check| !check.is_as_predicted());
    let missed = far || total.is_some_and(|total| !total.is_consistent());
    Ok(exit(args, [all.len(), accepted.len()], missed))
}

fn wants_model(args: &CalibrateArgs) -> bool {
    args.output.format == Format::Noise || args.output.path(Format::Noise).is_some()
}

/// A history that was not as its first half predicts is a miss, whatever the others are.
fn exit(args: &CalibrateArgs, [all, accepted]: [usize; 2], missed: bool) -> ExitCode {
    if accepted == 0 {
        ExitCode::InvalidInput
    } else if missed {
        args.miss.code()
    } else if accepted < all {
        ExitCode::Undecided
    } else {
        ExitCode::Success
    }
}

fn one(args: &CalibrateArgs, name: &str) -> Calibrated {
    let reading = Reading {
        sampling: match args.kind {
            Some(KindArg::Latency) => Sampling::Request,
            _ => Sampling::Interval,
        },
        columns: Columns(args.column.clone()),
        exclude: args.exclude.clone(),
        purpose: Purpose::Fit,
        unit: args.unit.map(Into::into),
    };
    let (warnings, result) = match files::recording(Path::new(name), &reading) {
        Err(report) => (None, Err(report)),
        Ok(Recorded::Summary(summary)) => {
            let found =
                calibrate::of_summary(name, &summary).map(|fit| Found::Summary(Box::new(fit)));
            (None, found.map_err(|refusal| refused(name, &refusal)))
        }
        Ok(Recorded::History(history)) => match joined(args, &reading, *history) {
            Err(report) => (None, Err(report)),
            Ok(history) => {
                let found =
                    calibrate::fit(&history, &settings(args)).map(|fit| Found::Fit(Box::new(fit)));
                (
                    Some(history.warnings),
                    found.map_err(|refusal| refused(name, &refusal)),
                )
            }
        },
    };
    Calibrated {
        name: name.to_owned(),
        warnings,
        result,
    }
}

/// Puts the requests beside the errors where they are a recording of their own.
fn joined(args: &CalibrateArgs, reading: &Reading, history: History) -> Result<History, Report> {
    let Some(file) = &args.requests else {
        return Ok(history);
    };
    let reading = Reading {
        unit: Some(Unit::Errors),
        ..reading.clone()
    };
    match files::recording(Path::new(file), &reading)? {
        Recorded::History(requests) => with_requests(history, &requests),
        Recorded::Summary(_) => Ok(history),
    }
}

fn refused(name: &str, refusal: &calibrate::Refusal) -> Report {
    Report::new(name, "", vec![refusal.diagnostic().clone()])
}

fn settings(args: &CalibrateArgs) -> Settings {
    let standard = Settings::default();
    Settings {
        kind: args.kind.map(|kind| match kind {
            KindArg::Count => Kind::Count,
            KindArg::Ratio => Kind::Ratio,
            KindArg::Gauge => Kind::Gauge,
            KindArg::Latency => Kind::Latency,
        }),
        block: args.block,
        holding: match args.dependence {
            DependenceArg::Blocks => Holding::Blocks,
            DependenceArg::Autoregressive => Holding::Autoregressive,
        },
        hosts: args.hosts,
        alphas: if args.alpha.is_empty() {
            standard.alphas
        } else {
            args.alpha.clone()
        },
        seed: args.seed,
    }
}
