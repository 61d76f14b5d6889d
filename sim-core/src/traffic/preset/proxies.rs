//! Envoy, Traefik, Caddy, Pingora and Varnish.

use super::super::splitter::{Draw, Phase, Rounds};
use super::entry::{Preset, PresetEntry};
use super::spell::{block, entry, least, requests, smooth, spread, step, users};

pub(super) const PROXIES: &[PresetEntry] = &[
    entry(
        Preset::EnvoyWeightedClusters,
        "envoy-weighted-clusters",
        [
            "Envoy",
            "1.40.0",
            "a coin of the weight for each request",
            "Envoy, route weighted_clusters",
        ],
        requests(Draw::Coin, 1, None),
    ),
    entry(
        Preset::EnvoyRoundRobin,
        "envoy-round-robin",
        [
            "Envoy",
            "1.40.0",
            "even turns; the place of the first canary is drawn at the start",
            "Envoy, ROUND_ROBIN (LEAST_REQUEST while idle)",
        ],
        smooth(Phase::Random, 1, None),
    ),
    entry(
        Preset::EnvoyRandom,
        "envoy-random",
        [
            "Envoy",
            "1.40.0",
            "weights are not read: 1 % is 50 %",
            "Envoy, RANDOM",
        ],
        requests(Draw::None, 1, None),
    ),
    entry(
        Preset::EnvoyRingHash,
        "envoy-ring-hash",
        [
            "Envoy",
            "1.40.0",
            "a ring of 1024 points, at least one a server: below 0.2 % the share is whatever one arc is",
            "Envoy, RING_HASH",
        ],
        users(Some(least(977)), Some(spread(300_000))),
    ),
    entry(
        Preset::EnvoyMaglev,
        "envoy-maglev",
        [
            "Envoy",
            "1.40.0",
            "a table of 65 537 places",
            "Envoy, MAGLEV",
        ],
        users(Some(step(15, Rounds::Up)), None),
    ),
    entry(
        Preset::TraefikWrr,
        "traefik-wrr",
        [
            "Traefik",
            "3.7.13",
            "even turns by deadlines, the canary last in each (99 and 100 in turn)",
            "Traefik, weighted round robin",
        ],
        smooth(Phase::Last, 1, None),
    ),
    entry(
        Preset::TraefikP2c,
        "traefik-p2c",
        [
            "Traefik",
            "3.7.13",
            "weights are not read: 1 % is 50 %",
            "Traefik, power of two choices",
        ],
        requests(Draw::None, 1, None),
    ),
    entry(
        Preset::TraefikSticky,
        "traefik-sticky",
        [
            "Traefik",
            "3.7.13",
            "sticky by cookie: at weight 0 all move to stable at once",
            "Traefik, sticky services",
        ],
        users(None, None),
    ),
    entry(
        Preset::CaddyWeightedRoundRobin,
        "caddy-weighted-round-robin",
        [
            "Caddy",
            "2.11.9",
            "turns in which all requests of the canary follow one another: at 5 % numbers 95 to 99",
            "Caddy, weighted_round_robin",
        ],
        block(Phase::Last),
    ),
    entry(
        Preset::PingoraRoundRobin,
        "pingora-round-robin",
        [
            "Pingora",
            "0.6.0",
            "turns in which all requests of the canary follow one another: at 5 % numbers 96 to 100",
            "pingora-load-balancing, RoundRobin",
        ],
        block(Phase::Last),
    ),
    entry(
        Preset::PingoraRandom,
        "pingora-random",
        [
            "Pingora",
            "0.6.0",
            "a coin of the weight for each request",
            "pingora-load-balancing, Random",
        ],
        requests(Draw::Coin, 1, None),
    ),
    entry(
        Preset::PingoraKetama,
        "pingora-ketama",
        [
            "Pingora",
            "0.6.0",
            "the ring of nginx",
            "pingora-load-balancing, Consistent",
        ],
        users(None, Some(spread(80_000))),
    ),
    entry(
        Preset::VarnishRandom,
        "varnish-random",
        [
            "Varnish",
            "7.1.1",
            "a coin of the weight for each request",
            "vmod_directors, random",
        ],
        requests(Draw::Coin, 1, None),
    ),
    entry(
        Preset::VarnishHash,
        "varnish-hash",
        [
            "Varnish",
            "7.1.1",
            "SHA-256 of what is hashed",
            "vmod_directors, hash",
        ],
        users(None, None),
    ),
];
