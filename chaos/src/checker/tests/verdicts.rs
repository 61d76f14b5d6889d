//! What every checker must say.

use std::collections::BTreeSet;

use serde_json::json;
use sim_core::engine::{Share, SimDuration, SimTime};
use sim_core::history::Request;
use sim_core::policy::gate::{Sustain, SustainMode, Window};
use sim_core::policy::{Action, EvidenceFlaw, EvidenceState, ObservationStart, WaiverRefusal};
use sim_core::{Event, Outcome, Seed};

use super::experiment::form;
use super::planted_paper::changed;
use super::story::{Story, asked, breached, entered, fails_plainly, minute, passed};
use super::{planted_paper, planted_reaction, planted_way};
use crate::checker::{CATALOGUE, Finding, HARM, Status, check};

/// The good story with one fault, and the minute in which its checker must find it.
#[derive(Clone, Debug)]
pub(super) struct Planted {
    pub id: &'static str,
    pub what: &'static str,
    pub at: u64,
    pub story: Story,
}

fn planted() -> Vec<Planted> {
    [
        planted_way::planted(),
        planted_reaction::planted(),
        planted_paper::planted(),
    ]
    .concat()
}

/// The checker called `id` must find `what` in the story in that minute.
pub(super) fn plant(id: &'static str, what: &'static str, at: u64, story: Story) -> Planted {
    Planted {
        id,
        what,
        at,
        story,
    }
}

#[track_caller]
fn expect(story: &Story, id: &str, status: Status) -> Finding {
    let finding = story.judged(id);
    assert_eq!(finding.status, status, "{finding:?}");
    finding
}

#[test]
fn every_checker_says_not_reached_of_an_empty_history() {
    for invariant in &CATALOGUE {
        let finding = expect(&Story::empty(), invariant.id, Status::NotReached);
        assert_eq!((finding.slack, finding.at), (None, None));
    }
}

#[test]
fn every_checker_holds_on_the_good_history() {
    for invariant in &CATALOGUE {
        expect(&Story::good(), invariant.id, Status::Holds);
    }
}

#[test]
fn every_checker_trips_on_its_own_planted_faults_at_the_right_minute() {
    for Planted {
        id,
        what,
        at,
        story,
    } in planted()
    {
        let finding = story.judged(id);
        assert_eq!(finding.status, Status::Violated, "{what}: {finding:?}");
        let found = finding.at.expect("a violation has an instant");
        let found_minute = found.elapsed() / SimDuration::from_mins(1);
        assert_eq!(found_minute, at, "{what}: {finding:?}");
    }
}

#[test]
fn every_checker_has_a_planted_fault_a_source_and_an_id_of_its_own() {
    let planted: BTreeSet<_> = planted().iter().map(|planted| planted.id).collect();
    let known: BTreeSet<_> = CATALOGUE.iter().map(|invariant| invariant.id).collect();
    assert_eq!(planted, known);
    assert_eq!(known.len(), CATALOGUE.len(), "no id is used twice");
    for invariant in &CATALOGUE {
        assert!(invariant.id.starts_with("INV-"), "{}", invariant.id);
        assert!(!invariant.source.is_empty(), "{}", invariant.id);
        assert!(!invariant.title.ends_with('.'), "{}", invariant.id);
    }
}

#[test]
fn the_slack_is_the_least_margin_in_the_unit_of_the_promise() {
    let check = |id: &str, expect: f64| {
        let finding = Story::good().judged(id);
        assert_eq!(finding.slack, Some(expect), "{finding:?}");
        assert!(finding.unit.is_some(), "{finding:?}");
    };
    check("INV-OBSERVE", 0.0);
    check("INV-BLAST", 30.0);
    check("INV-ROLLBACK", 20.0);
    check("INV-PAUSE", 60.0);
    check("INV-LIVE", f64::from(24 * 3600 - 405 * 60));
    let late = Story::good().moved(|event| matches!(event, Event::Reverted), 202);
    assert_eq!(late.judged("INV-ROLLBACK").slack, Some(-60.0));
}

#[test]
fn what_something_else_may_have_hidden_is_not_held_against_the_policy() {
    let begun = |effect| Event::EffectBegan { effect };
    let story = Story::completed().given(fails_plainly).with(50, begun(0));
    expect(&story, "INV-CAUGHT", Status::Violated);
    let blind = story.with(60, begun(1)).given(|experiment| {
        let outage = json!({ "id": "blind", "change": { "outage": { "signal": "errors" } } });
        experiment.faults = form(json!([outage]));
    });
    expect(&blind, "INV-CAUGHT", Status::NotReached);
}

#[test]
fn a_harm_budget_is_held_against_what_users_suffered() {
    let mut experiment = Story::empty().experiment;
    let mut run = sim_core::run(
        &experiment,
        Seed {
            root: 1,
            replication: 0,
        },
    );
    assert!(
        check(&experiment, &run)
            .iter()
            .all(|finding| finding.id != HARM)
    );
    experiment.policy.harm_budget = Some(form(json!({ "error-minutes": 5.0 })));
    let mut judge = |suffered| {
        run.harm.exposed_error_minutes = suffered;
        run.harm.exceeded_at = (suffered > 5.0).then_some(SimTime::from_nanos(90));
        let findings = check(&experiment, &run);
        let found = findings.into_iter().find(|finding| finding.id == HARM);
        let found = found.expect("there is a budget");
        (found.status, found.slack, found.at.map(SimTime::as_nanos))
    };
    assert_eq!(judge(4.0), (Status::Holds, Some(1.0), None));
    assert_eq!(judge(5.0), (Status::Holds, Some(0.0), None));
    assert_eq!(judge(7.5), (Status::Violated, Some(-2.5), Some(90)));
}

#[test]
fn promises_of_ones_own_are_judged_behind_those_that_are_built_in() {
    let mut experiment = Story::empty().experiment;
    experiment.policy.promises = form(json!([
        { "id": "OWN-SMALL", "title": "never everybody", "formula": "always(serving_new <= 80%)" },
        { "id": "OWN-NONE", "title": "never anybody", "formula": "always(serving_new == 0)" },
    ]));
    let run = sim_core::run(
        &experiment,
        Seed {
            root: 1,
            replication: 0,
        },
    );
    let found = check(&experiment, &run);
    let own: Vec<_> = found[CATALOGUE.len()..]
        .iter()
        .map(|found| (found.id, found.status))
        .collect();
    let expect = [("OWN-SMALL", Status::Holds), ("OWN-NONE", Status::Violated)];
    assert_eq!(own, expect);
}

#[test]
fn a_rollout_that_completes_breaks_nothing() {
    for invariant in &CATALOGUE {
        let finding = Story::completed().judged(invariant.id);
        assert_ne!(finding.status, Status::Violated, "{finding:?}");
    }
    expect(&Story::completed(), "INV-STAGED", Status::Holds);
    expect(&Story::completed(), "INV-ROLLBACK", Status::NotReached);
}

#[test]
fn an_empty_promise_is_not_reported_as_kept() {
    let full = Story::good().given(|experiment| {
        let radius = experiment
            .policy
            .blast_radius
            .as_mut()
            .expect("there is one");
        radius.max = Share::ONE;
    });
    expect(&full, "INV-BLAST", Status::NotReached);
    let none = Story::good().given(|experiment| experiment.policy.blast_radius = None);
    expect(&none, "INV-BLAST", Status::NotReached);
}

#[test]
fn a_rollback_that_the_simulation_cut_off_is_not_judged() {
    let story = Story::good().until(|event| matches!(event, Event::StepBegan { .. }));
    let story = story.at(
        201,
        [Event::Ended {
            outcome: Outcome::Unfinished,
        }],
    );
    let finding = expect(&story, "INV-ROLLBACK", Status::NotReached);
    assert!(
        finding.detail.contains("inside the deadline"),
        "{finding:?}"
    );
    let endless = story.given(|experiment| experiment.policy.rollback.deadline = None);
    let finding = expect(&endless, "INV-ROLLBACK", Status::NotReached);
    assert!(
        finding.detail.contains("no deadline was declared"),
        "{finding:?}"
    );
}

#[test]
fn an_observation_from_entry_needs_no_convergence() {
    let story = Story::good().without(|event| matches!(event, Event::Converged { .. }));
    let from = |start: ObservationStart| {
        story.clone().given(|experiment| {
            experiment
                .policy
                .stages
                .iter_mut()
                .for_each(|stage| stage.observe_from = start);
        })
    };
    expect(
        &from(ObservationStart::Convergence),
        "INV-OBSERVE",
        Status::Violated,
    );
    expect(&from(ObservationStart::Entry), "INV-OBSERVE", Status::Holds);
}

#[test]
fn a_worn_out_step_back_may_roll_back_but_a_first_one_may_not() {
    let escalated = Event::Triggered {
        gate: 1,
        class: 1,
        action: Action::Rollback,
    };
    let is_first = |event: &Event| {
        matches!(
            event,
            Event::Triggered {
                action: Action::Rollback,
                ..
            }
        )
    };
    let story = Story::good().instead(is_first, escalated);
    expect(&story, "INV-TRIGGER", Status::Violated);
    let once = story.given(|experiment| experiment.policy.classes[1].at_most = Some(1));
    expect(&once, "INV-TRIGGER", Status::Holds);
}

#[test]
fn a_mended_artifact_is_no_reason_to_stand_still() {
    let flawed = Event::EvidenceFlawed {
        evidence: 2,
        flaw: EvidenceFlaw::Failed,
    };
    let story = Story::good().with(40, flawed);
    expect(&story, "INV-EVIDENCE", Status::Violated);
    expect(
        &story.given(changed("replay", 50, EvidenceState::GOOD)),
        "INV-EVIDENCE",
        Status::Holds,
    );
}

#[test]
fn a_stage_may_be_entered_on_a_waiver_that_counts_only() {
    let missing = EvidenceState {
        exists: false,
        ..EvidenceState::GOOD
    };
    let story = Story::good().given(changed("bundle", 30, missing));
    expect(&story, "INV-PRE", Status::Violated);
    let waived = story.given(|experiment| experiment.policy.waivers[1].rule = "bundle".into());
    expect(&waived, "INV-PRE", Status::Holds);
    expect(&waived, "INV-WAIVER", Status::Holds);
}

#[test]
fn a_sound_waiver_must_not_be_refused() {
    let sound = |event: &Event| matches!(event, Event::WaiverJudged { waiver: 1, .. });
    let refusal = Some(WaiverRefusal::Expired);
    let story = Story::good().instead(sound, Event::WaiverJudged { waiver: 1, refusal });
    expect(&story, "INV-WAIVER", Status::Violated);
}

#[test]
fn a_gate_on_the_mean_of_a_window_may_fire_on_a_passing_reading() {
    let breach = |event: &Event| *event == breached(0);
    let story = Story::good().instead(breach, passed(0));
    expect(&story, "INV-NOFALSE", Status::Violated);
    let by_mean = story.given(|experiment| {
        let over = SimDuration::from_mins(5);
        experiment.policy.gates[0].window = Window::Sustained(Sustain {
            over,
            mode: SustainMode::Mean,
        });
    });
    expect(&by_mean, "INV-NOFALSE", Status::Holds);
}

#[test]
fn a_refused_start_puts_the_prerequisites_to_the_test_and_nothing_else() {
    let refused = Event::Refused {
        evidence: 0,
        flaw: EvidenceFlaw::Missing,
    };
    let story = Story::empty().at(0, [Event::Started, refused]);
    let story = story.at(
        0,
        [Event::Ended {
            outcome: Outcome::Aborted,
        }],
    );
    expect(&story, "INV-PRE", Status::Holds);
    expect(&story, "INV-LIVE", Status::Holds);
    expect(&story, "INV-STAGED", Status::NotReached);
}

#[test]
fn several_breaches_are_counted_and_the_earliest_is_told() {
    let story = Story::good()
        .with(310, entered(2, 1))
        .with(320, entered(1, 1));
    let finding = expect(&story, "INV-STAGED", Status::Violated);
    assert_eq!(finding.at, Some(minute(310)));
    assert!(finding.detail.ends_with("and 1 more"), "{finding:?}");
}

#[test]
fn a_rollout_may_stand_still_only_while_the_policy_asks_to_wait() {
    let end = Event::Ended {
        outcome: Outcome::Unfinished,
    };
    let third = |event: &Event| matches!(event, Event::StageEntered { stage: 2, .. });
    let begun = Story::completed()
        .until(third)
        .at(200, [entered(2, 0)])
        .settles(201, 2, 75.0);
    let check = |story: Story, expect: Status, part: &str| {
        let finding = story.judged("INV-LIVE");
        assert_eq!(finding.status, expect, "{finding:?}");
        assert!(finding.detail.contains(part), "{finding:?}");
    };
    check(
        begun.clone().at(240, [end]),
        Status::NotReached,
        "observation window",
    );
    let blind = begun.clone().at(300, [breached(0)]).at(1440, [end]);
    check(blind, Status::NotReached, "criterion `errors`");
    let silent = begun
        .clone()
        .at(300, [passed(0), asked(0, Request::Approval)])
        .at(1440, [end]);
    check(silent, Status::NotReached, "`lead` had not answered");
    let stuck = begun.at(300, [passed(0)]).at(1440, [end]);
    check(stuck, Status::Violated, "nothing kept the rollout");
}
