//! What somebody who runs the guard can tell it.

use scenarios::adapter::python_number;

/// Whose guard decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The document; fails closed.
    AsWritten,
    /// The script at 6d38e6b, the document's own commit: a ladder of three steps.
    AsImplemented,
    /// The script at d820201: a ladder of four steps and a longer state.
    Later4Step,
}

/// The state of the switches, the budgets and what else was measured.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, as the script takes them"
)]
pub struct GuardOptions {
    /// The engine mode, as [`engine_word`] returns it.
    pub engine: String,
    /// Whether adaptive parallelism is on.
    pub adaptive: bool,
    /// Whether batch mode is on.
    pub batch: bool,
    /// Whether an engine that is not set becomes the RLM engine.
    pub rlm_default: bool,
    /// Whether a degraded bridge falls back to the baseline by itself.
    pub auto_fallback: bool,
    /// The share of requests that the baseline shadows, from 0 to 100.
    pub baseline_shadow_percent: i64,
    /// The budget of the 95th percentile in milliseconds; none takes the policy's.
    pub max_p95_ms: Option<f64>,
    /// The budget of the 99th percentile in milliseconds; none takes the policy's.
    pub max_p99_ms: Option<f64>,
    /// The rate of the terminal mode SOURCE_UNAVAILABLE.
    pub source_unavailable_rate: Option<f64>,
    /// Its limit; none takes the policy's.
    pub max_source_unavailable_rate: Option<f64>,
    /// The rate of the terminal mode ERROR, which the script does not know.
    pub error_rate: Option<f64>,
    /// The budget violation rate of the baseline engine, which the script does not know.
    pub baseline_bvr: Option<f64>,
    /// Whether the script exits with 2 when a fallback is required.
    pub fail_on_fallback: bool,
}

impl Default for GuardOptions {
    /// The defaults of the script.
    fn default() -> Self {
        Self {
            engine: "rlm".into(),
            adaptive: true,
            batch: true,
            rlm_default: false,
            auto_fallback: true,
            baseline_shadow_percent: 0,
            max_p95_ms: None,
            max_p99_ms: None,
            source_unavailable_rate: None,
            max_source_unavailable_rate: None,
            error_rate: None,
            baseline_bvr: None,
            fail_on_fallback: false,
        }
    }
}

/// Returns the engine mode that a word means: in lower case, without white space, `baseline` where
/// nothing is left.
pub fn engine_word(word: &str) -> String {
    let engine = python_number::strip(word).to_lowercase();
    if engine.is_empty() {
        "baseline".into()
    } else {
        engine
    }
}

/// Returns whether a word means on or off; nothing where it means neither.
pub fn flag_word(word: &str) -> Option<bool> {
    match python_number::strip(word).to_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}
