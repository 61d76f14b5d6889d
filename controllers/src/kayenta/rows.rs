//! Recorded decisions of Kayenta's own tests, replayed through the judge.
//!
//! Two kinds. `kayenta.mann_whitney_classifier`: two samples, a test, and the label. `kayenta.mann_whitney_u`: two
//! samples and values of the test's own functions, each within the tolerance that Kayenta's tests have (1e-6 unless
//! said). A sample that was not written down (null) leaves nothing to replay.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::brent;
use super::classify::{Label, Test};
use super::form::{Direction, EffectMeasure};
use super::mann_whitney::{self, Samples};
use super::mode::Mode;
use super::normal;

/// The tolerance that Kayenta's tests call E.
const E: f64 = 1e-6;

/// Replays a row of `kind`. `None` if this room has no such kind; an error says how Kayenta and this room differ.
#[must_use]
pub fn replay(kind: &str, row: &Value) -> Option<Result<(), String>> {
    match kind {
        "kayenta.mann_whitney_classifier" => Some(classifier(row)),
        "kayenta.mann_whitney_u" => Some(functions(row)),
        _ => None,
    }
}

/// Two samples, a test, and the label.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifierRow {
    /// Name of Kayenta's test.
    pub test: String,
    /// The baseline.
    pub control: Option<Vec<Option<f64>>>,
    /// The canary.
    pub experiment: Option<Vec<Option<f64>>>,
    /// Share of the shift.
    pub tolerance: f64,
    /// Level of the interval.
    pub conf: f64,
    /// Largest effect of a Low, smallest of a High.
    pub effect: (f64, f64),
    /// The same for a critical failure.
    pub critical_thr: (f64, f64),
    /// `meanRatio` or `cles`.
    pub measure: String,
    /// `Increase`, `Decrease` or `Either`.
    pub direction: String,
    /// `Remove` or `Replace`.
    pub nan: String,
    /// Whether a failure fails the canary.
    pub is_critical: bool,
    /// Whether no data is a failure.
    pub data_required: bool,
    /// The label, where it was asked.
    pub expect: Option<Label>,
    /// Whether the failure is critical, where it was asked.
    pub expect_critical: Option<bool>,
}

impl ClassifierRow {
    fn test(&self) -> Result<Test, String> {
        let direction = match self.direction.as_str() {
            "Increase" => Direction::Increase,
            "Decrease" => Direction::Decrease,
            "Either" => Direction::Either,
            other => return Err(format!("direction `{other}`")),
        };
        let measure = match self.measure.as_str() {
            "meanRatio" => EffectMeasure::MeanRatio,
            "cles" => EffectMeasure::Cles,
            other => return Err(format!("measure `{other}`")),
        };
        Ok(Test {
            tolerance: self.tolerance,
            level: self.conf,
            direction,
            measure,
            allowed: self.effect,
            critical_effect: self.critical_thr,
            replaces_nan: self.nan == "Replace",
            critical: self.is_critical,
            must_have_data: self.data_required,
        })
    }
}

fn classifier(row: &Value) -> Result<(), String> {
    let row = ClassifierRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let (Some(control), Some(experiment)) = (&row.control, &row.experiment) else {
        return Ok(());
    };
    let values = |sample: &[Option<f64>]| -> Vec<f64> {
        sample
            .iter()
            .map(|value| value.unwrap_or(f64::NAN))
            .collect()
    };
    let mut noise = || 0.5;
    let (control, experiment) = (values(control), values(experiment));
    let found = row
        .test()?
        .classify(&control, &experiment, Mode::COMPAT, &mut noise);
    let real = (
        row.expect.unwrap_or(found.label),
        row.expect_critical.unwrap_or(found.critical),
    );
    let ours = (found.label, found.critical);
    if real == ours {
        return Ok(());
    }
    Err(format!(
        "{}: Kayenta {real:?}, here {ours:?} ({:?})",
        row.test, found.shift
    ))
}

/// Two samples and values of functions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionsRow {
    /// Name of Kayenta's test.
    pub test: String,
    /// The samples by the names that they have there.
    pub arrays: BTreeMap<String, Vec<f64>>,
    /// Values by name.
    #[serde(default)]
    pub expected: BTreeMap<String, f64>,
    /// Expected value (a number or a name), what is asked, tolerance.
    pub asserts: Vec<(String, String, String)>,
    /// Level of the interval.
    pub conf: f64,
}

fn functions(row: &Value) -> Result<(), String> {
    let row = FunctionsRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let sample = |names: [&str; 3]| {
        let found = names.iter().find_map(|name| row.arrays.get(*name));
        found.ok_or_else(|| format!("{}: no sample {}", row.test, names[0]))
    };
    let x = sample(["experiment", "experimentData", "x"])?;
    let y = sample(["control", "controlData", "y"])?;
    for (expected, asked, tolerance) in &row.asserts {
        let named = row.expected.get(expected).copied();
        let real = named
            .or_else(|| expected.parse().ok())
            .ok_or(format!("`{expected}`?"))?;
        let ours = value(asked, x, y, row.conf)?;
        let near = (real - ours).abs() <= tolerance.parse().unwrap_or(E);
        if !near {
            return Err(format!(
                "{}: {asked}: Kayenta {real}, here {ours}",
                row.test
            ));
        }
    }
    Ok(())
}

/// A value by the name that Kayenta's tests have for it.
fn value(asked: &str, x: &[f64], y: &[f64], level: f64) -> Result<f64, String> {
    let samples = Samples::new(x, y);
    let (from, to) = samples.range();
    let quantile = normal::lower(level);
    let statistic = |mu, quantile| samples.statistic(mu, quantile).map_err(|_| tied());
    let root = |quantile| -> Result<f64, String> {
        let ends = (statistic(from, quantile)?, statistic(to, quantile)?);
        brent::root((from, to), ends, brent::TOLERANCE, |mu| {
            statistic(mu, quantile)
        })
    };
    let shift = || mann_whitney::shift(x, y, level, brent::TOLERANCE).map_err(|_| tied());
    if let Some(mu) = asked.strip_prefix("mannWhitney.wilcoxonDiff(") {
        return statistic(mu.parse().map_err(|_| format!("`{asked}`?"))?, 0.0);
    }
    match asked {
        "result.confidenceInterval.head" => Ok(shift()?.low),
        "result.confidenceInterval.last" => Ok(shift()?.high),
        "result.estimate" => Ok(shift()?.estimate),
        "muMin" => Ok(from),
        "muMax" => Ok(to),
        "zqLower" => Ok(-quantile),
        "zqUpper" => Ok(quantile),
        "fLower0" => statistic(from, 0.0),
        "fUpper0" => statistic(to, 0.0),
        "fLower1" => statistic(from, -quantile),
        "fUpper1" => statistic(to, -quantile),
        "fLower2" => statistic(from, quantile),
        "fUpper2" => statistic(to, quantile),
        "ciLower" => root(-quantile),
        "ciUpper" => root(quantile),
        "estimate" => root(0.0),
        other => Err(format!("`{other}` is not known")),
    }
}

fn tied() -> String {
    "all tied".to_owned()
}
