//! Who decides in the place of a policy's gates, and what its answers mean.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// Who decides in the place of the gates. Stages, observation times, approvals, evidence, the blast radius and the
/// rollback remain the policy's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum DecidedBy {
    /// A program of one's own: a guard. Nothing runs it but a command line that allows it.
    Exec(ExecGuard),
}

/// A program that is asked at each evaluation, and when a stage's observation is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExecGuard {
    /// The program and its arguments; no shell reads them. It runs in the folder of the policy file. With `once`,
    /// `{signals}`, `{k6-summary}` and `{guard-rates}` stand for the path of a file with the readings in that form.
    #[schemars(length(min = 1))]
    pub command: Vec<String>,
    /// How it is asked.
    pub protocol: GuardProtocol,
    /// For how long an answer is waited for, on the real clock; 1 min at most.
    pub deadline: SimDuration,
    /// The most bytes that it may write for one answer, errors not counted; 16 MiB at most.
    #[serde(default = "usual_output", skip_serializing_if = "is_usual_output")]
    #[schemars(range(min = 1, max = 16_777_216))]
    pub max_output: u64,
    /// The variables that it sees besides `PATH`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// What its exit codes mean, with `once`; any other is a crash. Left out, it must exit with 0 and write a word.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exit_codes: BTreeMap<String, GuardDecision>,
    /// What its words mean, besides `promote`, `hold`, `pause` and `rollback`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, GuardDecision>,
    /// What is done where it does not answer.
    pub on: GuardFaults,
}

const fn usual_output() -> u64 {
    65_536
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_usual_output(bytes: &u64) -> bool {
    *bytes == usual_output()
}

/// How a guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GuardProtocol {
    /// One process for many questions: a line of JSON comes in, a line goes out.
    JsonLines,
    /// One process for each question, which comes on its standard input.
    Once,
}

/// What is done where a guard does not answer. There is no default: each is a decision that somebody would rather have
/// made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GuardFaults {
    /// It cannot be started, it ends before it has answered, or with an exit code without a meaning.
    pub crash: GuardDecision,
    /// It has not answered in time.
    pub deadline: GuardDecision,
    /// What it says is no decision.
    pub no_decision: GuardDecision,
    /// It writes more than it may.
    pub too_much_output: GuardDecision,
}

impl GuardFaults {
    /// What is done on a fault.
    pub const fn of(&self, fault: GuardFault) -> GuardDecision {
        match fault {
            GuardFault::Crash => self.crash,
            GuardFault::Deadline => self.deadline,
            GuardFault::NoDecision => self.no_decision,
            GuardFault::TooMuchOutput => self.too_much_output,
        }
    }
}

/// What a guard decides.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum GuardDecision {
    /// As far as it is concerned the stage may be left; it is once the policy's time and approval are there.
    Promote,
    /// The stage goes on.
    Hold,
    /// The rollout stands still for good.
    Pause,
    /// The release is taken back.
    Rollback,
}

impl GuardDecision {
    /// All decisions.
    pub const ALL: [Self; 4] = [Self::Promote, Self::Hold, Self::Pause, Self::Rollback];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Hold => "hold",
            Self::Pause => "pause",
            Self::Rollback => "rollback",
        }
    }
}

/// What is wrong with a guard that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuardFault {
    /// It cannot be started, or ends before it has answered.
    Crash,
    /// It has not answered in time.
    Deadline,
    /// What it says is no decision.
    NoDecision,
    /// It writes more than it may.
    TooMuchOutput,
}

impl GuardFault {
    /// All faults.
    pub const ALL: [Self; 4] = [
        Self::Crash,
        Self::Deadline,
        Self::NoDecision,
        Self::TooMuchOutput,
    ];

    /// What it did, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Crash => "crashed",
            Self::Deadline => "did not answer in time",
            Self::NoDecision => "answered no decision",
            Self::TooMuchOutput => "wrote too much",
        }
    }
}
