//! What may be recommended: of those that keep the constraints, the best that none dominates.

use super::constraint::Constraint;
use super::front::is_dominated;
use super::metric::Metric;
use super::successive_rejects::{Race, Standing, ties};

/// Returns the contenders that were shown to keep every constraint, the one to recommend first.
///
/// Those with the least objective come first. Of equals, those that none of them dominates in
/// `objectives`; then the current policy, candidate 0; then the one with most room to the constraints; then
/// the first. One with the least objective can be dominated by an equal alone, so that the first of all is
/// on the front of those that keep the constraints.
pub fn ranking(race: &Race<'_>, objectives: &[Metric]) -> Vec<usize> {
    let proven = |&candidate: &usize| race.is_proven(candidate);
    let mut left: Vec<usize> = race.contenders().into_iter().filter(proven).collect();
    left.sort_by(|&one, &other| race.objective(one).total_cmp(&race.objective(other)));
    let mut ranking = Vec::new();
    while let Some(&first) = left.first() {
        let least = race.objective(first);
        let many = left
            .iter()
            .take_while(|&&it| ties(race.objective(it), least))
            .count();
        let equals: Vec<usize> = left.drain(..many).collect();
        ranking.extend(ordered(race, objectives, equals));
    }
    ranking
}

/// Candidates with the same objective, the one to recommend first.
fn ordered(race: &Race<'_>, objectives: &[Metric], mut equals: Vec<usize>) -> Vec<usize> {
    let all = equals.clone();
    let dominated = |candidate: usize| {
        all.iter().any(|&by| {
            by != candidate && is_dominated(&race.record, objectives, (by, candidate), &race.size)
        })
    };
    equals.sort_by(|&one, &other| {
        let key = |it: usize| (dominated(it), it != 0);
        let margin = race.margin(other).total_cmp(&race.margin(one));
        key(one).cmp(&key(other)).then(margin).then(one.cmp(&other))
    });
    equals
}

/// The candidate that comes nearest to keeping every constraint where none does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// The candidate.
    pub candidate: usize,
    /// The constraint that it exceeds most.
    pub constraint: usize,
    /// How many times that limit it uses; infinite where nothing is allowed.
    pub used: f64,
}

/// Returns the candidate that exceeds its worst constraint least, by what was seen; the first of equals.
/// None without constraints.
pub fn nearest(race: &Race<'_>, constraints: &[Constraint]) -> Option<Nearest> {
    let of = |candidate: usize| {
        let used = |constraint| race.used(candidate, constraint);
        let each = constraints.iter().map(used).enumerate();
        let (constraint, used) = each.max_by(|one, other| one.1.total_cmp(&other.1))?;
        Some(Nearest {
            candidate,
            constraint,
            used,
        })
    };
    let all = (0..race.standing.len()).filter_map(of);
    all.min_by(|one, other| one.used.total_cmp(&other.used))
}

/// Returns whose figures are shown as the front: who breaks no constraint, by what was shown and by what was
/// seen, without `rejected`, and without those that would dominate `chosen` and cannot: their constraints are
/// open, or `chosen` is the current policy (candidate 0), than which none was shown to be better.
pub fn comparable(
    race: &Race<'_>,
    objectives: &[Metric],
    rejected: &[usize],
    chosen: Option<usize>,
) -> Vec<usize> {
    let unbroken = |&it: &usize| !matches!(race.standing[it], Standing::Breaks(_));
    let fits = |&it: &usize| race.seems_fit(it, 1.0) && !rejected.contains(&it);
    let defends = |&it: &usize| {
        race.is_proven(it) && chosen != Some(0)
            || chosen.is_none_or(|chosen| {
                !is_dominated(&race.record, objectives, (it, chosen), &race.size)
            })
    };
    let all = 0..race.standing.len();
    all.filter(|it| unbroken(it) && fits(it) && defends(it))
        .collect()
}
