//! The shipped library: eight systems, each with its two policies, its world and its scenarios.
//!
//! The files stand in `library/<system>/` and are part of the program, so that every command works
//! without a checkout. What a policy file says beyond the machine's fields (where a document gives no
//! number, which line of code differs) stands in its comments.

mod reports;

pub use reports::{PublicReport, reports};
use sim_core::policy::Profile;

/// A system of the library.
#[derive(Debug)]
pub struct System {
    /// The name that commands take.
    pub name: &'static str,
    /// What the system is, in a few words.
    pub title: &'static str,
    /// The world file.
    pub world: &'static str,
    /// The scenario files, each with its name; the ones that every system has come first.
    pub scenarios: &'static [(&'static str, &'static str)],
    /// The cases from real incidents and defects, each with its name: scenarios that rehearse faults, with
    /// their source and the verdict that each profile gets.
    pub corpus: &'static [(&'static str, &'static str)],
    /// The table of known differences between document and code.
    pub differences: &'static str,
    as_written: &'static str,
    as_implemented: &'static str,
}

impl System {
    /// Returns the policy file of `profile`; nothing for a policy of one's own.
    pub const fn policy(&self, profile: Profile) -> Option<&'static str> {
        match profile {
            Profile::AsWritten => Some(self.as_written),
            Profile::AsImplemented => Some(self.as_implemented),
            Profile::Own => None,
        }
    }

    /// Returns the scenario file or the case called `name`.
    pub fn scenario(&self, name: &str) -> Option<&'static str> {
        let mut all = self.scenarios.iter().chain(self.corpus);
        let found = all.find(|(known, _)| *known == name);
        found.map(|(_, file)| *file)
    }
}

/// Returns the systems, in the order in which they are listed: five from documents that have an implementation, three from what
/// products say of themselves in public.
pub fn systems() -> &'static [System] {
    SYSTEMS
}

/// Returns the system called `name`.
pub fn system(name: &str) -> Option<&'static System> {
    SYSTEMS.iter().find(|system| system.name == name)
}

macro_rules! system {
    ($name:literal, $title:literal, [$($scenario:literal),* $(,)?], [$($case:literal),* $(,)?]) => {
        System {
            name: $name,
            title: $title,
            world: include_str!(concat!("../../library/", $name, "/world.yaml")),
            differences: include_str!(concat!("../../library/", $name, "/differences.yaml")),
            as_written: include_str!(concat!("../../library/", $name, "/as-written.policy.yaml")),
            as_implemented: include_str!(concat!("../../library/", $name, "/as-implemented.policy.yaml")),
            scenarios: &[$((
                $scenario,
                include_str!(concat!("../../library/", $name, "/", $scenario, ".scenario.yaml")),
            )),*],
            corpus: &[$((
                $case,
                include_str!(concat!("../../library/", $name, "/corpus/", $case, ".scenario.yaml")),
            )),*],
        }
    };
}

const SYSTEMS: &[System] = &[
    system!(
        "raptorq",
        "controlled rollout of RaptorQ optimisation levers",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "missing-replay-pointer",
            "unknown-fallback-reason",
            "unparseable-telemetry",
            "performance-breach",
            "correctness-breach",
            "instability"
        ],
        [
            "poisoned-calibration",
            "first-acknowledged-after-hours",
            "silent-evaluator",
        ]
    ),
    system!(
        "wedge",
        "staged deployment with a bounded blast radius",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "criteria-never-met",
            "blast-overshoot",
            "slow-reversion",
            "manual-no-approval"
        ],
        [
            "zombie-zone-after-rollback",
            "stuck-hosts-after-abort",
            "partial-rollback",
            "scale-up-revives-the-canary",
            "acknowledged-and-not-done",
            "restart-herd",
            "controller-on-what-it-rolls-out",
            "failover-in-the-rollback",
            "no-trigger-while-waiting",
            "success-before-the-analysis-ends",
            "skipped-analysis",
            "typo-in-the-scope",
            "global-in-one-step",
            "wrong-pool",
            "only-the-busy-places",
            "threads-beyond-a-limit",
            "forgotten-pause",
            "metastable-retries",
        ]
    ),
    system!(
        "control-plane",
        "canary guard with an ordered fallback ladder",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "breach-cured-by-second-rung",
            "exhausted-ladder",
            "recovery-with-acknowledgement",
            "recovery-without"
        ],
        [
            "nan-is-healthy",
            "good-and-bad-in-turn",
            "promoted-again-unasked",
            "wrong-metric-name",
            "wrong-unit",
        ]
    ),
    system!(
        "optimize",
        "feature rollout with gates and a kill switch",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "kill-switch-noop",
            "drain-and-cancel",
            "timeouts-flapping-at-limit"
        ],
        [
            "switch-that-nobody-reads",
            "open-tabs",
            "red-button-in-forty-minutes",
            "nothing-to-divide-by",
            "undefined-rates",
            "window-in-samples",
        ]
    ),
    system!(
        "cutover",
        "cutover to a new runtime after a day of soak",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "leak",
            "latency-regression-over-canary",
            "error-trend",
            "standby-gone",
            "same-content-bundle",
            "vacuous-evidence",
            "stale-evidence",
            "unreadable-evidence",
            "null-rss-snapshot",
            "poisoned-baseline"
        ],
        [
            "no-test-ran",
            "null-memory",
            "last-week-is-green",
            "same-bad-bundle",
            "standby-is-gone",
            "slow-leak",
            "dormant-for-days",
            "crash-loop-everywhere",
            "step-of-the-runbook-left-out",
        ]
    ),
    system!(
        "mobile",
        "phased release of an app to phones, over seven days",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "slow-uptake"
        ],
        []
    ),
    system!(
        "flags",
        "feature flag for a percentage of the users, by hash",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "switch-off-unheard"
        ],
        []
    ),
    system!(
        "blue-green",
        "blue and green behind a switch, with a standby and a drain",
        [
            "healthy",
            "healthy-low-traffic",
            "step-regression",
            "slow-drift",
            "latent",
            "subset-of-hosts",
            "oscillating",
            "data-outage",
            "found-late"
        ],
        []
    ),
];

#[cfg(test)]
mod families;
#[cfg(test)]
mod tests;
