//! Planted faults with waivers, evidence and prerequisites.

use sim_core::engine::SimDuration;
use sim_core::operator::EvidenceChange;
use sim_core::policy::gate::AlreadyRed;
use sim_core::policy::{EvidenceFlaw, EvidenceState, Judgement};
use sim_core::{Event, Experiment};

use super::story::Story;
use super::verdicts::{Planted, plant};

/// The evidence called `id` is like this from a minute on.
pub(super) fn changed(id: &str, from: u64, state: EvidenceState) -> impl FnOnce(&mut Experiment) {
    let change = EvidenceChange {
        evidence: id.into(),
        from: SimDuration::from_mins(from),
        state,
    };
    move |experiment| experiment.evidence.push(change)
}

fn waiver() -> Vec<Planted> {
    vec![
        plant("INV-WAIVER", "a waiver of one person is accepted", 0, {
            let refused = |event: &Event| matches!(event, Event::WaiverJudged { waiver: 0, .. });
            Story::good().instead(
                refused,
                Event::WaiverJudged {
                    waiver: 0,
                    refusal: None,
                },
            )
        }),
        plant("INV-WAIVER", "a waiver past its time is accepted", 0, {
            Story::good().given(|experiment| {
                experiment.policy.waivers[1].age = SimDuration::from_hours(25);
            })
        }),
        plant("INV-WAIVER", "a waiver for too long is accepted", 0, {
            Story::good().given(|experiment| {
                experiment.policy.waivers[1].valid_for = SimDuration::from_hours(91 * 24);
            })
        }),
        plant(
            "INV-WAIVER",
            "two signatures of one person are accepted",
            0,
            {
                Story::good().given(|experiment| {
                    experiment.policy.waivers[1].approvers = vec!["ann".into(), "ann".into()];
                })
            },
        ),
        plant("INV-WAIVER", "a waiver without a reason is accepted", 0, {
            Story::good().given(|experiment| experiment.policy.waivers[1].rationale = " ".into())
        }),
        plant("INV-WAIVER", "a refused waiver is relied upon", 62, {
            Story::good().given(changed(
                "bundle",
                30,
                EvidenceState {
                    exists: false,
                    ..EvidenceState::GOOD
                },
            ))
        }),
    ]
}

fn evidence() -> Vec<Planted> {
    let missing = Event::EvidenceFlawed {
        evidence: 2,
        flaw: EvidenceFlaw::Missing,
    };
    vec![
        plant(
            "INV-EVIDENCE",
            "the controller saw the flaw and went on",
            62,
            Story::good().with(40, missing),
        ),
        plant("INV-EVIDENCE", "the artifact is red", 62, {
            Story::good().given(changed(
                "replay",
                40,
                EvidenceState {
                    passes: false,
                    ..EvidenceState::GOOD
                },
            ))
        }),
        plant(
            "INV-EVIDENCE",
            "the artifact is vacuous and the policy does not look",
            62,
            {
                Story::good().given(changed(
                    "replay",
                    40,
                    EvidenceState {
                        says_something: false,
                        ..EvidenceState::GOOD
                    },
                ))
            },
        ),
        plant("INV-EVIDENCE", "the artifact grows stale", 151, {
            let almost_a_day = SimDuration::from_mins(24 * 60 - 100);
            Story::good().given(changed(
                "replay",
                0,
                EvidenceState {
                    age: almost_a_day,
                    ..EvidenceState::GOOD
                },
            ))
        }),
    ]
}

fn pre() -> Vec<Planted> {
    vec![
        plant("INV-PRE", "a prerequisite is missing", 0, {
            Story::good().given(changed(
                "card",
                0,
                EvidenceState {
                    exists: false,
                    ..EvidenceState::GOOD
                },
            ))
        }),
        plant("INV-PRE", "an entry requirement cannot be read", 62, {
            Story::good().given(changed(
                "bundle",
                50,
                EvidenceState {
                    parses: false,
                    ..EvidenceState::GOOD
                },
            ))
        }),
        plant(
            "INV-PRE",
            "a stage is entered though a gate was red before",
            0,
            {
                let red = Event::Judged {
                    gate: 0,
                    judgement: Judgement::Breach,
                    flaw: None,
                    value: 0.5,
                    samples: 1000,
                    limit: 0.05,
                };
                let refuses = |experiment: &mut Experiment| {
                    experiment.policy.gates[0].already_red = Some(AlreadyRed::Refuse);
                };
                Story::good().given(refuses).after_all(red)
            },
        ),
        plant("INV-PRE", "the controller refused and went on", 62, {
            let refused = Event::Refused {
                evidence: 1,
                flaw: EvidenceFlaw::Failed,
            };
            Story::good().with(61, refused)
        }),
    ]
}

pub(super) fn planted() -> Vec<Planted> {
    [waiver(), evidence(), pre()].concat()
}
