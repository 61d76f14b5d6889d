//! SVG around what was painted: inside a page, over it, and as a file of its own.

use super::backend::fine;
use super::ink::{Family, Ink};
use super::mark::Spot;
use super::model::{Chart, LegendKey};
use super::paint::{Painted, paint};
use crate::common::label::{shorten, xml};

/// The looks of every class, light, dark and on paper.
pub const STYLE: &str = include_str!("chart.css");

/// The height of the heading of a file in pixels.
const HEAD: u32 = 30;
/// The height of a line of its legend.
const LEGEND: u32 = 20;
/// About how wide a character is, in pixels.
const CHAR: f64 = 6.3;

/// A chart that was drawn, ready to be put somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing<'a> {
    chart: &'a Chart,
    painted: Painted,
}

impl<'a> Drawing<'a> {
    /// Draws a chart.
    pub fn of(chart: &'a Chart) -> Self {
        let painted = paint(chart);
        Self { chart, painted }
    }

    /// The drawing as an element of a page: one picture with a title and a description.
    pub fn inline(&self) -> String {
        let (width, height) = self.painted.size;
        format!(
            "<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" {}>{}{}</svg>",
            self.role(),
            self.words(),
            self.painted.body
        )
    }

    /// A layer over the drawing in which places say what they show when they are pointed at or
    /// reached with the keyboard. Empty where no place says anything.
    pub fn overlay(&self) -> String {
        if self.painted.spots.is_empty() {
            return String::new();
        }
        let (width, height) = self.painted.size;
        let name = xml(&format!("Points of {}", self.chart.title));
        let spot = |(at, spot): &((i32, i32), Spot)| hit(*at, spot, width);
        let spots: String = self.painted.spots.iter().map(spot).collect();
        format!(
            "<svg class=\"chart over\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{name}\">{spots}</svg>"
        )
    }

    /// The drawing as a file of its own, with its heading, its legend and its looks.
    pub fn file(&self) -> String {
        let (width, height) = self.painted.size;
        let lines = self.legend_lines();
        let top = HEAD + LEGEND * lines.len() as u32;
        let title = xml(&shorten(&self.chart.title, width as usize / 8));
        let legend: String = lines.iter().enumerate().map(legend_line).collect();
        let dots = self.painted.spots.iter().map(|((x, y), spot)| {
            let (x, y, says) = (fine(*x), fine(*y), xml(&spot.says));
            format!("<circle class=\"spot\" cx=\"{x}\" cy=\"{y}\" r=\"7\"><title>{says}</title></circle>")
        });
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart file\" width=\"{width}\" height=\"{0}\" \
             viewBox=\"0 0 {width} {0}\" {role}>{words}<style>{STYLE}</style>\
             <rect class=\"paper\" width=\"{width}\" height=\"{0}\"/>\
             <text class=\"heading\" x=\"12\" y=\"20\">{title}</text>{legend}\
             <g transform=\"translate(0 {top})\">{body}{dots}</g></svg>\n",
            height + top,
            role = self.role(),
            words = self.words(),
            body = self.painted.body,
            dots = dots.collect::<String>(),
        )
    }

    fn role(&self) -> String {
        let id = &self.chart.id;
        format!("role=\"img\" aria-labelledby=\"{id}-title {id}-what\"")
    }

    fn words(&self) -> String {
        let Chart {
            id, title, lead, ..
        } = self.chart;
        let (title, lead) = (xml(title), xml(lead));
        format!("<title id=\"{id}-title\">{title}</title><desc id=\"{id}-what\">{lead}</desc>")
    }

    /// Shares the legend out over lines that are wide enough.
    fn legend_lines(&self) -> Vec<Vec<(f64, &LegendKey)>> {
        let width = f64::from(self.painted.size.0);
        let mut lines: Vec<Vec<(f64, &LegendKey)>> = Vec::new();
        let mut right = width;
        for key in &self.chart.legend {
            let need = 44.0 + CHAR * key.name.chars().count() as f64;
            if right + need > width {
                lines.push(Vec::new());
                right = 12.0;
            }
            let line = lines.last_mut().expect("the first key begins a line");
            line.push((right, key));
            right += need;
        }
        lines
    }
}

fn legend_line((number, keys): (usize, &Vec<(f64, &LegendKey)>)) -> String {
    let y = HEAD + LEGEND * number as u32 + 8;
    let key = |(x, key): &(f64, &LegendKey)| {
        let words = Ink::of(Family::LegendText).class();
        let sample = key.sample(*x as i32, y as i32);
        let (x, name) = (*x as i32 + 32, xml(&key.name));
        format!("{sample}<text class=\"{words}\" x=\"{x}\" y=\"{y}\" dy=\".35em\">{name}</text>")
    };
    keys.iter().map(key).collect()
}

/// One place: a ring that appears, and what it says beside it, on the side where there is room.
fn hit((x, y): (i32, i32), spot: &Spot, width: u32) -> String {
    let says = xml(&spot.says);
    let half = CHAR * spot.says.chars().count() as f64 / 2.0;
    let middle = f64::from(x) / 10.0;
    let text_x = middle.min(f64::from(width) - half - 2.0).max(half + 2.0);
    let above = if y < 240 { 20 } else { -12 };
    let (cx, cy, ty) = (fine(x), fine(y), fine(y + above * 10));
    let reach = if spot.stop {
        format!(" tabindex=\"0\" role=\"img\" aria-label=\"{says}\"")
    } else {
        " aria-hidden=\"true\"".to_owned()
    };
    format!(
        "<g class=\"hit\"{reach}><circle class=\"spot\" cx=\"{cx}\" cy=\"{cy}\" r=\"7\"/>\
         <text class=\"tip\" x=\"{text_x:.1}\" y=\"{ty}\" text-anchor=\"middle\">{says}</text></g>"
    )
}
