//! A page as HTML.

use askama::Template;
use sha2::{Digest as _, Sha256};

use crate::chart::{Chart, DataTable, Drawing, LegendKey, STYLE, Width};

use super::model::{Page, Section};

/// The looks of the page around the charts.
const PAGE_STYLE: &str = include_str!("page.css");

#[derive(Template)]
#[template(path = "page.html")]
struct Html<'a> {
    page: &'a Page,
    parts: Vec<Part<'a>>,
    style: &'a str,
    style_hash: &'a str,
}

/// A section as the template takes it; `drawing` and `over` are markup that is escaped already.
struct Part<'a> {
    id: &'a str,
    title: &'a str,
    lead: &'a str,
    class: &'static str,
    legend: &'a [LegendKey],
    drawing: String,
    over: String,
    narrow: String,
    notes: Vec<String>,
    table: Option<&'a DataTable>,
    is_open: bool,
    text: &'a str,
}

/// Returns the looks of every page, charts included.
pub fn style() -> String {
    format!("{STYLE}{PAGE_STYLE}")
}

/// Returns the page as one document that needs nothing else.
///
/// Its content security policy lets in the styles of the page, by their hash, and nothing more: no
/// script, no font, no picture, no request.
pub fn html(page: &Page) -> String {
    let style = style();
    let html = Html {
        page,
        parts: page.sections.iter().map(part).collect(),
        style_hash: &base64(&Sha256::digest(style.as_bytes())),
        style: &style,
    };
    html.render().expect("writing into a String cannot fail")
}

fn part(section: &Section) -> Part<'_> {
    match section {
        Section::Chart(chart) => chart_part(chart),
        Section::Table {
            id,
            title,
            lead,
            table,
        } => Part {
            table: Some(table),
            is_open: true,
            ..words(id, title, lead, "")
        },
        Section::Text {
            id,
            title,
            lead,
            text,
        } => words(id, title, lead, text),
    }
}

fn chart_part(chart: &Chart) -> Part<'_> {
    let drawing = Drawing::of(chart);
    let (narrow, notes) = chart.narrow().unzip();
    Part {
        id: &chart.id,
        title: &chart.title,
        lead: &chart.lead,
        class: match chart.width {
            Width::Half => "half",
            Width::Full => "full",
        },
        legend: &chart.legend,
        drawing: drawing.inline(),
        over: drawing.overlay(),
        narrow: narrow.map_or(String::new(), |chart| Drawing::of(&chart).inline()),
        notes: notes.unwrap_or_default(),
        table: Some(&chart.table),
        is_open: false,
        text: "",
    }
}

fn words<'a>(id: &'a str, title: &'a str, lead: &'a str, text: &'a str) -> Part<'a> {
    Part {
        id,
        title,
        lead,
        class: "full",
        legend: &[],
        drawing: String::new(),
        over: String::new(),
        narrow: String::new(),
        notes: Vec::new(),
        table: None,
        is_open: false,
        text,
    }
}

/// Bytes as base64 (RFC 4648, section 4), as a content security policy names hashes.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = |chunk: &[u8]| {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        (0..4)
            .map(move |at| (bits >> (18 - 6 * at) & 63) as usize)
            .enumerate()
            .map({
                let many = chunk.len() + 1;
                move |(at, letter)| {
                    if at < many {
                        LETTERS[letter] as char
                    } else {
                        '='
                    }
                }
            })
            .collect::<String>()
    };
    bytes.chunks(3).map(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (bytes, expect) in table {
            assert_eq!(base64(bytes.as_bytes()), expect);
        }
    }
}
