//! From fits to the report.

use reports::{
    FitFacts, FitFinding, FitReport, FitVerdict, HistoryRow, LimitRow, RunFacts, RunRow, RunTotals,
};
use scenarios::calibrate::{Fit, REPLICATIONS, RUNS, RunCheck, SummaryFit, Total};
use scenarios::{Report, Severity};

use super::args::CalibrateArgs;
use super::facts;
use super::found::{Calibrated, Fitted};
use super::latency_facts;
use crate::cli::output::Format;
use crate::cli::resolve::quoted;

/// Puts everything into the form that becomes JSON and text.
pub fn report(args: &CalibrateArgs, all: &[Calibrated], total: Option<&Total>) -> FitReport {
    let accepted = all.iter().filter(|one| one.result.is_ok()).count();
    FitReport {
        schema: "coalmine/calibrate".to_owned(),
        version: 1,
        seed: args.seed,
        replications: REPLICATIONS as u64,
        histories: all.iter().map(row).collect(),
        total: total.map(|total| totals(total, accepted)),
        next: next(args, all),
    }
}

fn row(one: &Calibrated) -> HistoryRow {
    let mut found: Vec<FitFinding> = one.warnings.iter().flat_map(findings).collect();
    let fit = match &one.result {
        Err(report) => {
            found.extend(findings(report));
            None
        }
        Ok(Fitted::Fit(fit)) => Some(fitted(fit)),
        Ok(Fitted::Summary(fit)) => {
            let refused = vec![fit.refused.diagnostic().clone().severity(Severity::Warning)];
            found.extend(findings(&Report::new(&one.name, "", refused)));
            Some(summary(fit))
        }
    };
    HistoryRow {
        name: one.name.clone(),
        verdict: if fit.is_some() {
            FitVerdict::Accepted
        } else {
            FitVerdict::Refused
        },
        findings: found,
        fit,
    }
}

fn findings(report: &Report) -> Vec<FitFinding> {
    let one = |found: &scenarios::Diagnostic| FitFinding {
        code: found.code.to_owned(),
        severity: found.severity.name().to_owned(),
        line: report.positions(found).map(|(from, _)| from.line as u64),
        message: found.message.clone(),
        reason: found.reason.clone(),
        help: found.help.clone(),
    };
    report.diagnostics.iter().map(one).collect()
}

fn fitted(fit: &Fit) -> FitFacts {
    let from = fit.model.fitted_from.as_ref();
    FitFacts {
        kind: fit.kind.word().to_owned(),
        values: fit.values as u64,
        span_s: fit.span.as_nanos() as f64 / 1e9,
        step_s: from.map_or(0.0, |from| from.step.as_nanos() as f64 / 1e9),
        base: fit.base,
        facts: facts::of(fit),
        runs: fit.series.as_ref().map(|series| runs(&series.runs)),
        limits: fit
            .limits
            .iter()
            .map(|&(alpha, limit)| LimitRow { alpha, limit })
            .collect(),
    }
}

fn summary(fit: &SummaryFit) -> FitFacts {
    FitFacts {
        kind: "latency".to_owned(),
        values: fit
            .model
            .fitted_from
            .as_ref()
            .map_or(0, |from| from.samples),
        span_s: 0.0,
        step_s: 0.0,
        base: fit.median,
        facts: latency_facts::of_summary(fit),
        runs: None,
        limits: Vec::new(),
    }
}

fn runs(check: &RunCheck) -> RunFacts {
    let row = |(at, run): (usize, &usize)| {
        let [blocks, slow, independent] = check.predictions.as_slice() else {
            unreachable!("three models predict")
        };
        RunRow {
            run: *run as u64,
            observed: check.observed[at] as u64,
            predicted: blocks.mean(at),
            interval: check.interval(at).map(|count| count as u64),
            autoregressive: slow.mean(at),
            independent: independent.mean(at),
        }
    };
    RunFacts {
        threshold: check.threshold,
        window_s: check.window.as_nanos() as f64 / 1e9,
        windows: check.windows,
        rows: RUNS.iter().enumerate().map(row).collect(),
    }
}

fn totals(total: &Total, histories: usize) -> RunTotals {
    let row = |(at, run): (usize, &usize)| {
        let [predicted, autoregressive, independent] = total.predicted[at];
        RunRow {
            run: *run as u64,
            observed: total.observed[at] as u64,
            predicted,
            interval: total.intervals[at].map(|count| count as u64),
            autoregressive,
            independent,
        }
    };
    RunTotals {
        histories: histories as u64,
        windows: total.windows,
        rows: RUNS.iter().enumerate().map(row).collect(),
        rmse: total.rmse,
        consistent: total.is_consistent(),
    }
}

fn next(args: &CalibrateArgs, all: &[Calibrated]) -> Vec<String> {
    let [one] = all else {
        return vec!["next: coalmine calibrate HISTORY --out noise=NAME.noise.yaml for each one that is accepted".to_owned()];
    };
    let Ok(found) = &one.result else {
        return Vec::new();
    };
    let file = args.output.path(Format::Noise);
    let name = &found.model().name;
    match file {
        None => vec![format!(
            "next: coalmine calibrate {} --out noise={}",
            quoted(&one.name),
            quoted(&format!("{name}.noise.yaml"))
        )],
        Some(path) => vec![
            format!("in the scenario: noise: [{{signal: SIGNAL, model: {{file: {path}}}}}]"),
            "next: coalmine simulate POLICY --scenario SCENARIO".to_owned(),
        ],
    }
}
