//! Probes of evidence and waivers: every flaw from the beginning on, and the worst of them in every stage.

use sim_core::engine::SimDuration;
use sim_core::operator::EvidenceChange;
use sim_core::policy::{Evidence, EvidenceState, Waiver};

use super::ground::Ground;
use super::made::MutationTest;

/// Older than any evidence may be.
const ANCIENT: SimDuration = SimDuration::from_hours(24 * 400);

pub(super) fn add(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    let policy = &ground.base.policy;
    for evidence in &policy.evidence {
        for (name, state) in flaws() {
            probes.push(flawed(ground, evidence, name, state, SimDuration::ZERO));
        }
        let used = |stage: usize| {
            let next = policy.stages.get(stage + 1);
            policy.stages[stage].hold.contains(&evidence.id)
                || next.is_some_and(|next| next.entry.contains(&evidence.id))
        };
        for (stage, entered) in ground.entered.iter().enumerate() {
            let Some(entered) = entered.filter(|_| used(stage)) else {
                continue;
            };
            let from = entered.elapsed() + policy.stages[stage].observe / 2;
            for (name, state) in flaws() {
                probes.push(flawed(ground, evidence, name, state, from));
            }
        }
    }
    waivers(ground, probes);
}

fn flaws() -> [(&'static str, EvidenceState); 5] {
    let good = EvidenceState::GOOD;
    [
        (
            "is missing",
            EvidenceState {
                exists: false,
                ..good
            },
        ),
        (
            "cannot be read",
            EvidenceState {
                parses: false,
                ..good
            },
        ),
        (
            "says nothing",
            EvidenceState {
                says_something: false,
                ..good
            },
        ),
        (
            "is red",
            EvidenceState {
                passes: false,
                ..good
            },
        ),
        (
            "is ancient",
            EvidenceState {
                age: ANCIENT,
                ..good
            },
        ),
    ]
}

fn flawed(
    ground: &Ground<'_>,
    evidence: &Evidence,
    name: &str,
    state: EvidenceState,
    from: SimDuration,
) -> MutationTest {
    let id = &evidence.id;
    let about = vec![format!("evidence:{id}")];
    // What the policy as it is does not look at it does not promise either.
    let family = match evidence.flaw(state, state.age) {
        Some(_) => "evidence",
        None => "evidence that nobody looks at",
    };
    let mut probe = ground.probe(family, format!("{id} {name}"), about, Vec::new());
    probe.rehearsal.experiment.evidence.push(EvidenceChange {
        evidence: id.clone(),
        from,
        state,
    });
    probe
}

/// Waivers that do not count, and one that does.
fn waivers(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    let day = SimDuration::from_hours(24);
    let sound = Waiver {
        rule: "a rule".to_owned(),
        approvers: vec!["one".to_owned(), "another".to_owned()],
        age: day,
        valid_for: day.saturating_mul(30),
        rationale: "there is no time".to_owned(),
    };
    let mut lonely = sound.clone();
    lonely.approvers.truncate(1);
    let expired = Waiver {
        age: day.saturating_mul(31),
        ..sound.clone()
    };
    let endless = Waiver {
        valid_for: ANCIENT,
        ..sound.clone()
    };
    for waiver in [sound, lonely, expired, endless] {
        let about = vec!["waiver".to_owned()];
        let mut probe = ground.probe("waivers", "a waiver", about, Vec::new());
        probe.rehearsal.experiment.policy.waivers.push(waiver);
        probes.push(probe);
    }
}
