//! The decision of a canary guard, as data.

/// What a canary guard decided, and on what.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardReport {
    /// `healthy`, `fallback_required`, or `undecided` where a gate cannot see.
    pub status: &'static str,
    /// The engine mode, in lower case.
    pub engine: String,
    /// The switches as they are now, by the names that the report gives them.
    pub current_state: Vec<(&'static str, StateValue)>,
    /// What was measured.
    pub signals: Signals,
    /// What was allowed.
    pub thresholds: Thresholds,
    /// The triggers that fired, in the order of the gates.
    pub triggers: Vec<Trigger>,
    /// What should be done.
    pub fallback: Fallback,
    /// What a strict reading adds; none leaves the artifacts as the reference writes them.
    pub findings: Option<Findings>,
}

/// The value of a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateValue {
    /// On or off.
    Flag(bool),
    /// A percentage.
    Percent(i64),
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signals {
    /// The 95th percentile of the latency in milliseconds.
    pub p95_ms: f64,
    /// The 99th percentile of the latency in milliseconds.
    pub p99_ms: f64,
    /// The budget violation rate.
    pub bvr: f64,
    /// The staleness error rate.
    pub ser: f64,
    /// The rate of unavailable sources, where somebody measured it.
    pub source_unavailable_rate: Option<f64>,
}

/// What was allowed, in the units of [`Signals`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The limit of the 95th percentile.
    pub max_p95_ms: f64,
    /// The limit of the 99th percentile.
    pub max_p99_ms: f64,
    /// The limit of the budget violation rate.
    pub bvr: f64,
    /// The limit of the staleness error rate.
    pub ser: f64,
    /// The limit of the rate of unavailable sources.
    pub max_source_unavailable_rate: f64,
}

/// A trigger that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The name of the trigger.
    pub id: &'static str,
    /// The value and the limit in words.
    pub message: String,
}

/// The next step of the fallback ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The name of the step; `none` where nothing need be done.
    pub step: String,
    /// The settings to write.
    pub env_updates: Vec<(String, String)>,
    /// Why.
    pub reason: String,
}

/// What a strict reading adds to a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The profile that was judged by.
    pub profile: String,
    /// The gates that could not be judged.
    pub held: Vec<GateFlaw>,
    /// The gates that the reference lets pass on data that say nothing.
    pub fails_open_in_reference: Vec<GateFlaw>,
    /// The gates that the document does not know, taken from the code and failing closed.
    pub beyond_document: Vec<String>,
    /// The exit code of the reference on the same input.
    pub reference_exit_code: u8,
}

/// A gate and what is wrong with its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateFlaw {
    /// The gate, by the name of its trigger or metric.
    pub gate: String,
    /// The flaw in a word, such as `nan` or `missing`.
    pub flaw: &'static str,
    /// What was seen.
    pub detail: String,
}
