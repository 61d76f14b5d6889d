//! What is assumed where the files of a rollout say nothing.

use sim_core::engine::SimDuration;

/// What a bad release does more than a good one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WorseBy {
    /// It fails this fraction of its requests more.
    Errors(f64),
    /// Its requests take this many times as long.
    Latency(f64),
}

/// The world and the people that a file says nothing about.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// Requests a second to the whole service.
    pub requests_per_second: f64,
    /// The fraction of them that fails on a good release.
    pub base_error: f64,
    /// The latency that one request in a hundred exceeds, in milliseconds.
    pub p99: f64,
    /// Pods, where the file does not say.
    pub replicas: Option<u32>,
    /// How long a pod needs until it serves.
    pub pod_start: SimDuration,
    /// How long a person needs for an answer.
    pub answers_in: SimDuration,
    /// What a bad release does.
    pub worse: Vec<WorseBy>,
    /// How often a job or a webhook passes that the world does not simulate, 0 to 1.
    pub checks_pass: f64,
    /// The fraction of the users that an A/B test takes.
    pub matched: f64,
    /// The fraction of the requests that a release gets which alerts watch.
    pub weight: f64,
}

impl Default for Assumed {
    fn default() -> Self {
        Self {
            requests_per_second: 100.0,
            base_error: 0.001,
            p99: 300.0,
            replicas: None,
            pod_start: SimDuration::from_secs(30),
            answers_in: SimDuration::from_mins(10),
            worse: vec![WorseBy::Errors(0.05)],
            checks_pass: 1.0,
            matched: 0.1,
            weight: 1.0,
        }
    }
}

impl WorseBy {
    /// Reads `errors=5%`, `errors=0.05` or `latency=x2`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn read(text: &str) -> Result<Self, String> {
        let expected = || format!("`{text}` is neither like `errors=5%` nor like `latency=x2`");
        let (key, value) = text.split_once('=').ok_or_else(expected)?;
        let (number, scale) = match value.strip_suffix('%') {
            Some(percent) => (percent, 0.01),
            None => (value.strip_prefix('x').unwrap_or(value), 1.0),
        };
        let number: f64 = number.trim().parse().map_err(|_| expected())?;
        match (key, number * scale) {
            ("errors", more) if (0.0..=1.0).contains(&more) => Ok(Self::Errors(more)),
            ("latency", factor) if factor > 0.0 && factor <= 1000.0 => Ok(Self::Latency(factor)),
            _ => Err(expected()),
        }
    }

    /// In words: `fails 5 % more requests`.
    pub fn words(self) -> String {
        match self {
            Self::Errors(more) => format!("fails {} % more requests", figure(more * 100.0)),
            Self::Latency(factor) => format!("takes {} times as long", figure(factor)),
        }
    }
}

/// A number as people write it.
pub(super) fn figure(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Assumed {
    /// What a bad release does, in words.
    pub fn worse_words(&self) -> String {
        let words: Vec<String> = self.worse.iter().map(|worse| worse.words()).collect();
        words.join(" and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_read_as_people_write_them() {
        assert_eq!(WorseBy::read("errors=5%"), Ok(WorseBy::Errors(0.05)));
        assert_eq!(WorseBy::read("errors=0.25"), Ok(WorseBy::Errors(0.25)));
        assert_eq!(WorseBy::read("latency=x3"), Ok(WorseBy::Latency(3.0)));
        for wrong in ["errors", "errors=200%", "latency=0", "speed=x2", "errors=x"] {
            assert!(WorseBy::read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(WorseBy::Errors(0.015).words(), "fails 1.5 % more requests");
    }
}
