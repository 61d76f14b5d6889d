//! Formulas as trees.

use sim_core::engine::SimDuration;

use super::quantity::Quantity;

/// How far away an operator looks, from the nearest to the farthest instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The nearest instant.
    pub from: SimDuration,
    /// The farthest instant.
    pub to: SimDuration,
}

/// A formula, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// An event happens, by its number in [`super::EVENTS`].
    Happens(usize),
    /// A comparison holds.
    Compare(Comparison),
    /// A gate was last read so.
    Gate(GateState, String),
    /// The opposite.
    Not(Box<Formula>),
    /// Both.
    And(Box<Formula>, Box<Formula>),
    /// At least one.
    Or(Box<Formula>, Box<Formula>),
    /// The second wherever the first.
    Implies(Box<Formula>, Box<Formula>),
    /// At every instant ahead within the bounds.
    Always(Option<Bounds>, Box<Formula>),
    /// At some instant ahead within the bounds.
    Eventually(Option<Bounds>, Box<Formula>),
    /// At some instant back within the bounds.
    Once(Option<Bounds>, Box<Formula>),
    /// At the end.
    Final(Box<Formula>),
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A number.
    Number(f64),
    /// A number that changes.
    Quantity(Quantity),
    /// The stage of this id.
    Stage(String),
}

/// A comparison of two terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What stands before the sign.
    pub left: Term,
    /// The sign.
    pub is: Relation,
    /// What stands behind it.
    pub right: Term,
}

/// A sign between two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    Differs,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

/// What a gate said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateState {
    /// It passed.
    Passing,
    /// It was breached.
    Breaching,
    /// There was something wrong with its data.
    Flawed,
}

impl Relation {
    /// The relation of this sign.
    pub(super) fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "<" => Self::Below,
            "<=" => Self::AtMost,
            "==" => Self::Equal,
            "!=" => Self::Differs,
            ">=" => Self::AtLeast,
            ">" => Self::Above,
            _ => return None,
        })
    }

    /// Whether it holds between two numbers.
    pub(super) fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::Differs => left != right,
            Self::AtLeast => left >= right,
            Self::Above => left > right,
        }
    }

    /// Returns how much is left until it holds no longer; none where that has no meaning.
    pub(super) fn margin(self, left: f64, right: f64) -> Option<f64> {
        match self {
            Self::Below | Self::AtMost => Some(right - left),
            Self::Above | Self::AtLeast => Some(left - right),
            Self::Equal | Self::Differs => None,
        }
    }
}

impl Formula {
    /// Returns how far ahead it looks at most, where it has bounds.
    pub(super) fn reach(&self) -> SimDuration {
        match self {
            Self::Happens(_) | Self::Compare(_) | Self::Gate(..) => SimDuration::ZERO,
            Self::Not(one) | Self::Final(one) | Self::Once(_, one) => one.reach(),
            Self::And(one, two) | Self::Or(one, two) | Self::Implies(one, two) => {
                one.reach().max(two.reach())
            }
            Self::Always(bounds, one) | Self::Eventually(bounds, one) => {
                let ahead = bounds.map_or(SimDuration::ZERO, |bounds| bounds.to);
                one.reach().saturating_add(ahead)
            }
        }
    }
}
