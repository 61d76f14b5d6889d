//! What a provider gives when it is asked.

use crate::argo::condition::{Outcome, Value};

/// What a provider gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// An answer that the conditions judge.
    Value(Value),
    /// A judgement of the provider itself: a job that ran, a Kayenta score.
    Judged(Outcome, String),
    /// No answer, with the words of the provider: the measurement is an error.
    Failure(String),
    /// Not finished yet: ask again at this time, or, without one, whenever the run is woken.
    Later(Option<i64>),
}

/// What one request to a provider came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The answer.
    pub answer: Answer,
    /// Milliseconds that it took. Requests of one round run side by side.
    pub latency: i64,
}
