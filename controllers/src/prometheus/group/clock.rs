//! What a group writes of its alerts, and the clocks of `for` that it restores from it.

use super::Settings;
use crate::prometheus::alert::{Alert, AlertState};
use crate::prometheus::labels::{Labels, NAME};
use crate::prometheus::recording::{Millis, Reading, Recording};
use crate::prometheus::value::Element;

/// `ALERTS` and `ALERTS_FOR_STATE`, which holds the start of the clock in whole seconds.
pub(super) fn series_of(alert: &Alert) -> [Element; 2] {
    let mut shown = alert.labels.clone();
    shown.set(NAME, "ALERTS");
    let firing = alert.state == AlertState::Firing;
    shown.set("alertstate", if firing { "firing" } else { "pending" });
    let since = alert.active_at.div_euclid(1000) as f64;
    [
        Element {
            labels: shown,
            value: 1.0,
        },
        Element {
            labels: clock_of(alert),
            value: since,
        },
    ]
}

fn clock_of(alert: &Alert) -> Labels {
    let mut labels = alert.labels.clone();
    labels.set(NAME, "ALERTS_FOR_STATE");
    labels
}

/// Returns since when a restored alert counts, if its clock is not simply that of the restart.
///
/// An alert that had fired fires at the next evaluation. One that was pending waits for what was left, and for the grace
/// period at least; where `for` is shorter than that period it begins anew.
pub(super) fn restored(
    alert: &Alert,
    hold: Millis,
    settings: &Settings,
    recording: &Recording,
    at: Millis,
) -> Option<Millis> {
    let series = recording.get(&clock_of(alert))?;
    let (t, Reading::Value(since)) = series.newest(at - settings.outage_tolerance, at)? else {
        return None;
    };
    let (down, since) = (t / 1000 * 1000, since as Millis * 1000);
    let left = hold - (down - since);
    if left <= 0 {
        Some(since)
    } else if hold < settings.grace_period {
        None
    } else if left < settings.grace_period {
        Some(at + settings.grace_period - hold)
    } else {
        Some(since + (at - down))
    }
}
