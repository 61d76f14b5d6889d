//! Acceptance rows that concern whole systems, seen through the binary and through whole histories.

use std::collections::BTreeMap;

use coalmine::scenarios::{library, load};
use coalmine::sim_core::engine::{SimDuration, SimTime};
use coalmine::sim_core::history::{Event, Outcome, StepResult};
use coalmine::sim_core::policy::{Action, Profile};
use coalmine::sim_core::{Experiment, Plan, Run, Seed};

use crate::command::coalmine;

const ROOT: u64 = 424_242;

fn experiment(system: &library::System, profile: Profile, scenario: &str) -> Experiment {
    let policy = system.policy(profile).expect("both profiles are shipped");
    let policy = load::policy(system.name, policy.as_bytes()).expect("it loads");
    let file = system.scenario(scenario).expect("the scenario is shipped");
    let scenario = load::scenario(system.name, file.as_bytes()).expect("it loads");
    let world = load::world(system.name, system.world.as_bytes()).expect("it loads");
    load::experiment(&policy.value, &scenario.value, &world.value).expect("they fit together")
}

fn written(system: &str, scenario: &str) -> Experiment {
    let system = library::system(system).expect("the system is shipped");
    experiment(system, Profile::AsWritten, scenario)
}

fn runs(experiment: &Experiment, count: u64) -> Vec<Run> {
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
        played >= 5 * 2 * 5 * 8,
        "at least eight scenarios of five systems: {played}"
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

/// Acceptance row 7: the four steps of a raptorq rollback end in order, each in its own time; the packet
/// has eight fields and its message five sections, none empty; seed 424242 replays bit for bit.
#[test]
fn a_raptorq_rollback_leaves_a_complete_packet() {
    let run = runs(&written("raptorq", "correctness-breach"), 1).remove(0);
    let steps: Vec<(SimTime, u16)> = run
        .history
        .iter()
        .filter_map(|(at, event)| match event {
            Event::StepEnded {
                step,
                result: StepResult::Done,
            } => Some((*at, *step)),
            _ => None,
        })
        .collect();
    assert_eq!(
        steps.iter().map(|(_, step)| *step).collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
    assert!(
        steps.windows(2).all(|pair| pair[0].0 < pair[1].0),
        "each step takes time: {steps:?}"
    );

    let order = [
        "run",
        "raptorq",
        "--scenario",
        "correctness-breach",
        "--seed",
        "424242",
        "--packet",
    ];
    let (first, again) = (coalmine(&order), coalmine(&order));
    assert_eq!(first.out, again.out);
    let sections = sections(&first.out);
    let fields = [
        "symptom",
        "exposure_scope",
        "affected_levers",
        "mitigation_executed",
        "replay_command",
        "artifact_path",
        "eta",
        "user_impact_message_template",
    ];
    for field in fields {
        let content = sections.get(field).map_or("", String::as_str);
        assert!(
            !content.trim().is_empty(),
            "{field} is empty in:\n{}",
            first.out
        );
    }
    let message = &sections["user_impact_message_template"];
    for part in [
        "Symptom",
        "User scope",
        "Mitigation in place",
        "Current fallback mode",
        "Next update ETA",
    ] {
        let line = message
            .lines()
            .find(|line| line.contains(&format!("**{part}**")));
        let said = line
            .and_then(|line| line.split_once("**: "))
            .map_or("", |(_, said)| said);
        assert!(!said.trim().is_empty(), "{part} is empty in:\n{message}");
    }
}

/// The contents under each `### ` heading.
fn sections(text: &str) -> BTreeMap<&str, String> {
    let parts = text.split("\n### ").skip(1);
    let cut = |part: &'_ str| part.split("\n## ").next().unwrap_or("").to_owned();
    parts
        .filter_map(|part| part.split_once('\n').map(|(name, rest)| (name, cut(rest))))
        .collect()
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
