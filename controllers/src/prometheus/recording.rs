//! What was scraped: series of samples in virtual time.

use super::labels::{Labels, Matcher};

/// A time or a length of time in milliseconds, as Prometheus stores it.
pub type Millis = i64;

/// What a sample says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A value, which may be NaN.
    Value(f64),
    /// The marker that the series has ended; it ends an instant value and no window.
    Stale,
}

/// A value at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When.
    pub at: Millis,
    /// What; may be NaN.
    pub value: f64,
}

/// One series with its samples in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its labels, the name of the metric among them.
    pub labels: Labels,
    samples: Vec<(Millis, Reading)>,
}

impl Series {
    /// Returns how many samples were at or before a time.
    fn until(&self, at: Millis) -> usize {
        self.samples.partition_point(|(t, _)| *t <= at)
    }

    /// Returns the instant value at a time: the newest sample of `(at - lookback, at]`, unless it is a marker.
    pub fn instant(&self, at: Millis, lookback: Millis) -> Option<Point> {
        let (t, reading) = *self.samples.get(self.until(at).checked_sub(1)?)?;
        match reading {
            Reading::Value(value) if t > at - lookback => Some(Point { at: t, value }),
            _ => None,
        }
    }

    /// Returns the values of the window `(after, to]`, open on the left, without markers.
    pub fn window(&self, after: Millis, to: Millis) -> Vec<Point> {
        let (first, last) = (self.until(after), self.until(to));
        self.samples[first..last.max(first)]
            .iter()
            .filter_map(|(at, reading)| match reading {
                Reading::Value(value) => Some(Point {
                    at: *at,
                    value: *value,
                }),
                Reading::Stale => None,
            })
            .collect()
    }

    /// Returns the newest sample of `[from, to]`, the marker as well.
    pub fn newest(&self, from: Millis, to: Millis) -> Option<(Millis, Reading)> {
        let newest = *self.samples.get(self.until(to).checked_sub(1)?)?;
        (newest.0 >= from).then_some(newest)
    }
}

/// Series side by side, in the order in which they were born.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    series: Vec<Series>,
}

impl Recording {
    /// Returns the place of a series, which is made when it is new. The place stays good for [`Self::append`].
    pub fn place(&mut self, labels: &Labels) -> usize {
        if let Some(place) = self.series.iter().position(|s| s.labels == *labels) {
            return place;
        }
        self.series.push(Series {
            labels: labels.clone(),
            samples: Vec::new(),
        });
        self.series.len() - 1
    }

    /// Appends a sample to the series at a place and tells whether it was taken: not when it is older than the newest
    /// sample, or of the same time (the first one holds).
    ///
    /// # Panics
    ///
    /// When no series has the place.
    pub fn append(&mut self, place: usize, at: Millis, reading: Reading) -> bool {
        let samples = &mut self.series[place].samples;
        let newer = samples.last().is_none_or(|(newest, _)| at > *newest);
        if newer {
            samples.push((at, reading));
        }
        newer
    }

    /// Appends a sample to the series of these labels.
    pub fn push(&mut self, labels: &Labels, at: Millis, reading: Reading) -> bool {
        let place = self.place(labels);
        self.append(place, at, reading)
    }

    /// Yields the series that all matchers accept.
    pub fn select(&self, matchers: &[Matcher]) -> impl Iterator<Item = &Series> {
        self.series
            .iter()
            .filter(|series| matchers.iter().all(|m| m.accepts(&series.labels)))
    }

    /// Returns the series of exactly these labels.
    pub fn get(&self, labels: &Labels) -> Option<&Series> {
        self.series.iter().find(|series| series.labels == *labels)
    }

    /// Yields all series.
    pub fn iter(&self) -> impl Iterator<Item = &Series> {
        self.series.iter()
    }

    /// Drops samples before a time, to keep a long simulation small; places stay good.
    pub fn forget(&mut self, before: Millis) {
        for series in &mut self.series {
            let gone = series.until(before - 1);
            series.samples.drain(..gone);
        }
    }
}
