//! What stands between a declared weight and the requests.

use sim_core::engine::Share;
use sim_core::telemetry::{Counted, Signal, SignalKind};
use sim_core::traffic::{
    AssignedBy, Connections, Draw, OnZero, Requests, Resolution, Split, Users,
};

use super::numbers::{lasts, not_negative, within};
use super::problem::{Problem, each};
use crate::World;

/// Checks a splitter: sizes, and keys that do nothing together.
pub(super) fn check(split: Split) -> Vec<Problem> {
    match split {
        Split::StickyUsers {
            users,
            visits_per_hour,
        } => {
            let path = "traffic.split.sticky-users";
            let visits = not_negative(&format!("{path}.visits-per-hour"), visits_per_hour);
            let users = within(&format!("{path}.users"), users as f64, 1.0..=1e10);
            users.into_iter().chain(visits).collect()
        }
        Split::Requests(requests) => of_requests(&requests),
        Split::Connections(connections) => of_connections(&connections),
        Split::Users(users) => of_users(&users),
        Split::ByHost | Split::ByRequest | Split::Preset(_) => Vec::new(),
    }
}

/// Users who always fail must be counted.
pub(super) fn uncounted(world: &World) -> Vec<Problem> {
    if world.traffic.split.count().is_some() {
        return Vec::new();
    }
    let signals = each("telemetry.signals", &world.telemetry.signals);
    let of_users = signals.filter(|(_, signal)| {
        let SignalKind::Ratio { of, .. } = signal.kind else {
            return false;
        };
        of == Counted::Users
    });
    let problem = |(path, _): (String, &Signal)| {
        let why = "users who always fail are some of those whom `traffic.split` counts, and it counts none";
        idle(format!("{path}.kind.ratio.of"), why)
            .help("write `split: {users: {count: ...}}`, or leave `of` out")
    };
    of_users.map(problem).collect()
}

fn of_requests(requests: &Requests) -> Vec<Problem> {
    let path = "traffic.split.requests";
    let is_turn = matches!(requests.draw, Draw::Smooth { .. } | Draw::Block { .. });
    let unread =
        requests.draw == Draw::None && (requests.resolution.is_some() || requests.ring.is_some());
    let refuse = |applies: bool, key: &str, why, help: &str| {
        applies.then(|| idle(format!("{path}.{key}"), why).help(help))
    };
    let bounded = |key: &str, count: u32, most: f64| {
        within(&format!("{path}.{key}"), count.into(), 1.0..=most)
    };
    let turns = "workers keep a state of turns, and nothing goes by turns here";
    let coin = "servers are drawn twice by a coin only";
    let weights = "weights are not read, so that neither `resolution` nor `ring` does anything";
    let smooth = "write `draw: {smooth: {phase: middle}}`, or leave `workers` out";
    let without = "write `draw: coin`, or leave `choices` out";
    let twice = requests.choices > 1 && requests.draw != Draw::Coin;
    let sizes = [
        bounded("workers", requests.workers, 1024.0),
        bounded("choices", requests.choices, 2.0),
        refuse(requests.workers > 1 && !is_turn, "workers", turns, smooth),
        refuse(twice, "choices", coin, without),
        refuse(unread, "draw", weights, "leave them out"),
    ];
    let resolution = requests
        .resolution
        .iter()
        .filter_map(|it| resolution(path, *it));
    sizes.into_iter().flatten().chain(resolution).collect()
}

fn of_connections(connections: &Connections) -> Vec<Problem> {
    let path = "traffic.split.connections";
    let count = within(
        &format!("{path}.count"),
        connections.count as f64,
        1.0..=1e7,
    );
    let why = "every connection would end before its first request";
    let lifetime = lasts(&format!("{path}.lifetime"), connections.lifetime, why);
    count.into_iter().chain(lifetime).collect()
}

fn of_users(users: &Users) -> Vec<Problem> {
    let path = "traffic.split.users";
    let count = users
        .count
        .and_then(|count| within(&format!("{path}.count"), count as f64, 1.0..=1e10));
    let place = format!("{path}.visits-per-hour");
    let visits = users
        .visits_per_hour
        .and_then(|visits| not_negative(&place, visits));
    let nobody = (users.visits_per_hour.is_some() && users.count.is_none()).then(|| {
        idle(
            place,
            "visits are of users who are counted, and `count` is not there",
        )
        .help("write `count:`, or leave `visits-per-hour` out")
    });
    let listed = (users.assigned_by == AssignedBy::List && users.count.is_none()).then(|| {
        let why = "a list has an end, and `count` is not there";
        idle(format!("{path}.assigned-by"), why).help("write `count:`, or leave it out")
    });
    let session = session(path, users.on_zero);
    let resolution = users
        .resolution
        .iter()
        .filter_map(|it| resolution(path, *it));
    let problems = [count, visits, nobody, listed, session];
    problems.into_iter().flatten().chain(resolution).collect()
}

fn session(path: &str, on_zero: OnZero) -> Option<Problem> {
    let OnZero::StopNewcomers { session } = on_zero else {
        return None;
    };
    let place = format!("{path}.on-zero.stop-newcomers.session");
    let why = "a session of no time is over at once, which is `on-zero: evict`";
    lasts(&place, session, why)
}

fn resolution(path: &str, resolution: Resolution) -> Option<Problem> {
    (resolution.step == Share::ZERO).then(|| {
        let place = format!("{path}.resolution.step");
        Problem::error("CM151", place, "a step of nothing leaves no weight at all")
            .help("write the smallest weight, as `step: 1%`")
    })
}

fn idle(path: String, why: &str) -> Problem {
    Problem::error("CM153", path, why)
}
