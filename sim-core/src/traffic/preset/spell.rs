//! The long forms of presets, said shortly.

use super::super::splitter::{
    AssignedBy, Draw, OnZero, Phase, Requests, Resolution, Ring, Rounds, Salt, Splitter, Users,
};
use super::entry::{Preset, PresetEntry};
use crate::engine::{Share, SimDuration};

pub(super) const COIN: Requests = Requests {
    draw: Draw::Coin,
    workers: 1,
    choices: 1,
    resolution: None,
    ring: None,
};

pub(super) const ALL: Users = Users {
    count: None,
    visits_per_hour: None,
    resolution: None,
    ring: None,
    assigned_by: AssignedBy::Hash,
    salt: Salt::Flag,
    on_zero: OnZero::Evict,
};

/// The session of those who stay, where a product leaves it to the site.
pub(super) const HOUR: OnZero = OnZero::StopNewcomers {
    session: SimDuration::from_hours(1),
};

pub(super) const fn ppm(ppm: u32) -> Share {
    Share::from_ppm(ppm).expect("presets are parts of the whole")
}

pub(super) const fn step(step: u32, rounds: Rounds) -> Resolution {
    Resolution {
        step: ppm(step),
        rounds,
        least: None,
    }
}

pub(super) const fn least(least: u32) -> Resolution {
    Resolution {
        step: ppm(1),
        rounds: Rounds::Nearest,
        least: Some(ppm(least)),
    }
}

pub(super) const fn spread(spread: u32) -> Ring {
    Ring {
        spread: ppm(spread),
        names: 0,
    }
}

pub(super) const fn requests(draw: Draw, choices: u32, resolution: Option<Resolution>) -> Splitter {
    Splitter::Requests(Requests {
        draw,
        choices,
        resolution,
        ..COIN
    })
}

pub(super) const fn smooth(phase: Phase, workers: u32, resolution: Option<Resolution>) -> Splitter {
    Splitter::Requests(Requests {
        draw: Draw::Smooth { phase },
        workers,
        resolution,
        ..COIN
    })
}

pub(super) const fn block(phase: Phase) -> Splitter {
    requests(Draw::Block { phase }, 1, None)
}

pub(super) const fn users(resolution: Option<Resolution>, ring: Option<Ring>) -> Splitter {
    Splitter::Users(Users {
        resolution,
        ring,
        ..ALL
    })
}

pub(super) const fn entry(
    preset: Preset,
    name: &'static str,
    of: [&'static str; 4],
    splitter: Splitter,
) -> PresetEntry {
    let [product, version, words, source] = of;
    PresetEntry {
        preset,
        name,
        product,
        version,
        words,
        source,
        splitter,
    }
}
