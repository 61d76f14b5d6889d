//! A verdict with its reason, and the worst case.

use std::fmt::Debug;

use crate::common::style::Tone;

/// How something is to be taken. Words say the same: a tint is never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// As wanted.
    Good,
    /// Not as wanted.
    Bad,
    /// Nobody can tell yet.
    Doubt,
    /// Neither.
    Plain,
}

impl Tint {
    /// Returns the class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Doubt => "doubt",
            Self::Plain => "plain",
        }
    }

    /// Returns the tone that says the same in text.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Good => Tone::Good,
            Self::Bad => Tone::Bad,
            Self::Doubt => Tone::Doubt,
            Self::Plain => Tone::Plain,
        }
    }
}

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// The word.
    pub word: String,
    /// What it rests on.
    pub why: String,
    /// How it is to be taken.
    pub tint: Tint,
}

/// The worst case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worst {
    /// What happened, in a sentence or two.
    pub sentence: String,
    /// The command that plays it again; empty where there is none.
    pub command: String,
}
