//! nginx, HAProxy and Apache.

use super::super::splitter::{Draw, Phase, Requests, Rounds, Splitter, Users};
use super::entry::{Preset, PresetEntry};
use super::spell::{ALL, COIN, HOUR, entry, least, requests, smooth, spread, step, users};

pub(super) const WEB_SERVERS: &[PresetEntry] = &[
    entry(
        Preset::NginxRoundRobin,
        "nginx-round-robin",
        [
            "nginx",
            "1.22.1",
            "one worker or a shared zone: even turns, the canary in the middle of each; at 1 % it is request 51, 151, 251",
            "ngx_http_upstream_module, smooth weighted round robin",
        ],
        smooth(Phase::Middle, 1, None),
    ),
    entry(
        Preset::NginxRoundRobin4Workers,
        "nginx-round-robin-4-workers",
        [
            "nginx",
            "1.22.1",
            "four workers without a zone: each keeps its own turns, which nearly gives back the variance of a coin",
            "ngx_http_upstream_module without `zone`",
        ],
        smooth(Phase::Middle, 4, None),
    ),
    entry(
        Preset::NginxLeastConn,
        "nginx-least-conn",
        [
            "nginx",
            "1.22.1",
            "one request at a time: as round robin",
            "ngx_http_upstream_module, `least_conn`",
        ],
        smooth(Phase::Middle, 1, None),
    ),
    entry(
        Preset::NginxRandom,
        "nginx-random",
        [
            "nginx",
            "1.22.1",
            "a coin of the weight for each request",
            "ngx_http_upstream_module, `random`",
        ],
        requests(Draw::Coin, 1, None),
    ),
    entry(
        Preset::NginxRandomTwo,
        "nginx-random-two",
        [
            "nginx",
            "1.22.1",
            "two different servers are drawn, and of idle ones the second is taken: 1 % reaches 19 %, 5 % reaches 63 %",
            "ngx_http_upstream_module, `random two`",
        ],
        requests(Draw::Coin, 2, None),
    ),
    entry(
        Preset::NginxSplitClients,
        "nginx-split-clients",
        [
            "nginx",
            "1.22.1",
            "MurmurHash2 of the key: the same keys each time, in hundredths of a percent",
            "ngx_http_split_clients_module",
        ],
        users(Some(step(100, Rounds::Nearest)), None),
    ),
    entry(
        Preset::NginxHashConsistent,
        "nginx-hash-consistent",
        [
            "nginx",
            "1.22.1",
            "a ketama ring of 160 points a unit of weight: the names of the servers decide by how much the share is off",
            "ngx_http_upstream_module, `hash ... consistent`",
        ],
        users(None, Some(spread(80_000))),
    ),
    entry(
        Preset::HaproxyRoundrobin,
        "haproxy-roundrobin",
        [
            "HAProxy",
            "2.6.12",
            "even turns over all threads, the canary last in each: at 1 % it is request 100; weights up to 256, so that 0.39 % is the least",
            "HAProxy configuration manual, `balance roundrobin`",
        ],
        smooth(Phase::Last, 1, Some(least(3_891))),
    ),
    entry(
        Preset::HaproxyStaticRr,
        "haproxy-static-rr",
        [
            "HAProxy",
            "2.6.12",
            "even turns, the canary last in each",
            "HAProxy configuration manual, `balance static-rr`",
        ],
        smooth(Phase::Last, 1, None),
    ),
    entry(
        Preset::HaproxyRandom,
        "haproxy-random",
        [
            "HAProxy",
            "2.6.12",
            "a coin whose sides are parts of the hash ring: off by the same factor in every rollout",
            "HAProxy configuration manual, `balance random`",
        ],
        Splitter::Requests(Requests {
            ring: Some(spread(140_000)),
            ..COIN
        }),
    ),
    entry(
        Preset::HaproxyLeastconn,
        "haproxy-leastconn",
        [
            "HAProxy",
            "2.6.12",
            "while servers are idle weights are not read: 1 % is 50 %",
            "HAProxy configuration manual, `balance leastconn`",
        ],
        requests(Draw::None, 1, None),
    ),
    entry(
        Preset::HaproxyConsistent,
        "haproxy-consistent",
        [
            "HAProxy",
            "2.6.12",
            "a ring of 16 points a unit of weight: the share of 1 to 5 % is off by 8 to 20 %",
            "HAProxy configuration manual, `hash-type consistent`",
        ],
        users(None, Some(spread(140_000))),
    ),
    entry(
        Preset::HaproxyCookie,
        "haproxy-cookie",
        [
            "HAProxy",
            "2.6.12",
            "sticky by cookie: at weight 0 and while draining those who are there stay (here one hour on average), at maintenance they move",
            "HAProxy configuration manual, `cookie`",
        ],
        Splitter::Users(Users {
            on_zero: HOUR,
            ..ALL
        }),
    ),
    entry(
        Preset::ApacheByrequests,
        "apache-byrequests",
        [
            "Apache httpd",
            "2.4",
            "even turns over all processes; factors from 1 to 100, so that 0.99 % is the least",
            "mod_lbmethod_byrequests",
        ],
        smooth(Phase::Middle, 1, Some(least(9_901))),
    ),
];
