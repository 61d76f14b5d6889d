//! Recorded splits, replayed: `splitter.proxy` is a product, an algorithm and two weights; `splitter.flag` a feature flag.
//!
//! Counts, places and variances of what goes by turns or by known keys are reproduced exactly, and every pair of key and
//! identity. What a product draws is held against its law: the share within four standard errors, the variance of windows
//! within four of its own.

mod flag;
mod flag_row;
mod proxy;
mod tolerance;

pub use flag_row::FlagRow;
pub use proxy::ProxyRow;

use serde_json::Value;

/// Replays a row of `kind`. `None` if this room has no such kind; an error says how the product and this room differ.
#[must_use]
pub fn replay(kind: &str, row: &Value) -> Option<Result<(), String>> {
    match kind {
        "splitter.proxy" => Some(proxy::proxy(row)),
        "splitter.flag" => Some(flag::flag(row)),
        _ => None,
    }
}
