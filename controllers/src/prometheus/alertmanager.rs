//! When somebody is told: groups of alerts, as Alertmanager 0.35.0 waits for them.
//!
//! One route without silences and inhibitions. What a receiver does with a message, and how long it takes, is the caller's.

use std::collections::{BTreeMap, BTreeSet};

use super::alert::Notice;
use super::labels::Labels;
use super::recording::Millis;

/// How a route waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `group_by`: the labels whose values make a group; `...` is every label.
    pub group_by: Vec<String>,
    /// `group_wait`: how long the first message of a group waits for more alerts.
    pub group_wait: Millis,
    /// `group_interval`: how long a group waits between looks.
    pub group_interval: Millis,
    /// `repeat_interval`: after how long the same is told again.
    pub repeat_interval: Millis,
    /// `send_resolved` of the receiver.
    pub send_resolved: bool,
}

impl Default for Route {
    /// 30 s, 5 m and 4 h, as Alertmanager; a webhook is told of resolved alerts.
    fn default() -> Self {
        Self {
            group_by: Vec::new(),
            group_wait: 30_000,
            group_interval: 300_000,
            repeat_interval: 4 * 3_600_000,
            send_resolved: true,
        }
    }
}

impl Route {
    fn group(&self, labels: &Labels) -> Labels {
        if self.group_by == ["..."] {
            return labels.clone();
        }
        labels.only(&self.group_by)
    }
}

/// A message to the receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The labels that the group has in common.
    pub group: Labels,
    /// Alerts that fire.
    pub firing: BTreeSet<Labels>,
    /// Alerts that have been resolved.
    pub resolved: BTreeSet<Labels>,
}

/// What Alertmanager knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alertmanager {
    groups: BTreeMap<Labels, NoticeGroup>,
    /// What was last told of each group; it outlives the group.
    told: BTreeMap<Labels, Told>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NoticeGroup {
    alerts: BTreeMap<Labels, Held>,
    next: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    starts_at: Millis,
    ends_at: Millis,
}

impl Held {
    /// What overlaps is one incident with the earlier start; what does not takes the place of the other.
    fn merged(self, newer: Self, at: Millis) -> Self {
        let within = |t: Millis| t > self.starts_at && t < self.ends_at;
        if !within(newer.ends_at) && !within(newer.starts_at) {
            return newer;
        }
        let resolved = newer.ends_at <= at;
        Self {
            starts_at: self.starts_at.min(newer.starts_at),
            ends_at: if resolved {
                newer.ends_at
            } else {
                newer.ends_at.max(self.ends_at)
            },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    firing: BTreeSet<Labels>,
    resolved: BTreeSet<Labels>,
    at: Millis,
}

impl Alertmanager {
    /// Takes a notice of Prometheus.
    ///
    /// The first message of a group leaves `group_wait` after its first alert came in, or at once when that alert began
    /// longer ago. Every further alert waits for the group's next look.
    pub fn receive(&mut self, route: &Route, notice: &Notice, at: Millis) {
        let held = Held {
            starts_at: notice.starts_at,
            ends_at: notice.ends_at,
        };
        let group = self.groups.entry(route.group(&notice.labels));
        let group = group.or_insert_with(|| NoticeGroup {
            alerts: BTreeMap::new(),
            next: if held.starts_at + route.group_wait < at {
                at
            } else {
                at + route.group_wait
            },
        });
        let known = group.alerts.get(&notice.labels).copied();
        let merged = known.map_or(held, |known| known.merged(held, at));
        group.alerts.insert(notice.labels.clone(), merged);
    }

    /// Returns when [`Self::wake`] is due next.
    pub fn next(&self) -> Option<Millis> {
        self.groups.values().map(|group| group.next).min()
    }

    /// Looks at the groups that are due and returns what is sent.
    pub fn wake(&mut self, route: &Route, at: Millis) -> Vec<Message> {
        let mut messages = Vec::new();
        for (labels, group) in &mut self.groups {
            if group.next > at {
                continue;
            }
            group.next = at + route.group_interval;
            let message = group.look(labels, at);
            if due(self.told.get(labels), &message, route, at) {
                let told = Told {
                    firing: message.firing.clone(),
                    resolved: message.resolved.clone(),
                    at,
                };
                self.told.insert(labels.clone(), told);
                if !message.firing.is_empty() || route.send_resolved {
                    messages.push(message.clone());
                }
            }
            group
                .alerts
                .retain(|labels, _| !message.resolved.contains(labels));
        }
        self.groups.retain(|_, group| !group.alerts.is_empty());
        messages
    }
}

impl NoticeGroup {
    fn look(&self, group: &Labels, at: Millis) -> Message {
        let ended = |held: &Held| held.ends_at <= at;
        let some = |resolved: bool| {
            let found = self
                .alerts
                .iter()
                .filter(|(_, held)| ended(held) == resolved);
            found.map(|(labels, _)| labels.clone()).collect()
        };
        Message {
            group: group.clone(),
            firing: some(false),
            resolved: some(true),
        }
    }
}

/// Tells whether a group has something new to tell.
fn due(told: Option<&Told>, message: &Message, route: &Route, at: Millis) -> bool {
    let Some(told) = told else {
        return !message.firing.is_empty();
    };
    if !message.firing.is_subset(&told.firing) {
        return true;
    }
    if message.firing.is_empty() {
        return !told.firing.is_empty();
    }
    let more = !message.resolved.is_subset(&told.resolved);
    (route.send_resolved && more) || told.at < at - route.repeat_interval
}
