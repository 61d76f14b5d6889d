//! The shipped library: five systems, each with its two policies, its world and its scenarios.
//!
//! The files stand in `library/<system>/` and are part of the program, so that every command works
//! without a checkout. What a policy file says beyond the machine's fields (where a document gives no
//! number, which line of code differs) stands in its comments.

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

    /// Returns the scenario file called `name`.
    pub fn scenario(&self, name: &str) -> Option<&'static str> {
        let found = self.scenarios.iter().find(|(known, _)| *known == name);
        found.map(|(_, file)| *file)
    }
}

/// Returns the five systems, in the order of the design.
pub fn systems() -> &'static [System] {
    SYSTEMS
}

/// Returns the system called `name`.
pub fn system(name: &str) -> Option<&'static System> {
    SYSTEMS.iter().find(|system| system.name == name)
}

macro_rules! system {
    ($name:literal, $title:literal, [$($scenario:literal),* $(,)?]) => {
        System {
            name: $name,
            title: $title,
            world: include_str!(concat!("../library/", $name, "/world.yaml")),
            differences: include_str!(concat!("../library/", $name, "/differences.yaml")),
            as_written: include_str!(concat!("../library/", $name, "/as-written.policy.yaml")),
            as_implemented: include_str!(concat!("../library/", $name, "/as-implemented.policy.yaml")),
            scenarios: &[$((
                $scenario,
                include_str!(concat!("../library/", $name, "/", $scenario, ".scenario.yaml")),
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
        ]
    ),
];

#[cfg(test)]
mod families;
#[cfg(test)]
mod tests;
