//! Recorded splits, replayed: `splitter.proxy` is a product, an algorithm and two weights; `splitter.flag` a feature flag.
//!
//! Counts, places and variances of what goes by turns or by known keys are reproduced exactly, and every pair of key and
//! identity. What a product draws is held against its law: the share within four standard errors, the variance of windows
//! within four of its own.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::flags::Rule;
use super::proxies::{Asked, Law, Model, Spread, model};
use super::series::{Series, WINDOW};

/// How far, in standard errors, a sample may lie from its law.
const ERRORS: f64 = 4.0;

/// Replays a row of `kind`. `None` if this room has no such kind; an error says how the product and this room differ.
#[must_use]
pub fn replay(kind: &str, row: &Value) -> Option<Result<(), String>> {
    match kind {
        "splitter.proxy" => Some(proxy(row)),
        "splitter.flag" => Some(flag(row)),
        _ => None,
    }
}

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

fn proxy(row: &Value) -> Result<(), String> {
    let row = ProxyRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let asked = Asked {
        product: &row.product,
        algorithm: &row.algorithm,
        scope: &row.scope,
        weights: row.weights,
    };
    match model(asked)? {
        Model::Turns(mut turns) => same(&row, &Series::turns(turns.as_mut(), row.n)),
        Model::Keys(picks) => match keys(&row.unit, row.n) {
            Some(keys) => same(&row, &Series::keys(picks.as_ref(), keys)),
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

fn same(row: &ProxyRow, ours: &Series) -> Result<(), String> {
    let places: Vec<usize> = ours
        .places()
        .take(row.canary_positions_1_based.len())
        .collect();
    if ours.canary() != row.canary {
        return Err(format!(
            "canary: {} there, {} here",
            row.canary,
            ours.canary()
        ));
    }
    if places != row.canary_positions_1_based {
        return Err(format!(
            "places: {:?} there, {places:?} here",
            row.canary_positions_1_based
        ));
    }
    let letters = ours.letters(row.first_200.len());
    if letters != row.first_200 {
        return Err(format!(
            "first picks: {} there, {letters} here",
            row.first_200
        ));
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
    let (n, share) = (row.n as f64, law.share);
    let windows = n / WINDOW as f64;
    let coin = WINDOW as f64 * share * (1.0 - share);
    let (allowed, variance) = match law.spread {
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
    };
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

/// What a feature flag did.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagRow {
    /// The product's package.
    pub product: String,
    /// Where the package comes from.
    pub registry: String,
    /// Its version.
    pub version: String,
    /// How the rule was written.
    pub config: String,
    /// How many identities were asked.
    pub ids: usize,
    /// How many are on at each declared percent; null cannot be declared.
    pub on_at: BTreeMap<String, Option<usize>>,
    /// Whether whoever is on at a smaller percent is on at each greater one.
    pub nested: bool,
    /// Of those on in a second flag, the share on in the first.
    pub overlap_of_two_flags: f64,
    /// What a row is.
    pub rows_form: String,
    /// Key, identity, the smallest percent at which it is on.
    pub rows: Vec<(String, String, Option<f64>)>,
}

impl FlagRow {
    /// The percents that can be declared, ascending.
    fn percents(&self) -> Result<Vec<(f64, usize)>, String> {
        let declared = self
            .on_at
            .iter()
            .filter_map(|(percent, on)| Some((percent, (*on)?)));
        let mut all = declared
            .map(|(percent, on)| match percent.parse() {
                Ok(number) => Ok((number, on)),
                Err(_) => Err(format!("`{percent}` is no percentage")),
            })
            .collect::<Result<Vec<(f64, usize)>, String>>()?;
        all.sort_by(|one, two| one.0.total_cmp(&two.0));
        Ok(all)
    }

    /// What follows a word of the rule's text, without quotes.
    fn word(&self, before: &str) -> Option<&str> {
        let rest = self.config.split_once(before)?.1.trim_start();
        match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => rest.split([',', ' ', ')']).next(),
        }
    }

    fn rule(&self) -> Result<Rule, String> {
        let config = self.config.as_str();
        let owned = |before| {
            self.word(before)
                .map(str::to_owned)
                .ok_or(format!("no `{before}` in `{config}`"))
        };
        Ok(match self.product.as_str() {
            "unleash-client" => Rule::Unleash {
                group: match self.word("groupId =") {
                    Some("flag") => None,
                    Some(group) => Some(group.to_owned()),
                    None => Some(String::new()),
                },
            },
            "@growthbook/growthbook" | "growthbook" => Rule::GrowthBook {
                version: if config.contains("hashVersion 2") {
                    2
                } else {
                    1
                },
                closed: config.starts_with("forced") && self.registry == "npm",
            },
            "@launchdarkly/node-server-sdk" => Rule::LaunchDarkly {
                salt: owned("salt")?,
            },
            "@openfeature/flagd-core" => Rule::Flagd {
                total: if config.contains("whole weights w*1000") {
                    100_000
                } else {
                    100
                },
            },
            "statsig-node" => Rule::Statsig {
                rule: owned("rule salt")?,
            },
            "posthog" => Rule::PostHog,
            "configcat-client" => Rule::ConfigCat,
            "optimizely-sdk" => Rule::Optimizely {
                experiment: owned("experiment id")?,
            },
            "flagsmith-flag-engine" => Rule::Flagsmith {
                prefix: owned("segment key")?,
            },
            "splitio-client" => Rule::Split {
                seed: owned("seed")?
                    .parse()
                    .map_err(|_| format!("no seed in `{config}`"))?,
            },
            "flipt-client" if config.starts_with("boolean") => Rule::FliptThreshold,
            "flipt-client" => Rule::FliptDistribution,
            other => return Err(format!("there is no product `{other}`")),
        })
    }
}

fn flag(row: &Value) -> Result<(), String> {
    let row = FlagRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let (rule, percents) = (row.rule()?, row.percents()?);
    for (key, id, real) in &row.rows {
        let on = percents
            .iter()
            .find(|(percent, _)| rule.is_on(key, id, *percent));
        let ours = on.map(|(percent, _)| *percent);
        if ours != *real {
            return Err(format!(
                "{key}, {id}: on from {real:?} % there, from {ours:?} % here"
            ));
        }
    }
    let Some((key, first, _)) = row.rows.first() else {
        return Err("no identity is recorded".into());
    };
    let prefix = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let ids: Vec<String> = (0..row.ids).map(|it| format!("{prefix}{it}")).collect();
    for (percent, real) in &percents {
        let ours = ids
            .iter()
            .filter(|id| rule.is_on(key, id, *percent))
            .count();
        if ours != *real {
            return Err(format!(
                "at {percent} %: {real} of {} on there, {ours} here",
                row.ids
            ));
        }
    }
    nested(&row, &rule, key, &ids, &percents)?;
    overlap(&row, &rule)
}

fn nested(
    row: &FlagRow,
    rule: &Rule,
    key: &str,
    ids: &[String],
    percents: &[(f64, usize)],
) -> Result<(), String> {
    let ours = match rule {
        // A fraction turns off who was on at the whole percent below it.
        Rule::Flagd { total } => {
            let refused = |percent: f64| (percent * f64::from(*total) / 100.0).fract() != 0.0;
            !percents
                .windows(2)
                .any(|two| two[0].1 > 0 && refused(two[1].0))
        }
        _ => percents.windows(2).all(|two| {
            ids.iter()
                .all(|id| !rule.is_on(key, id, two[0].0) || rule.is_on(key, id, two[1].0))
        }),
    };
    if ours == row.nested {
        return Ok(());
    }
    Err(format!("nested: {} there, {ours} here", row.nested))
}

/// Two flags share their users wholly, or as two draws do: the percent of the second one is one of those tried.
fn overlap(row: &FlagRow, rule: &Rule) -> Result<(), String> {
    let shared = matches!(rule, Rule::Unleash { group: Some(_) });
    let found = row.overlap_of_two_flags;
    let independent = [0.03, 0.05].into_iter().any(|share: f64| {
        let on = share * row.ids as f64;
        (found - share).abs() <= ERRORS * (share * (1.0 - share) / on).sqrt()
    });
    if (shared && found == 1.0) || (!shared && independent) {
        return Ok(());
    }
    Err(format!("overlap of two flags: {found} there, not so here"))
}
