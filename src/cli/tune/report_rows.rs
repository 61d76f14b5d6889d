//! The rows of a search.

use std::collections::BTreeMap;

use reports::{ConfirmationRow, FigureRow, PlaceRow, RefusedRow, TuneStatus, VariationRow};
use scenarios::search_space::Refused;

use crate::study::objective::Status;
use crate::study::tune::{Confirmation, Ended, Estimate, Shown, Standing, Tuning};

pub(super) fn status(tuning: &Tuning) -> TuneStatus {
    if tuning.interrupted {
        return TuneStatus::Interrupted;
    }
    match tuning.recommended() {
        _ if tuning.ended == Ended::Infeasible => TuneStatus::Infeasible,
        None => TuneStatus::Undecided,
        Some(0) => TuneStatus::Keep,
        Some(_) => TuneStatus::Better,
    }
}

pub(super) fn standing(
    tuning: &Tuning,
    candidate: usize,
    constraints: &[crate::study::tune::Constraint],
) -> String {
    let rejected = tuning.rejected.iter().any(|(it, _)| *it == candidate);
    match tuning.standing[candidate] {
        Standing::Breaks(constraint) => format!("breaks {}", constraints[constraint]),
        _ if tuning.recommended() == Some(candidate) => "recommended".to_owned(),
        _ if rejected => "not confirmed".to_owned(),
        Standing::Beaten(_) => "worse".to_owned(),
        Standing::Racing if tuning.proven[candidate] => "meets the constraints".to_owned(),
        Standing::Racing => "undecided".to_owned(),
    }
}

pub(super) fn variation(variation: &scenarios::search_space::Variation) -> VariationRow {
    let place = |place: &scenarios::search_space::Place| PlaceRow {
        path: place.path.clone(),
        written: place.written.clone(),
    };
    VariationRow {
        path: variation.path.clone(),
        places: variation.places.iter().map(place).collect(),
        values: variation
            .settings
            .iter()
            .map(|setting| setting.label.clone())
            .collect(),
    }
}

pub(super) fn refused(refused: &Refused) -> RefusedRow {
    let first = refused.report.diagnostics.first();
    RefusedRow {
        settings: refused.settings.clone(),
        code: first.map_or(String::new(), |found| found.code.to_owned()),
        why: first.map_or(String::new(), |found| found.message.clone()),
    }
}

/// An infinite end is one that nobody knows.
pub(super) fn figure(estimate: Estimate) -> FigureRow {
    let known = |end: f64| end.is_finite().then_some(end);
    FigureRow {
        value: estimate.value,
        low: known(estimate.low),
        high: known(estimate.high),
        among: estimate.among,
    }
}

pub(super) fn confirmation(what: &str, found: &Confirmation) -> ConfirmationRow {
    let side = |side: usize| -> BTreeMap<String, FigureRow> {
        let figures = found.figures.iter();
        figures
            .filter_map(|(metric, both)| Some((metric.word().to_owned(), figure(both[side]?))))
            .collect()
    };
    let word = match found.shown {
        Shown::Better => "better",
        Shown::Worse => "worse",
        Shown::Nothing => "no difference",
    };
    ConfirmationRow {
        what: what.to_owned(),
        scenarios: found.scenarios as u64,
        runs: found.runs,
        current: side(0),
        recommended: side(1),
        difference: found.difference.map(figure),
        word: word.to_owned(),
        kept: kept(&found.kept),
    }
}

/// What is said of each constraint.
pub(super) fn kept(statuses: &[Status]) -> Vec<String> {
    let word = |status: &Status| match status {
        Status::Ok => "ok",
        Status::Undecided => "undecided",
        Status::Miss => "MISS",
    };
    statuses.iter().map(|it| word(it).to_owned()).collect()
}
