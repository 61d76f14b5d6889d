//! Who plays what the page asks for.

use std::sync::atomic::AtomicBool;

/// What a page asks, as names and values in the order of the address.
pub type Query = Vec<(String, String)>;

/// Takes an event: its kind, and its data as JSON on one line.
pub type Teller<'t> = &'t (dyn Fn(&str, &str) + Sync);

/// Plays rollouts for the page. Every call is made on a thread of its own and may take its time.
pub trait Laboratory: Send + Sync + 'static {
    /// Returns what the page shows before anything is played, as JSON.
    fn model(&self) -> String;

    /// Plays what is asked with more and more rollouts, and tells each answer. Once `stop` is set nobody listens any
    /// more, and it returns within some milliseconds.
    fn study(&self, asked: &Query, stop: &AtomicBool, tell: Teller<'_>);

    /// Returns one rollout that shows what is asked, as JSON.
    fn why(&self, asked: &Query, stop: &AtomicBool) -> String;
}
