//! Feature flags: for whom a percentage turns one on.
//!
//! Each rule is sticky and nested: an identity has one bucket for a flag, and a larger percentage takes more buckets.
//! The products differ in the hash, in how many buckets there are, and in what becomes of a fraction of a bucket.

mod checksums;
mod digests;
mod murmurs;

/// A rule of one product that turns a flag on for a percentage of the identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagRule {
    /// Unleash, gradual rollout (unleash-client 6.12.1): whole percents, rounded down; without a group all flags share
    /// their users.
    Unleash {
        /// The group; `None` is the flag's own name.
        group: Option<String>,
    },
    /// Split, now Harness (splitio-client 10.7.0, algorithm 2): whole percents, and nothing else is accepted.
    Split {
        /// The seed of the flag.
        seed: i32,
    },
    /// Optimizely (optimizely-sdk 5.7.0): hundredths of a percent.
    Optimizely {
        /// The rule's own id.
        experiment: String,
    },
    /// flagd, fractional (flagd-core 4.0.1): whole weights out of `total`; a fraction falls back to the default.
    Flagd {
        /// The sum of the weights; a percent is a hundredth of it.
        total: u32,
    },
    /// GrowthBook 1.8.0 (JavaScript) and 4.0.0 (Python).
    GrowthBook {
        /// 1: a thousandth is a bucket; 2: a ten-thousandth.
        version: u8,
        /// Whether the upper end is one of the range, as for forced values in JavaScript: one bucket more.
        closed: bool,
    },
    /// Flipt, boolean flag with a threshold (flipt-client 1.4.5): whole percents, rounded up.
    FliptThreshold,
    /// Flipt, distributions of a variant flag (flipt-client 1.4.5): a thousandth is a bucket.
    FliptDistribution,
    /// LaunchDarkly (node-server-sdk 9.13.7): weights in thousandths of a percent.
    LaunchDarkly {
        /// The flag's salt.
        salt: String,
    },
    /// PostHog 7.91.1.
    PostHog,
    /// ConfigCat (configcat-client 10.0.1): whole percents, rounded up in silence.
    ConfigCat,
    /// Statsig gate (statsig-node 6.5.2): hundredths of a percent.
    Statsig {
        /// The rule's salt; that of the gate is its name.
        rule: String,
    },
    /// Flagsmith (flag-engine 11.1.1): 9 998 steps.
    Flagsmith {
        /// What stands before the flag's name in the key of the segment.
        prefix: String,
    },
}

impl FlagRule {
    /// Whether `flag` is on for `id` at `percent` of the identities.
    pub fn is_on(&self, flag: &str, id: &str, percent: f64) -> bool {
        match self {
            Self::Unleash { group } => {
                murmurs::unleash(group.as_deref().unwrap_or(flag), id, percent)
            }
            Self::Split { seed } => murmurs::split(*seed, id, percent),
            Self::Optimizely { experiment } => murmurs::optimizely(experiment, id, percent),
            Self::Flagd { total } => murmurs::flagd(flag, id, percent, *total),
            Self::GrowthBook { version, closed } => {
                let bucket = checksums::growthbook(*version, flag, id);
                bucket < percent / 100.0 || (*closed && bucket == percent / 100.0)
            }
            Self::FliptThreshold => checksums::flipt_threshold(flag, id, percent),
            Self::FliptDistribution => checksums::flipt_distribution(flag, id, percent),
            Self::LaunchDarkly { salt } => digests::launchdarkly(flag, salt, id, percent),
            Self::PostHog => digests::posthog(flag, id, percent),
            Self::ConfigCat => digests::configcat(flag, id, percent),
            Self::Statsig { rule } => digests::statsig(flag, rule, id, percent),
            Self::Flagsmith { prefix } => {
                digests::flagsmith(&format!("{prefix}{flag}"), id, percent)
            }
        }
    }
}
