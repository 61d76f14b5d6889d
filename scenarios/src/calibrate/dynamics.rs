//! Level, season and what is left: the movement of a series on the scale of its link.

use sim_core::telemetry::Link;

use super::counts;
use super::kind::Kind;
use super::season::{Design, Level};
use super::series::Series;

/// A series taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dynamics {
    pub kind: Kind,
    pub link: Link,
    pub level: Level,
    /// The part of the variance of a day that the season of the other days explains; none where it
    /// explains nothing, and then there is no season.
    pub explained: Option<f64>,
    /// Variance over what the chance of counting alone would give; none for levels.
    pub dispersion: Option<f64>,
    /// What is left, without what the chance of counting adds; not a number where nothing is known.
    pub residuals: Vec<f64>,
    /// The arithmetic mean of the level over time.
    pub base: f64,
}

impl Dynamics {
    pub fn of(series: &Series, kind: Kind) -> Self {
        let link = match kind {
            Kind::Gauge if series.values.iter().any(|value| *value <= 0.0) => Link::Identity,
            _ => Link::Log,
        };
        let y = transformed(series, kind, link);
        let design = Design::of(series);
        let explained = Some(design.explained_out_of_day(&y)).filter(|part| *part > 0.0);
        let mut found = if kind == Kind::Gauge {
            of_level(series, &design, &y, explained)
        } else {
            of_counts(series, &design, kind, explained)
        };
        found.link = link;
        found.base = base(&found);
        found
    }
}

/// Returns the values on the scale of the link. Half an event more keeps the logarithm of nothing
/// finite; it serves the choice whether there is a season and no more.
fn transformed(series: &Series, kind: Kind, link: Link) -> Vec<f64> {
    let cell = |(value, over): (&f64, &f64)| match (kind, link) {
        (Kind::Gauge, Link::Identity) => *value,
        (Kind::Gauge, Link::Log) => libm::log(*value),
        _ => libm::log((value + 0.5) / (over + 1.0)),
    };
    series
        .values
        .iter()
        .zip(&series.exposures)
        .map(cell)
        .collect()
}

fn of_level(series: &Series, design: &Design, y: &[f64], explained: Option<f64>) -> Dynamics {
    let level = match explained {
        Some(_) => design.fit(y),
        None => Level::flat(mean(y.iter().copied())),
    };
    let fitted = level.over(series);
    Dynamics {
        kind: Kind::Gauge,
        link: Link::Log,
        residuals: y.iter().zip(fitted).map(|(y, level)| y - level).collect(),
        level,
        explained,
        dispersion: None,
        base: 0.0,
    }
}

/// Takes counts apart. The intensity behind a count `y` is taken as `m + s (y - m)`, with `s` such that the
/// variance of intensities and of Poisson (or binomial) counts around them add up to what was seen:
/// `s^2 = 1 - 1/D` for a dispersion `D`.
fn of_counts(series: &Series, design: &Design, kind: Kind, explained: Option<f64>) -> Dynamics {
    let level = match explained {
        Some(_) => counts::level(series, design),
        None => Level::flat(libm::log(counts::mean_rate(series))),
    };
    let fitted: Vec<f64> = level.over(series).into_iter().map(libm::exp).collect();
    let dispersion = counts::dispersion(series, &fitted, kind);
    let part = libm::sqrt((1.0 - 1.0 / dispersion).max(0.0));
    let cells = series.values.iter().zip(&series.exposures).zip(&fitted);
    let residual = |((y, over), rate): ((&f64, &f64), &f64)| {
        if *over > 0.0 {
            libm::log(1.0 + part * (y / (over * rate) - 1.0))
        } else {
            f64::NAN
        }
    };
    Dynamics {
        kind,
        link: Link::Log,
        residuals: cells.map(residual).collect(),
        level,
        explained,
        dispersion: Some(dispersion),
        base: 0.0,
    }
}

fn base(of: &Dynamics) -> f64 {
    let kept = of.residuals.iter().copied();
    match of.link {
        Link::Identity => of.level.intercept + mean(kept),
        Link::Log => {
            let factor = mean(kept.map(libm::exp));
            let centre = of.level.season.centre(Link::Log);
            libm::exp(of.level.intercept + centre) * factor
        }
    }
}

/// Returns the mean of what is there.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let kept = values.filter(|value| !value.is_nan());
    let (sum, n) = kept.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

/// Returns the variance of what is there.
pub(super) fn variance(values: &[f64]) -> f64 {
    let centre = mean(values.iter().copied());
    mean(
        values
            .iter()
            .map(|value| (value - centre) * (value - centre)),
    )
}
