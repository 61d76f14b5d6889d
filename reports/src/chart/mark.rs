//! Marks: what is put on a panel.

use super::ink::Ink;

/// On which side of its place a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// Something on a panel, in the coordinates of its axes.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line {
        /// Its ink.
        ink: Ink,
        /// The points.
        points: Vec<(f64, f64)>,
    },
    /// An area with these corners.
    Area {
        /// Its ink.
        ink: Ink,
        /// The corners in order.
        corners: Vec<(f64, f64)>,
    },
    /// A rectangle between two corners.
    Box {
        /// Its ink.
        ink: Ink,
        /// A corner.
        from: (f64, f64),
        /// The opposite corner.
        to: (f64, f64),
    },
    /// A point.
    Dot {
        /// Its ink.
        ink: Ink,
        /// Where.
        at: (f64, f64),
        /// The radius in pixels.
        radius: u32,
    },
    /// Words.
    Text {
        /// Their ink.
        ink: Ink,
        /// Where.
        at: (f64, f64),
        /// How many pixels to the right and down of there.
        shift: (i32, i32),
        /// On which side.
        anchor: Anchor,
        /// The words.
        text: String,
    },
}

/// A place of a chart that says more when it is pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Where.
    pub at: (f64, f64),
    /// What it says.
    pub says: String,
    /// Whether it can be reached with the keyboard: the few places that matter can.
    pub stop: bool,
}
