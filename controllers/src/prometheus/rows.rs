//! Recorded decisions of Prometheus 3.16.0, replayed.
//!
//! A row is a recording, one alerting rule, and what Prometheus said of it at every evaluation. It is played through
//! [`Running`], the machine that a simulation drives.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::alert::{AlertState, AlertingRule};
use super::ast::Expr;
use super::eval::Engine;
use super::group::{Group, Rule, Running, Settings};
use super::labels::Labels;
use super::parse::parse;
use super::recording::{Millis, Reading, Recording};
use super::value::Value;

/// The kinds of row that [`replay`] knows.
pub const KINDS: [&str; 5] = ["threshold", "mean", "m-of-n", "ratio", "burn-rate"];

/// A row; times are seconds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// The same rule without PromQL.
    pub native: Json,
    /// What was scraped.
    pub series: Vec<RowSeries>,
    /// The rule.
    pub rule: RowRule,
    /// Further expressions to evaluate.
    pub probes: Vec<String>,
    /// From one evaluation to the next.
    pub interval: f64,
    /// The first evaluation.
    pub first: f64,
    /// No evaluation is after it.
    pub last: f64,
    /// How far back the rule looks.
    pub query_offset: f64,
    /// How long an instant value is shown.
    pub lookback: f64,
    /// What Prometheus said.
    pub expect: Expected,
}

/// One series of a row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowSeries {
    /// Its labels.
    pub labels: Labels,
    /// When it was scraped.
    pub t: Vec<f64>,
    /// A number, `"NaN"` or `"stale"`.
    pub v: Vec<Json>,
}

/// The rule of a row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// PromQL.
    pub expr: String,
    /// Seconds.
    #[serde(rename = "for")]
    pub hold: f64,
    /// Seconds.
    pub keep_firing_for: f64,
}

/// What Prometheus said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// One letter an evaluation: `-`, `p` or `f`.
    pub states: String,
    /// When it first fired.
    pub first_fires: Option<f64>,
    /// The first and the last evaluation of each time that it fired.
    pub fires: Vec<(f64, f64)>,
    /// For each probe its value at each evaluation: a number, `"NaN"`, or null for no value.
    pub probes: Vec<Vec<Json>>,
}

/// Plays a row and tells how it differs from what Prometheus said; `None` when the kind is not known here.
///
/// The kind is one of [`KINDS`], as the row itself says, or `prometheus` for any of them.
pub fn replay(kind: &str, row: &Json) -> Option<Result<(), String>> {
    (kind == "prometheus" || KINDS.contains(&kind)).then(|| {
        let row: Row = serde_json::from_value(row.clone()).map_err(|e| e.to_string())?;
        row.replay()
    })
}

impl Row {
    /// Plays the row.
    ///
    /// # Errors
    ///
    /// Returns the first difference in words. Floats must be equal in every bit.
    pub fn replay(&self) -> Result<(), String> {
        let played = self.play()?;
        let expected = &self.expect;
        differs("states", &played.states, &expected.states)?;
        differs("first_fires", &played.first_fires, &expected.first_fires)?;
        differs("fires", &played.fires, &expected.fires)?;
        for (nth, (played, expected)) in played.probes.iter().zip(&expected.probes).enumerate() {
            for (step, pair) in played.iter().zip(expected).enumerate() {
                let (played, expected) = (written(pair.0), written(pair.1));
                differs(
                    &format!("probe {nth} at evaluation {step}"),
                    &played,
                    &expected,
                )?;
            }
            differs("number of values", &played.len(), &expected.len())?;
        }
        differs(
            "number of probes",
            &played.probes.len(),
            &expected.probes.len(),
        )
    }

    fn play(&self) -> Result<Expected, String> {
        let (group, settings) = (self.group()?, self.settings());
        let probes = self.probes.iter().map(|text| read(text));
        let probes: Vec<Expr> = probes.collect::<Result<_, _>>()?;
        let mut recording = self.recording()?;
        let mut running = Running::new(&group, true);
        let mut played = Expected {
            states: String::new(),
            first_fires: None,
            fires: Vec::new(),
            probes: vec![Vec::new(); probes.len()],
        };
        let mut at = millis(self.first);
        while at <= millis(self.last) {
            for outcome in running.evaluate(&group, &settings, &mut recording, at) {
                outcome.map_err(|error| format!("at {at} ms: {error}"))?;
            }
            played.note(running.alerts(0).state(), at as f64 / 1000.0);
            for (expr, values) in probes.iter().zip(&mut played.probes) {
                let looks = at - group.query_offset;
                let value = settings.engine.evaluate(expr, &recording, looks);
                values.push(shown(&value.map_err(|e| e.to_string())?));
            }
            at += group.interval;
        }
        Ok(played)
    }

    fn settings(&self) -> Settings {
        let engine = Engine {
            lookback: millis(self.lookback),
            ..Engine::default()
        };
        Settings {
            engine,
            ..Settings::default()
        }
    }

    fn group(&self) -> Result<Group, String> {
        let rule = AlertingRule {
            alert: "row".into(),
            expr: read(&self.rule.expr)?,
            hold: millis(self.rule.hold),
            keep_firing_for: millis(self.rule.keep_firing_for),
            labels: BTreeMap::new(),
        };
        Ok(Group {
            file: String::new(),
            name: self.id.clone(),
            interval: millis(self.interval),
            query_offset: millis(self.query_offset),
            limit: 0,
            rules: vec![Rule::Alert(rule)],
        })
    }

    /// Returns what was scraped as a recording.
    ///
    /// # Errors
    ///
    /// When a value is neither a number, `"NaN"` nor `"stale"`.
    pub fn recording(&self) -> Result<Recording, String> {
        let mut recording = Recording::default();
        for series in &self.series {
            let place = recording.place(&series.labels);
            for (t, v) in series.t.iter().zip(&series.v) {
                let reading = match (v.as_f64(), v.as_str()) {
                    (Some(value), _) => Reading::Value(value),
                    (None, Some("NaN")) => Reading::Value(f64::NAN),
                    (None, Some("stale")) => Reading::Stale,
                    _ => return Err(format!("{v} is no value")),
                };
                recording.append(place, millis(*t), reading);
            }
        }
        Ok(recording)
    }
}

impl Expected {
    fn note(&mut self, state: AlertState, at: f64) {
        let firing = state == AlertState::Firing;
        let before = self.states.ends_with('f');
        self.states.push(match state {
            AlertState::Inactive => '-',
            AlertState::Pending => 'p',
            AlertState::Firing => 'f',
        });
        match self.fires.last_mut() {
            Some(time) if firing && before => time.1 = at,
            _ if firing => self.fires.push((at, at)),
            _ => {}
        }
        self.first_fires = self.fires.first().map(|time| time.0);
    }
}

fn read(text: &str) -> Result<Expr, String> {
    parse(text).map_err(|error| format!("{text}: {error}"))
}

fn millis(seconds: f64) -> Millis {
    (seconds * 1000.0).round() as Millis
}

/// A value as a row writes it.
fn shown(value: &Value) -> Json {
    let number = match value {
        Value::Scalar(number) => *number,
        Value::Vector(elements) => match elements.first() {
            Some(element) => element.value,
            None => return Json::Null,
        },
    };
    let words = |number: f64| {
        if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
    };
    serde_json::Number::from_f64(number).map_or_else(|| words(number).into(), Json::Number)
}

/// `0` and `0.0` are the same number.
fn written(value: &Json) -> Json {
    value.as_f64().map_or_else(|| value.clone(), Json::from)
}

fn differs<T: PartialEq + std::fmt::Debug>(
    what: &str,
    played: &T,
    expected: &T,
) -> Result<(), String> {
    if played == expected {
        return Ok(());
    }
    Err(format!(
        "{what}: {played:?}, where Prometheus has {expected:?}"
    ))
}
