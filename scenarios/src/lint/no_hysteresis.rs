//! A limit that promotes on one side and rolls back on the other.

use sim_core::policy::Gate;
use sim_core::policy::gate::Relation;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM210",
        title: "promotion and rollback have the same limit",
        explanation: "A value just below the limit promotes and the same value with a little noise \
                      takes everything back. Between the limit to promote and the limit to roll back \
                      there must be room for noise.",
    },
    name: "no-hysteresis",
    source: "seed systems, 4.2: the same number promotes and rolls back (optimize rollout)",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let tight = |(path, trigger): (String, &Gate)| {
        let stages = subject.policy.stages.iter();
        let twin = stages
            .filter(|stage| stage.triggers.contains(&trigger.id))
            .flat_map(|stage| subject.named(&stage.criteria))
            .find(|criterion| same_limit(criterion, trigger))?;
        let message = if twin.id == trigger.id {
            format!("`{}` promotes and acts at the same limit", twin.id)
        } else {
            format!(
                "`{}` promotes up to the limit at which `{}` acts",
                twin.id, trigger.id
            )
        };
        let problem = Problem::warning("CM210", format!("{path}.breach.limit"), message)
            .reason("noise around the limit decides between promotion and rollback")
            .help("demand a better value for promotion than the one that triggers");
        Some(problem)
    };
    subject.gates().filter_map(tight).collect()
}

fn same_limit(one: &Gate, other: &Gate) -> bool {
    one.signal == other.signal
        && one.measure == other.measure
        && one.population == other.population
        && one.breach.limit == other.breach.limit
        && upper(one.breach.is) == upper(other.breach.is)
}

fn upper(relation: Relation) -> bool {
    matches!(relation, Relation::Above | Relation::AtLeast)
}
