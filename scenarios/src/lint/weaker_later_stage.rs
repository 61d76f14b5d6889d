//! A gap between the guards of neighbouring stages.

use sim_core::policy::Gate;
use sim_core::policy::gate::{Limit, Relation};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM213",
        title: "a later stage asks for less than an earlier one",
        explanation: "What an earlier stage would refuse, a later and wider one lets pass. A release \
                      that was held back once can so get through by the next door.",
    },
    name: "weaker-later-stage",
    source: "seed systems, 2.4: an item that is refused in Canary can enter Ramp, which has other guards",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let pairs = subject.policy.stages.windows(2).enumerate();
    let gaps = pairs.filter_map(|(place, pair)| {
        // A stage without any guard has a finding of its own.
        if pair[1].criteria.is_empty() && pair[1].triggers.is_empty() {
            return None;
        }
        let later: Vec<&Gate> = subject.named(&pair[1].criteria).collect();
        let dropped = subject
            .named(&pair[0].criteria)
            .filter(|early| !still_asked(early, &later));
        let dropped: Vec<String> = dropped.map(|gate| format!("`{}`", gate.id)).collect();
        (!dropped.is_empty()).then(|| {
            let (early, late) = (&pair[0].id, &pair[1].id);
            let message = format!(
                "`{late}` asks for less than {} of `{early}`",
                dropped.join(", ")
            );
            Problem::warning("CM213", format!("stages[{}].criteria", place + 1), message)
                .help("list the same criteria, or stricter ones")
        })
    });
    gaps.collect()
}

fn still_asked(early: &Gate, later: &[&Gate]) -> bool {
    later
        .iter()
        .any(|late| late.id == early.id || (alike(early, late) && !looser(early, late)))
}

fn alike(early: &Gate, late: &Gate) -> bool {
    early.signal == late.signal
        && early.measure == late.measure
        && early.population == late.population
        && upper(early) == upper(late)
}

fn looser(early: &Gate, late: &Gate) -> bool {
    // Limits of different kinds cannot be put into an order.
    let ((Limit::Absolute(before), Limit::Absolute(after))
    | (Limit::Times { factor: before, .. }, Limit::Times { factor: after, .. })
    | (Limit::Plus { margin: before, .. }, Limit::Plus { margin: after, .. })) =
        (early.breach.limit, late.breach.limit)
    else {
        return false;
    };
    if upper(early) {
        after > before
    } else {
        after < before
    }
}

fn upper(gate: &Gate) -> bool {
    matches!(gate.breach.is, Relation::Above | Relation::AtLeast)
}
