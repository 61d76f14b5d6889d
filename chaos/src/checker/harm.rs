//! `INV-HARM`: what users suffer stays within the budget.

use sim_core::engine::SimTime;
use sim_core::{Experiment, Run};

use super::finding::{Finding, Status};

/// The code of the promise.
pub(super) const ID: &str = "INV-HARM";

/// Judges what users suffered by the policy's budget; none where it has none.
///
/// The harm is the integral over the rollout of the share of traffic that failed because of the new
/// version, in minutes of full outage. The world measures it, whatever the controller sees, so that a policy
/// that breaks no other promise under an oscillating fault is still held to it.
pub(super) fn finding(experiment: &Experiment, run: &Run) -> Option<Finding> {
    let budget = experiment.policy.harm_budget?.error_minutes;
    let suffered = run.harm.exposed_error_minutes;
    let broken = suffered > budget;
    let end = run.history.iter().next_back();
    Some(Finding {
        id: ID,
        title: "the errors above normal amount to no more than so many minutes of full outage",
        status: if broken {
            Status::Violated
        } else {
            Status::Holds
        },
        slack: Some(budget - suffered),
        unit: Some("min"),
        at: broken.then(|| end.map_or(SimTime::ZERO, |(at, _)| *at)),
        detail: format!("{suffered:.1} min of full outage, {budget} are allowed"),
    })
}
