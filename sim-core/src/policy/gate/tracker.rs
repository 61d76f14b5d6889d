//! Trackers: the memory of a window.

use std::collections::VecDeque;

use super::firing::Firing;
use super::test::{Cusum, EProcess, Ewma};
use super::window::{Counting, Sustain, SustainMode};
use super::{Comparison, Judgement, Limit, Reading, Window};
use crate::engine::{SimDuration, SimTime};

/// The memory of one gate's window.
///
/// A [`Judgement::Hold`] neither extends nor ends a run of breaches: a gate that cannot see has
/// learnt nothing. A [`Judgement::Error`] is treated alike, except where errors are counted.
#[derive(Clone, Debug)]
pub struct Tracker {
    window: Window,
    /// The time from one evaluation to the next.
    every: SimDuration,
    chart: Option<Chart>,
    run: u32,
    errors: u32,
    since: Option<SimTime>,
    seen: VecDeque<Remembered>,
    began: Option<SimTime>,
    breaches: u32,
    holds: u32,
    measured: u32,
}

/// A reading that a window holds.
#[derive(Clone, Copy, Debug)]
struct Remembered {
    at: SimTime,
    value: f64,
    samples: u64,
    /// What a relative limit came to at that look.
    limit: Option<f64>,
}

/// The memory of a window that adds up readings.
#[derive(Clone, Copy, Debug)]
enum Chart {
    Cusum(Cusum),
    Ewma(Ewma),
    EProcess(EProcess),
}

impl Chart {
    fn new(window: Window) -> Option<Self> {
        match window {
            Window::Cusum(window) => Some(Self::Cusum(Cusum::new(window.slack, window.limit))),
            Window::Ewma(window) => Some(Self::Ewma(Ewma::new(window.weight, window.width))),
            Window::EProcess(window) => {
                let process = EProcess::new(window.rate, window.bet, window.alpha);
                Some(Self::EProcess(process))
            }
            _ => None,
        }
    }

    /// Returns how near the chart is to its limit; for a bet, in the logarithm of its wealth.
    fn progress(&self, window: Window) -> f64 {
        match (self, window) {
            (Self::Cusum(sum), Window::Cusum(window)) => sum.sum() / window.limit,
            (Self::EProcess(process), Window::EProcess(window)) => {
                libm::log(process.wealth()) / -libm::log(window.alpha)
            }
            _ => 0.0,
        }
    }

    /// Takes a reading that can be compared and says whether the gate fires.
    fn observe(&mut self, breached: bool, excess: f64) -> bool {
        match self {
            Self::Cusum(sum) => sum.observe(excess).rejects(),
            // A reading that is better than the target is no reason to fire.
            Self::Ewma(average) => average.observe(excess).rejects() && average.average() > 0.0,
            Self::EProcess(process) => process.observe(breached).rejects(),
        }
    }
}

impl Tracker {
    /// A window that has seen nothing, and is to see something `every` so often.
    pub fn new(window: Window, every: SimDuration) -> Self {
        Self {
            window,
            every,
            chart: Chart::new(window),
            run: 0,
            errors: 0,
            since: None,
            seen: VecDeque::new(),
            began: None,
            breaches: 0,
            holds: 0,
            measured: 0,
        }
    }

    /// Forgets everything, as at the start of a stage or after a rung of the ladder.
    pub fn reset(&mut self) {
        self.seen.clear();
        self.chart = Chart::new(self.window);
        (
            self.run,
            self.errors,
            self.breaches,
            self.holds,
            self.measured,
        ) = (0, 0, 0, 0, 0);
        (self.since, self.began) = (None, None);
    }

    /// Returns the number of breaches in a row up to the last evaluation.
    pub fn run_length(&self) -> u32 {
        self.run
    }

    /// Returns how many measurements have been counted since the last reset.
    pub fn measured(&self) -> u32 {
        self.measured
    }

    /// Takes one judgement of a reading at `now`, with what its limit came to, and says whether the gate fires.
    ///
    /// `now` must not go backwards. The limit, the samples and `breach` are needed by the mean over a window
    /// alone. Charts (`cusum`, `ewma`) take [`super::Gate::excess`] for the value.
    pub fn observe(
        &mut self,
        now: SimTime,
        judgement: Judgement,
        (reading, limit): (Reading, Option<f64>),
        breach: &Comparison,
    ) -> Firing {
        self.count(now, judgement);
        let fired = match self.window {
            Window::Cusum(_) | Window::Ewma(_) | Window::EProcess(_) => {
                self.charted(judgement, reading.value)
            }
            Window::Consecutive(k) => judgement == Judgement::Breach && self.run >= k,
            Window::Sustained(sustain) => {
                self.sustained(now, judgement, (reading, limit), sustain, breach)
            }
            Window::Count(counting) => return self.counted(counting),
            // The windows that judge for themselves say all in their judgement.
            _ => judgement == Judgement::Breach,
        };
        if fired { Firing::Fired } else { Firing::Quiet }
    }

    fn count(&mut self, now: SimTime, judgement: Judgement) {
        self.measured += 1;
        match judgement {
            Judgement::Breach => {
                self.run += 1;
                self.breaches += 1;
                self.since.get_or_insert(now);
            }
            Judgement::Pass => (self.run, self.since) = (0, None),
            Judgement::Hold => self.holds += 1,
            Judgement::Error => {}
        }
        self.errors = if judgement == Judgement::Error {
            self.errors + 1
        } else {
            0
        };
    }

    fn charted(&mut self, judgement: Judgement, value: f64) -> bool {
        let seen = matches!(judgement, Judgement::Breach | Judgement::Pass) && !value.is_nan();
        let chart = self.chart.as_mut().filter(|_| seen);
        chart.is_some_and(|chart| chart.observe(judgement == Judgement::Breach, value))
    }

    fn sustained(
        &mut self,
        now: SimTime,
        judgement: Judgement,
        read: (Reading, Option<f64>),
        sustain: Sustain,
        breach: &Comparison,
    ) -> bool {
        match sustain.mode {
            SustainMode::Every => {
                judgement == Judgement::Breach
                    && self
                        .since
                        .is_some_and(|since| now.saturating_since(since) >= sustain.over)
            }
            SustainMode::AtLeast(m) => {
                let breached = judgement == Judgement::Breach;
                self.remember(now, sustain.over, breached.then_some(read));
                breached && self.seen.len() >= m as usize
            }
            SustainMode::Mean => {
                let seen = matches!(judgement, Judgement::Breach | Judgement::Pass);
                self.remember(now, sustain.over, seen.then_some(read));
                seen && self.mean_breaches(now, sustain.over, breach)
            }
        }
    }

    /// Keeps `reading` and drops what is `over` old or older, so that a window of 10 minutes holds ten
    /// evaluations a minute apart.
    fn remember(&mut self, now: SimTime, over: SimDuration, read: Option<(Reading, Option<f64>)>) {
        self.began.get_or_insert(now);
        while self
            .seen
            .front()
            .is_some_and(|old| now.saturating_since(old.at) >= over)
        {
            self.seen.pop_front();
        }
        if let Some((reading, limit)) = read {
            self.seen.push_back(Remembered {
                at: now,
                value: reading.value,
                samples: reading.samples,
                limit,
            });
        }
    }

    /// The window is full with the evaluation after which the first one is no longer inside of it.
    fn mean_breaches(&self, now: SimTime, over: SimDuration, breach: &Comparison) -> bool {
        let next = now.saturating_add(self.every);
        let full = self
            .began
            .is_some_and(|began| next.saturating_since(began) >= over);
        let Some(of) = breach.limit.refers_to() else {
            return full && breach.judge(self.mean(), 0.0, Judgement::Hold) == Judgement::Breach;
        };
        // What the limit came to is what the mean is compared with, as with the population itself.
        let (limit, shown) = (Limit::Times { factor: 1.0, of }, self.mean_limit(breach));
        let breach = Comparison { limit, ..*breach };
        let judged = breach.judge(self.mean(), shown.unwrap_or(f64::NAN), Judgement::Hold);
        full && judged == Judgement::Breach
    }

    /// What a relative limit came to over the window: the mean of what it was at each look; none for a limit that is a number.
    fn mean_limit(&self, breach: &Comparison) -> Option<f64> {
        breach.limit.refers_to()?;
        let sum: Option<f64> = self.seen.iter().map(|seen| seen.limit).sum();
        Some(sum.map_or(f64::NAN, |sum| sum / self.seen.len() as f64))
    }

    /// Returns how near the window is to firing, from 0 to 1, after a look at `value` at `now`.
    ///
    /// It is the part of the window that is full; where one more reading could fire, how near the
    /// reading is to the limit.
    pub fn progress(&self, now: SimTime, value: f64, breach: &Comparison) -> f64 {
        let near = breach.nearness(value);
        let part = |have: f64, need: f64| if need > 0.0 { have / need } else { near };
        let progress = match self.window {
            Window::Consecutive(k) if self.run == 0 => near / f64::from(k),
            Window::Consecutive(k) => part(self.run.into(), k.into()),
            Window::Sustained(sustain) => match sustain.mode {
                SustainMode::Every => self.since.map_or(0.0, |since| {
                    let lasted = now.saturating_since(since).as_secs_f64();
                    part(lasted, sustain.over.as_secs_f64()).max(Self::BEGUN)
                }),
                SustainMode::AtLeast(m) => part(self.seen.len() as f64, m.into()),
                SustainMode::Mean => breach.nearness(self.mean()),
            },
            Window::Count(Counting {
                failures: Some(most),
                ..
            }) => part(self.breaches.into(), f64::from(most) + 1.0),
            window => self
                .chart
                .map_or(near, |chart| chart.progress(window).min(0.999)),
        };
        progress.clamp(0.0, 1.0)
    }

    /// The progress of a breach that has only just begun to be sustained.
    const BEGUN: f64 = 0.01;

    fn mean(&self) -> f64 {
        // Summed afresh each time: a running sum would carry the rounding of values long gone.
        let sum: f64 = self.seen.iter().map(|seen| seen.value).sum();
        sum / self.seen.len() as f64
    }

    /// What the window judges where it is no single reading: the mean of a window of means, and its limit. Its samples are
    /// those of readings that each look back for `over`, each sample once; none for other windows, and for one that holds
    /// nothing.
    pub fn judged(&self, over: SimDuration, breach: &Comparison) -> Option<(Reading, Option<f64>)> {
        let Window::Sustained(Sustain { mode, .. }) = self.window else {
            return None;
        };
        if mode != SustainMode::Mean || self.seen.is_empty() {
            return None;
        }
        let reading = Reading::of(self.mean(), self.distinct_samples(over));
        Some((reading, breach.limit.absolute().or(self.mean_limit(breach))))
    }

    /// Readings overlap where they look back for longer than to the reading before: of the older one the part counts that
    /// the newer does not cover.
    fn distinct_samples(&self, over: SimDuration) -> u64 {
        let mut covered = None;
        let own = |seen: &Remembered| {
            let begins = seen.at.saturating_sub(over);
            let until = covered.map_or(seen.at, |covered: SimTime| covered.min(seen.at));
            covered = Some(begins);
            let part = until.saturating_since(begins).as_secs_f64();
            let whole = over
                .min(seen.at.saturating_since(SimTime::ZERO))
                .as_secs_f64();
            let part = if whole > 0.0 { part / whole } else { 1.0 };
            seen.samples as f64 * part
        };
        let sum: f64 = self.seen.iter().rev().map(own).sum();
        libm::round(sum) as u64
    }

    fn counted(&self, counting: Counting) -> Firing {
        let beyond = |count: u32, limit: Option<u32>| limit.is_some_and(|limit| count > limit);
        if beyond(self.breaches, counting.failures) {
            Firing::Fired
        } else if beyond(self.errors, counting.errors_in_a_row) {
            Firing::Errored
        } else if beyond(self.holds, counting.inconclusive) {
            Firing::Inconclusive
        } else if counting.of.is_some_and(|of| self.measured >= of) {
            Firing::Done
        } else {
            Firing::Quiet
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Relation;
    use super::*;

    const LIMIT: Comparison = Comparison {
        is: Relation::Above,
        limit: Limit::Absolute(0.03),
    };

    /// Feeds one letter an evaluation, a minute apart from minute 0: `b`reach, `p`ass, `h`old,
    /// `e`rror; returns the minute of the first firing.
    #[track_caller]
    fn check(window: Window, letters: &str, expect: Option<u64>) {
        let mut tracker = Tracker::new(window, SimDuration::from_mins(1));
        let fired = letters.chars().enumerate().find_map(|(minute, letter)| {
            let (judgement, value) = match letter {
                'b' => (Judgement::Breach, 0.06),
                'p' => (Judgement::Pass, 0.01),
                'h' => (Judgement::Hold, f64::NAN),
                _ => (Judgement::Error, f64::NAN),
            };
            let now = SimTime::ZERO + SimDuration::from_mins(minute as u64);
            let read = (Reading::of(value, 1), None);
            (tracker.observe(now, judgement, read, &LIMIT) == Firing::Fired)
                .then_some(minute as u64)
        });
        assert_eq!(fired, expect, "{window:?} on {letters}");
    }

    fn sustained(minutes: u64, mode: SustainMode) -> Window {
        Window::Sustained(Sustain {
            over: SimDuration::from_mins(minutes),
            mode,
        })
    }

    /// Acceptance row 5: breach, ok, breach does not stop; breach, breach stops with the second.
    #[test]
    fn two_windows_in_a_row_must_be_neighbours() {
        check(Window::Consecutive(2), "bpb", None);
        check(Window::Consecutive(2), "bb", Some(1));
        check(Window::Consecutive(2), "bhb", Some(2));
    }

    /// Acceptance row 19, the boundary: sustained over 15 minutes trips at 15:00, not at 14.
    #[test]
    fn a_sustained_breach_trips_when_the_window_is_full() {
        let every = sustained(15, SustainMode::Every);
        check(every, "bbbbbbbbbbbbbbb", None);
        check(every, "bbbbbbbbbbbbbbbb", Some(15));
        check(every, "bbbbbbbpbbbbbbbbbbbbbbb", None);
        check(every, "bbbbbbbhbbbbbbbb", Some(15));
    }

    #[test]
    fn at_least_m_counts_inside_a_window_of_time() {
        check(sustained(5, SustainMode::AtLeast(3)), "bpbpb", Some(4));
        check(sustained(4, SustainMode::AtLeast(3)), "bpbpb", None);
    }

    #[test]
    fn the_mean_over_a_window_needs_a_full_window() {
        // One breach of 0.06 among four values of 0.01 has the mean 0.02: no breach of 0.03.
        check(sustained(4, SustainMode::Mean), "bpppppp", None);
        check(sustained(4, SustainMode::Mean), "bbbbb", Some(3));
        // 0.06 + 0.06 + 0.01 + 0.01 is 4 x 0.035.
        check(sustained(4, SustainMode::Mean), "bbppbb", Some(3));
        // 0.06 + 3 x 0.01 is 4 x 0.0225, and so is each window until two of four are in breach.
        check(sustained(4, SustainMode::Mean), "bpppbpb", Some(6));
        // Three looks at 1, 2 and 3 minutes fill three minutes.
        check(sustained(3, SustainMode::Mean), "bbbb", Some(2));
        // A window of one look is full at once; a reading that says nothing takes time all the same.
        check(sustained(1, SustainMode::Mean), "b", Some(0));
        check(sustained(3, SustainMode::Mean), "bhb", Some(2));
        check(sustained(3, SustainMode::Mean), "bbh", None);
        check(sustained(3, SustainMode::Mean), "bbhb", Some(3));
    }

    /// A window that is no whole number of evaluations holds those that are younger: 0, 1 and 2 minutes in
    /// two and a half.
    #[test]
    fn windows_hold_what_is_younger_than_they_are_long() {
        let sustained = |mode| {
            Window::Sustained(Sustain {
                over: SimDuration::from_secs(150),
                mode,
            })
        };
        check(sustained(SustainMode::Mean), "bbb", Some(2));
        check(sustained(SustainMode::AtLeast(3)), "bbb", Some(2));
        check(sustained(SustainMode::AtLeast(3)), "bpbb", None);
        // From one end to the other it is the third minute that is beyond.
        check(sustained(SustainMode::Every), "bbbb", Some(3));
        check(sustained(SustainMode::Every), "bbb", None);
    }

    #[test]
    fn counts_fire_when_the_limit_is_passed_not_when_it_is_reached() {
        let limit = |failures, errors| {
            Window::Count(Counting {
                failures,
                errors_in_a_row: errors,
                ..Counting::default()
            })
        };
        check(limit(Some(2), None), "bpbp", None);
        check(limit(Some(2), None), "bpbpb", Some(4));
        let mut tracker = Tracker::new(limit(None, Some(1)), SimDuration::from_mins(1));
        let read = (Reading::of(0.0, 1), None);
        let mut say = |judgement| tracker.observe(SimTime::ZERO, judgement, read, &LIMIT);
        assert_eq!(say(Judgement::Error), Firing::Quiet);
        assert_eq!(say(Judgement::Pass), Firing::Quiet);
        assert_eq!(say(Judgement::Error), Firing::Quiet);
        assert_eq!(say(Judgement::Error), Firing::Errored);
    }
}
