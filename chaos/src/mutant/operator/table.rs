//! The table of operators.

/// What is said about one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its name.
    pub name: &'static str,
    /// What it does to a policy, as a sentence without a full stop.
    pub summary: &'static str,
    /// Whether what it takes away lets harm through at once.
    pub critical: bool,
}

/// The parts of a policy, each with the first of its operators in [`OPERATORS`].
const PARTS: [(&str, &str); 7] = [
    ("gates", "limit-doubled"),
    ("bad data", "missing-passes"),
    ("stages", "stage-removed"),
    ("actions", "action-recorded"),
    ("evidence", "existence-unchecked"),
    ("way back", "revert-dropped"),
    ("controller", "forgets-windows"),
];

impl Operator {
    /// Returns the part of a policy that the operator weakens.
    pub fn part(&self) -> &'static str {
        let place = |name: &str| OPERATORS.iter().position(|operator| operator.name == name);
        let begun = |(_, first): &&(&str, &str)| place(first) <= place(self.name);
        let part = PARTS.iter().rev().find(begun);
        part.map_or("policy", |(part, _)| part)
    }
}

const fn plain(name: &'static str, summary: &'static str) -> Operator {
    Operator {
        name,
        summary,
        critical: false,
    }
}

const fn critical(name: &'static str, summary: &'static str) -> Operator {
    Operator {
        name,
        summary,
        critical: true,
    }
}

/// Every operator, in the order of reports.
pub const OPERATORS: &[Operator] = &[
    plain("limit-doubled", "a gate's limit lies twice as far away"),
    plain("limit-halved", "a gate's limit lies half as far away"),
    plain(
        "limit-edge",
        "a value that equals its limit is judged the other way",
    ),
    critical("sign-flipped", "a gate takes good for bad and bad for good"),
    plain("window-halved", "a breach must last for half as long"),
    plain("window-doubled", "a breach must last for twice as long"),
    plain("window-dropped", "the first breach fires"),
    plain(
        "window-any",
        "one breach in the window is as good as a breach throughout",
    ),
    plain(
        "window-mean",
        "the mean over the window is judged, and not each value",
    ),
    plain("window-counted", "evaluations are counted, and not time"),
    critical("trigger-dropped", "a gate is no trigger any more"),
    critical("criterion-dropped", "a gate is no criterion any more"),
    plain(
        "reference-swapped",
        "a gate compares with another population",
    ),
    plain(
        "duration-dropped",
        "a gate fires at once, and not after its `for`",
    ),
    plain(
        "kept-dropped",
        "a gate forgets what it said before when data are lost",
    ),
    plain(
        "joined-dropped",
        "a gate's breach counts without those of others",
    ),
    critical(
        "already-red-unasked",
        "nobody looks whether a gate is red before the start",
    ),
    critical("missing-passes", "no data are good data"),
    critical("stale-passes", "old data are good data"),
    critical("nan-passes", "what is not a number passes"),
    plain("zero-passes", "a ratio of nothing passes"),
    plain("few-passes", "too few samples pass"),
    plain("samples-unneeded", "any number of samples is enough"),
    plain(
        "fleet-aggregate",
        "gates read the whole fleet, and not the canary",
    ),
    critical("stage-removed", "a stage is left out"),
    plain("stages-swapped", "two stages change places"),
    plain("stage-merged", "a stage goes as far as the next one"),
    plain(
        "observation-moved",
        "windows are counted from another instant",
    ),
    critical("observation-halved", "a stage is observed for half as long"),
    plain(
        "observation-doubled",
        "stages are observed for twice as long",
    ),
    plain(
        "pause-dropped",
        "a stage that is not satisfied in time goes on",
    ),
    plain(
        "pause-doubled",
        "a stage that is not satisfied waits twice as long",
    ),
    critical("approval-dropped", "nobody is asked before a stage is left"),
    plain("entry-dropped", "a stage is entered without its evidence"),
    plain("hold-dropped", "a stage does not hold on to its evidence"),
    critical("last-unwatched", "nothing is evaluated in the last stage"),
    plain(
        "rounding-changed",
        "shares become hosts by another rounding",
    ),
    plain("initial-dropped", "the first exposure is the whole stage"),
    plain("ramp-dropped", "a stage is climbed at once"),
    plain("ramp-doubled", "a ramp is climbed twice as fast"),
    critical("blast-unenforced", "nobody watches the blast radius"),
    plain("blast-widened", "the blast radius is the whole fleet"),
    plain("evaluation-halved", "gates are evaluated half as often"),
    plain("calendar-dropped", "the rollout goes forward at any time"),
    plain("advances-at-once", "a stage is left between two ticks"),
    plain(
        "approval-unlimited",
        "an approval is waited for as long as it takes",
    ),
    critical(
        "action-recorded",
        "a trigger is written down and nothing is done",
    ),
    plain("action-paused", "a trigger only pauses"),
    plain(
        "rollback-to-stage",
        "a rollback returns to the stage before only",
    ),
    plain(
        "starts-go-on",
        "updates that have not begun begin after a trigger",
    ),
    plain("sign-off-dropped", "nobody signs off after an action"),
    plain(
        "step-backs-unbounded",
        "a stage may be stepped back from for ever",
    ),
    critical("existence-unchecked", "evidence need not exist"),
    plain("parse-unchecked", "evidence need not be readable"),
    critical("vacuity-unchecked", "evidence may say nothing"),
    critical("result-unchecked", "evidence may be red"),
    plain("age-unchecked", "evidence may be of any age"),
    plain(
        "evidence-unheeded",
        "a flaw in held evidence triggers nothing",
    ),
    critical(
        "prerequisites-dropped",
        "the rollout starts without its prerequisites",
    ),
    plain("waivers-unchecked", "every waiver counts"),
    critical(
        "revert-dropped",
        "a rollback does not take the new version out of service",
    ),
    plain("step-dropped", "a step of the rollback is left out"),
    plain("steps-swapped", "two steps of the rollback change places"),
    plain("retries-dropped", "a step that failed is not tried again"),
    plain("step-optional", "a required step may fail"),
    plain("step-required", "a step that may fail stops the rollback"),
    plain(
        "deadline-relaxed",
        "the rollback may take ten times as long",
    ),
    plain(
        "standby-unbounded",
        "the old version is thought to be there for ever",
    ),
    critical("reverts-half", "a rollback reaches half of the hosts"),
    critical("switch-broken", "nothing honours the kill switch"),
    plain("pending-kept", "the kill switch leaves queued work alone"),
    plain("rung-dropped", "a rung of the ladder is left out"),
    plain("rungs-reversed", "the ladder is climbed from the other end"),
    plain("escalation-dropped", "nobody is told that no rung is left"),
    critical(
        "acknowledgement-dropped",
        "a new attempt needs nobody's word",
    ),
    critical(
        "fresh-canary-dropped",
        "a new attempt goes on where the last one ended",
    ),
    plain("attempt-added", "there is one attempt more"),
    plain("attempts-dropped", "there is no new attempt"),
    plain(
        "forgets-windows",
        "a controller that comes back has lost its windows",
    ),
    plain(
        "forgets-timer",
        "a controller that comes back observes anew",
    ),
    critical(
        "forgets-stage",
        "a controller that comes back begins with the first stage",
    ),
    critical(
        "forgets-retreat",
        "a controller that comes back has lost its rollback",
    ),
    plain(
        "forgets-approval",
        "a controller that comes back has lost what was approved",
    ),
    plain(
        "forgets-baseline",
        "a controller that comes back has lost its baseline",
    ),
    plain(
        "never-resends",
        "a command that is lost is never sent again",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_weakens_a_part_and_the_parts_stand_together() {
        let mut parts: Vec<_> = OPERATORS.iter().map(Operator::part).collect();
        parts.dedup();
        assert_eq!(parts, PARTS.map(|(part, _)| part));
    }
}
