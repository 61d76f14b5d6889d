//! Sequences of Flagger's own tests.

use serde::Deserialize;
use serde_json::Value;

use super::policy;
use crate::flagger::form::CanaryWebhook;
use crate::flagger::metric::{Answer, Ask};
use crate::flagger::policy::Policy;
use crate::flagger::ready::Readiness;
use crate::flagger::state::{Phase, State, Tick, Wake, World};
use crate::flagger::tick;

/// One sequence: what each tick after a new revision shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    pub test: String,
    pub analysis: Value,
    #[serde(default)]
    pub given: Given,
    #[serde(default)]
    pub canary_weight_after_tick: Vec<i64>,
    #[serde(default)]
    pub phases_after_tick: Vec<Phase>,
    #[serde(default)]
    pub iterations_after_tick: Vec<i64>,
    /// Primary, canary, mirrored.
    #[serde(default)]
    pub routes_after_tick: Vec<(i64, i64, bool)>,
    #[serde(default)]
    pub then_phases: Vec<Phase>,
    /// `new revision`, after what is above.
    #[serde(default)]
    pub then: String,
    pub canary_weight_after_next_tick: Option<i64>,
    #[serde(default, rename = "skipAnalysis", alias = "skip_analysis")]
    pub skip_analysis: bool,
    #[serde(default)]
    pub provider: String,
    /// Readiness of the primary on each tick; the last is repeated, and left out it is ready.
    #[serde(default)]
    pub primary: Vec<Ready>,
    #[serde(default)]
    /// A remark of who wrote it down.
    #[expect(dead_code, reason = "part of the form; says nothing to compare")]
    pub note: String,
}

/// Readiness as a sequence spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ready {
    /// Ready.
    #[serde(rename = "ready")]
    Yes,
    /// Not yet.
    Waiting,
    /// Beyond the deadline.
    Stuck,
}

/// Where a sequence begins, if not with a new revision.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Given {
    pub phase: Option<Phase>,
    #[serde(default)]
    pub failed_checks: i64,
    #[serde(default)]
    pub iterations: i64,
    #[serde(default)]
    pub canary_weight: i64,
}

/// Everything passes: metrics are in any range that has a maximum or a minimum of theirs.
struct AllPasses;

impl World for AllPasses {
    fn metric(&mut self, ask: &Ask<'_>) -> Answer {
        let range = ask.metric.threshold_range.unwrap_or_default();
        Answer::value(range.min.or(range.max).unwrap_or(ask.metric.threshold))
    }

    fn hook(&mut self, _: usize, _: &CanaryWebhook, _: Phase) -> bool {
        true
    }
}

struct Player {
    policy: Policy,
    state: State,
    revision: u64,
    primary: Vec<Ready>,
    ticks: usize,
}

impl Player {
    fn tick(&mut self) -> Tick {
        let primary = match super::at(&self.primary, self.ticks) {
            None | Some(Ready::Yes) => Readiness::Ready,
            Some(Ready::Waiting) => Readiness::Waiting,
            Some(Ready::Stuck) => Readiness::Stuck,
        };
        self.ticks += 1;
        let wake = Wake {
            revision: self.revision,
            primary,
            canary: Readiness::Ready,
        };
        let tick = tick(&self.policy, &self.state, wake, &mut AllPasses);
        self.state = tick.state;
        tick
    }
}

pub(super) fn replay(row: &Value) -> Result<(), String> {
    let row = Sequence::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let policy = policy(&row.analysis, row.skip_analysis, &row.provider)?;
    let (state, primary) = (beginning(&row.given), row.primary.clone());
    let mut player = Player {
        policy,
        state,
        revision: 1,
        primary,
        ticks: 0,
    };
    compare(&row, &mut player).map_err(|error| format!("{}: {error}", row.test))
}

fn beginning(given: &Given) -> State {
    let Some(phase) = given.phase else {
        return State::initialized(0);
    };
    let mut state = State {
        phase,
        applied: Some(1),
        ..State::initialized(0)
    };
    (state.failed_checks, state.iterations) = (given.failed_checks, given.iterations);
    (state.weight, state.routes.canary) = (given.canary_weight, given.canary_weight);
    state.routes.primary -= given.canary_weight;
    state
}

fn compare(row: &Sequence, player: &mut Player) -> Result<(), String> {
    let lengths = [
        row.canary_weight_after_tick.len(),
        row.phases_after_tick.len(),
        row.routes_after_tick.len(),
        row.iterations_after_tick.len(),
    ];
    for number in 0..lengths.into_iter().max().unwrap_or(0) {
        compare_tick(row, number, &player.tick().state)?;
    }
    compare_later(row, player)
}

/// One tick of the row, as far as the row says what it came to.
fn compare_tick(row: &Sequence, number: usize, state: &State) -> Result<(), String> {
    let routes = state.routes;
    let weight = row.canary_weight_after_tick.get(number);
    same(number, "weight", weight, &routes.canary)?;
    let phase = row.phases_after_tick.get(number);
    same(number, "phase", phase, &state.phase)?;
    let routes = (routes.primary, routes.canary, routes.mirrored);
    same(number, "routes", row.routes_after_tick.get(number), &routes)?;
    let iterations = row.iterations_after_tick.get(number);
    same(number, "iterations", iterations, &state.iterations)
}

/// What comes after the ticks that are listed.
fn compare_later(row: &Sequence, player: &mut Player) -> Result<(), String> {
    for (number, phase) in row.then_phases.iter().enumerate() {
        let ours = player.tick().state.phase;
        same(number, "later phase", Some(phase), &ours)?;
    }
    match row.then.as_str() {
        "" => {}
        "new revision" => player.revision += 1,
        other => return Err(format!("`{other}` is not known")),
    }
    if let Some(weight) = row.canary_weight_after_next_tick {
        let ours = player.tick().state.routes.canary;
        same(0, "weight after", Some(&weight), &ours)?;
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(
    tick: usize,
    what: &str,
    real: Option<&T>,
    ours: &T,
) -> Result<(), String> {
    match real {
        Some(real) if real != ours => Err(format!(
            "tick {tick}: {what}: Flagger {real:?}, here {ours:?}"
        )),
        _ => Ok(()),
    }
}
