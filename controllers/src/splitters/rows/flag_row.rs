//! A recorded feature flag, and the rule that its text says.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::splitters::flags::FlagRule;

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
    pub(super) fn percents(&self) -> Result<Vec<(f64, usize)>, String> {
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

    pub(super) fn rule(&self) -> Result<FlagRule, String> {
        let config = self.config.as_str();
        let owned = |before| {
            self.word(before)
                .map(str::to_owned)
                .ok_or(format!("no `{before}` in `{config}`"))
        };
        Ok(match self.product.as_str() {
            "unleash-client" => FlagRule::Unleash {
                group: match self.word("groupId =") {
                    Some("flag") => None,
                    Some(group) => Some(group.to_owned()),
                    None => Some(String::new()),
                },
            },
            "@growthbook/growthbook" | "growthbook" => FlagRule::GrowthBook {
                version: if config.contains("hashVersion 2") {
                    2
                } else {
                    1
                },
                closed: config.starts_with("forced") && self.registry == "npm",
            },
            "@launchdarkly/node-server-sdk" => FlagRule::LaunchDarkly {
                salt: owned("salt")?,
            },
            "@openfeature/flagd-core" => FlagRule::Flagd {
                total: if config.contains("whole weights w*1000") {
                    100_000
                } else {
                    100
                },
            },
            "statsig-node" => FlagRule::Statsig {
                rule: owned("rule salt")?,
            },
            "posthog" => FlagRule::PostHog,
            "configcat-client" => FlagRule::ConfigCat,
            "optimizely-sdk" => FlagRule::Optimizely {
                experiment: owned("experiment id")?,
            },
            "flagsmith-flag-engine" => FlagRule::Flagsmith {
                prefix: owned("segment key")?,
            },
            "splitio-client" => FlagRule::Split {
                seed: owned("seed")?
                    .parse()
                    .map_err(|_| format!("no seed in `{config}`"))?,
            },
            "flipt-client" if config.starts_with("boolean") => FlagRule::FliptThreshold,
            "flipt-client" => FlagRule::FliptDistribution,
            other => return Err(format!("there is no product `{other}`")),
        })
    }
}
