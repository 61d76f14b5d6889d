//! The programs in `examples/`, run as a test runs them: each does what its first line says.

use add_a_fault::play_a_policy;
use coalmine::sim_core::policy::gate::Limit;

#[path = "../../examples/add_a_fault.rs"]
#[expect(dead_code, reason = "its main is for people")]
mod add_a_fault;
#[path = "../../examples/add_a_gate.rs"]
#[expect(dead_code, reason = "its main is for people")]
mod add_a_gate;
#[path = "../../examples/add_a_report_form.rs"]
#[expect(dead_code, reason = "its main is for people")]
mod add_a_report_form;
#[path = "../../examples/read_a_result.rs"]
#[expect(dead_code, reason = "its main is for people")]
mod read_a_result;

#[test]
fn a_policy_is_played_and_most_bad_releases_are_rolled_back() {
    let ends = play_a_policy::play(&play_a_policy::wedge("step-regression").unwrap(), 20);
    assert!(ends.outcomes["rolled back"] >= 15, "{:?}", ends.outcomes);
    assert_eq!(ends.outcomes.values().sum::<u32>(), 20);
    assert!(ends.harm > 0.0);
}

#[test]
fn a_gate_that_is_added_is_watched_and_a_tight_one_rolls_back_good_releases() {
    let tight = add_a_gate::errors_above(0.0).unwrap();
    assert_eq!(tight.breach.limit, Limit::Absolute(0.0));
    let rolled_back = |gate| {
        let policy = add_a_gate::with_gate(gate).unwrap();
        add_a_gate::false_rollbacks(&policy, 10).unwrap()
    };
    assert_eq!(rolled_back(tight), 10);
    assert_eq!(rolled_back(add_a_gate::errors_above(0.5).unwrap()), 0);
}

#[test]
fn a_gate_that_reads_no_signal_of_the_world_is_refused_as_it_is_in_a_file() {
    let mut gate = add_a_gate::errors_above(0.1).unwrap();
    gate.signal = "no-such-signal".into();
    let policy = add_a_gate::with_gate(gate).unwrap();
    let refused = add_a_gate::false_rollbacks(&policy, 1).unwrap_err();
    assert!(refused.to_string().contains("no-such-signal"), "{refused}");
}

#[test]
fn a_fault_that_is_added_shows_and_breaks_what_it_threatens() {
    let base = play_a_policy::wedge("step-regression").unwrap();
    let rehearsed = add_a_fault::rehearse(base, "human.override_advance").unwrap();
    assert_eq!(rehearsed.confirmed, [true]);
    let violated = add_a_fault::violated(&rehearsed);
    assert!(violated.contains(&"INV-GATE"), "{violated:?}");
}

#[test]
fn a_form_of_ones_own_has_a_line_for_each_objective_and_a_stored_result_is_read_again() {
    let report = add_a_report_form::study("step-regression", 64).unwrap();
    let message = add_a_report_form::message(&report);
    assert_eq!(
        message.lines().count(),
        1 + report.objectives.len(),
        "{message}"
    );
    let json = serde_json::to_string(&report).unwrap();
    let first = read_a_result::look_first(&json).unwrap();
    assert_eq!(first.missed.len(), message.matches("MISS").count());
    assert_eq!(first.replays.len(), report.worst.len());
    let other = json.replace("coalmine/simulate", "coalmine/tune");
    assert!(read_a_result::look_first(&other).is_err());
}
