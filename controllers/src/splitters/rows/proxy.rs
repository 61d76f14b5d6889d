//! Recorded splits of proxies, replayed.

use serde::Deserialize;
use serde_json::Value;

use super::tolerance::ERRORS;
use crate::splitters::proxies::{DeclaredSplit, Law, Model, Spread, model};
use crate::splitters::series::{PickSeries, WINDOW};

/// What a proxy did with two weights.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxyRow {
    /// The product, and where it came from.
    pub product: String,
    /// Its version.
    pub version: String,
    /// The algorithm.
    pub algorithm: String,
    /// Whose state it is.
    pub scope: String,
    /// The weights, stable first.
    pub weights: [f64; 2],
    /// The canary's weight over the sum.
    pub declared: f64,
    /// What was counted: requests, or which keys.
    pub unit: String,
    /// How many were asked.
    pub n: usize,
    /// How many reached the canary.
    pub canary: usize,
    /// The same as a share.
    pub share: f64,
    /// The variance of the canary's count in windows of 100.
    pub var_per_100: f64,
    /// What a coin of that share would have.
    pub binomial_var_per_100: f64,
    /// Whether it is the same at each start.
    pub deterministic: bool,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// The first picks as letters.
    #[serde(default)]
    pub first_200: String,
    /// The numbers of the first requests that reached the canary.
    #[serde(default)]
    pub canary_positions_1_based: Vec<usize>,
}

pub(super) fn proxy(row: &Value) -> Result<(), String> {
    let row = ProxyRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let asked = DeclaredSplit {
        product: &row.product,
        algorithm: &row.algorithm,
        scope: &row.scope,
        weights: row.weights,
    };
    match model(asked)? {
        Model::Turns(mut turns) => same(&row, &PickSeries::turns(turns.as_mut(), row.n)),
        Model::Keys(picks) => match keys(&row.unit, row.n) {
            Some(keys) => same(&row, &PickSeries::keys(picks.as_ref(), keys)),
            // Which keys were asked is not recorded: shares of a hash vary as those of a coin.
            None => likely(
                &row,
                Law {
                    share: row.declared,
                    spread: Spread::Coin,
                },
            ),
        },
        Model::Law(law) => likely(&row, law),
    }
}

/// The keys that a unit names: `keys "0".."99999"`, or `addresses 10.0.0.0 upward`.
fn keys(unit: &str, number: usize) -> Option<Box<dyn Iterator<Item = String>>> {
    if let Some(first) = unit
        .strip_prefix("addresses ")
        .and_then(|rest| rest.strip_suffix(" upward"))
    {
        let first: u32 = first.parse::<std::net::Ipv4Addr>().ok()?.into();
        let address = move |index| std::net::Ipv4Addr::from(first + index).to_string();
        return Some(Box::new((0..number as u32).map(address)));
    }
    let first = unit.strip_prefix("keys \"")?.split('"').next()?;
    let digits = first.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (prefix, start) = (
        first[..digits].to_owned(),
        first[digits..].parse::<usize>().ok()?,
    );
    Some(Box::new(
        (start..start + number).map(move |it| format!("{prefix}{it}")),
    ))
}

fn same(row: &ProxyRow, ours: &PickSeries) -> Result<(), String> {
    let many = row.canary_positions_1_based.len();
    let places: Vec<usize> = ours.places().take(many).collect();
    if ours.canary() != row.canary {
        let (there, here) = (row.canary, ours.canary());
        return Err(format!("canary: {there} there, {here} here"));
    }
    if places != row.canary_positions_1_based {
        return Err(format!(
            "places: {:?} there, {places:?} here",
            row.canary_positions_1_based
        ));
    }
    let letters = ours.letters(row.first_200.len());
    if letters != row.first_200 {
        let there = &row.first_200;
        return Err(format!("first picks: {there} there, {letters} here"));
    }
    // Variances are recorded to four decimals.
    if (ours.variance() - row.var_per_100).abs() > 6e-5 {
        return Err(format!(
            "variance: {} there, {:.4} here",
            row.var_per_100,
            ours.variance()
        ));
    }
    Ok(())
}

fn likely(row: &ProxyRow, law: Law) -> Result<(), String> {
    let share = law.share;
    let coin = WINDOW as f64 * share * (1.0 - share);
    let (allowed, variance) = bounds(row.n as f64, coin, law);
    if (row.share - share).abs() > allowed {
        return Err(format!(
            "share: {} there, {share:.6} +- {allowed:.6} here",
            row.share
        ));
    }
    let ratio = row.var_per_100 / coin.max(1e-9);
    if share > 0.0 && !(variance.0..=variance.1).contains(&ratio) {
        return Err(format!(
            "variance: {ratio:.3} of a coin's there, {variance:.3?} here"
        ));
    }
    Ok(())
}

/// How far a share may lie from its law, and between which multiples of a coin's variance that of the windows lies.
fn bounds(n: f64, coin: f64, law: Law) -> (f64, (f64, f64)) {
    let share = law.share;
    let windows = n / WINDOW as f64;
    match law.spread {
        Spread::Coin => {
            let error = (share * (1.0 - share) / n).sqrt();
            // The variance of a sample variance: 2 / (m - 1) of its square, and the kurtosis of the counts.
            let relative = (2.0 / (windows - 1.0) + 1.0 / (coin.max(1e-9) * windows)).sqrt();
            (
                ERRORS * error,
                (1.0 - ERRORS * relative, 1.0 + ERRORS * relative),
            )
        }
        // Each copy is off by less than a request; what the copies are given varies less than a coin.
        Spread::Copies(copies) => (
            f64::from(copies) / n,
            (0.0, if copies == 1 { 0.1 } else { 2.0 }),
        ),
    }
}
