//! A limit at or below what is normal.

use sim_core::policy::Gate;
use sim_core::policy::gate::Measure;

use super::normal;
use super::odd_limit::shown;
use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM217",
        title: "a healthy release breaches a gate",
        explanation: "The normal level of the signal is at or beyond the limit, so that a release \
                      which changes nothing is held or rolled back. The rollout can only complete by \
                      luck.",
    },
    name: "unreachable-completion",
    source: "seed systems, 2.4: a service behaving exactly as projected is rolled back in every phase (BPET gate)",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let unhealthy = |(path, gate): (String, &Gate)| {
        // Only counts grow with the exposure; for everything else one stage stands for all.
        let is_count = gate.measure == Measure::Count;
        let stages = if is_count { usize::MAX } else { 1 };
        let mut readers = subject.readers(&gate.id).take(stages);
        let (stage, normal) = readers.find_map(|stage| {
            let normal = normal::breaches(subject, gate, stage.target)?;
            Some((stage, normal))
        })?;
        let message = match gate.breach.limit.refers_to() {
            Some(_) => format!("`{}` breaches when both populations are alike", gate.id),
            None => format!(
                "`{}` breaches at {}, the normal level of its signal",
                gate.id,
                shown(gate, normal)
            ),
        };
        let reason = format!("a healthy release cannot get past stage `{}`", stage.id);
        let problem = Problem::warning("CM217", format!("{path}.breach"), message).reason(reason);
        Some(problem.help("move the limit beyond the normal level, with room for noise"))
    };
    subject.gates().filter_map(unhealthy).collect()
}
