//! A group of rules: evaluation in order, what it writes back, restarts and new versions of the rules.
//!
//! Prometheus 3.16.0, `rules/group.go`, seen by running it.

use std::collections::{BTreeMap, BTreeSet};

use super::alert::{Alert, AlertingRule, Alerts, Notice, State};
use super::ast::Expr;
use super::eval::{Element, Engine, EvalError, Value};
use super::labels::{Labels, NAME};
use super::recording::{Millis, Reading, Recording};

/// A rule that writes what its expression gives as a series.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingRule {
    /// `record`: the name of the new metric.
    pub record: String,
    /// `expr`
    pub expr: Expr,
    /// `labels` that each element gets; an empty text takes a label away.
    pub labels: BTreeMap<String, String>,
}

/// A rule of either kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// With `alert`.
    Alert(AlertingRule),
    /// With `record`.
    Record(RecordingRule),
}

impl Rule {
    /// What makes a rule of a new version the same rule: its name and its own labels, and neither `expr` nor `for`.
    fn identity(&self) -> (&str, &BTreeMap<String, String>) {
        match self {
            Self::Alert(rule) => (&rule.alert, &rule.labels),
            Self::Record(rule) => (&rule.record, &rule.labels),
        }
    }
}

/// A group of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The path of its file; with the name it decides the phase.
    pub file: String,
    /// Its name.
    pub name: String,
    /// From one evaluation to the next.
    pub interval: Millis,
    /// Rules look at the time of evaluation less this.
    pub query_offset: Millis,
    /// More alerts or series of one rule than this are an error; 0 is no limit.
    pub limit: usize,
    /// The rules, evaluated in this order.
    pub rules: Vec<Rule>,
}

/// How the server is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The engine.
    pub engine: Engine,
    /// `--rules.alert.for-outage-tolerance`: a longer outage restarts the clocks of `for`.
    pub outage_tolerance: Millis,
    /// `--rules.alert.for-grace-period`: the least time that a restored alert still waits.
    pub grace_period: Millis,
    /// `--rules.alert.resend-delay`: how long Alertmanager is not told again.
    pub resend_delay: Millis,
}

impl Default for Settings {
    /// 1 h, 10 m and 1 m, as Prometheus.
    fn default() -> Self {
        Self {
            engine: Engine::default(),
            outage_tolerance: 3_600_000,
            grace_period: 600_000,
            resend_delay: 60_000,
        }
    }
}

/// What one evaluation of one rule led to.
pub type Outcome = Result<Vec<Notice>, EvalError>;

/// What a running group remembers.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    alerts: Vec<Alerts>,
    written: Vec<BTreeSet<Labels>>,
    /// `ALERTS` is written only after the clocks are restored.
    restored: bool,
}

impl Running {
    /// Starts a group. At the start of a server `restored` is false: [`Self::restore`] is due after the second evaluation.
    pub fn new(group: &Group, restored: bool) -> Self {
        Self {
            alerts: vec![Alerts::default(); group.rules.len()],
            written: vec![BTreeSet::new(); group.rules.len()],
            restored,
        }
    }

    /// Returns the alerts of a rule.
    ///
    /// # Panics
    ///
    /// When the group has no such rule.
    pub fn alerts(&self, rule: usize) -> &Alerts {
        &self.alerts[rule]
    }

    /// Evaluates the rules in their order at the time of a slot; what they give is written to the recording.
    pub fn evaluate(
        &mut self,
        group: &Group,
        settings: &Settings,
        recording: &mut Recording,
        at: Millis,
    ) -> Vec<Outcome> {
        (0..group.rules.len())
            .map(|nth| self.rule(nth, group, settings, recording, at))
            .collect()
    }

    fn rule(
        &mut self,
        nth: usize,
        group: &Group,
        settings: &Settings,
        recording: &mut Recording,
        at: Millis,
    ) -> Outcome {
        let looks = at - group.query_offset;
        let given = |expr: &Expr, recording: &Recording| {
            let given = settings.engine.evaluate(expr, recording, looks);
            given.map(Value::elements)
        };
        let (series, notices) = match &group.rules[nth] {
            Rule::Record(rule) => {
                let given = given(&rule.expr, recording)?;
                (rule.series(given, group.limit)?, Vec::new())
            }
            Rule::Alert(rule) => {
                let alerts = &mut self.alerts[nth];
                alerts.step(rule, at, given(&rule.expr, recording), group.limit)?;
                let series = if self.restored {
                    alerts
                        .iter()
                        .filter(|a| a.state != State::Inactive)
                        .flat_map(series_of)
                        .collect()
                } else {
                    Vec::new()
                };
                (
                    series,
                    alerts.notices(at, settings.resend_delay, group.interval),
                )
            }
        };
        self.write(nth, recording, looks, series);
        Ok(notices)
    }

    /// Writes the series of a rule, and a marker for each that it no longer gives.
    fn write(&mut self, nth: usize, recording: &mut Recording, at: Millis, series: Vec<Element>) {
        let mut now = BTreeSet::new();
        for Element { labels, value } in series {
            if recording.push(&labels, at, Reading::Value(value)) {
                now.insert(labels);
            }
        }
        for gone in self.written[nth].difference(&now) {
            recording.push(gone, at, Reading::Stale);
        }
        self.written[nth] = now;
    }

    /// Restores the clocks of `for` after a restart, from what was written before it.
    ///
    /// Prometheus calls this once, after the second evaluation, at the time when that is over.
    pub fn restore(
        &mut self,
        group: &Group,
        settings: &Settings,
        recording: &Recording,
        at: Millis,
    ) {
        for (rule, alerts) in group.rules.iter().zip(&mut self.alerts) {
            let Rule::Alert(rule) = rule else {
                continue;
            };
            for alert in alerts.iter_mut() {
                if let Some(since) = restored(alert, rule.hold, settings, recording, at) {
                    alert.active_at = since;
                }
            }
        }
        self.restored = true;
    }

    /// Goes on under a new version of the group: alerts of the same rules keep their clocks, whatever became of `for`
    /// and `expr`.
    ///
    /// The new version is first evaluated at the next slot of its phase.
    #[must_use]
    pub fn reload(&self, old: &Group, new: &Group) -> Self {
        let mut next = Self::new(new, self.restored);
        let mut taken = BTreeSet::new();
        for (nth, rule) in new.rules.iter().enumerate() {
            let same = |(place, known): &(usize, &Rule)| {
                known.identity() == rule.identity() && !taken.contains(place)
            };
            if let Some((place, _)) = old.rules.iter().enumerate().find(same) {
                taken.insert(place);
                next.alerts[nth].clone_from(&self.alerts[place]);
                next.written[nth].clone_from(&self.written[place]);
            }
        }
        next
    }
}

impl RecordingRule {
    fn series(&self, given: Vec<Element>, limit: usize) -> Result<Vec<Element>, EvalError> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for Element { mut labels, value } in given {
            labels.set(NAME, &*self.record);
            for (name, value) in &self.labels {
                labels.set(name.as_str(), value.as_str());
            }
            if !seen.insert(labels.clone()) {
                let message = format!("two elements are recorded as {labels}");
                return Err(EvalError(message));
            }
            all.push(Element { labels, value });
        }
        if limit > 0 && all.len() > limit {
            let message = format!("{} series exceed the limit of {limit}", all.len());
            return Err(EvalError(message));
        }
        Ok(all)
    }
}

/// `ALERTS` and `ALERTS_FOR_STATE`, which holds the start of the clock in whole seconds.
fn series_of(alert: &Alert) -> [Element; 2] {
    let mut shown = alert.labels.clone();
    shown.set(NAME, "ALERTS");
    let firing = alert.state == State::Firing;
    shown.set("alertstate", if firing { "firing" } else { "pending" });
    let since = alert.active_at.div_euclid(1000) as f64;
    [
        Element {
            labels: shown,
            value: 1.0,
        },
        Element {
            labels: clock_of(alert),
            value: since,
        },
    ]
}

fn clock_of(alert: &Alert) -> Labels {
    let mut labels = alert.labels.clone();
    labels.set(NAME, "ALERTS_FOR_STATE");
    labels
}

/// Returns since when a restored alert counts, if its clock is not simply that of the restart.
///
/// An alert that had fired fires at the next evaluation. One that was pending waits for what was left, and for the grace
/// period at least; where `for` is shorter than that period it begins anew.
fn restored(
    alert: &Alert,
    hold: Millis,
    settings: &Settings,
    recording: &Recording,
    at: Millis,
) -> Option<Millis> {
    let series = recording.get(&clock_of(alert))?;
    let (t, Reading::Value(since)) = series.newest(at - settings.outage_tolerance, at)? else {
        return None;
    };
    let (down, since) = (t / 1000 * 1000, since as Millis * 1000);
    let left = hold - (down - since);
    if left <= 0 {
        Some(since)
    } else if hold < settings.grace_period {
        None
    } else if left < settings.grace_period {
        Some(at + settings.grace_period - hold)
    } else {
        Some(since + (at - down))
    }
}
