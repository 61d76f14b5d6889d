//! The wedge as franken_node's merge gate, `scripts/check_no_contract_no_merge.py` (58c1766),
//! reads it.
//!
//! Booleans are no numbers here, `NaN` fails the checks of a range and passes those of one bound,
//! and a whole number too large for a float raises.

use super::WedgeVerdict;
use super::words::{INCREMENT_POLICIES, STAGE_FIELDS, WEDGE_STATES, said};
use crate::adapter::Json;

const PATH: &str = "change_summary.rollout_wedge";

/// Reads a wedge; the messages are the script's own.
pub fn merge_gate(wedge: &Json) -> WedgeVerdict {
    let mut errors = Vec::new();
    match gate(wedge, &mut errors) {
        Ok(()) => WedgeVerdict::Read(errors),
        Err(TooLarge) => {
            WedgeVerdict::Raised("OverflowError('int too large to convert to float')".into())
        }
    }
}

/// A whole number that does not fit into a float.
struct TooLarge;

fn gate(wedge: &Json, errors: &mut Vec<String>) -> Result<(), TooLarge> {
    if wedge.members().is_none() {
        errors.push(format!("{PATH} must be an object"));
        return Ok(());
    }
    let stages = list(
        wedge.get("wedge_stages"),
        &format!("{PATH}.wedge_stages"),
        2,
        errors,
    );
    let mut targets = Targets {
        first: None,
        previous: -1.0,
    };
    for (index, stage) in stages.iter().enumerate() {
        one_stage(
            stage,
            &format!("{PATH}.wedge_stages[{index}]"),
            &mut targets,
            errors,
        )?;
    }
    fields(wedge, targets.first, errors)
}

/// The targets seen so far: those that are numbers in range.
struct Targets {
    first: Option<f64>,
    previous: f64,
}

fn one_stage(
    stage: &Json,
    at: &str,
    targets: &mut Targets,
    errors: &mut Vec<String>,
) -> Result<(), TooLarge> {
    if stage.members().is_none() {
        errors.push(format!("{at} must be an object"));
        return Ok(());
    }
    let missing = STAGE_FIELDS
        .iter()
        .filter(|field| stage.get(field).is_none());
    errors.extend(missing.map(|field| format!("{at}.{field} is required")));
    string(stage.get("stage_id"), &format!("{at}.stage_id"), errors);
    one_target(float(stage.get("target_percentage"))?, at, targets, errors);
    if float(stage.get("duration_hours"))?.is_none_or(|hours| hours <= 0.0) {
        errors.push(format!("{at}.duration_hours must be numeric > 0"));
    }
    criteria(stage, &format!("{at}.success_criteria"), errors);
    string(
        stage.get("rollback_trigger"),
        &format!("{at}.rollback_trigger"),
        errors,
    );
    Ok(())
}

fn one_target(target: Option<f64>, at: &str, targets: &mut Targets, errors: &mut Vec<String>) {
    let Some(target) = target.filter(|target| (0.0..=100.0).contains(target)) else {
        errors.push(format!(
            "{at}.target_percentage must be numeric in range 0..100"
        ));
        return;
    };
    if target <= targets.previous {
        errors.push(format!(
            "{at}.target_percentage must be strictly increasing across stages"
        ));
    }
    targets.previous = target;
    targets.first.get_or_insert(target);
}

fn criteria(stage: &Json, at: &str, errors: &mut Vec<String>) {
    let criteria = list(stage.get("success_criteria"), at, 1, errors);
    for (index, criterion) in criteria.iter().enumerate() {
        string(Some(criterion), &format!("{at}[{index}]"), errors);
    }
}

fn fields(wedge: &Json, first: Option<f64>, errors: &mut Vec<String>) -> Result<(), TooLarge> {
    let in_range = |value: &f64| *value > 0.0 && *value <= 100.0;
    let said = |what: &str| format!("{PATH}.{what}");
    match float(wedge.get("initial_percentage"))?.filter(in_range) {
        None => errors.push(said("initial_percentage must be numeric in range (0,100]")),
        Some(initial) if first.is_some_and(|first| initial > first) => errors.push(said(
            "initial_percentage must be <= first stage target_percentage",
        )),
        Some(_) => {}
    }
    word(wedge, "increment_policy", &INCREMENT_POLICIES, errors);
    match float(wedge.get("max_blast_radius"))?.filter(in_range) {
        None => errors.push(said("max_blast_radius must be numeric in range (0,100]")),
        Some(blast) if first.is_some_and(|first| blast < first) => errors.push(said(
            "max_blast_radius must be >= first stage target_percentage",
        )),
        Some(_) => {}
    }
    if float(wedge.get("observation_window_hours"))?.is_none_or(|hours| hours < 1.0) {
        errors.push(said("observation_window_hours must be numeric >= 1"));
    }
    word(wedge, "wedge_state", &WEDGE_STATES, errors);
    Ok(())
}

/// Returns the number as a float; nothing where it is no number.
fn float(value: Option<&Json>) -> Result<Option<f64>, TooLarge> {
    match value {
        Some(Json::Integer(value)) if value.is_infinite() => Err(TooLarge),
        value => Ok(value.and_then(Json::number)),
    }
}

/// Returns the items of a list that should have at least `least` of them; a shorter list is read
/// all the same.
fn list<'j>(
    value: Option<&'j Json>,
    at: &str,
    least: usize,
    errors: &mut Vec<String>,
) -> &'j [Json] {
    let Some(items) = value.and_then(Json::list) else {
        errors.push(format!("{at} must be a list"));
        return &[];
    };
    if items.len() < least {
        errors.push(format!("{at} must contain at least {least} item(s)"));
    }
    items
}

fn string<'j>(value: Option<&'j Json>, at: &str, errors: &mut Vec<String>) -> Option<&'j str> {
    let text = said(value);
    if text.is_none() {
        errors.push(format!("{at} must be a non-empty string"));
    }
    text
}

/// White space around a word is forgiven; the words are listed in the order of the alphabet.
fn word(wedge: &Json, field: &str, words: &[&str], errors: &mut Vec<String>) {
    let at = format!("{PATH}.{field}");
    if string(wedge.get(field), &at, errors).is_some_and(|text| !words.contains(&text)) {
        let mut sorted = words.to_vec();
        sorted.sort_unstable();
        errors.push(format!("{at} must be one of: {}", sorted.join(", ")));
    }
}
