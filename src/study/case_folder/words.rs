//! When a fault happens and what it costs, in words.

use chaos::ablation::Showing;
use chaos::catalogue::{Fault, Injection};
use reports::figure::span;
use sim_core::effect::{Anchor, Course};
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

/// Returns when a fault happens, in words.
pub fn when(course: Course, policy: &Policy) -> String {
    let from = anchor(course.from, policy);
    let mut text = if course.after.is_zero() {
        format!("from {from} on")
    } else {
        format!("from {} after {from} on", course.after)
    };
    if let Some(within) = course.within {
        text += &format!(", or up to {within} later");
    }
    if let Some(lasts) = course.lasts {
        text += &format!(", for {lasts}");
    }
    if let Some(until) = course.until {
        text += &format!(", until {until} at most");
    }
    if let Some(cycle) = course.cycle {
        text += &format!(", {} on and {} off", cycle.on, cycle.off);
    }
    if !course.ramp.is_zero() {
        text += &format!(", growing for {}", course.ramp);
    }
    if course.strength < 1.0 {
        text += &format!(", at {} of its strength", course.strength);
    }
    text
}

fn anchor(anchor: Anchor, policy: &Policy) -> String {
    let stage = |number: u16| {
        let known = policy.stages.get(usize::from(number));
        known.map_or(format!("stage {number}"), |stage| format!("`{}`", stage.id))
    };
    match anchor {
        Anchor::Start => "the start".to_owned(),
        Anchor::FirstExposure => "the first exposure".to_owned(),
        Anchor::Rollback => "the rollback".to_owned(),
        Anchor::StageEntered(number) => format!("the entry into {}", stage(number)),
        Anchor::WindowOver(number) => format!("the end of the window of {}", stage(number)),
        Anchor::Paused => "the first pause".to_owned(),
        Anchor::Reverted => "the return of the last host".to_owned(),
        Anchor::Recovered => "the new attempt".to_owned(),
        Anchor::KillThrown => "the throw of the kill switch".to_owned(),
        Anchor::ControllerBack => "the return of the controller".to_owned(),
        Anchor::State(standing) => {
            let place = standing
                .stage
                .map(|number| format!(" in {}", stage(number)));
            let state = standing.is.word().replace('_', " ");
            format!("the first time {state}{}", place.unwrap_or_default())
        }
    }
}

/// Returns the parameters that are not the catalogue's own, as JSON.
pub fn parameters(injection: &Injection) -> String {
    let json = |fault: &Fault| serde_json::to_value(fault).expect("a fault has text keys");
    let usual = json(&(injection.fault.entry().default)());
    let mut own = json(&injection.fault);
    let name = injection.fault.name();
    if let Some(own) = own[name].as_object_mut() {
        own.retain(|key, value| usual[name].get(key) != Some(value));
    }
    own[name].to_string()
}

/// Returns what a fault cost: what it made worse, from what it would have been, and what it did for that.
/// Nothing where everything is as it would have been.
pub fn cost(without: &Showing, with: &Showing, what: &str) -> String {
    let unit = with.finding.unit.unwrap_or_default();
    let pairs = figures(without, unit).into_iter().zip(figures(with, unit));
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    let changed: Vec<String> = changed
        .map(|((name, before), (_, after))| format!("{name} {before} -> {after}"))
        .collect();
    if changed.is_empty() {
        String::new()
    } else {
        format!("{} because {what}", changed.join(", "))
    }
}

/// The figures of a rollout that a fault may make worse, by name.
fn figures(showing: &Showing, unit: &str) -> [(&'static str, String); 6] {
    let seconds = |time: Option<SimDuration>| {
        time.map_or("never".to_owned(), |time| span(time.as_secs_f64()))
    };
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    let slack = showing.finding.slack.map_or("none".to_owned(), |slack| {
        format!("{} {unit}", rounded(slack)).trim_end().to_owned()
    });
    let minutes = rounded(showing.harm.exposed_error_minutes);
    [
        ("rollback", seconds(showing.rollback)),
        ("margin", slack),
        ("detection", seconds(showing.detection)),
        ("outcome", showing.outcome.word().replace('_', " ")),
        ("reached", showing.reached.to_string()),
        ("error-minutes", minutes.to_string()),
    ]
}
