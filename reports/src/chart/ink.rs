//! What a mark means, from which the style sheet derives how it looks.

use plotters::style::RGBColor;

/// The kinds of ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Family {
    /// A line of the grid.
    Grid,
    /// An axis.
    Axis,
    /// The number at a tick.
    Tick,
    /// The name of an axis.
    AxisName,
    /// The line of a series.
    Line,
    /// The band around a series.
    Band,
    /// The area under a series.
    Area,
    /// A point of a series.
    Dot,
    /// A ring around a point that matters.
    Ring,
    /// A limit.
    Limit,
    /// The words at a limit.
    LimitText,
    /// Every second stage.
    Stage,
    /// The name of a stage.
    StageText,
    /// An instant at which something happened, by kind.
    Event,
    /// The words at such an instant, by kind.
    EventText,
    /// A cell of a heat map, by depth.
    Heat,
    /// The words in a cell, by depth.
    HeatText,
    /// Any other words.
    Note,
    /// The names of series in a file of its own.
    LegendText,
}

impl Family {
    const ALL: [(Self, &'static str); 19] = [
        (Self::Grid, "grid"),
        (Self::Axis, "axis"),
        (Self::Tick, "tick"),
        (Self::AxisName, "axis-name"),
        (Self::Line, "line"),
        (Self::Band, "band"),
        (Self::Area, "area"),
        (Self::Dot, "dot"),
        (Self::Ring, "ring"),
        (Self::Limit, "limit"),
        (Self::LimitText, "limit-text"),
        (Self::Stage, "stage"),
        (Self::StageText, "stage-text"),
        (Self::Event, "event"),
        (Self::EventText, "event-text"),
        (Self::Heat, "heat"),
        (Self::HeatText, "heat-text"),
        (Self::Note, "note"),
        (Self::LegendText, "legend-text"),
    ];
}

/// A kind of ink and a number inside of it, such as the second series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    family: Family,
    number: u8,
}

impl Ink {
    /// The ink of a family that has only one.
    pub const fn of(family: Family) -> Self {
        Self { family, number: 0 }
    }

    /// One of several inks of a family, counted from 1.
    pub const fn nth(family: Family, number: u8) -> Self {
        Self { family, number }
    }

    /// Returns the colour that stands for the ink on its way through plotters: it is never seen.
    pub const fn code(self) -> RGBColor {
        RGBColor(self.family as u8, self.number, 0)
    }

    /// Returns the classes of the ink whose code is given: `line line-2`.
    ///
    /// # Panics
    ///
    /// If the colour is the code of no ink.
    pub fn class_of((family, number, _): (u8, u8, u8)) -> String {
        let (_, word) = Family::ALL[usize::from(family)];
        match number {
            0 => word.to_owned(),
            _ => format!("{word} {word}-{number}"),
        }
    }

    /// Says whether the ink is that of points and not of lines.
    pub const fn is_point(self) -> bool {
        matches!(self.family, Family::Dot | Family::Ring)
    }

    /// Whether it is that of the words of an event.
    pub const fn is_event_text(self) -> bool {
        matches!(self.family, Family::EventText)
    }

    /// Whether it is that of the name of a stage.
    pub const fn is_stage_text(self) -> bool {
        matches!(self.family, Family::StageText)
    }

    /// Returns the classes of the ink.
    pub fn class(self) -> String {
        let RGBColor(family, number, rest) = self.code();
        Self::class_of((family, number, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_stands_at_its_own_code() {
        for (at, (family, word)) in Family::ALL.into_iter().enumerate() {
            assert_eq!(family as usize, at, "{word}");
        }
        assert_eq!(Ink::nth(Family::Line, 2).class(), "line line-2");
        assert_eq!(Ink::of(Family::Grid).class(), "grid");
    }
}
