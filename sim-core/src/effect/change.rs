//! Effects and the changes that they make.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AnswerChange, AnswerTrouble, CommandChange, CommandTrouble, Course, DataChange, Direction,
    HostReturn, Memory, Mislabel, Misread, Only, Part, Slip, Straggling,
};
use crate::engine::{Distribution, Share, SimDuration};
use crate::policy::gate::Population;

/// One change of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Effect {
    /// The name of the effect, unique in its scenario.
    pub id: String,
    /// What is changed.
    pub change: Change,
    /// When, and how strongly.
    #[serde(default)]
    pub course: Course,
    /// The share of hosts that show the effect; none means all. It belongs to changes of signals, to outages
    /// of telemetry (whose hosts send nothing) and to commands that are late or disobeyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Share>,
    /// The effect whose hosts show this one too, by its id, instead of hosts of its own: a device that fails
    /// in silence is an outage with `hosts-of:` the effect that makes it fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts_of: Option<String>,
    /// The rungs or kill switches that take the effect away, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cured_by: Vec<String>,
    /// What the world must be like for the effect to show; none means anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// Whether the history says when the effect first changed anything, apart from when it began.
    #[serde(default, skip_serializing_if = "is_false")]
    pub confirm: bool,
}

/// What an effect changes. Each variant sits on one layer of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Change {
    /// Layer release: a signal of the new version is worse by a summand; latencies grow by a factor only.
    Add(SignalChange),
    /// Layer release: a signal of the new version is worse by a factor.
    Multiply(SignalChange),
    /// Layer host: every signal value of a population moves together by a factor (a common shock).
    Shock(SignalChange),
    /// Layer transport: samples of a signal do not arrive; with `hosts` or `hosts-of` those of some hosts of
    /// the new version, and what these hosts alone would show is not seen.
    Outage(DataChange),
    /// Layer exporter: a signal reads as not a number.
    Nan(DataChange),
    /// Layer exporter: counters start again from zero when the effect begins.
    CounterReset(DataChange),
    /// Layer store: samples arrive later by this much.
    Lag {
        /// The signal; none means all signals.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<String>,
        /// The additional delay.
        by: SimDuration,
    },
    /// Layer store: the newest sample is served again and again.
    Freeze(DataChange),
    /// Layer actuator: a rollback step fails this many times before it works.
    StepFails {
        /// The step.
        step: String,
        /// How many attempts fail.
        times: u32,
    },
    /// Layer actuator: a rollback step reaches only a share of the hosts.
    StepPartial {
        /// The step.
        step: String,
        /// The share that it reaches.
        reaches: Share,
    },
    /// Layer actuator: the restored configuration is the bad one again.
    SameContent {
        /// The step.
        step: String,
    },
    /// Layer actuator: the kill switch is thrown and nothing happens.
    KillSwitchNoop,
    /// Layer actuator: updates of hosts take longer by a factor.
    SlowHosts {
        /// The factor.
        factor: f64,
    },
    /// Layer actuator: the first try of an update to the new version fails, besides those that fail anyway.
    UpdatesFail {
        /// The share of the tries, at full strength.
        share: Share,
    },
    /// Layer host: the old version is no longer there.
    StandbyAbsent,
    /// Layer host: the load is another by a factor.
    Load {
        /// The factor at full strength.
        factor: f64,
    },
    /// Layer host: hosts of the new version are gone for a while; each share of the fleet loses as large
    /// a share of them.
    HostsLost {
        /// The share of the fleet, at full strength.
        share: Share,
        /// How they come back.
        #[serde(default)]
        returning: HostReturn,
    },
    /// Layer transport: a part of the samples of each scrape does not arrive.
    Thin(Part),
    /// Layer transport: each scrape as a whole is lost with this probability.
    DropScrapes(Part),
    /// Layer store: a part of the samples is counted twice.
    Duplicate(Part),
    /// Layer store: a part of the samples arrives after the others.
    Straggle(Straggling),
    /// Layer transport: samples carry the label of another population.
    Mislabel(Mislabel),
    /// Layer query: values are read otherwise than they are.
    Misread(Misread),
    /// Layer query: the window that is asked for lies further back, and nobody sees that it does.
    ShiftWindow {
        /// Which data.
        #[serde(default)]
        of: DataChange,
        /// How much further back.
        by: SimDuration,
    },
    /// Layer evaluator: of the controller's beats only every so many is kept; none means that all are lost.
    SkipBeats {
        /// Every how many beats one is kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_every: Option<u32>,
    },
    /// Layer evaluator: the clock by which windows are measured is wrong.
    Clock {
        /// By how much it is ahead.
        #[serde(default)]
        ahead: SimDuration,
        /// By how much it is behind.
        #[serde(default)]
        behind: SimDuration,
        /// How fast it runs; 1 is right.
        rate: f64,
    },
    /// Layer evaluator: triggers are not looked at.
    MaskTriggers {
        /// In which stage alone; none means in all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
    },
    /// Layer evaluator: a gate passes whatever it reads.
    PassGates {
        /// The gate; none means all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<String>,
    },
    /// Layer controller: nobody is there to evaluate, command or listen, for as long as the effect lasts.
    ControllerDown {
        /// What is lost until it comes back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        forgets: Vec<Memory>,
    },
    /// Layer controller: instead of a rollback, a mended version is waited for and rolled out.
    FixForward {
        /// How long it takes.
        after: SimDuration,
        /// Whether it mends anything.
        works: bool,
    },
    /// Layer actuator: commands to hosts go wrong.
    Commands(CommandChange),
    /// Layer actuator: hosts move that nobody who is in charge told to.
    StrayUpdates {
        /// Towards which version.
        toward: Direction,
        /// How many, as a share of the fleet at full strength.
        hosts: Share,
        /// Within how long.
        #[serde(default)]
        within: SimDuration,
    },
    /// Layer actuator: a share of the hosts says that it was reverted and was not.
    FalseAcks {
        /// The share, at full strength.
        share: Share,
    },
    /// Layer actuator: the kill switch takes longer to reach everybody.
    SwitchSlow {
        /// How much longer.
        by: Distribution,
    },
    /// Layer human: the steps of a rollback are not taken as they are written.
    Runbook(Slip),
    /// Layer human: answers go wrong.
    Answers(AnswerChange),
    /// Layer human: somebody lets the stage go on, whatever its gates say.
    Promote,
    /// Layer human: a piece of evidence is as the experiment's list says; the effect shows when somebody
    /// looks at it.
    FlawedEvidence {
        /// The evidence, by the id that the policy gives it.
        evidence: String,
    },
    /// Layer human: waivers are accepted that do not count.
    AcceptWaivers,
}

impl Effect {
    /// Whether the effect leaves the world exactly as it was, whatever happens.
    pub fn is_inert(&self) -> bool {
        self.course.strength <= 0.0
            || self.course.lasts == Some(SimDuration::ZERO)
            || self.hosts == Some(Share::ZERO)
            || self.change.is_neutral()
    }
}

impl Change {
    /// Whether it is on the data's way from the hosts to the query.
    pub const fn is_about_data(&self) -> bool {
        matches!(
            self,
            Self::Outage(_)
                | Self::Nan(_)
                | Self::CounterReset(_)
                | Self::Lag { .. }
                | Self::Freeze(_)
                | Self::Thin(_)
                | Self::DropScrapes(_)
                | Self::Duplicate(_)
                | Self::Straggle(_)
                | Self::Mislabel(_)
                | Self::Misread(_)
                | Self::ShiftWindow { .. }
        )
    }

    /// Whether it changes nothing at any strength: a factor of 1, a share or a delay of 0.
    pub fn is_neutral(&self) -> bool {
        match self {
            Self::Add(change) => change.by == 0.0,
            Self::Multiply(change) | Self::Shock(change) => change.by == 1.0,
            Self::Lag { by, .. } | Self::ShiftWindow { by, .. } => by.is_zero(),
            Self::StepFails { times, .. } => *times == 0,
            Self::StepPartial { reaches, .. } => *reaches == Share::ONE,
            Self::SlowHosts { factor } | Self::Load { factor } => *factor == 1.0,
            Self::HostsLost { share, .. }
            | Self::FalseAcks { share }
            | Self::UpdatesFail { share } => *share == Share::ZERO,
            Self::Thin(part) | Self::DropScrapes(part) | Self::Duplicate(part) => {
                part.share == Share::ZERO
            }
            Self::Straggle(late) => late.share == Share::ZERO || late.by.is_zero(),
            Self::Mislabel(label) => label.share == Share::ZERO || label.from == label.to,
            Self::Misread(misread) => misread.reads.is_neutral(),
            Self::SkipBeats { keep_every } => *keep_every == Some(1),
            Self::Clock {
                ahead,
                behind,
                rate,
            } => ahead == behind && *rate == 1.0,
            Self::StrayUpdates { hosts, .. } => *hosts == Share::ZERO,
            Self::SwitchSlow { by } => is_none(by),
            Self::Commands(change) => match &change.trouble {
                CommandTrouble::Late(by) => is_none(by),
                CommandTrouble::Lost { chance, .. } => *chance == 0.0,
                CommandTrouble::Stuck | CommandTrouble::Limited { .. } => false,
            },
            Self::Answers(change) => {
                matches!(&change.trouble, AnswerTrouble::Late(by) if is_none(by))
            }
            _ => false,
        }
    }
}

fn is_none(delay: &Distribution) -> bool {
    *delay == Distribution::Constant(SimDuration::ZERO)
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// A change of one signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignalChange {
    /// The signal.
    pub signal: String,
    /// The summand or factor at full strength.
    #[serde(deserialize_with = "crate::engine::quantity")]
    #[schemars(with = "crate::engine::Quantity")]
    pub by: f64,
    /// Who shows it.
    #[serde(default = "canary")]
    pub population: Population,
}

fn canary() -> Population {
    Population::Canary
}
