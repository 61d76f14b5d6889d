//! The fallback ladder of the guard.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use reports::decision::Fallback;
use sim_core::policy::{Ladder, Rung};

use super::{GuardOptions, Profile};
use crate::decide::shipped;

const LATER: &str = include_str!("later-4-step.ladder.yaml");

/// The ladder at d820201, where a third step came in.
static LATER_LADDER: LazyLock<Ladder> = LazyLock::new(|| {
    scenarios::read("later-4-step.ladder.yaml", LATER.as_bytes())
        .expect("shipped ladders are valid")
        .value
});

/// Returns the ladder of a profile.
fn ladder(profile: Profile) -> &'static Ladder {
    use sim_core::policy::Profile as Shipped;
    let of = |profile| shipped("control-plane", profile).ladder.as_ref();
    match profile {
        Profile::Later4Step => Some(&*LATER_LADDER),
        Profile::AsWritten => of(Shipped::AsWritten),
        Profile::AsImplemented => of(Shipped::AsImplemented),
    }
    .expect("the control plane falls back by a ladder")
}

/// Returns what to do when a trigger fired: the first rung that is not yet taken. The engine is not
/// asked before the flags: with the engine at its baseline, adaptive parallelism is still the first
/// step.
pub(super) fn next_step(profile: Profile, options: &GuardOptions) -> Fallback {
    let ladder = ladder(profile);
    match ladder.next_rung(&settings(options)) {
        Some(rung) => fallback(rung),
        None => Fallback {
            step: ladder.exhausted.clone(),
            env_updates: Vec::new(),
            reason: "All fallback stages already applied; escalate incident.".into(),
        },
    }
}

/// Returns what to do when no trigger fired.
pub(super) fn no_step(reason: &str) -> Fallback {
    Fallback {
        step: "none".into(),
        env_updates: Vec::new(),
        reason: reason.into(),
    }
}

fn fallback(rung: &Rung) -> Fallback {
    Fallback {
        step: rung.id.clone(),
        env_updates: rung
            .sets
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        reason: rung.reason.clone(),
    }
}

/// The settings as the options describe them, under the names that rungs write.
fn settings(options: &GuardOptions) -> BTreeMap<String, String> {
    [
        (
            "PECR_CONTROLLER_ADAPTIVE_PARALLELISM_ENABLED",
            options.adaptive.to_string(),
        ),
        (
            "PECR_CONTROLLER_BATCH_MODE_ENABLED",
            options.batch.to_string(),
        ),
        ("PECR_RLM_DEFAULT_ENABLED", options.rlm_default.to_string()),
        ("PECR_CONTROLLER_ENGINE", options.engine.clone()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
