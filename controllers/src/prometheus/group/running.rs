//! A group at work: evaluation in order, what it writes back, restarts and new versions of the rules.

use std::collections::BTreeSet;

use super::clock::{restored, series_of};
use super::rule::Rule;
use super::{Group, Settings};
use crate::prometheus::alert::{AlertState, Alerts, Notice};
use crate::prometheus::ast::Expr;
use crate::prometheus::labels::Labels;
use crate::prometheus::recording::{Millis, Reading, Recording};
use crate::prometheus::value::{Element, EvalError, Value};

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
        let given = |expr: &Expr| {
            let given = settings.engine.evaluate(expr, recording, looks);
            given.map(Value::elements)
        };
        let (series, notices) = match &group.rules[nth] {
            Rule::Record(rule) => (rule.series(given(&rule.expr)?, group.limit)?, Vec::new()),
            Rule::Alert(rule) => {
                let alerts = &mut self.alerts[nth];
                alerts.step(rule, at, given(&rule.expr), group.limit)?;
                let notices = alerts.notices(at, settings.resend_delay, group.interval);
                (self.shown(nth), notices)
            }
        };
        self.write(nth, recording, looks, series);
        Ok(notices)
    }

    /// The series of the alerts of a rule; none before their clocks are restored.
    fn shown(&self, nth: usize) -> Vec<Element> {
        let alerts = self.alerts[nth].iter().filter(|_| self.restored);
        let active = alerts.filter(|alert| alert.state != AlertState::Inactive);
        active.flat_map(series_of).collect()
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
