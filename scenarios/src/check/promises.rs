//! Promises of one's own: codes that nobody else has, formulas that mean something, a budget that is a number.

use chaos::checker::{HARM, known as invariants};
use chaos::formula::{Misread, parse};
use sim_core::policy::{Policy, Promise};

use super::names::unique;
use super::numbers::within;
use super::problem::{Problem, each};

/// The longest formula that is read, in bytes; the longest of the shipped ones has about a hundred.
const LENGTH_MAX: usize = 2_000;

/// Checks the promises of a policy.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let mut problems = own(&policy.promises, &[], policy);
    problems.extend(
        policy.harm_budget.and_then(|budget| {
            within("harm-budget.error-minutes", budget.error_minutes, 0.0..=1e9)
        }),
    );
    problems
}

/// Checks the promises of a scenario beside those of the policy that is played in it.
pub(crate) fn scenario(promises: &[Promise], policy: &Policy) -> Vec<Problem> {
    own(promises, &policy.promises, policy)
}

/// Checks promises beside `others`, which have their codes already.
fn own(promises: &[Promise], others: &[Promise], policy: &Policy) -> Vec<Problem> {
    let ids = each("promises", promises);
    let ids = ids.map(|(path, promise)| (format!("{path}.id"), promise.id.as_str()));
    let mut problems = unique("invariant", ids);
    for (path, promise) in each("promises", promises) {
        problems.extend(taken(&path, promise, others));
        problems.extend(formula(&path, promise, policy));
    }
    problems
}

fn taken(path: &str, promise: &Promise, others: &[Promise]) -> Option<Problem> {
    let id = promise.id.as_str();
    let built_in = invariants().map(|known| known.id).chain([HARM]);
    let mut known = built_in.chain(others.iter().map(|other| other.id.as_str()));
    known.any(|known| known == id).then(|| {
        Problem::error(
            "CM101",
            format!("{path}.id"),
            format!("`{id}` is the code of another invariant"),
        )
        .help("choose a code of your own, such as `OWN-QUICK`")
    })
}

fn formula(path: &str, promise: &Promise, policy: &Policy) -> Option<Problem> {
    let (path, text) = (format!("{path}.formula"), promise.formula.as_str());
    if text.len() > LENGTH_MAX {
        let message = format!("the formula has more than {LENGTH_MAX} characters");
        return Some(Problem::error("CM169", path, message).help("make several invariants of it"));
    }
    let Misread { at, what, help } = parse(text, policy).err()?;
    let (before, piece) = (&text[..at.start], &text[at]);
    let message = format!("the formula means nothing: {what}");
    let label = match piece {
        "" => format!("at its end, behind `{}`", tail(before)),
        piece => format!("character {}: `{piece}`", before.chars().count() + 1),
    };
    let problem = Problem::error("CM169", path, message).label(label);
    Some(
        problem
            .reason("an invariant that cannot be told broken is none")
            .help(help),
    )
}

/// The last few characters of a text.
fn tail(text: &str) -> String {
    let skipped = text.chars().count().saturating_sub(12);
    text.chars().skip(skipped).collect()
}
