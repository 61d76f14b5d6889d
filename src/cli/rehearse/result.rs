//! What fired when.

use std::collections::{BTreeMap, BTreeSet};

use reports::{Align, Cell, Style, Table};
use serde_json::{Value, json};
use sim_core::engine::{SimDuration, SimTime};

/// What fired, by name, with the seconds at which it did first.
pub type Alarms = BTreeMap<String, f64>;

/// One rollout that the rules have watched.
pub struct RehearsedRollout {
    replication: u64,
    /// When a trigger of the policy first did something.
    acted_s: Option<f64>,
    /// When users first met a regression.
    regression_s: Option<f64>,
    /// The gates of the policy that are triggers.
    gates: Alarms,
    alerts: Alarms,
}

impl RehearsedRollout {
    pub fn new(
        replication: u64,
        (acted, regression): (Option<SimTime>, Option<SimTime>),
        gates: Alarms,
    ) -> Self {
        Self {
            replication,
            acted_s: acted.map(SimTime::as_secs_f64),
            regression_s: regression.map(SimTime::as_secs_f64),
            gates,
            alerts: Alarms::new(),
        }
    }

    /// The same with the alerts that fired in it.
    pub fn with(mut self, fired: &BTreeMap<u64, Alarms>) -> Self {
        if let Some(alerts) = fired.get(&self.replication) {
            self.alerts.clone_from(alerts);
        }
        self
    }

    /// Whether what fired at `at` had something to fire for.
    fn is_founded(&self, at: f64) -> bool {
        self.regression_s.is_some_and(|since| at >= since)
    }
}

/// Rollouts that rules have watched.
pub struct Rehearsed {
    pub policy: String,
    pub scenario: String,
    pub rules: String,
    pub seed: u64,
    /// Whether the release is a good one.
    pub good: bool,
    pub rollouts: Vec<RehearsedRollout>,
}

/// How one alarm fared over all rollouts.
#[derive(Clone)]
struct Fared {
    name: String,
    fired: usize,
    /// Fired with nothing to fire for.
    false_alarms: usize,
    /// From the regression to the alarm, rising, s.
    delays: Vec<f64>,
}

impl Fared {
    /// The row of the alarm, in `all` rollouts.
    fn row(&self, all: usize) -> Vec<Cell> {
        let at = |place: Option<&f64>| {
            place.map_or("-".to_owned(), |delay| {
                SimDuration::from_secs_f64(*delay).to_string()
            })
        };
        let delays = &self.delays;
        vec![
            reports::escape(&self.name).into(),
            format!("{} of {all}", self.fired).into(),
            self.false_alarms.to_string().into(),
            at(delays.get(delays.len().saturating_sub(1) / 2)).into(),
            at(delays.last()).into(),
        ]
    }
}

impl Rehearsed {
    /// The policy's own triggers together, then each of its gates and each alert by name.
    fn fared(&self) -> Vec<Fared> {
        let own = self.one("the policy's own triggers", &|rollout| rollout.acted_s);
        let gates = self.each(&|rollout| &rollout.gates, "gate ");
        let alerts = self.each(&|rollout| &rollout.alerts, "");
        [vec![own], gates, alerts].concat()
    }

    fn each(&self, alarms: &dyn Fn(&RehearsedRollout) -> &Alarms, before: &str) -> Vec<Fared> {
        let names = self.rollouts.iter().flat_map(|it| alarms(it).keys());
        let names: BTreeSet<_> = names.collect();
        let one = |name: &String| {
            let shown = format!("{before}{name}");
            self.one(&shown, &|rollout| alarms(rollout).get(name).copied())
        };
        names.into_iter().map(one).collect()
    }

    fn one(&self, name: &str, fires: &dyn Fn(&RehearsedRollout) -> Option<f64>) -> Fared {
        let fired = self
            .rollouts
            .iter()
            .filter_map(|rollout| Some((rollout, fires(rollout)?)));
        let (founded, not): (Vec<_>, Vec<_>) =
            fired.partition(|(rollout, at)| rollout.is_founded(*at));
        let delay = |(rollout, at): &(&RehearsedRollout, f64)| Some(at - rollout.regression_s?);
        let mut delays: Vec<f64> = founded.iter().filter_map(delay).collect();
        delays.sort_by(f64::total_cmp);
        Fared {
            name: name.to_owned(),
            fired: founded.len() + not.len(),
            false_alarms: not.len(),
            delays,
        }
    }

    /// The result as a table.
    pub fn text(&self, style: Style) -> String {
        let all = self.rollouts.len();
        let release = if self.good { "good" } else { "bad" };
        let mut table = Table::new(&[
            ("alarm", Align::Left),
            ("fired", Align::Right),
            ("false alarms", Align::Right),
            ("median delay", Align::Right),
            ("longest", Align::Right),
        ]);
        for fared in self.fared() {
            table.row(fared.row(all));
        }
        format!(
            "{} in {} (a {release} release), seed {}, {all} rollouts watched by {}\n\n{}\n\
             Alerts are those of promtool on series that nothing cut off; scrapes and rules come once an evaluation of \
             the policy.\n",
            self.policy,
            self.scenario,
            self.seed,
            self.rules,
            table.render(style),
        )
    }

    /// The result as data.
    pub fn json(&self) -> Value {
        let alarm = |fared: Fared| {
            json!({"alarm": fared.name, "fired": fared.fired, "false_alarms": fared.false_alarms,
                   "delays_s": fared.delays})
        };
        let rollout = |it: &RehearsedRollout| {
            json!({"replication": it.replication, "acted_s": it.acted_s,
                   "regression_s": it.regression_s, "gates_s": it.gates, "alerts_s": it.alerts})
        };
        json!({"schema": "coalmine/rehearse", "version": 1, "policy": self.policy, "scenario": self.scenario,
               "rules": self.rules, "seed": self.seed, "good": self.good,
               "alarms": self.fared().into_iter().map(alarm).collect::<Vec<_>>(),
               "rollouts": self.rollouts.iter().map(rollout).collect::<Vec<_>>()})
    }
}
