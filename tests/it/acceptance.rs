//! Acceptance rows that concern whole systems, seen through the binary and through whole histories.

use coalmine::scenarios::{library, load};
use coalmine::sim_core::engine::{SimDuration, SimTime};
use coalmine::sim_core::history::{Event, Outcome};
use coalmine::sim_core::policy::{Action, Profile};
use coalmine::sim_core::{Experiment, Plan, Run, Seed};

/// The root seed of every rollout here.
pub(crate) const ROOT: u64 = 424_242;

/// A shipped policy in a shipped scenario.
pub(crate) fn experiment(system: &library::System, profile: Profile, scenario: &str) -> Experiment {
    let policy = system.policy(profile).expect("both profiles are shipped");
    let policy = load::policy(system.name, policy.as_bytes()).expect("it loads");
    let file = system.scenario(scenario).expect("the scenario is shipped");
    let scenario = load::scenario(system.name, file.as_bytes()).expect("it loads");
    let world = load::world(system.name, system.world.as_bytes()).expect("it loads");
    load::experiment(&policy.value, &scenario.value, &world.value).expect("they fit together")
}

/// A system's policy as its document has it, in a shipped scenario.
pub(crate) fn written(system: &str, scenario: &str) -> Experiment {
    let system = library::system(system).expect("the system is shipped");
    experiment(system, Profile::AsWritten, scenario)
}

/// A system's policy as its code has it, in a shipped scenario.
pub(crate) fn implemented(system: &str, scenario: &str) -> Experiment {
    let system = library::system(system).expect("the system is shipped");
    experiment(system, Profile::AsImplemented, scenario)
}

/// The first `count` rollouts of an experiment.
pub(crate) fn runs(experiment: &Experiment, count: u64) -> Vec<Run> {
    let plan = Plan::new(experiment);
    (0..count)
        .map(|replication| {
            plan.play(Seed {
                root: ROOT,
                replication,
            })
        })
        .collect()
}

/// Follows the stages of a history by itself: what may be entered next after each event.
fn stages_are_in_order(run: &Run) -> Result<(), String> {
    let (mut allowed, mut stage) = (0, None::<u16>);
    for (at, event) in &run.history {
        match *event {
            Event::StageEntered { stage: entered, .. } if entered != allowed => {
                return Err(format!(
                    "{at}: stage {entered} was entered and not {allowed}"
                ));
            }
            Event::StageEntered { stage: entered, .. } => stage = Some(entered),
            Event::Advanced { from, to } if Some(from) != stage || to != from + 1 => {
                return Err(format!("{at}: from {from} to {to} while in {stage:?}"));
            }
            Event::Advanced { to, .. } => allowed = to,
            Event::SteppedBack { from } => allowed = from - 1,
            Event::Recovered { fresh, .. } => allowed = if fresh { 0 } else { stage.unwrap_or(0) },
            _ => {}
        }
    }
    Ok(())
}

/// Acceptance row 1: stages are entered in order and none is skipped, in every run of every shipped
/// system, profile and scenario.
#[test]
fn no_run_of_any_system_skips_a_stage() {
    let mut played = 0;
    for system in library::systems() {
        for profile in [Profile::AsWritten, Profile::AsImplemented] {
            for (scenario, _) in system.scenarios {
                for run in runs(&experiment(system, profile, scenario), 5) {
                    let order = stages_are_in_order(&run);
                    assert_eq!(
                        order,
                        Ok(()),
                        "{} {profile:?} {scenario}, seed {ROOT}",
                        system.name
                    );
                    played += 1;
                }
            }
        }
    }
    assert!(
        played >= 5 * 2 * 8 * 8,
        "at least eight scenarios of eight systems: {played}"
    );
}

/// Acceptance row 4 on the shipped policy: a performance breach goes back one stage, a correctness
/// breach goes to the conservative mode at once, an instability waits for triage.
#[test]
fn the_trigger_classes_of_raptorq_do_different_things() {
    let first_action = |scenario: &str| {
        let run = runs(&written("raptorq", scenario), 1).remove(0);
        let fired = run.history.iter().find_map(|(_, event)| match event {
            Event::Triggered { action, .. } if *action != Action::Record => Some(*action),
            _ => None,
        });
        (fired, run)
    };
    let (performance, run) = first_action("performance-breach");
    assert_eq!(performance, Some(Action::StepBack));
    assert!(
        run.history
            .iter()
            .any(|(_, event)| matches!(event, Event::SteppedBack { .. }))
    );
    let (correctness, run) = first_action("correctness-breach");
    assert_eq!(correctness, Some(Action::Rollback));
    let at = |wanted: &dyn Fn(&Event) -> bool| {
        run.history
            .iter()
            .find(|(_, event)| wanted(event))
            .map(|(at, _)| *at)
    };
    let fired = at(&|event| matches!(event, Event::Triggered { .. }));
    assert_eq!(
        at(&|event| *event == Event::RollbackBegan),
        fired,
        "at once"
    );
    let (_, run) = first_action("instability");
    let asked = run
        .history
        .iter()
        .any(|(_, event)| matches!(event, Event::Asked { .. }));
    assert!(asked, "triage is asked to sign off");
}

/// Acceptance row 23: a latency regression and an error trend, both judged against the canary's own
/// baseline, block the promotion to the next increment.
#[test]
fn a_cutover_is_not_promoted_beyond_what_its_canary_showed() {
    for scenario in ["latency-regression-over-canary", "error-trend"] {
        let experiment = written("cutover", scenario);
        let onset = SimTime::after(SimDuration::from_hours(30));
        let blocked = runs(&experiment, 40)
            .iter()
            .filter(|run| run.outcome == Outcome::Paused)
            .filter(|run| {
                // The last promotion came before the regression could be seen.
                let promoted = run
                    .history
                    .iter()
                    .filter(|(_, event)| matches!(event, Event::Advanced { .. }));
                let last = promoted.map(|(at, _)| *at).max();
                last.is_some_and(|last| last < onset + SimDuration::from_hours(2))
            })
            .count();
        assert!(
            blocked >= 38,
            "{scenario}: blocked in {blocked} of 40, seed {ROOT}"
        );
    }
    let healthy = runs(&written("cutover", "healthy"), 40);
    let completed = healthy
        .iter()
        .filter(|run| run.outcome == Outcome::Completed)
        .count();
    assert!(
        completed >= 36,
        "a healthy one is promoted: {completed} of 40, seed {ROOT}"
    );
}
