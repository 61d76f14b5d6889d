//! Splitters by name, and what is known of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::splitter::Splitter;

/// A splitter by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// nginx 1.22.1: one worker or a shared zone: even turns, the canary in the middle of each; at 1 % it is request 51, 151, 251.
    NginxRoundRobin,
    /// nginx 1.22.1: four workers without a zone: each keeps its own turns, which nearly gives back the variance of a coin.
    #[serde(rename = "nginx-round-robin-4-workers")]
    NginxRoundRobin4Workers,
    /// nginx 1.22.1: one request at a time: as round robin.
    NginxLeastConn,
    /// nginx 1.22.1: a coin of the weight for each request.
    NginxRandom,
    /// nginx 1.22.1: two different servers are drawn, and of idle ones the second is taken: 1 % reaches 19 %, 5 % reaches 63 %.
    NginxRandomTwo,
    /// nginx 1.22.1: MurmurHash2 of the key: the same keys each time, in hundredths of a percent.
    NginxSplitClients,
    /// nginx 1.22.1: a ketama ring of 160 points a unit of weight: the names of the servers decide by how much the share is off.
    NginxHashConsistent,
    /// HAProxy 2.6.12: even turns over all threads, the canary last in each: at 1 % it is request 100; weights up to 256, so that 0.39 % is the least.
    HaproxyRoundrobin,
    /// HAProxy 2.6.12: even turns, the canary last in each.
    HaproxyStaticRr,
    /// HAProxy 2.6.12: a coin whose sides are parts of the hash ring: off by the same factor in every rollout.
    HaproxyRandom,
    /// HAProxy 2.6.12: while servers are idle weights are not read: 1 % is 50 %.
    HaproxyLeastconn,
    /// HAProxy 2.6.12: a ring of 16 points a unit of weight: the share of 1 to 5 % is off by 8 to 20 %.
    HaproxyConsistent,
    /// HAProxy 2.6.12: sticky by cookie: at weight 0 and while draining those who are there stay (here one hour on average), at maintenance they move.
    HaproxyCookie,
    /// Apache httpd 2.4: even turns over all processes; factors from 1 to 100, so that 0.99 % is the least.
    ApacheByrequests,
    /// Envoy 1.40.0: a coin of the weight for each request.
    EnvoyWeightedClusters,
    /// Envoy 1.40.0: even turns; the place of the first canary is drawn at the start.
    EnvoyRoundRobin,
    /// Envoy 1.40.0: weights are not read: 1 % is 50 %.
    EnvoyRandom,
    /// Envoy 1.40.0: a ring of 1024 points, at least one a server: below 0.2 % the share is whatever one arc is.
    EnvoyRingHash,
    /// Envoy 1.40.0: a table of 65 537 places.
    EnvoyMaglev,
    /// Traefik 3.7.13: even turns by deadlines, the canary last in each (99 and 100 in turn).
    TraefikWrr,
    /// Traefik 3.7.13: weights are not read: 1 % is 50 %.
    #[serde(rename = "traefik-p2c")]
    TraefikP2c,
    /// Traefik 3.7.13: sticky by cookie: at weight 0 all move to stable at once.
    TraefikSticky,
    /// Caddy 2.11.9: turns in which all requests of the canary follow one another: at 5 % numbers 95 to 99.
    CaddyWeightedRoundRobin,
    /// Pingora 0.6.0: turns in which all requests of the canary follow one another: at 5 % numbers 96 to 100.
    PingoraRoundRobin,
    /// Pingora 0.6.0: a coin of the weight for each request.
    PingoraRandom,
    /// Pingora 0.6.0: the ring of nginx.
    PingoraKetama,
    /// Varnish 7.1.1: a coin of the weight for each request.
    VarnishRandom,
    /// Varnish 7.1.1: SHA-256 of what is hashed.
    VarnishHash,
    /// Unleash 6.12.1: whole percents, rounded down in silence: 0.5 % is nobody; without a groupId all flags have the same users.
    Unleash,
    /// Flipt 1.4.5: whole percents, rounded up: 0.1 % is 1 %.
    FliptThreshold,
    /// Flipt 1.4.5: tenths of a percent.
    FliptDistribution,
    /// ConfigCat 10.0.1: whole percents, rounded up in silence: 0.1 % is 1 %.
    Configcat,
    /// Split (Harness) 10.7.0: whole percents; a fraction cannot be declared.
    HarnessSplit,
    /// GrowthBook 1.8.0, Python 4.0.0: experiments of hashVersion 1, and forced values in Python: tenths of a percent.
    Growthbook,
    /// GrowthBook 1.8.0: experiments of hashVersion 2: hundredths of a percent.
    #[serde(rename = "growthbook-v2")]
    GrowthbookV2,
    /// GrowthBook 1.8.0: forced values with coverage in JavaScript: one tenth of a percent more than declared.
    GrowthbookJs,
    /// LaunchDarkly 9.13.7: SHA-1: thousandths of a percent.
    Launchdarkly,
    /// flagd (OpenFeature) 4.0.1: whole weights of any sum; a weight that is not whole falls back to the default variant for everybody.
    Flagd,
    /// Statsig 6.5.2: SHA-256: hundredths of a percent.
    Statsig,
    /// PostHog 7.91.1: SHA-1: any percentage.
    Posthog,
    /// Optimizely 5.7.0: MurmurHash3: hundredths of a percent.
    Optimizely,
    /// Flagsmith 11.1.1: MD5: 9 998 steps.
    Flagsmith,
}

/// What is known of a preset.
#[derive(Clone, Copy, Debug)]
pub struct PresetEntry {
    /// The preset.
    pub preset: Preset,
    /// Its name in files.
    pub name: &'static str,
    /// The product.
    pub product: &'static str,
    /// The version that was run.
    pub version: &'static str,
    /// What it does, in words.
    pub words: &'static str,
    /// Where the product says what it does.
    pub source: &'static str,
    /// The long form.
    pub splitter: Splitter,
}
