//! Families over the shipped library: what is played together is what is played alone.

use std::collections::BTreeSet;

use sim_core::engine::{Draws, Key, SimDuration};
use sim_core::policy::gate::{
    Counting, Gate, Judgement, Limit, Measure, Relation, SprtWindow, Sustain, SustainMode, Window,
};
use sim_core::policy::{Action, Profile};
use sim_core::{Experiment, Family, Grid, Outcome, Plan, Seed};

use super::systems;
use crate::{files, load};

/// Every policy of the library, in both profiles, in every scenario of its system.
fn experiments() -> impl Iterator<Item = (String, Experiment)> {
    let profiles = [Profile::AsWritten, Profile::AsImplemented];
    let pairs = systems()
        .iter()
        .flat_map(move |system| profiles.map(|profile| (system, profile)));
    pairs.flat_map(|(system, profile)| {
        let text = system.policy(profile).expect("both are shipped");
        let policy = load::policy("policy", text.as_bytes()).expect("it loads");
        system.scenarios.iter().map(move |(name, text)| {
            let scenario = load::scenario(name, text.as_bytes()).expect("it loads");
            let world = files::world_of(&scenario, ".".as_ref()).expect("it loads");
            let experiment = load::experiment_of(&policy, &scenario, &world).expect("it fits");
            (format!("{} {profile:?} {name}", system.name), experiment)
        })
    })
}

/// Draws one of `choices`.
fn one_of<T: Copy>(draws: &mut Draws, choices: &[T]) -> T {
    choices[draws.below(choices.len() as u64) as usize]
}

/// Draws another setting of a gate: about half of its numbers change.
fn vary(gate: &mut Gate, draws: &mut Draws) {
    let factor = one_of(draws, &[0.25, 0.5, 0.8, 1.0, 1.1, 1.5, 3.0]);
    match &mut gate.breach.limit {
        Limit::Absolute(number)
        | Limit::Times { factor: number, .. }
        | Limit::Plus { margin: number, .. } => *number *= factor,
    }
    if draws.chance(0.5) {
        let minutes = one_of(draws, &[0, 1, 2, 5, 15, 40]);
        gate.over = SimDuration::from_mins(minutes);
    }
    if draws.chance(0.5) {
        gate.window = window(draws);
    }
    test(gate, draws);
    gate.min_samples = one_of(draws, &[gate.min_samples, gate.min_samples, 0, 500]);
    let say = |draws: &mut Draws| {
        use Judgement::{Breach, Error, Hold, Pass};
        one_of(draws, &[Hold, Hold, Hold, Pass, Error, Breach])
    };
    if draws.chance(0.3) {
        (gate.on.missing, gate.on.stale) = (say(draws), say(draws));
        (gate.on.nan, gate.on.too_few) = (say(draws), say(draws));
    }
}

/// Makes of some gates on a rate a test that takes every request.
fn test(gate: &mut Gate, draws: &mut Draws) {
    if let Window::Sprt(_) = gate.window {
        gate.window = window(draws);
    }
    let above = matches!(gate.breach.is, Relation::Above | Relation::AtLeast);
    if let (Measure::Ratio, Limit::Absolute(limit)) = (gate.measure, gate.breach.limit)
        && (above && limit > 0.0 && limit < 0.4 && draws.chance(0.3))
    {
        gate.over = SimDuration::ZERO;
        gate.window = Window::Sprt(SprtWindow {
            alternative: 2.0 * limit,
            alpha: 0.05,
            beta: 0.1,
        });
    }
}

fn window(draws: &mut Draws) -> Window {
    let (few, minutes) = (1 + draws.below(4) as u32, one_of(draws, &[1, 3, 10, 30]));
    let modes = [
        SustainMode::Every,
        SustainMode::AtLeast(few),
        SustainMode::Mean,
    ];
    let mode = one_of(draws, &modes);
    let sustained = Window::Sustained(Sustain {
        over: SimDuration::from_mins(minutes),
        mode,
    });
    let counting = Window::Count(Counting {
        failures: Some(few),
        errors_in_a_row: Some(few),
        inconclusive: None,
        of: None,
    });
    let windows = [
        Window::Instant,
        Window::Consecutive(few),
        sustained,
        sustained,
        counting,
    ];
    one_of(draws, &windows)
}

/// Gives some classes other actions, so that every kind of action is met.
fn shuffle_actions(experiment: &mut Experiment, draws: &mut Draws) {
    let policy = &mut experiment.policy;
    let mut choices = vec![
        Action::Record,
        Action::Pause,
        Action::StepBack,
        Action::Rollback,
    ];
    let switch = policy.kill_switch.iter();
    choices.extend(switch.flat_map(|_| [Action::Kill; 4]));
    choices.extend(policy.ladder.is_some().then_some(Action::NextRung));
    for class in &mut policy.classes {
        if draws.chance(0.5) {
            class.action = one_of(draws, &choices);
        }
    }
}

/// Draws a family: the policy itself and some relatives, of which many share the numbers of a gate.
fn family(experiment: &Experiment, draws: &mut Draws) -> Vec<Experiment> {
    let mut members = vec![experiment.clone()];
    for _ in 0..=draws.below(11) {
        let parent = draws.below(members.len() as u64) as usize;
        let mut child = members[parent].clone();
        for gate in &mut child.policy.gates {
            if draws.chance(0.4) {
                vary(gate, draws);
            }
        }
        members.push(child);
    }
    members
}

#[test]
fn a_family_comes_to_what_each_member_comes_to_alone() {
    const ROOT: u64 = 0xFA_3117;
    let (mut outcomes, mut parted, mut number) = (BTreeSet::new(), 0, 0);
    for (name, mut experiment) in experiments() {
        let mut draws = Key::for_replication(ROOT, number).draws(0, 0, 0);
        number += 1;
        shuffle_actions(&mut experiment, &mut draws);
        let members = family(&experiment, &mut draws);
        let members: Vec<&Experiment> = members.iter().collect();
        let grid = Grid::common(&members);
        let family = Family::on(&members, &grid);
        let alone = members.iter().map(|one| Plan::on(one, &grid));
        let alone: Vec<Plan> = alone.collect();
        let seed = Seed {
            root: ROOT,
            replication: number,
        };
        let together = family.play(seed);
        parted += u64::from(together.iter().any(|figures| *figures != together[0]));
        for (member, (plan, figures)) in alone.iter().zip(&together).enumerate() {
            outcomes.insert(figures.outcome);
            let expect = plan.play(seed).figures();
            let place = format!("{name}, root {ROOT:#x}, family {number}, member {member}");
            assert_eq!(*figures, expect, "{place}");
        }
    }
    assert!(
        2 * parted > number,
        "only {parted} of {number} families parted"
    );
    let missing: Vec<_> = Outcome::ALL
        .iter()
        .filter(|outcome| !outcomes.contains(outcome))
        .collect();
    assert!(missing.is_empty(), "no member came to {missing:?}");
}

#[test]
#[should_panic(expected = "a family differs in the numbers of its gates alone")]
fn another_stage_is_another_family() {
    let (_, experiment) = experiments().next().expect("the library has experiments");
    let mut other = experiment.clone();
    other.policy.stages[0].observe = SimDuration::from_mins(1);
    drop(Family::new(&[experiment, other]));
}
