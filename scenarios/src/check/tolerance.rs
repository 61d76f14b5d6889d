//! What a policy declares to withstand: faults that there are, and sizes in their units.

use chaos::tolerance::Bound;
use sim_core::policy::Policy;

use super::campaign::unknown;
use super::problem::Problem;

/// Checks the tolerance of a policy.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let one = |(name, text): (&String, &String)| {
        let path = format!("tolerance.{name}");
        unknown(&path, name).or_else(|| {
            let (message, help) = Bound::read(text, name).err()?;
            let problem = Problem::error("CM176", path, message);
            let reason = "nobody could say whether a fault is within the tolerance";
            Some(problem.reason(reason).help(help))
        })
    };
    policy.tolerance.iter().filter_map(one).collect()
}
