//! What is assumed where a policy of another product says nothing of its world.

use clap::{Args, Parser};
use scenarios::import::lower::{Assumed, WorseBy};
use sim_core::engine::{Quantity, SimDuration, Unit};

/// The world of a file of another product, which says nothing of it.
#[derive(Args, Clone, Debug, Default)]
#[command(
    next_help_heading = "For a file of Argo Rollouts or Flagger, or of alerts, which says nothing of its world"
)]
pub struct AssumeArgs {
    /// Requests a second to the service [default: 100]
    #[arg(long, value_name = "N", value_parser = above_zero)]
    rps: Option<f64>,
    /// The share of requests that fails on a good release [default: 0.1%]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    base_error: Option<f64>,
    /// The 99th percentile of the latency, in milliseconds [default: 300]
    #[arg(long, value_name = "MS", value_parser = milliseconds)]
    p99: Option<f64>,
    /// Pods of the workload [default: what the file says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replicas: Option<u32>,
    /// How long a pod needs until it serves [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pod_start: Option<SimDuration>,
    /// How long a person needs for an answer [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    answers_in: Option<SimDuration>,
    /// What a bad release does: `errors=5%` fails so many more requests, `latency=x2` takes as long [default: errors=5%]
    #[arg(long, value_name = "EFFECT", value_parser = WorseBy::read)]
    effect: Vec<WorseBy>,
    /// How often a job, a webhook or an experiment passes, which is not simulated [default: 100%]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    checks_pass: Option<f64>,
    /// The share of the users that an A/B test takes [default: 10%]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    matched: Option<f64>,
    /// The share of the requests that a release gets which alerts watch [default: 100%]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    weight: Option<f64>,
}

fn above_zero(text: &str) -> Result<f64, String> {
    let number: Result<f64, _> = text.parse();
    let fits = number.ok().filter(|number| *number > 0.0 && *number <= 1e9);
    fits.ok_or_else(|| "a number above 0 is expected".to_owned())
}

/// A number of milliseconds, or a length of time.
fn milliseconds(text: &str) -> Result<f64, String> {
    let read = Quantity::read(text).filter(|read| read.unit != Unit::Percent);
    let fits = read
        .map(|read| read.value)
        .filter(|number| *number > 0.0 && *number <= 1e9);
    fits.ok_or_else(|| "write milliseconds or a length of time, such as 300 or 300ms".to_owned())
}

fn fraction(text: &str) -> Result<f64, String> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(percent) => (percent, 0.01),
        None => (text, 1.0),
    };
    let number: Result<f64, _> = number.trim().parse();
    let share = number.ok().map(|number| number * scale);
    let fits = share.filter(|share| (0.0..=1.0).contains(share));
    fits.ok_or_else(|| "a share such as `0.1%` or `0.001` is expected".to_owned())
}

fn duration(text: &str) -> Result<SimDuration, String> {
    text.parse().map_err(|error| format!("{error}"))
}

impl AssumeArgs {
    /// What is assumed, with the defaults.
    pub fn assumed(&self) -> Assumed {
        let default = Assumed::default();
        Assumed {
            requests_per_second: self.rps.unwrap_or(default.requests_per_second),
            base_error: self.base_error.unwrap_or(default.base_error),
            p99: self.p99.unwrap_or(default.p99),
            replicas: self.replicas,
            pod_start: self.pod_start.unwrap_or(default.pod_start),
            answers_in: self.answers_in.unwrap_or(default.answers_in),
            worse: if self.effect.is_empty() {
                default.worse
            } else {
                self.effect.clone()
            },
            checks_pass: self.checks_pass.unwrap_or(default.checks_pass),
            matched: self.matched.unwrap_or(default.matched),
            weight: self.weight.unwrap_or(default.weight),
        }
    }

    /// The options that say so again, each with a space before it; nothing where none was given.
    pub fn words(&self) -> String {
        let number = |key: &str, value: Option<f64>| value.map(|it| format!(" --{key} {it}"));
        let time = |key: &str, value: Option<SimDuration>| {
            value.map(|it| format!(" --{key} {}", it.exact()))
        };
        let effect = |worse: &WorseBy| match worse {
            WorseBy::Errors(more) => format!(" --effect errors={more}"),
            WorseBy::Latency(factor) => format!(" --effect latency=x{factor}"),
        };
        let single = [
            number("rps", self.rps),
            number("base-error", self.base_error),
            number("p99", self.p99),
            self.replicas.map(|it| format!(" --replicas {it}")),
            time("pod-start", self.pod_start),
            time("answers-in", self.answers_in),
            number("checks-pass", self.checks_pass),
            number("matched", self.matched),
            number("weight", self.weight),
        ];
        let effects = self.effect.iter().map(effect);
        single.into_iter().flatten().chain(effects).collect()
    }

    /// Reads the options again that [`AssumeArgs::words`] said; what is none of them says nothing.
    pub fn of_words(words: &str) -> Self {
        #[derive(Parser)]
        struct Said {
            #[command(flatten)]
            assume: AssumeArgs,
        }
        let words = std::iter::once("").chain(words.split_whitespace());
        Said::try_parse_from(words).map_or_else(|_| Self::default(), |said| said.assume)
    }

    /// What can be moved: the name of each option, what it is now, and what it means.
    #[cfg(feature = "serve")]
    pub fn knobs(&self) -> Vec<(&'static str, String, &'static str)> {
        let assumed = self.assumed();
        let percent = |share: f64| format!("{}%", (share * 1e8).round() / 1e6);
        let rps = assumed.requests_per_second.to_string();
        let base = percent(assumed.base_error);
        let start = assumed.pod_start.exact();
        let answers = assumed.answers_in.exact();
        let mut knobs = vec![
            ("rps", rps, "requests a second"),
            ("base-error", base, "failed requests of a good release"),
            ("p99", assumed.p99.to_string(), "p99 latency in ms"),
            ("pod-start", start, "how long a pod starts"),
            ("answers-in", answers, "how long a person needs"),
        ];
        if let [WorseBy::Errors(more)] = assumed.worse[..] {
            let meaning = "failed requests that a bad release adds";
            knobs.push(("effect", percent(more), meaning));
        }
        knobs
    }

    /// The same with one option set to `text`.
    ///
    /// # Errors
    /// What is expected in its place.
    #[cfg(feature = "serve")]
    pub fn with(&self, option: &str, text: &str) -> Result<Self, String> {
        let mut new = self.clone();
        match option {
            "rps" => new.rps = Some(above_zero(text)?),
            "base-error" => new.base_error = Some(fraction(text)?),
            "p99" => new.p99 = Some(milliseconds(text)?),
            "pod-start" => new.pod_start = Some(duration(text)?),
            "answers-in" => new.answers_in = Some(duration(text)?),
            "effect" => new.effect = vec![WorseBy::read(&format!("errors={text}"))?],
            other => return Err(format!("there is no option `{other}`")),
        }
        Ok(new)
    }

    /// The first option that was given; none where none was.
    pub fn given(&self) -> Option<String> {
        let words = self.words();
        words.split_whitespace().next().map(str::to_owned)
    }
}
