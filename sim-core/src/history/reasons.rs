//! What is asked for, why a rollout stands still, and how a step ended.

/// What somebody is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To approve leaving a stage.
    Approval,
    /// To approve the next increment inside a stage.
    Increment,
    /// To sign off after a trigger's action.
    SignOff,
    /// To acknowledge before a new attempt.
    Acknowledgement,
    /// To take over, because the ladder is exhausted.
    Escalation,
}

/// Why a rollout stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    /// The stage was not satisfied within so many windows.
    Overdue,
    /// A trigger's action.
    Trigger,
    /// Evidence was flawed when the stage was to be entered.
    Evidence,
    /// A sign-off is awaited.
    AwaitingSignOff,
    /// Nobody approved in time.
    Unanswered,
    /// The guard said so.
    Guard,
}

/// How a rollback step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// It did what it should.
    Done,
    /// It reached only a part of the hosts.
    Partial,
    /// It failed.
    Failed,
    /// It was done, but what it put back is the bad content again.
    SameContent,
}
