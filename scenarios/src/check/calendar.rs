//! The calendar of a policy: it opens at some time.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::{Calendar, Policy};

use super::numbers::lasts;
use super::problem::{Problem, each};

/// Checks a calendar.
pub(super) fn check(policy: &Policy) -> Vec<Problem> {
    let Some(calendar) = &policy.calendar else {
        return Vec::new();
    };
    let freezes = each("calendar.freezes", &calendar.freezes);
    let empty = freezes.filter_map(|(path, freeze)| {
        let why = "a freeze of no time keeps nothing back";
        lasts(&format!("{path}.lasts"), freeze.lasts, why)
    });
    let mut problems: Vec<Problem> = empty.collect();
    problems.extend(hours(calendar));
    problems.extend(idle(calendar).filter(|_| problems.is_empty()));
    problems
}

fn hours(calendar: &Calendar) -> Option<Problem> {
    let day = SimDuration::from_hours(24);
    let never = calendar.from >= calendar.to || calendar.to > day;
    never.then(|| {
        let message = format!(
            "no time of a day is from {} to {}",
            calendar.from, calendar.to
        );
        Problem::error("CM154", "calendar.to", message)
            .help("write times of one day, as `from: 9h` and `to: 16h`; 24h is its end")
    })
}

/// A calendar that says nothing, or that never opens again.
fn idle(calendar: &Calendar) -> Option<Problem> {
    if *calendar == Calendar::default() {
        let problem = Problem::error(
            "CM154",
            "calendar",
            "a calendar that is always open says nothing",
        );
        return Some(problem.help("write `days`, `from`, `to` or `freezes`, or leave it out"));
    }
    let opens = calendar.opens(SimDuration::ZERO, SimTime::ZERO).is_some();
    (!opens).then(|| {
        Problem::error("CM154", "calendar", "the calendar never opens").help("shorten the freezes")
    })
}
