//! Draws a chart with plotters.

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontTransform, IntoFont as _, TextStyle};

use super::axis::Axis;
use super::backend::{FINE, SvgBackend};
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark, Spot};
use super::model::{Chart, Panel};

/// Room right of a panel, so that the last number fits.
const RIGHT: u32 = 20;
/// Room under a panel for the numbers and the name of its axis.
const BELOW: u32 = 36;
/// Room under a panel without numbers.
const GAP: u32 = 8;

const INFALLIBLE: &str = "writing into a String cannot fail";

type Area<'a> = DrawingArea<SvgBackend<'a>, Shift>;
type Plane<'a> = DrawingArea<SvgBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A drawn chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Painted {
    /// The elements.
    pub body: String,
    /// The size in pixels.
    pub size: (u32, u32),
    /// The places that say more, in tenths of a pixel.
    pub spots: Vec<((i32, i32), Spot)>,
}

/// Draws all panels of a chart, one under the other.
pub fn paint(chart: &Chart) -> Painted {
    let height = chart.panels.iter().map(height_of).sum();
    let size = (chart.width.pixels(), height);
    let (mut body, mut spots) = (String::new(), Vec::new());
    {
        let mut rest = SvgBackend::new(&mut body, size).into_drawing_area();
        for panel in &chart.panels {
            let (area, below) = rest.split_vertically(height_of(panel) * FINE as u32);
            spots.extend(paint_panel(&area, panel));
            rest = below;
        }
    }
    Painted { body, size, spots }
}

const fn height_of(panel: &Panel) -> u32 {
    panel.above + panel.height + if panel.has_x { BELOW } else { GAP }
}

fn paint_panel(area: &Area<'_>, panel: &Panel) -> Vec<((i32, i32), Spot)> {
    let (width, _) = area.dim_in_pixel();
    let (x, y) = area.get_base_pixel();
    let fine = |pixels: u32| pixels as i32 * FINE;
    let right = x + width as i32 - fine(RIGHT);
    let bottom = y + fine(panel.above + panel.height);
    let plane = area.apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
        panel.x.from..panel.x.to,
        panel.y.from..panel.y.to,
        (x + fine(panel.left)..right, bottom..y + fine(panel.above)),
    ));
    backdrop(&plane, panel);
    for mark in &panel.marks {
        draw(&plane, panel, mark);
    }
    axes(area, &plane, panel);
    let place = |spot: &Spot| (plane.map_coordinate(&near(panel, spot.at)), spot.clone());
    panel.spots.iter().map(place).collect()
}

/// The lines of the grid, behind everything.
fn backdrop(plane: &Plane<'_>, panel: &Panel) {
    if panel.has_grid {
        for tick in &panel.y.ticks {
            let ends = [(panel.x.from, tick.at), (panel.x.to, tick.at)];
            line(plane, Ink::of(Family::Grid), ends.to_vec());
        }
    }
}

fn line(plane: &Plane<'_>, ink: Ink, points: Vec<(f64, f64)>) {
    let style = ink.code().stroke_width(1);
    plane
        .draw(&PathElement::new(points, style))
        .expect(INFALLIBLE);
}

/// So many widths of its panel a mark may lie beyond it.
const BEYOND: f64 = 20.0;

/// The place, or the nearest one that is not too far to be drawn.
fn near(panel: &Panel, (x, y): (f64, f64)) -> (f64, f64) {
    (panel.x.near(x, BEYOND), panel.y.near(y, BEYOND))
}

fn draw(plane: &Plane<'_>, panel: &Panel, mark: &Mark) {
    let near = |at: &(f64, f64)| near(panel, *at);
    let all = |points: &[(f64, f64)]| points.iter().map(near).collect::<Vec<_>>();
    let drawn = match mark {
        Mark::Line { ink, points } => return line(plane, *ink, all(points)),
        Mark::Area { ink, corners } => plane.draw(&Polygon::new(all(corners), ink.code().filled())),
        Mark::Box { ink, from, to } => {
            plane.draw(&Rectangle::new([near(from), near(to)], ink.code().filled()))
        }
        Mark::Dot { ink, at, radius } => {
            let radius = radius * FINE as u32;
            plane.draw(&Circle::new(near(at), radius, ink.code().filled()))
        }
        Mark::Text {
            ink,
            at,
            shift: (right, down),
            anchor,
            text,
        } => {
            let (x, y) = plane.map_coordinate(&near(at));
            let base = plane.get_base_pixel();
            let at = (x - base.0 + right * FINE, y - base.1 + down * FINE);
            let words = Text::new(text.clone(), at, words(*ink, *anchor, VPos::Center));
            plane.strip_coord_spec().draw(&words)
        }
    };
    drawn.expect(INFALLIBLE);
}

fn words(ink: Ink, anchor: Anchor, upright: VPos) -> TextStyle<'static> {
    let h_pos = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    TextStyle {
        font: ("sans-serif", 11 * FINE).into_font(),
        color: ink.code().to_backend_color(),
        pos: Pos::new(h_pos, upright),
    }
}

/// The numbers and names along both axes, and the axis of x itself.
fn axes(area: &Area<'_>, plane: &Plane<'_>, panel: &Panel) {
    let base = area.get_base_pixel();
    let place = |x: f64, y: f64| {
        let (right, down) = plane.map_coordinate(&(x, y));
        (right - base.0, down - base.1)
    };
    let write = |text: &str, at: (i32, i32), style: TextStyle<'static>| {
        area.draw(&Text::new(text.to_owned(), at, style))
            .expect(INFALLIBLE);
    };
    let Panel { x, y, .. } = panel;
    let tick = Ink::of(Family::Tick);
    for number in &y.ticks {
        let (right, down) = place(x.from, number.at);
        let style = words(tick, Anchor::End, VPos::Center);
        write(&number.text, (right - 6 * FINE, down), style);
    }
    let floor = vec![(x.from, y.from), (x.to, y.from)];
    line(plane, Ink::of(Family::Axis), floor);
    let name = Ink::of(Family::AxisName);
    let middle = place(x.from, f64::midpoint(y.from, y.to)).1;
    let upwards = words(name, Anchor::Middle, VPos::Top).transform(FontTransform::Rotate270);
    write(&y.name, (2 * FINE, middle), upwards);
    if panel.has_x {
        for number in &x.ticks {
            let (right, down) = place(number.at, y.from);
            let style = words(tick, Anchor::Middle, VPos::Top);
            write(&number.text, (right, down + 6 * FINE), style);
        }
        let (right, down) = place(middle_of(x), y.from);
        let style = words(name, Anchor::Middle, VPos::Top);
        write(&x.name, (right, down + 21 * FINE), style);
    }
}

const fn middle_of(axis: &Axis) -> f64 {
    f64::midpoint(axis.from, axis.to)
}
