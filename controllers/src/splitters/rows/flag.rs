//! Recorded feature flags, replayed.

use serde::Deserialize;
use serde_json::Value;

use super::flag_row::FlagRow;
use super::tolerance::ERRORS;
use crate::splitters::flags::FlagRule;

pub(super) fn flag(row: &Value) -> Result<(), String> {
    let row = FlagRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let (rule, percents) = (row.rule()?, row.percents()?);
    identities(&row, &rule, &percents)?;
    let Some((key, first, _)) = row.rows.first() else {
        return Err("no identity is recorded".into());
    };
    let prefix = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let ids: Vec<String> = (0..row.ids).map(|it| format!("{prefix}{it}")).collect();
    counts(&rule, key, &ids, &percents)?;
    nested(&row, &rule, key, &ids, &percents)?;
    overlap(&row, &rule)
}

/// From which percent each recorded identity is on.
fn identities(row: &FlagRow, rule: &FlagRule, percents: &[(f64, usize)]) -> Result<(), String> {
    for (key, id, real) in &row.rows {
        let on = percents
            .iter()
            .find(|(percent, _)| rule.is_on(key, id, *percent));
        let ours = on.map(|(percent, _)| *percent);
        if ours != *real {
            return Err(format!(
                "{key}, {id}: on from {real:?} % there, from {ours:?} % here"
            ));
        }
    }
    Ok(())
}

/// How many of all identities are on at each percent.
fn counts(
    rule: &FlagRule,
    key: &str,
    ids: &[String],
    percents: &[(f64, usize)],
) -> Result<(), String> {
    for (percent, real) in percents {
        let ours = ids
            .iter()
            .filter(|id| rule.is_on(key, id, *percent))
            .count();
        if ours != *real {
            return Err(format!(
                "at {percent} %: {real} of {} on there, {ours} here",
                ids.len()
            ));
        }
    }
    Ok(())
}

fn nested(
    row: &FlagRow,
    rule: &FlagRule,
    key: &str,
    ids: &[String],
    percents: &[(f64, usize)],
) -> Result<(), String> {
    let ours = match rule {
        // A fraction turns off who was on at the whole percent below it.
        FlagRule::Flagd { total } => {
            let refused = |percent: f64| (percent * f64::from(*total) / 100.0).fract() != 0.0;
            !percents
                .windows(2)
                .any(|two| two[0].1 > 0 && refused(two[1].0))
        }
        _ => percents.windows(2).all(|two| {
            ids.iter()
                .all(|id| !rule.is_on(key, id, two[0].0) || rule.is_on(key, id, two[1].0))
        }),
    };
    if ours == row.nested {
        return Ok(());
    }
    Err(format!("nested: {} there, {ours} here", row.nested))
}

/// Two flags share their users wholly, or as two draws do: the percent of the second one is one of those tried.
fn overlap(row: &FlagRow, rule: &FlagRule) -> Result<(), String> {
    let shared = matches!(rule, FlagRule::Unleash { group: Some(_) });
    let found = row.overlap_of_two_flags;
    let independent = [0.03, 0.05].into_iter().any(|share: f64| {
        let on = share * row.ids as f64;
        (found - share).abs() <= ERRORS * (share * (1.0 - share) / on).sqrt()
    });
    if (shared && found == 1.0) || (!shared && independent) {
        return Ok(());
    }
    Err(format!("overlap of two flags: {found} there, not so here"))
}
