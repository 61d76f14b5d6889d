//! `coalmine calibrate`: from recorded metrics to noise models.

mod args;
mod fact_list;
mod facts;
mod found;
mod latency_facts;
mod rows;

use std::path::Path;
use std::sync::atomic::Ordering;

use scenarios::calibrate::{self, Holding, Kind, Settings, Total};
use scenarios::recorded::{
    Columns, Purpose, Reading, Recorded, RecordedSeries, Sampling, Unit, with_requests,
};
use scenarios::{Report, files};

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::offered::{Answers, Calibrate};
use super::output::Format;
use super::schema::pretty;
pub use args::CalibrateArgs;
use args::{DependenceArg, KindArg};
use found::{Calibrated, Fitted};

/// Fits every history and says how well the first halves predict the second.
pub fn answer(args: &CalibrateArgs, console: &Console) -> Answer {
    one_for_requests(args)?;
    let output = Answers::<Calibrate>::open(&args.output)?;
    let all = until_interrupted(args);
    let left = args.histories.len() - all.len();
    if all.is_empty() {
        return Ok(console.interrupted("no history was fitted"));
    }
    let accepted = all.iter().filter(|one| one.result.is_ok()).count();
    let all = refuse_unfit(args, all, accepted)?;
    let accepted: Vec<&Fitted> = all
        .iter()
        .filter_map(|one| one.result.as_ref().ok())
        .collect();
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
        return Ok(console.interrupted(&what));
    }
    let far = checks.iter().any(|check| !check.is_as_predicted());
    let missed = far || total.is_some_and(|total| !total.is_consistent());
    Ok(exit(args, [all.len(), accepted.len()], missed))
}

fn one_for_requests(args: &CalibrateArgs) -> Result<(), Failure> {
    if args.requests.is_none() || args.histories.len() <= 1 {
        return Ok(());
    }
    let several = Failure::usage("there is one --requests and several histories");
    Err(several.help("calibrate one history at a time with its requests"))
}

fn until_interrupted(args: &CalibrateArgs) -> Vec<Calibrated> {
    let asked = interrupt::watch();
    let wanted = args.histories.iter();
    wanted
        .take_while(|_| !asked.load(Ordering::Relaxed))
        .map(|name| one(args, name))
        .collect()
}

/// Refuses what nothing was accepted of, and a noise model that would be made of none or of several.
fn refuse_unfit(
    args: &CalibrateArgs,
    all: Vec<Calibrated>,
    accepted: usize,
) -> Result<Vec<Calibrated>, Failure> {
    if accepted == 0 && !matches!(args.output.format, Format::Json) {
        let refused = all.into_iter().filter_map(|one| one.result.err());
        return Err(Failure::Reports(refused.collect()));
    }
    if wants_model(args) && accepted != 1 {
        let what = format!("{accepted} histories were accepted, and a noise model is made of one");
        return Err(Failure::usage(what).help("name one history for each --out noise=FILE"));
    }
    Ok(all)
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
    let reading = reading(args);
    let (warnings, result) = match files::recording(Path::new(name), &reading) {
        Err(report) => (None, Err(report)),
        Ok(Recorded::Summary(summary)) => {
            let found =
                calibrate::of_summary(name, &summary).map(|fit| Fitted::Summary(Box::new(fit)));
            (None, found.map_err(|refusal| refused(name, &refusal)))
        }
        Ok(Recorded::Series(history)) => match joined(args, &reading, *history) {
            Err(report) => (None, Err(report)),
            Ok(history) => {
                let found =
                    calibrate::fit(&history, &settings(args)).map(|fit| Fitted::Fit(Box::new(fit)));
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

fn reading(args: &CalibrateArgs) -> Reading {
    Reading {
        sampling: match args.kind {
            Some(KindArg::Latency) => Sampling::Request,
            _ => Sampling::Interval,
        },
        columns: Columns(args.column.clone()),
        exclude: args.exclude.clone(),
        purpose: Purpose::Fit,
        unit: args.unit.map(Into::into),
    }
}

/// Puts the requests beside the errors where they are a recording of their own.
fn joined(
    args: &CalibrateArgs,
    reading: &Reading,
    history: RecordedSeries,
) -> Result<RecordedSeries, Report> {
    let Some(file) = &args.requests else {
        return Ok(history);
    };
    let reading = Reading {
        unit: Some(Unit::Errors),
        ..reading.clone()
    };
    match files::recording(Path::new(file), &reading)? {
        Recorded::Series(requests) => with_requests(history, &requests),
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
