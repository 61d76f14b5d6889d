//! Objectives: a rate, its interval, its limit, and what may be said about them.

use super::interval::{Interval, clopper_pearson, excludes};

/// On which side of its limit a rate should lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The rate should not be more than the limit.
    AtMost,
    /// The rate should not be less than the limit.
    AtLeast,
}

/// What the runs say about an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The whole interval lies on the good side of the limit.
    Ok,
    /// The limit lies inside the interval: these runs cannot tell.
    Undecided,
    /// The whole interval lies on the bad side of the limit.
    Miss,
}

/// A judged objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The rate that was seen; none without a single run to judge.
    pub value: Option<f64>,
    /// Its exact 95 % interval.
    pub interval: Interval,
    /// What may be said.
    pub status: Status,
    /// About how many runs more would decide, if the rate that was seen is the true one; none when
    /// the objective is decided or no number of runs would help.
    pub runs_needed: Option<u64>,
}

/// "Never" is taken as shown where at most this share remains possible; no number of runs shows more than
/// some such share.
const NEVER: f64 = 0.01;

/// Beyond this many runs nobody waits: the rate and its limit are practically equal.
const RUNS_MAX: u64 = 1 << 34;

/// Judges `k` events in `n` runs against `limit`, a fraction.
///
/// A limit of exactly 0 (or, from below, of exactly 1) means "never": one event misses it, and without
/// one it is undecided until the interval leaves at most 1 % possible.
///
/// # Panics
///
/// If `k` is more than `n` or the limit is no fraction.
/// # Example
/// ```
/// use coalmine::study::objective::{Bound, Status, judge};
///
/// assert_eq!(judge(30, 400, Bound::AtMost, 0.05).status, Status::Miss);
/// let close = judge(22, 400, Bound::AtMost, 0.05);
/// assert_eq!(close.status, Status::Undecided);
/// assert!(close.runs_needed.is_some());
/// ```
pub fn judge(k: u64, n: u64, bound: Bound, limit: f64) -> Judged {
    assert!(
        (0.0..=1.0).contains(&limit),
        "the limit {limit} is no fraction"
    );
    let interval = clopper_pearson(k, n);
    let status = if n == 0 {
        Status::Undecided
    } else {
        status(k, n, interval, bound, limit)
    };
    let runs_needed = match status {
        Status::Undecided => runs_needed(k, n, bound, shown(bound, limit)),
        _ => None,
    };
    Judged {
        value: (n > 0).then(|| k as f64 / n as f64),
        interval,
        status,
        runs_needed,
    }
}

fn status(k: u64, n: u64, interval: Interval, bound: Bound, limit: f64) -> Status {
    let absolute = match bound {
        Bound::AtMost => (limit == 0.0).then_some(k == 0),
        Bound::AtLeast => (limit == 1.0).then_some(k == n),
    };
    match absolute {
        Some(true) => place(interval, bound, shown(bound, limit)),
        Some(false) => Status::Miss,
        None => place(interval, bound, limit),
    }
}

/// The limit that is shown in place of "never".
fn shown(bound: Bound, limit: f64) -> f64 {
    match bound {
        Bound::AtMost if limit == 0.0 => NEVER,
        Bound::AtLeast if limit == 1.0 => 1.0 - NEVER,
        _ => limit,
    }
}

fn place(interval: Interval, bound: Bound, limit: f64) -> Status {
    let (good, bad) = match bound {
        Bound::AtMost => (interval.high <= limit, interval.low > limit),
        Bound::AtLeast => (interval.low >= limit, interval.high < limit),
    };
    match (good, bad) {
        (true, _) => Status::Ok,
        (_, true) => Status::Miss,
        _ => Status::Undecided,
    }
}

/// The further runs after which the interval would leave the limit if the rate stayed as it is.
///
/// Without a run the best case is assumed: that none of them shows the bad event.
fn runs_needed(k: u64, n: u64, bound: Bound, limit: f64) -> Option<u64> {
    let rate = match (n, bound) {
        (0, Bound::AtMost) => 0.0,
        (0, Bound::AtLeast) => 1.0,
        _ => k as f64 / n as f64,
    };
    let decided = |runs: u64| excludes(rate, runs as f64, limit);
    let mut enough = n.max(1);
    while !decided(enough) {
        enough = enough.checked_mul(2).filter(|&runs| runs <= RUNS_MAX)?;
    }
    let mut too_few = enough / 2;
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        *(if decided(middle) {
            &mut enough
        } else {
            &mut too_few
        }) = middle;
    }
    Some(enough.saturating_sub(n).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Bound::{AtLeast, AtMost};
    use Status::{Miss, Ok, Undecided};

    #[track_caller]
    fn check(k: u64, n: u64, bound: Bound, limit: f64, expect: (Status, Option<u64>)) {
        let judged = judge(k, n, bound, limit);
        assert_eq!(
            (judged.status, judged.runs_needed),
            expect,
            "{k} of {n} against {limit}"
        );
    }

    #[test]
    fn an_objective_is_decided_only_when_its_whole_interval_is_on_one_side() {
        check(0, 1000, AtMost, 0.01, (Ok, None));
        check(100, 1000, AtMost, 0.05, (Miss, None));
        check(999, 1000, AtLeast, 0.99, (Ok, None));
        check(920, 1000, AtLeast, 0.99, (Miss, None));
    }

    /// 0 of n: the upper end is 1 - 0.025^(1/n), which reaches 1 % at n = 368 (367.04...).
    #[test]
    fn the_runs_needed_after_no_event_follow_the_closed_form() {
        check(0, 100, AtMost, 0.01, (Undecided, Some(268)));
        check(0, 367, AtMost, 0.01, (Undecided, Some(1)));
        check(0, 368, AtMost, 0.01, (Ok, None));
        check(0, 0, AtMost, 0.01, (Undecided, Some(368)));
    }

    #[test]
    fn a_rate_on_its_limit_cannot_be_decided_by_any_number_of_runs() {
        check(50, 1000, AtMost, 0.05, (Undecided, None));
    }

    #[test]
    fn a_limit_of_never_is_undecided_until_one_in_a_hundred_is_excluded() {
        check(0, 10, AtMost, 0.0, (Undecided, Some(358)));
        check(0, 367, AtMost, 0.0, (Undecided, Some(1)));
        check(0, 368, AtMost, 0.0, (Ok, None));
        check(1, 1_000_000, AtMost, 0.0, (Miss, None));
        check(10, 10, AtLeast, 1.0, (Undecided, Some(358)));
        check(368, 368, AtLeast, 1.0, (Ok, None));
        check(9, 10, AtLeast, 1.0, (Miss, None));
    }

    #[test]
    fn the_number_of_runs_that_was_promised_does_decide() {
        for (k, n, bound, limit) in [(6, 200, AtMost, 0.05), (185, 200, AtLeast, 0.9)] {
            let more = judge(k, n, bound, limit)
                .runs_needed
                .expect("undecided at first");
            let total = n + more;
            // Whole events, rounded away from the limit.
            let events = match bound {
                AtMost => k * total / n,
                AtLeast => (k * total).div_ceil(n),
            };
            assert_eq!(
                judge(events, total, bound, limit).status,
                Ok,
                "{k} of {n} and {more}"
            );
        }
    }
}
