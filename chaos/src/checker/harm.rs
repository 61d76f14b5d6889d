//! `INV-HARM`: what users suffer stays within the budget.

use sim_core::{Experiment, Run};

use super::finding::{Finding, Status};

/// The code of the promise.
pub(super) const ID: &str = "INV-HARM";

/// Judges what users suffered by the policy's budget; none where it has none.
///
/// The harm is the integral of the share of traffic that failed above normal, on whatever version, in
/// minutes of full outage, until the world is normal again or the horizon. The world measures it, whatever
/// the controller sees and whether or not the rollout has ended, so that neither an oscillating fault nor a
/// rollback that did not work escapes the budget.
pub(super) fn finding(experiment: &Experiment, run: &Run) -> Option<Finding> {
    let budget = experiment.policy.harm_budget?.error_minutes;
    let suffered = run.harm.exposed_error_minutes;
    let broken = suffered > budget;
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
        at: run.harm.exceeded_at.filter(|_| broken),
        detail: format!(
            "{} min of full outage, {budget} are allowed",
            figures(suffered)
        ),
    })
}

/// Three significant figures at the least, so that what is above the budget never reads like the budget.
fn figures(minutes: f64) -> String {
    let places = [100.0, 10.0, 1.0, 0.1, 0.01]
        .iter()
        .filter(|bound| minutes < **bound);
    format!("{minutes:.*}", places.count())
}
