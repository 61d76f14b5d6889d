//! Feature flags, by product.

use super::super::splitter::Rounds;
use super::entry::{Preset, PresetEntry};
use super::spell::{entry, step, users};

pub(super) const FLAGS: &[PresetEntry] = &[
    entry(
        Preset::Unleash,
        "unleash",
        [
            "Unleash",
            "6.12.1",
            "whole percents, rounded down in silence: 0.5 % is nobody; without a groupId all flags have the same users",
            "unleash-client, flexibleRollout",
        ],
        users(Some(step(10_000, Rounds::Down)), None),
    ),
    entry(
        Preset::FliptThreshold,
        "flipt-threshold",
        [
            "Flipt",
            "1.4.5",
            "whole percents, rounded up: 0.1 % is 1 %",
            "flipt-client, threshold",
        ],
        users(Some(step(10_000, Rounds::Up)), None),
    ),
    entry(
        Preset::FliptDistribution,
        "flipt-distribution",
        [
            "Flipt",
            "1.4.5",
            "tenths of a percent",
            "flipt-client, distributions",
        ],
        users(Some(step(1_000, Rounds::Down)), None),
    ),
    entry(
        Preset::Configcat,
        "configcat",
        [
            "ConfigCat",
            "10.0.1",
            "whole percents, rounded up in silence: 0.1 % is 1 %",
            "configcat-client, percentage options",
        ],
        users(Some(step(10_000, Rounds::Up)), None),
    ),
    entry(
        Preset::HarnessSplit,
        "harness-split",
        [
            "Split (Harness)",
            "10.7.0",
            "whole percents; a fraction cannot be declared",
            "splitio-client, algorithm 2",
        ],
        users(Some(step(10_000, Rounds::Down)), None),
    ),
    entry(
        Preset::Growthbook,
        "growthbook",
        [
            "GrowthBook",
            "1.8.0, Python 4.0.0",
            "experiments of hashVersion 1, and forced values in Python: tenths of a percent",
            "@growthbook/growthbook, hashVersion 1",
        ],
        users(Some(step(1_000, Rounds::Up)), None),
    ),
    entry(
        Preset::GrowthbookV2,
        "growthbook-v2",
        [
            "GrowthBook",
            "1.8.0",
            "experiments of hashVersion 2: hundredths of a percent",
            "@growthbook/growthbook, hashVersion 2",
        ],
        users(Some(step(100, Rounds::Up)), None),
    ),
    entry(
        Preset::GrowthbookJs,
        "growthbook-js",
        [
            "GrowthBook",
            "1.8.0",
            "forced values with coverage in JavaScript: one tenth of a percent more than declared",
            "@growthbook/growthbook, forced value",
        ],
        users(Some(step(1_000, Rounds::Beyond)), None),
    ),
    entry(
        Preset::Launchdarkly,
        "launchdarkly",
        [
            "LaunchDarkly",
            "9.13.7",
            "SHA-1: thousandths of a percent",
            "@launchdarkly/node-server-sdk, rollout",
        ],
        users(Some(step(10, Rounds::Nearest)), None),
    ),
    entry(
        Preset::Flagd,
        "flagd",
        [
            "flagd (OpenFeature)",
            "4.0.1",
            "whole weights of any sum; a weight that is not whole falls back to the default variant for everybody",
            "@openfeature/flagd-core, fractional",
        ],
        users(Some(step(10, Rounds::Nearest)), None),
    ),
    entry(
        Preset::Statsig,
        "statsig",
        [
            "Statsig",
            "6.5.2",
            "SHA-256: hundredths of a percent",
            "statsig-node, passPercentage",
        ],
        users(Some(step(100, Rounds::Up)), None),
    ),
    entry(
        Preset::Posthog,
        "posthog",
        [
            "PostHog",
            "7.91.1",
            "SHA-1: any percentage",
            "posthog, rollout_percentage",
        ],
        users(None, None),
    ),
    entry(
        Preset::Optimizely,
        "optimizely",
        [
            "Optimizely",
            "5.7.0",
            "MurmurHash3: hundredths of a percent",
            "optimizely-sdk, traffic allocation",
        ],
        users(Some(step(100, Rounds::Nearest)), None),
    ),
    entry(
        Preset::Flagsmith,
        "flagsmith",
        [
            "Flagsmith",
            "11.1.1",
            "MD5: 9 998 steps",
            "flagsmith-flag-engine, PERCENTAGE_SPLIT",
        ],
        users(Some(step(100, Rounds::Up)), None),
    ),
];
