//! One alerting rule: which alerts are pending and which fire, evaluation by evaluation.
//!
//! Prometheus 3.16.0, `rules/alerting.go`, seen by running it.

use std::collections::{BTreeMap, BTreeSet};

use super::ast::Expr;
use super::labels::{Labels, NAME};
use super::recording::Millis;
use super::template;
use super::value::{Element, EvalError};

/// How long a resolved alert is remembered and sent.
pub const RESOLVED_RETENTION: Millis = 15 * 60_000;

/// A rule that alerts.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertingRule {
    /// `alert`: the name.
    pub alert: String,
    /// `expr`: each element that it gives is an alert.
    pub expr: Expr,
    /// `for`: how long the condition must hold.
    pub hold: Millis,
    /// `keep_firing_for`: how long a firing alert outlives its condition.
    pub keep_firing_for: Millis,
    /// `labels` that each alert gets; templates with `$labels` and `$value` are filled in, an empty text takes a label away.
    pub labels: BTreeMap<String, String>,
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertState {
    /// It has been resolved.
    Inactive,
    /// Its condition holds, not yet for long enough.
    Pending,
    /// It fires.
    Firing,
}

/// One alert of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What names it.
    pub labels: Labels,
    /// The newest value of the expression.
    pub value: f64,
    /// Where it stands.
    pub state: AlertState,
    /// Since when its condition holds: the clock of `for`.
    pub active_at: Millis,
    /// When it began to fire.
    pub fired_at: Option<Millis>,
    /// When it was resolved.
    pub resolved_at: Option<Millis>,
    /// Since when it only fires because of `keep_firing_for`.
    pub keep_firing_since: Option<Millis>,
    /// When Alertmanager last heard of it.
    pub last_sent_at: Option<Millis>,
    /// Until when Alertmanager believes it, without another word.
    pub valid_until: Option<Millis>,
}

impl Alert {
    fn new(labels: Labels, value: f64, at: Millis) -> Self {
        Self {
            labels,
            value,
            state: AlertState::Pending,
            active_at: at,
            fired_at: None,
            resolved_at: None,
            keep_firing_since: None,
            last_sent_at: None,
            valid_until: None,
        }
    }

    /// A condition that no longer holds: keeps firing for a while, or ends. Tells whether it is still active.
    fn lapse(&mut self, keep_firing_for: Millis, at: Millis) -> bool {
        if self.state == AlertState::Firing && keep_firing_for > 0 {
            let since = *self.keep_firing_since.get_or_insert(at);
            if at - since < keep_firing_for {
                return true;
            }
        }
        if self.state != AlertState::Inactive {
            self.state = AlertState::Inactive;
            self.resolved_at = Some(at);
        }
        false
    }

    /// Fires when the clock has run for long enough; a longer `for` makes a firing alert pending again.
    fn advance(&mut self, hold: Millis, at: Millis) {
        let held = at - self.active_at >= hold;
        match (self.state, held) {
            (AlertState::Pending, true) => {
                self.state = AlertState::Firing;
                self.fired_at = Some(at);
            }
            (AlertState::Firing, false) => {
                self.state = AlertState::Pending;
                self.fired_at = None;
                self.last_sent_at = None;
                self.keep_firing_since = None;
            }
            _ => {}
        }
    }

    fn needs_sending(&self, at: Millis, resend_delay: Millis) -> bool {
        if self.state == AlertState::Pending {
            return false;
        }
        let Some(sent) = self.last_sent_at else {
            return true;
        };
        self.resolved_at.is_some_and(|resolved| resolved > sent) || sent + resend_delay < at
    }
}

/// What Alertmanager is told of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which alert.
    pub labels: Labels,
    /// When it began to fire.
    pub starts_at: Millis,
    /// When it ends: in the past for a resolved alert, and otherwise how long it holds without another word.
    pub ends_at: Millis,
}

/// The alerts of one rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alerts {
    active: BTreeMap<Labels, Alert>,
}

impl Alerts {
    /// Takes in what the expression gave at a time.
    ///
    /// # Errors
    ///
    /// An evaluation that failed, or gave two alerts with the same labels, changes nothing. More alerts than a limit
    /// (which is above 0) drops all of them: their clocks begin anew.
    pub fn step(
        &mut self,
        rule: &AlertingRule,
        at: Millis,
        given: Result<Vec<Element>, EvalError>,
        limit: usize,
    ) -> Result<(), EvalError> {
        let seen = self.update(rule, at, given?)?;
        let mut count = 0;
        self.active.retain(|labels, alert| {
            if seen.contains(labels) {
                alert.keep_firing_since = None;
            } else {
                let (pending, resolved) = (alert.state == AlertState::Pending, alert.resolved_at);
                let old = resolved.is_some_and(|resolved| at - resolved > RESOLVED_RETENTION);
                if !alert.lapse(rule.keep_firing_for, at) {
                    return !pending && !old;
                }
            }
            count += 1;
            alert.advance(rule.hold, at);
            true
        });
        if limit > 0 && count > limit {
            self.active.clear();
            let message = format!("{count} alerts exceed the limit of {limit}: all are dropped");
            return Err(EvalError(message));
        }
        Ok(())
    }

    /// Begins or goes on with an alert for each element; returns their labels.
    fn update(
        &mut self,
        rule: &AlertingRule,
        at: Millis,
        elements: Vec<Element>,
    ) -> Result<BTreeSet<Labels>, EvalError> {
        let mut found = BTreeMap::new();
        for element in elements {
            let labels = rule.labels_of(&element);
            if found.insert(labels.clone(), element.value).is_some() {
                return Err(EvalError(format!("two alerts have the labels {labels}")));
            }
        }
        for (labels, value) in &found {
            match self.active.get_mut(labels) {
                Some(alert) if alert.state != AlertState::Inactive => alert.value = *value,
                _ => {
                    let alert = Alert::new(labels.clone(), *value, at);
                    self.active.insert(labels.clone(), alert);
                }
            }
        }
        Ok(found.into_keys().collect())
    }

    /// Yields every alert, resolved ones for 15 minutes.
    pub fn iter(&self) -> impl Iterator<Item = &Alert> {
        self.active.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Alert> {
        self.active.values_mut()
    }

    /// Returns the worst that any alert stands at.
    pub fn state(&self) -> AlertState {
        let states = self.iter().map(|alert| alert.state);
        states.max().unwrap_or(AlertState::Inactive)
    }

    /// Returns what is to be sent to Alertmanager now.
    pub fn notices(&mut self, at: Millis, resend_delay: Millis, interval: Millis) -> Vec<Notice> {
        let mut notices = Vec::new();
        for alert in self
            .iter_mut()
            .filter(|a| a.needs_sending(at, resend_delay))
        {
            alert.last_sent_at = Some(at);
            let until = at + 4 * interval.max(resend_delay);
            alert.valid_until = Some(until);
            notices.push(Notice {
                labels: alert.labels.clone(),
                starts_at: alert.fired_at.unwrap_or(alert.active_at),
                ends_at: alert.resolved_at.unwrap_or(until),
            });
        }
        notices
    }
}

impl AlertingRule {
    /// Returns the labels of the alert that an element makes.
    fn labels_of(&self, element: &Element) -> Labels {
        let mut labels = element.labels.clone();
        labels.remove(NAME);
        for (name, value) in &self.labels {
            let value = template::fill(value, &element.labels, element.value);
            labels.set(name.as_str(), value);
        }
        labels.set("alertname", &*self.alert);
        labels
    }
}
