//! A gap between the guards of neighbouring stages.

use sim_core::policy::gate::{Limit, Relation};
use sim_core::policy::{Gate, Stage};

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
        let of = |key, early, later| dropped(subject, key, (early, later), pair, place);
        Some([
            of("criteria", &pair[0].criteria, &pair[1].criteria),
            of("triggers", &pair[0].triggers, &pair[1].triggers),
        ])
    });
    gaps.flatten().flatten().collect()
}

/// What the later of two stages no longer asks for.
fn dropped(
    subject: &Subject<'_>,
    key: &str,
    (early, later): (&[String], &[String]),
    pair: &[Stage],
    place: usize,
) -> Option<Problem> {
    let later: Vec<&Gate> = subject.named(later).collect();
    let dropped = subject
        .named(early)
        .filter(|early| !still_asked(early, &later));
    let dropped: Vec<String> = dropped.map(|gate| format!("`{}`", gate.id)).collect();
    (!dropped.is_empty()).then(|| {
        let (early, late) = (&pair[0].id, &pair[1].id);
        let message = format!(
            "`{late}` asks for less than {} of `{early}`",
            dropped.join(", ")
        );
        Problem::warning("CM213", format!("stages[{}].{key}", place + 1), message)
            .help(format!("list the same {key}, or stricter ones"))
    })
}

/// Whether one of `later` is the same gate, or asks for as much.
pub(super) fn still_asked(early: &Gate, later: &[&Gate]) -> bool {
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
