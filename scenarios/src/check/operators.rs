//! The people of a world.

use sim_core::operator::Operator;

use super::names::unique;
use super::numbers::{distribution, probability};
use super::problem::{Problem, each};

/// Checks the people of a world.
pub(crate) fn check(operators: &[Operator]) -> Vec<Problem> {
    let mut problems = unique(
        "operator's role",
        each("operators", operators)
            .map(|(path, operator)| (format!("{path}.role"), operator.role.as_str())),
    );
    for (path, operator) in each("operators", operators) {
        problems.extend(distribution(
            &format!("{path}.answers-in"),
            &operator.answers_in,
        ));
        problems.extend(probability(&format!("{path}.silent"), operator.silent));
    }
    problems
}
