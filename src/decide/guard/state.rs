//! What was measured, what it is held against, and what stands.

use reports::decision::{Signals, StateValue, Thresholds};
use scenarios::adapter::{GateRates, k6};
use sim_core::policy::gate::BadData;
use sim_core::policy::{Gate, Policy};

use crate::decide::shipped;

use super::{GuardOptions, Profile};

/// Returns the gate of a profile. A trigger that only the code knows holds for the document too,
/// failing closed, so that the strict reading never passes what the code stops.
pub(super) fn gate(profile: Profile, id: &str) -> Option<Gate> {
    let own = policy(profile).gate(id).cloned();
    let code = || policy(Profile::AsImplemented).gate(id).cloned();
    own.or_else(|| {
        Some(Gate {
            on: BadData::CLOSED,
            ..code()?
        })
    })
}

pub(super) fn policy(profile: Profile) -> &'static Policy {
    use sim_core::policy::Profile as Shipped;
    let written = profile == Profile::AsWritten;
    shipped(
        "control-plane",
        if written {
            Shipped::AsWritten
        } else {
            Shipped::AsImplemented
        },
    )
}

pub(super) fn current_state(
    profile: Profile,
    options: &GuardOptions,
) -> Vec<(&'static str, StateValue)> {
    let mut state = vec![
        (
            "adaptive_parallelism_enabled",
            StateValue::Flag(options.adaptive),
        ),
        ("batch_mode_enabled", StateValue::Flag(options.batch)),
    ];
    if profile == Profile::Later4Step {
        state.extend([
            ("rlm_default_enabled", StateValue::Flag(options.rlm_default)),
            (
                "auto_fallback_enabled",
                StateValue::Flag(options.auto_fallback),
            ),
            (
                "baseline_shadow_percent",
                StateValue::Percent(options.baseline_shadow_percent),
            ),
        ]);
    }
    state
}

pub(super) fn measured(
    summary: &k6::Summary,
    rates: &GateRates,
    options: &GuardOptions,
) -> Signals {
    Signals {
        p95_ms: summary.p95_ms,
        p99_ms: summary.p99_ms,
        bvr: rates.bvr,
        ser: rates.ser,
        source_unavailable_rate: options.source_unavailable_rate,
    }
}

pub(super) fn thresholds(policy: &Policy, rates: &GateRates, options: &GuardOptions) -> Thresholds {
    let own = |gate: &str| {
        policy
            .gate(gate)
            .map_or(f64::NAN, |gate| gate.breach.limit.resolve(0.0))
    };
    Thresholds {
        max_p95_ms: options.max_p95_ms.unwrap_or_else(|| own("latency_p95")),
        max_p99_ms: options.max_p99_ms.unwrap_or_else(|| own("latency_p99")),
        bvr: rates.bvr_threshold,
        ser: rates.ser_threshold,
        max_source_unavailable_rate: options
            .max_source_unavailable_rate
            .unwrap_or_else(|| own("source_unavailable_rate")),
    }
}
