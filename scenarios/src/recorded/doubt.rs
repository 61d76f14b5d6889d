//! What speaks for percent where nobody says the unit of a ratio.

use super::series::{Point, RecordedSeries};

/// How sure it is that values are percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Whether nothing can be made of the values before somebody says their unit.
    pub is_grave: bool,
    /// What speaks for percent.
    pub why: String,
}

/// The part of errors above which values are asked about.
const MANY: f64 = 0.05;

/// The part of errors that nobody runs a service with.
const TOO_MANY: f64 = 0.2;

/// How far whole counts may be from whole on average, for the rounding of what was written.
const SURE: f64 = 0.1;

/// Fewer values than this prove nothing.
const FEW: usize = 20;

impl RecordedSeries {
    /// Says what speaks for percent in a ratio whose unit nobody has said: its name, values above 1, counts
    /// that are whole only if they are percent, or more errors than a service has.
    pub fn looks_like_percent(&self) -> Option<Doubt> {
        let values = || self.points.iter().map(|point| point.value);
        let counts = self.are_errors || values().all(|value| value.fract() == 0.0);
        if self.unit_said.is_some() || self.points.is_empty() || counts {
            return None;
        }
        let is_grave = true;
        let grave = |why: String| Some(Doubt { is_grave, why });
        let most = values().fold(f64::NEG_INFINITY, f64::max);
        if most > 1.0 {
            let most = short(most);
            return grave(format!("its values go up to {most}, and a ratio ends at 1"));
        }
        if self.is_whole(1.0, self.rounding()) {
            return None;
        }
        if self.says_percent {
            return grave("its name says percent".to_owned());
        }
        if self.is_whole_in_percent() {
            let why = "read as percent they give whole numbers of n, read as ratios they do not";
            return grave(why.to_owned());
        }
        let mean = values().sum::<f64>() / self.points.len() as f64;
        (mean > MANY).then(|| Doubt {
            is_grave: mean > TOO_MANY,
            why: format!("its mean would be {} % errors", short(100.0 * mean)),
        })
    }

    /// Says whether percent, and nothing else, makes whole numbers of n of the values.
    pub fn is_whole_in_percent(&self) -> bool {
        let ulp = self.rounding();
        self.is_whole(0.01, ulp) && !self.is_whole(1.0, ulp)
    }

    /// Half of the last decimal that is written.
    fn rounding(&self) -> f64 {
        let decimals = |point: &Point| {
            let text = format!("{}", point.value);
            text.split_once('.')
                .map_or(0, |(_, decimals)| decimals.len())
        };
        let most = self.points.iter().take(1000).map(decimals).max();
        0.5 * libm::pow(10.0, -(most.unwrap_or(0) as f64))
    }

    /// Whether all values times `factor` are whole parts of their n, as far as their rounding lets one say.
    fn is_whole(&self, factor: f64, ulp: f64) -> bool {
        if self.points.len() < FEW || !self.has_denominators() {
            return false;
        }
        let all = || {
            self.points
                .iter()
                .filter_map(|point| Some((point.value, point.n?)))
        };
        let slack = |n: f64| ulp * factor * n + 1e-6;
        let mean = all().map(|(_, n)| slack(n)).sum::<f64>() / self.points.len() as f64;
        let whole = |(value, n): (f64, f64)| {
            let count = value * factor * n;
            (count - count.round()).abs() <= slack(n)
        };
        mean < SURE && all().all(whole)
    }
}

/// Three significant figures.
fn short(value: f64) -> String {
    let before = if value == 0.0 {
        0
    } else {
        libm::floor(libm::log10(value.abs())) as i32
    };
    let decimals = (2 - before).clamp(0, 9) as usize;
    format!("{value:.decimals$}")
}

impl Doubt {
    /// Returns the question.
    pub fn question(&self) -> String {
        format!("did you mean percent? {}", self.why)
    }

    /// Returns what to say to answer it.
    pub const fn answers() -> &'static str {
        "say --unit percent if the values are percent, --unit ratio if they are parts of 1, --unit errors if they count errors"
    }
}
