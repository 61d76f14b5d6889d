//! What kind of metric a history is.

use super::refusal::Refusal;
use crate::recorded::{Doubt, RecordedSeries};

/// The kind of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Events in each interval.
    Count,
    /// Bad requests among all requests of an interval.
    Ratio,
    /// A level, such as a mean latency or a load.
    Gauge,
    /// Latencies of single requests.
    Latency,
}

/// Whole numbers with a larger mean are bytes or such, whose chance of counting is nothing.
const COUNT_MEAN_MAX: f64 = 1e5;

impl Kind {
    /// Returns the word that names the kind.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Ratio => "ratio",
            Self::Gauge => "gauge",
            Self::Latency => "latency",
        }
    }

    /// Returns the kind that was declared, if the values can be such, or else the one they look like.
    pub(super) fn of(history: &RecordedSeries, declared: Option<Self>) -> Result<Self, Refusal> {
        let facts = Facts::of(history);
        let kind = facts.kind(declared)?;
        match history.looks_like_percent().filter(|doubt| doubt.is_grave) {
            Some(doubt) if kind == Self::Ratio => Err(Refusal::new("CM331", doubt.question())
                .reason("a limit for a hundredth of what was measured, or for a hundred times that, is none")
                .help(Doubt::answers())),
            _ => Ok(kind),
        }
    }
}

impl Facts {
    fn kind(&self, declared: Option<Kind>) -> Result<Kind, Refusal> {
        let facts = self;
        match declared {
            None => facts.guess(),
            Some(Kind::Ratio) => facts.ratio().map(|()| Kind::Ratio),
            Some(Kind::Count) if !facts.whole || facts.negative > 0 => Err(facts.no_counts()),
            Some(Kind::Latency) if facts.negative > 0 => Err(facts.no_counts()),
            Some(kind) => Ok(kind),
        }
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that a refusal may name"
)]
struct Facts {
    values: usize,
    whole: bool,
    negative: usize,
    fraction: bool,
    mean: f64,
    denominators: bool,
    errors: bool,
    /// Whether their name or their counts say percent.
    percent: bool,
    /// How many values are above their denominators.
    above: usize,
}

impl Facts {
    fn of(history: &RecordedSeries) -> Self {
        let values = || history.points.iter().map(|point| point.value);
        let n = history.points.len();
        let above = |point: &&crate::recorded::Point| point.n.is_some_and(|n| point.value > n);
        Self {
            values: n,
            whole: values().all(|value| value.fract() == 0.0),
            negative: values().filter(|value| *value < 0.0).count(),
            fraction: values().all(|value| (0.0..=1.0).contains(&value)),
            mean: values().map(|value| value / n as f64).sum(),
            denominators: history.has_denominators(),
            errors: history.are_errors,
            percent: history.says_percent || history.is_whole_in_percent(),
            above: history.points.iter().filter(above).count(),
        }
    }

    fn guess(&self) -> Result<Kind, Refusal> {
        if self.whole && self.negative > 0 {
            return Err(self.no_counts());
        }
        let errors = self.errors && self.negative == 0 && self.above == 0;
        if self.denominators
            && (errors || self.percent || self.fraction || (self.whole && self.above == 0))
        {
            return Ok(Kind::Ratio);
        }
        if self.whole && self.mean <= COUNT_MEAN_MAX {
            return Ok(Kind::Count);
        }
        if self.fraction {
            return self.ratio().map(|()| Kind::Ratio);
        }
        Ok(Kind::Gauge)
    }

    fn ratio(&self) -> Result<(), Refusal> {
        if self.negative > 0 {
            return Err(self.no_counts());
        }
        if !self.denominators {
            return Err(Refusal::new("CM322", "the values are ratios, and nothing says of how many requests")
                .reason("a bare rate cannot tell the chance of counting from real movement, nor overdispersion from a small n")
                .help("give the number of requests, too: a column `n` (or --column n=NAME), or a file of its own (--requests FILE); if this is a level and no ratio, say --kind gauge"));
        }
        if !self.fraction && !self.errors && self.above > 0 {
            let message = format!("{} of {} values are above their n", self.above, self.values);
            return Err(Refusal::new("CM325", message)
                .reason("a ratio counts bad requests among n")
                .help("write bad requests (or a fraction from 0 to 1) as value, and all requests as n"));
        }
        Ok(())
    }

    fn no_counts(&self) -> Refusal {
        let message = match self.negative {
            0 => "the values are not whole numbers, and so no counts".to_owned(),
            negative => format!("{negative} of {} values are negative", self.values),
        };
        Refusal::new("CM323", message)
            .reason("nothing is counted below zero or by halves; differences of a counter that was reset look so")
            .help("export increase(...) instead of a difference; if this is a level, say --kind gauge")
    }
}
