//! Realistic rehearsals: faults as often as studies of incidents have counted them.
//!
//! These rehearsals give probabilities, not worst cases. Which part of the releases is bad is the user's
//! own number.

use sim_core::Seed;
use sim_core::engine::{Draws, Key};

use super::driver::named;
use super::single_fault::healed;
use super::{FaultSpace, Kind};
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// How often things go wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Realistic {
    /// The probability that the release is bad.
    pub bad_release: f64,
    /// The probability that something else goes wrong during a rollout.
    pub incident: f64,
}

impl Default for Realistic {
    fn default() -> Self {
        Self {
            bad_release: 0.1,
            incident: 0.1,
        }
    }
}

/// Keeps a generator's draws apart from those of the world it is drawn for.
const ROOT: u64 = 0x5245_414C_4953_0000;

/// What triggers outages, in percent (Google SRE Workbook, postmortem analysis 2010-2017), without the
/// binary push, which is the release itself: its 37 % stand for [`Realistic::bad_release`].
const TRIGGERS: &[(f64, &[&str])] = &[
    (31.0, &["version.config_skew", "env.concurrent_change"]),
    (9.0, &["env.surge", "env.trough"]),
    (
        6.0,
        &["telemetry.lag", "telemetry.stale", "telemetry.backfill"],
    ),
    (5.0, &["env.brownout"]),
    (5.0, &["version.ramp", "version.leak"]),
    (5.0, &["env.retry_storm", "env.capacity_loss_in_rollback"]),
    (2.0, &["env.zone_loss", "env.host_crash", "env.fail_slow"]),
];
/// Why detection fails, in percent of severe incidents (SoCC 2022, 152 incidents): monitor bug, no
/// monitor, gaps in telemetry.
const DETECTION: &[(f64, &[&str])] = &[
    (10.5, &["telemetry.monitor_bug"]),
    (8.6, &["telemetry.missing"]),
    (
        8.6,
        &[
            "telemetry.nan",
            "telemetry.label_drop",
            "telemetry.sampling",
        ],
    ),
];
/// What delays mitigation, in percent of the same incidents: procedures, deployment, manual effort.
const MITIGATION: &[(f64, &[&str])] = &[
    (10.5, &["human.ack_late"]),
    (10.5, &["actuation.slow_apply", "actuation.cmd_late"]),
    (9.2, &["human.shift_handover", "telemetry.alert_path_down"]),
];
/// What a bad release looks like: deterministic in nine of ten (SOSP 2021, upgrade failures).
const RELEASES: &[(f64, &[&str])] = &[
    (50.0, &["version.step"]),
    (20.0, &["version.ramp", "version.leak"]),
    (10.0, &["version.latent", "version.load_gated"]),
    (
        10.0,
        &["version.subset", "version.poison", "version.flapping"],
    ),
    (10.0, &["version.mixed_version", "version.crash_loop"]),
];

impl Realistic {
    /// Returns rehearsal `seed.replication` of `seed.root`.
    pub fn rehearsal(&self, space: &FaultSpace, seed: Seed) -> Rehearsal {
        let draws = &mut Key::for_replication(seed.root ^ ROOT, seed.replication).draws(1, 0, 0);
        let (bad, incident) = (draws.chance(self.bad_release), draws.chance(self.incident));
        let mut injections = Vec::new();
        let mut add = |draws: &mut Draws, kind: Option<&Kind>| {
            injections.extend(kind.map(|kind| drawn(draws, space, kind)));
        };
        if bad {
            let kind = one_of(draws, space, RELEASES, 100.0);
            add(draws, kind);
        }
        if incident {
            let sum = TRIGGERS.iter().map(|(weight, _)| weight).sum();
            let kind = one_of(draws, space, TRIGGERS, sum);
            add(draws, kind);
        }
        if bad || incident {
            let detection = one_of(draws, space, DETECTION, 100.0);
            add(draws, detection);
            let mitigation = one_of(draws, space, MITIGATION, 100.0);
            add(draws, mitigation);
        }
        healed(space, &mut injections);
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        }
    }
}

/// Draws by weight out of `whole`; what is left of it is nothing.
fn one_of<'t>(
    draws: &mut Draws,
    space: &'t FaultSpace,
    table: &[(f64, &[&str])],
    whole: f64,
) -> Option<&'t Kind> {
    let mut at = draws.uniform() * whole;
    let choice = draws.next_u64() as usize;
    let (_, names) = table.iter().find(|(weight, _)| {
        at -= weight;
        at < 0.0
    })?;
    space.kind(names[choice % names.len()])
}

fn drawn(draws: &mut Draws, space: &FaultSpace, kind: &Kind) -> Injection {
    let fault = kind.vary(draws, &space.experiment);
    named(kind.entry.name, fault, None)
}
