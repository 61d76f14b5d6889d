//! The result of a calibration, as it becomes JSON.

use schemars::JsonSchema;
use serde::Serialize;

/// What was fitted and what was refused.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FitReport {
    /// `coalmine/calibrate`.
    pub schema: String,
    /// The version of this form.
    pub version: u32,
    /// The root of all random draws.
    pub seed: u64,
    /// How often each second half was played.
    pub replications: u64,
    /// The histories, in the order of the command line.
    pub histories: Vec<HistoryRow>,
    /// The run-length check over all accepted histories.
    pub total: Option<RunTotals>,
    /// What to type next.
    pub next: Vec<String>,
}

/// One history.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HistoryRow {
    /// The file as it was named.
    pub name: String,
    /// `accepted` or `refused`.
    pub verdict: FitVerdict,
    /// Refusals and warnings.
    pub findings: Vec<FitFinding>,
    /// What was found; none if the history was refused.
    pub fit: Option<FitFacts>,
}

/// Whether a history was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FitVerdict {
    /// A model was fitted.
    Accepted,
    /// None was.
    Refused,
}

/// Why a history was refused, or what is wrong with it and does no harm.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FitFinding {
    /// The code, such as `CM327`.
    pub code: String,
    /// `error` or `warning`.
    pub severity: String,
    /// The line of the file, where there is one.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub reason: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

/// What was found in a history.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FitFacts {
    /// The kind of the metric.
    pub kind: String,
    /// How many values there are.
    pub values: u64,
    /// From the first to the last value, in seconds.
    pub span_s: f64,
    /// From one value to the next, in seconds; 0 for single requests.
    pub step_s: f64,
    /// The arithmetic mean of the level.
    pub base: f64,
    /// Facts by name: a number for programs, words for people.
    pub facts: Vec<Fact>,
    /// Predicted and observed runs of breaches; none for single requests.
    pub runs: Option<RunFacts>,
    /// For each probability, the limit that one value exceeds with at most that probability.
    pub limits: Vec<LimitRow>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Fact {
    /// Its name in lines of text; facts of one name stand in one line.
    pub topic: String,
    /// Its key.
    pub key: String,
    /// Its value, where it is a number.
    pub value: Option<f64>,
    /// What it says.
    pub words: String,
}

/// A suggested limit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LimitRow {
    /// The probability.
    pub alpha: f64,
    /// The limit; none if the history is too short for it.
    pub limit: Option<f64>,
}

/// The run-length check of one history.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RunFacts {
    /// The 98 % quantile of the first half: what a breach is above.
    pub threshold: f64,
    /// The length of a window, in seconds.
    pub window_s: f64,
    /// How many windows the second half holds.
    pub windows: f64,
    /// One row for each run length.
    pub rows: Vec<RunRow>,
}

/// One run length.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RunRow {
    /// How many breaches in a row.
    pub run: u64,
    /// Windows with such a run in the second half.
    pub observed: u64,
    /// The mean number that the model of the first half predicts.
    pub predicted: f64,
    /// Where 95 % of its predictions lie.
    pub interval: [u64; 2],
    /// What a slow movement with resampled innovations predicts.
    pub autoregressive: f64,
    /// What independent values predict.
    pub independent: f64,
}

/// The run-length check over all accepted histories.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RunTotals {
    /// How many histories are in it.
    pub histories: u64,
    /// How many windows.
    pub windows: f64,
    /// One row for each run length.
    pub rows: Vec<RunRow>,
    /// The root mean square over histories of predicted minus observed windows with three breaches in a
    /// row, as parts of their windows.
    pub rmse: f64,
    /// Whether the observed total for three in a row lies in the predicted interval, or within
    /// [0.8, 1.25] of the prediction.
    pub consistent: bool,
}
