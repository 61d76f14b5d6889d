//! What comes again every day and every week.

use std::f64::consts::TAU;

use sim_core::engine::SimDuration;
use sim_core::telemetry::{Harmonic, Season};

use super::series::Series;
use super::solve::Normal;

/// The harmonics of a day and of a week.
const DAILY: usize = 4;
const WEEKLY: usize = 2;
const DAY: f64 = 86_400.0;
/// A week's harmonics are fitted to histories of so many days.
const WEEKLY_FROM: SimDuration = SimDuration::from_hours(12 * 24);

/// A level and a season around it, on the scale of a link.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Level {
    pub intercept: f64,
    pub season: Season,
}

/// The design of a season: one row for each cell.
pub(super) struct Design {
    pub columns: usize,
    rows: Vec<f64>,
    days: Vec<usize>,
}

impl Design {
    pub fn of(series: &Series) -> Self {
        let weekly = if series.span() >= WEEKLY_FROM {
            WEEKLY
        } else {
            0
        };
        let columns = 1 + 2 * DAILY + 2 * weekly;
        let mut rows = Vec::with_capacity(columns * series.len());
        let per_day = series.cells(SimDuration::from_hours(24));
        for place in 0..series.len() {
            let seconds = series.time_of_week(place).as_nanos() as f64 / 1e9;
            rows.push(1.0);
            harmonics(&mut rows, DAILY, seconds / DAY);
            harmonics(&mut rows, weekly, seconds / (7.0 * DAY));
        }
        Self {
            columns,
            rows,
            days: (0..series.len()).map(|place| place / per_day).collect(),
        }
    }

    pub fn row(&self, place: usize) -> &[f64] {
        &self.rows[place * self.columns..(place + 1) * self.columns]
    }

    /// The sums of squares about the season of the other days, and about their mean.
    fn unexplained(&self, y: &[f64], others: &[(Vec<f64>, f64)]) -> (f64, f64) {
        let (mut with, mut without) = (0.0, 0.0);
        for (place, y) in y.iter().enumerate().filter(|(_, y)| !y.is_nan()) {
            let (b, mean) = &others[self.days[place]];
            with += (y - dot(self.row(place), b)) * (y - dot(self.row(place), b));
            without += (y - mean) * (y - mean);
        }
        (with, without)
    }

    /// Returns the part of the variance of a day that the season of the other days explains; 0 or
    /// less where there is no season. `y` may have missing values.
    pub fn explained_out_of_day(&self, y: &[f64]) -> f64 {
        let days = self.days.last().map_or(0, |last| last + 1);
        let mut of_day: Vec<Normal> = (0..days).map(|_| Normal::new(self.columns)).collect();
        let mut all = Normal::new(self.columns);
        let mut sums = vec![(0.0_f64, 0.0_f64); days];
        for (place, y) in y.iter().enumerate().filter(|(_, y)| !y.is_nan()) {
            let day = self.days[place];
            of_day[day].add(self.row(place), *y, 1.0);
            sums[day] = (sums[day].0 + y, sums[day].1 + 1.0);
        }
        of_day.iter().for_each(|day| all.add_all(day, 1.0));
        let total = sums.iter().fold((0.0, 0.0), |t, s| (t.0 + s.0, t.1 + s.1));
        let others: Vec<(Vec<f64>, f64)> = (0..days)
            .map(|day| {
                all.add_all(&of_day[day], -1.0);
                let found = all.solve();
                all.add_all(&of_day[day], 1.0);
                (
                    found,
                    (total.0 - sums[day].0) / f64::max(total.1 - sums[day].1, 1.0),
                )
            })
            .collect();
        let (with, without) = self.unexplained(y, &others);
        if days < 3 || without == 0.0 {
            0.0
        } else {
            1.0 - with / without
        }
    }

    /// Fits level and season by least squares.
    pub fn fit(&self, y: &[f64]) -> Level {
        let mut system = Normal::new(self.columns);
        for (place, y) in y.iter().enumerate().filter(|(_, y)| !y.is_nan()) {
            system.add(self.row(place), *y, 1.0);
        }
        self.level(&system.solve())
    }

    /// Returns the level and season that coefficients stand for.
    pub fn level(&self, b: &[f64]) -> Level {
        let pair = |at: usize| Harmonic {
            cos: b[at],
            sin: b[at + 1],
        };
        let list = |from: usize, to: usize| (from..to).step_by(2).map(pair).collect();
        let daily = 1 + 2 * DAILY;
        Level {
            intercept: b[0],
            season: Season {
                daily: list(1, daily),
                weekly: list(daily, self.columns),
            },
        }
    }
}

fn harmonics(row: &mut Vec<f64>, count: usize, turn: f64) {
    for i in 1..=count {
        let (sin, cos) = libm::sincos(TAU * i as f64 * turn.fract());
        row.extend([cos, sin]);
    }
}

pub(super) fn dot(row: &[f64], b: &[f64]) -> f64 {
    row.iter().zip(b).map(|(x, b)| x * b).sum()
}

impl Level {
    /// A level without a season.
    pub fn flat(intercept: f64) -> Self {
        Self {
            intercept,
            season: Season::default(),
        }
    }

    /// Returns the level in each cell.
    pub fn over(&self, series: &Series) -> Vec<f64> {
        let at = |place| self.intercept + self.season.at(series.time_of_week(place));
        (0..series.len()).map(at).collect()
    }
}
