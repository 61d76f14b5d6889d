//! The rollout that an artifact is made of.

use std::path::Path;

use reports::IncidentFacts;
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Gate, Measure, Population};
use sim_core::{Event, Experiment, Seed, Watched};

use super::args::ExportArgs;
use crate::cli::failure::Failure;
use crate::cli::replay;
use crate::cli::resolve::{AssumeArgs, Exec, PolicyArgs, choose_policy};
use crate::cli::run::{self, PlayedRollout};
use crate::study::{self, Probe, Probed};

/// A rollout and what is asked of it.
pub struct ExportInput {
    /// The rollout.
    pub played: PlayedRollout,
    /// What papers say of it.
    pub facts: IncidentFacts,
    /// Where its result is kept.
    pub kept: String,
    /// The instant that was asked for.
    at: Option<SimTime>,
}

/// Plays the rollout that is meant: one that is stored, again, or a new one.
///
/// # Errors
///
/// When what was named cannot be used, or the stored rollout is no longer the same.
pub fn choose(args: &ExportArgs) -> Result<ExportInput, Failure> {
    let is_result = Path::new(&args.source)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let (played, kept) = if is_result {
        (stored(args)?, args.source.clone())
    } else {
        let none = "not stored yet: coalmine run writes it with --out json=PATH".to_owned();
        (fresh(args)?, none)
    };
    let facts = IncidentFacts::of(played.case.experiment(), &played.run, &played.report);
    Ok(ExportInput {
        played,
        facts,
        kept,
        at: args.at.map(SimTime::after),
    })
}

fn stored(args: &ExportArgs) -> Result<PlayedRollout, Failure> {
    let chosen = args.scenario.is_some() || args.seed.is_some();
    if chosen || args.profile.is_some() || args.replication.is_some() {
        let what = "a result says itself which rollout it is";
        return Err(
            Failure::usage(what).help("leave out --profile, --scenario, --seed and --replication")
        );
    }
    replay::play_again(Path::new(&args.source))
}

fn fresh(args: &ExportArgs) -> Result<PlayedRollout, Failure> {
    let policy = choose_policy(&PolicyArgs {
        policy: args.source.clone(),
        profile: args.profile,
        assume: AssumeArgs::default(),
        exec: Exec::default(),
    })?;
    let named = match &args.scenario {
        Some(named) => named.clone(),
        None => run::only_scenario(&policy)?,
    };
    let seed = Seed {
        root: args.seed.unwrap_or(42),
        replication: args.replication.unwrap_or(0),
    };
    run::play(&policy, &named, seed)
}

impl ExportInput {
    /// A rollout that was played just now.
    pub fn of(played: PlayedRollout) -> Self {
        let facts = IncidentFacts::of(played.case.experiment(), &played.run, &played.report);
        Self {
            played,
            facts,
            kept: String::new(),
            at: None,
        }
    }

    /// Returns what was played.
    pub fn experiment(&self) -> &Experiment {
        self.played.case.experiment()
    }

    /// Returns the instant that the artifact shows: the one that was asked for, else the first trigger,
    /// else the end.
    pub fn at(&self) -> SimTime {
        let history = &self.played.run.history;
        let fired = history
            .iter()
            .find(|(_, event)| matches!(event, Event::Triggered { .. }));
        let end = history.iter().next_back();
        let (at, _) = fired.or(end).expect("a rollout at least starts");
        self.at.unwrap_or(*at)
    }

    /// Reads more of the rollout than its gates did.
    ///
    /// # Errors
    ///
    /// When the world has no signal of a probe, or reading it changes the rollout.
    pub fn probe(&self, probes: &[Probe]) -> Result<Probed, Failure> {
        let signals = &self.experiment().telemetry.signals;
        let known = |probe: &&Probe| signals.iter().all(|signal| signal.id != probe.signal);
        if let Some(missing) = probes.iter().find(known) {
            let names: Vec<_> = signals.iter().map(|signal| signal.id.as_str()).collect();
            let what = format!("this world has no signal called {}", missing.signal);
            let help = format!("it has {}", reports::escape(&names.join(", ")));
            return Err(Failure::input(what).help(help));
        }
        let report = &self.played.report;
        let seed = Seed {
            root: report.seed,
            replication: report.replication,
        };
        study::probe(self.experiment(), seed, &self.played.run, probes).ok_or_else(|| {
            Failure::unexpected("reading more signals has changed the rollout")
                .help("please report it with the policy and the scenario")
        })
    }

    /// Returns the gate of the policy that reads `signal`, the canary's.
    pub fn gate(&self, signal: &str, measure: Option<Measure>) -> Option<&Gate> {
        let reads = |gate: &&Gate| {
            gate.signal == signal
                && gate.population == Population::Canary
                && measure.is_none_or(|measure| gate.measure == measure)
        };
        self.experiment().policy.gates.iter().find(reads)
    }

    /// Returns how far back the policy looks at `signal`, or one evaluation where it does not.
    pub fn over(&self, signal: &str) -> SimDuration {
        let gate = self.gate(signal, None);
        let over = gate.map(|gate| gate.over).filter(|over| !over.is_zero());
        over.unwrap_or(self.experiment().policy.evaluate_every)
    }
}

/// Returns the last reading at `at` or before.
pub fn last(readings: &[Watched], at: SimTime) -> Option<Watched> {
    let until = readings.iter().take_while(|reading| reading.at <= at);
    until.last().copied()
}
