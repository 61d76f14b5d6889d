//! A class that nothing can set off.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM214",
        title: "a trigger class has no trigger",
        explanation: "The policy says what is done in such a case and nothing says when the case is \
                      given: there is no gate, no number and no evidence behind the word.",
    },
    name: "idle-class",
    source: "seed systems, 7.2: triggers without a number",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let policy = subject.policy;
    let used = |id: &str| {
        let fires = |gate: &&sim_core::policy::Gate| gate.class.as_deref() == Some(id);
        let triggers = policy
            .stages
            .iter()
            .flat_map(|stage| subject.named(&stage.triggers));
        let held = policy.stages.iter().flat_map(|stage| &stage.hold);
        let mut flawed = policy
            .evidence
            .iter()
            .filter(|known| known.class.as_deref() == Some(id));
        let held: Vec<&String> = held.collect();
        triggers.filter(fires).count() > 0 || flawed.any(|known| held.contains(&&known.id))
    };
    let idle = crate::check::each("classes", &policy.classes).filter(|(_, class)| !used(&class.id));
    let problem = |(path, class): (String, &sim_core::policy::Class)| {
        let message = format!("nothing can set off `{}`", class.id);
        Problem::warning("CM214", path, message)
            .reason("no stage lists a trigger of this class or holds evidence of it")
            .help("add a gate with a number, or take the class out")
    };
    idle.map(problem).collect()
}
