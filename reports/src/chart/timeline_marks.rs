//! The numbered marks of a timeline, and their words below.

use crate::chart::ink::{Family, Ink};
use crate::chart::mark::{Anchor, Mark, Spot};
use crate::chart::model::{Panel, Width};
use crate::common::escape::escape;
use crate::common::figure::clock;
use crate::common::label::shorten;
use crate::result::{MarkKind, Timeline, TimelineMark};

/// The height of a row of words above the panels.
const ROW: u32 = 15;

/// So many rows of words at most.
const ROWS: usize = 7;

/// About how wide a character is, in pixels.
pub(crate) const CHAR: f64 = 6.2;

const fn number(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Fault => 1,
        MarkKind::Trigger => 2,
        MarkKind::Action => 3,
        MarkKind::End => 4,
    }
}

/// A sign for each kind, so that none is told by its colour alone.
const fn sign(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Fault => "✖",
        MarkKind::Trigger => "◆",
        MarkKind::Action => "↩",
        MarkKind::End => "■",
    }
}

pub(crate) fn posts(panel: &mut Panel, timeline: &Timeline) {
    let (low, high) = (panel.y.from, panel.y.to);
    for mark in &timeline.marks {
        let ink = Ink::nth(Family::Event, number(mark.kind));
        panel.line(ink, [(mark.t_s, low), (mark.t_s, high)]);
    }
}

/// Writes what happened above the panel, in as many rows as are needed so that no words collide;
/// what finds no room is in the table.
pub(crate) fn words(panel: &mut Panel, timeline: &Timeline) {
    let width = f64::from(Width::Full.pixels() - panel.left - 20);
    let right_of = |mark: &TimelineMark| mark.t_s / panel.x.to * width;
    let mut free = [-1e9_f64; ROWS];
    let mut texts = Vec::new();
    for mark in &timeline.marks {
        let words = shorten(&escape(&mark.text), 56);
        let text = format!("{} {} {words}", sign(mark.kind), clock(mark.t_s));
        let (at, room) = (right_of(mark), CHAR * text.chars().count() as f64 + 10.0);
        let is_left = at + room <= width;
        let (from, to) = if is_left {
            (at, at + room)
        } else {
            (at - room, at)
        };
        let Some(row) = free.iter().position(|taken| *taken <= from) else {
            continue;
        };
        free[row] = to;
        texts.push((row, mark, text, is_left));
    }
    let rows = texts.iter().map(|(row, ..)| row + 1).max().unwrap_or(0);
    panel.above = 8 + ROW * rows as u32;
    for (row, mark, text, is_left) in texts {
        write(panel, (mark, text), row, is_left);
    }
}

fn write(panel: &mut Panel, (mark, text): (&TimelineMark, String), row: usize, is_left: bool) {
    let kind = number(mark.kind);
    let at = (panel.x.clamp(mark.t_s), panel.y.to);
    panel.marks.push(Mark::Text {
        ink: Ink::nth(Family::EventText, kind),
        at,
        shift: (
            if is_left { 3 } else { -3 },
            -(8 + (ROW as usize * row) as i32),
        ),
        anchor: if is_left { Anchor::Start } else { Anchor::End },
        text,
    });
    panel.spots.push(Spot {
        at,
        says: format!("{} {}", clock(mark.t_s), shorten(&escape(&mark.text), 100)),
        stop: true,
    });
}
