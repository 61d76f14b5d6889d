//! Constraints: `false_rollback<=1%`, `detection_p95<=10m`, `rollback_within_deadline>=99%`.

use std::fmt;
use std::str::FromStr;

use scenarios::schema::nearest;
use sim_core::engine::{Share, SimDuration};

use super::metric::{Metric, Unit};

/// A limit on a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constraint {
    /// What is limited.
    pub metric: Metric,
    /// Whether the metric must be at least the limit, rather than at most.
    pub at_least: bool,
    /// The limit, in the metric's unit.
    pub limit: f64,
}

impl Constraint {
    /// For what is counted, the share of the rollouts that may be bad; a limit on a quantile is one on the
    /// share of the rollouts beyond the limit.
    pub fn bad_share(&self) -> Option<f64> {
        match (self.metric.above(), self.metric.unit()) {
            (Some(above), _) => Some(above),
            (None, Unit::Rate) if self.at_least => Some(1.0 - self.limit),
            (None, Unit::Rate) => Some(self.limit),
            _ => None,
        }
    }

    /// For what is counted, whether a rollout with this value is a bad one.
    pub fn is_bad(&self, value: f64) -> bool {
        match (self.metric.above(), self.at_least) {
            (Some(_), _) => value > self.limit,
            (None, true) => value == 0.0,
            (None, false) => value != 0.0,
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.at_least { ">=" } else { "<=" };
        write!(f, "{}{sign}", self.metric.word())?;
        match self.metric.unit() {
            Unit::Rate => match Share::from_fraction(self.limit) {
                Some(share) => write!(f, "{share}"),
                None => write!(f, "{}", self.limit),
            },
            Unit::Minutes => write!(f, "{}", self.limit),
            Unit::Seconds => write!(f, "{}", SimDuration::from_nanos((self.limit * 1e9) as u64)),
        }
    }
}

impl FromStr for Constraint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (sign, at_least) = if text.contains(">=") {
            (">=", true)
        } else {
            ("<=", false)
        };
        let (word, limit) = text
            .split_once(sign)
            .ok_or("write METRIC<=LIMIT or METRIC>=LIMIT, such as `false_rollback<=1%`")?;
        let (word, limit) = (word.trim(), limit.trim());
        let metric = Metric::of_word(word).ok_or_else(|| unknown_metric(word))?;
        if at_least != metric.is_wanted() {
            let sign = if at_least { "<=" } else { ">=" };
            return Err(format!("a limit on `{word}` is written `{word}{sign}...`"));
        }
        let limit = limit_of(metric, limit)?;
        Ok(Self {
            metric,
            at_least,
            limit,
        })
    }
}

fn limit_of(metric: Metric, text: &str) -> Result<f64, String> {
    match metric.unit() {
        Unit::Rate => {
            let share: Share = text.parse().map_err(|error| format!("{error}"))?;
            Ok(share.as_f64())
        }
        Unit::Seconds => {
            let time: SimDuration = text.parse().map_err(|error| format!("{error}"))?;
            Ok(time.as_secs_f64())
        }
        Unit::Minutes => {
            let number = text
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite() && *number >= 0.0);
            number.ok_or_else(|| {
                format!("`{text}` is no number of minutes, expected one such as `0.5`")
            })
        }
    }
}

/// Says that there is no such metric, and which there are.
pub fn unknown_metric(word: &str) -> String {
    let words = || Metric::ALL.into_iter().map(Metric::word);
    if let Some(near) = nearest(word, words()) {
        return format!("there is no metric `{word}`; did you mean `{near}`?");
    }
    let all: Vec<_> = words().collect();
    format!("there is no metric `{word}`; there are {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constraint_is_read_and_written_alike() {
        for text in [
            "false_rollback<=1%",
            "detection_p95<=10m",
            "harm<=0.5",
            "rollback_within_deadline>=99%",
            "duration<=24h",
        ] {
            let constraint: Constraint = text.parse().expect(text);
            assert_eq!(constraint.to_string(), text);
        }
        let spaced: Constraint = "false-rollback <= 0.01".parse().expect("blanks and dashes");
        assert_eq!(spaced.to_string(), "false_rollback<=1%");
    }

    #[test]
    fn what_cannot_be_a_constraint_says_what_to_write() {
        let check = |text: &str, words: &str| {
            let error = text.parse::<Constraint>().expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        };
        check("false_rolback<=1%", "did you mean `false_rollback`?");
        check("false_rollback", "METRIC<=LIMIT");
        check("false_rollback>=1%", "`false_rollback<=...`");
        check("false_rollback<=5", "write `5%`");
        check("detection_p95<=10", "unit");
        check("harm<=much", "no number of minutes");
    }

    #[test]
    fn a_limit_on_a_quantile_is_one_on_the_share_beyond_it() {
        let late: Constraint = "detection_p95<=10m".parse().expect("well formed");
        assert_eq!(late.bad_share(), Some(0.05));
        assert!(late.is_bad(601.0));
        assert!(!late.is_bad(600.0));
        let within: Constraint = "blast_within>=99%".parse().expect("well formed");
        assert!((within.bad_share().expect("a rate") - 0.01).abs() < 1e-12);
        assert!(within.is_bad(0.0));
    }
}
