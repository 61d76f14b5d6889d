//! Probes of the machine: outages of the controller, lost commands, failing steps, stray hosts, people.

use sim_core::effect::{
    Anchor, AnswerChange, AnswerTrouble, Change, CommandChange, CommandTrouble, Course, Direction,
};
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::Gate;

use super::ground::{Ground, within};
use super::made::MutationTest;

pub(super) fn add(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    let breaches = breaches(probes);
    outages(ground, probes);
    for breach in &breaches {
        under_way(ground, breach, probes);
        steps(ground, breach, probes);
    }
    commands(ground, &breaches, probes);
    strays(ground, probes);
    people(ground, &breaches, probes);
}

/// A breach for good, for each class and stage that has one: what makes the policy act.
fn breaches(probes: &[MutationTest]) -> Vec<MutationTest> {
    let mut known: Vec<Vec<String>> = Vec::new();
    let mut breaches = Vec::new();
    for probe in probes {
        let acts: Vec<String> = probe
            .about
            .iter()
            .filter(|topic| topic.starts_with("class:") || topic.starts_with("stage:"))
            .cloned()
            .collect();
        let for_good = probe.family == "limits" && probe.name.ends_with("for good");
        let far = for_good && acts.len() == 2;
        if far && !known.contains(&acts) {
            known.push(acts);
            breaches.push(probe.clone());
        }
    }
    breaches
}

fn outage(course: Course, lasts: SimDuration) -> (Change, Course) {
    let down = Change::ControllerDown {
        forgets: Vec::new(),
    };
    (
        down,
        Course {
            lasts: Some(lasts),
            ..course
        },
    )
}

/// The controller is away in the middle of each stage, at the end of its window and while it asks.
fn outages(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    let beat = ground.beat();
    for (place, stage) in ground.base.policy.stages.iter().enumerate() {
        let about = || {
            let doing = ["watching", "later", "asking"];
            let mut about = doing.map(|doing| format!("outage:{doing}")).to_vec();
            about.push(format!("stage:{}", stage.id));
            about
        };
        let middle = within(place, stage.observe / 2, None);
        let change = outage(middle, beat.saturating_mul(3));
        probes.push(ground.probe("outage", "an outage in a stage", about(), vec![change]));
        for after in [SimDuration::ZERO, SimDuration::from_mins(1)] {
            let over = Course {
                from: Anchor::WindowOver(place as u16),
                after,
                ..Course::default()
            };
            let change = outage(over, beat.saturating_mul(2));
            let name = "an outage after a window";
            probes.push(ground.probe("outage", name, about(), vec![change]));
        }
    }
}

/// Adds changes to a breach.
fn beside(
    breach: &MutationTest,
    family: &'static str,
    about: &[&str],
    changes: Vec<(Change, Course)>,
) -> MutationTest {
    let mut probe = breach.clone();
    probe.family = family;
    probe
        .about
        .extend(about.iter().map(|topic| (*topic).to_owned()));
    let faults = &mut probe.rehearsal.experiment.faults;
    let like = faults.last().expect("a breach is an effect").clone();
    for (number, (change, course)) in changes.into_iter().enumerate() {
        let mut effect = like.clone();
        effect.id = format!("beside {number}");
        (effect.change, effect.course) = (change, course);
        faults.push(effect);
    }
    probe
}

/// The controller is away while something is being done.
fn under_way(ground: &Ground<'_>, breach: &MutationTest, probes: &mut Vec<MutationTest>) {
    let second = SimDuration::from_secs(1);
    let from = |from, after| Course {
        from,
        after,
        ..Course::default()
    };
    let short = SimDuration::from_secs(3);
    for anchor in [Anchor::Rollback, Anchor::KillThrown] {
        let change = outage(from(anchor, second), short);
        let about = ["outage:retreat"];
        probes.push(beside(breach, "outage in retreat", &about, vec![change]));
    }
    let breached = breach.rehearsal.experiment.faults.last();
    let Some(course) = breached.map(|effect| effect.course) else {
        return;
    };
    for beats in [2, 8] {
        let after = course.after + ground.beat().saturating_mul(beats);
        let change = outage(Course { after, ..course }, ground.beat());
        let about = ["outage:breach"];
        probes.push(beside(breach, "outage in breach", &about, vec![change]));
    }
    in_action(ground, breach, course, probes);
}

fn in_action(
    ground: &Ground<'_>,
    breach: &MutationTest,
    course: Course,
    probes: &mut Vec<MutationTest>,
) {
    // Whatever the policy does about the breach has begun by then, and is not over yet.
    let mut gates = ground.base.policy.gates.iter();
    let own = |gate: &&Gate| breach.about.contains(&format!("gate:{}", gate.id));
    if let Some(gate) = gates.find(own) {
        let after = course.after + ground.window(gate) + ground.beat() + SimDuration::from_secs(1);
        let change = outage(Course { after, ..course }, SimDuration::from_secs(10));
        let about = ["outage:retreat"];
        probes.push(beside(breach, "outage in action", &about, vec![change]));
    }
}

/// Each step fails as often as it is tried again, and once more.
fn steps(ground: &Ground<'_>, breach: &MutationTest, probes: &mut Vec<MutationTest>) {
    for step in &ground.base.policy.rollback.steps {
        for times in [step.retries, step.retries + 1] {
            if times == 0 {
                continue;
            }
            let fails = Change::StepFails {
                step: step.id.clone(),
                times,
            };
            let about = [format!("step:{}", step.id), format!("again:{}", step.id)];
            let about = about.each_ref().map(String::as_str);
            let change = (fails, Course::default());
            probes.push(beside(breach, "steps", &about, vec![change]));
        }
    }
}

fn commands(ground: &Ground<'_>, breaches: &[MutationTest], probes: &mut Vec<MutationTest>) {
    let lost = || {
        let trouble = CommandTrouble::Lost {
            chance: 0.2,
            retry_after: Some(SimDuration::from_secs(4)),
        };
        let change = CommandChange {
            toward: None,
            trouble,
        };
        vec![(Change::Commands(change), Course::default())]
    };
    let about = vec!["lost".to_owned()];
    probes.push(ground.probe("lost commands", "lost commands", about, lost()));
    let lost = |breach| beside(breach, "lost commands in retreat", &["lost"], lost());
    probes.extend(breaches.iter().take(4).map(lost));
    let slow = (Change::SlowHosts { factor: 20.0 }, Course::default());
    probes.push(ground.probe("slow hosts", "slow hosts", Vec::new(), vec![slow]));
}

/// Hosts move to the new version by themselves, in each stage.
fn strays(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    for (place, stage) in ground.base.policy.stages.iter().enumerate() {
        for percent in [600_000, 1_000_000] {
            let change = Change::StrayUpdates {
                toward: Direction::New,
                hosts: Share::from_ppm(percent).unwrap_or(Share::ONE),
                within: SimDuration::ZERO,
            };
            let course = within(place, stage.observe / 2, None);
            let about = vec!["blast".to_owned(), format!("stage:{}", stage.id)];
            let name = "hosts that nobody sent";
            probes.push(ground.probe("stray hosts", name, about, vec![(change, course)]));
        }
    }
}

/// People who never answer, answer late or twice.
fn people(ground: &Ground<'_>, breaches: &[MutationTest], probes: &mut Vec<MutationTest>) {
    let hours = SimDuration::from_hours(2);
    let troubles = [
        AnswerTrouble::Unheard,
        AnswerTrouble::Late(Distribution::Constant(hours)),
        AnswerTrouble::Twice(hours),
    ];
    for trouble in troubles {
        let change = || {
            let change = AnswerChange {
                role: None,
                trouble: trouble.clone(),
            };
            vec![(Change::Answers(change), Course::default())]
        };
        let name = "people in trouble";
        probes.push(ground.probe("people", name, Vec::new(), change()));
        for breach in breaches.iter().take(3) {
            probes.push(beside(breach, "people in retreat", &[], change()));
        }
    }
}
