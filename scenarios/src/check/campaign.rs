//! Campaigns: names of faults that there are, and times that leave room.

use chaos::catalogue::{ENTRIES, Entry};

use super::problem::{Problem, each};
use crate::Campaign;
use crate::schema::nearest;

/// Checks a campaign.
pub(crate) fn check(campaign: &Campaign) -> Vec<Problem> {
    let tolerance = &campaign.tolerance;
    let mut problems: Vec<Problem> = each("tolerance.withstands", &tolerance.withstands)
        .chain(each("tolerance.beyond", &tolerance.beyond))
        .filter_map(|(path, name)| unknown(&path, name))
        .collect();
    for (path, name) in each("tolerance.beyond", &tolerance.beyond) {
        if tolerance.withstands.contains(name) {
            let message = format!("`{name}` is also among what the policy withstands");
            let problem = Problem::error("CM101", path, message);
            problems.push(problem.help("name it once"));
        }
    }
    if campaign
        .heal_at
        .is_some_and(sim_core::engine::SimDuration::is_zero)
    {
        let message = "everything would heal before anything happens";
        let problem = Problem::error("CM165", "heal-at".to_owned(), message);
        problems.push(problem.help("leave it out, or let it be later"));
    }
    problems
}

/// Returns what is wrong with the name of a fault, if the catalogue does not have it.
pub(super) fn unknown(path: &str, name: &str) -> Option<Problem> {
    if Entry::of(name).is_some() {
        return None;
    }
    let near = nearest(name, ENTRIES.iter().map(|entry| entry.name));
    let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
    let message = format!("there is no fault called `{name}`");
    let help = format!("{near}`coalmine list --faults` shows all of them");
    Some(Problem::error("CM102", path.to_owned(), message).help(help))
}
