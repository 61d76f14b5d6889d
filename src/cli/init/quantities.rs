//! Stages and round numbers of a policy that is written for somebody.

use scenarios::lint::samples_for;
use sim_core::engine::{Quantity, Share, SimDuration, Unit};

use crate::cli::failure::Failure;

/// The spread of the latencies, as the standard deviation of their logarithm.
pub(super) const SIGMA: f64 = 0.5;

/// The 99th percentile of a normal distribution.
pub(super) const Z99: f64 = 2.326_347_874_040_841;

/// How many requests are needed until the p99 of a healthy release is above so many times its own with a
/// probability below `risk`: until more than one in a hundred of them is slower than that.
pub(super) fn slower(times: f64, risk: f64) -> Option<u64> {
    // A tenth of a standard deviation for what moves besides.
    let z = Z99 + libm::log(times) / SIGMA - 0.1;
    samples_for(
        0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2),
        0.01,
        risk,
    )
}

pub(super) fn quantity(
    option: &str,
    text: Option<&str>,
    default: &str,
    units: &[Unit],
) -> Result<f64, Failure> {
    let text = text.unwrap_or(default);
    let read = Quantity::read(text).filter(|read| units.contains(&read.unit));
    let read = read.map(|read| read.value);
    read.ok_or_else(|| {
        Failure::usage(format!("{option} {text} cannot be read"))
            .help(format!("write for example {option} {default}"))
    })
}

pub(super) fn stages(said: &[String]) -> Result<Vec<Share>, Failure> {
    let default = ["1", "10", "50", "100"].map(str::to_owned);
    let said = if said.is_empty() { &default[..] } else { said };
    let read = |text: &String| {
        format!("{}%", text.trim().trim_end_matches('%'))
            .parse::<Share>()
            .ok()
    };
    let stages: Option<Vec<Share>> = said.iter().map(read).collect();
    let climbs = |stages: &Vec<Share>| {
        stages[0] > Share::ZERO && stages.windows(2).all(|pair| pair[0] < pair[1])
    };
    stages.filter(climbs).ok_or_else(|| {
        Failure::usage("--stages are percentages that climb")
            .help("write for example --stages 1,10,50,100")
    })
}

/// The part of the load that the first stage has once its share is rounded up to whole hosts.
pub(super) fn reached(stages: &[Share], hosts: u32) -> f64 {
    stages[0].of_ceil(hosts.into()) as f64 / f64::from(hosts)
}

/// Two significant figures.
pub(super) fn round(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

/// The next number of two significant figures.
pub(super) fn round_up(number: f64) -> f64 {
    let near = round(number);
    if near >= number {
        near
    } else {
        round(near + 0.1 * libm::pow(10.0, libm::floor(libm::log10(number))))
    }
}

pub(super) fn percent(fraction: f64) -> String {
    let percent: f64 = format!("{:.3e}", 100.0 * fraction)
        .parse()
        .unwrap_or(fraction);
    format!("{percent}%")
}

/// Whole minutes as people write them.
pub(super) fn exact(time: SimDuration) -> String {
    let minutes = (time.as_secs_f64() / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}
