//! The page of an operating characteristic.

use crate::chart::{Chart, curve_charts, label, shown};
use crate::curve_json::{CurveReport, Detectable};
use crate::curve_text::{effect, meaning, sentence, title};
use crate::figure::{percent, percent_range};

use super::model::{Badge, Card, Fact, Page, Section, Tint};

/// Returns the page of a curve.
pub fn curve_page(report: &CurveReport) -> Page {
    let inputs = &report.inputs;
    Page {
        kind: "Operating characteristic".to_owned(),
        subject: label(&report.policy),
        facts: vec![
            Fact::new("curve", shown(&title(report))),
            Fact::new("made by", crate::escape(&inputs.tool)),
            Fact::new("policy", crate::escape(&inputs.policy)),
            Fact::new("digest of the inputs", &inputs.digest),
        ],
        badge: Badge {
            word: "CHARACTERISED".to_owned(),
            why: shown(&meaning(report)),
            tint: Tint::Plain,
        },
        cards: cards(report),
        worst: None,
        sections: curve_page_charts(report)
            .into_iter()
            .map(Section::from)
            .collect(),
    }
}

/// Returns the charts of a curve.
pub fn curve_page_charts(report: &CurveReport) -> Vec<Chart> {
    curve_charts(report)
}

fn cards(report: &CurveReport) -> Vec<Card> {
    let without = report.points.iter().filter(|point| point.effect == 0.0);
    let wrong = without.map(|point| Card {
        name: "acted on without any effect".to_owned(),
        value: percent(point.acted),
        interval: percent_range(point.low, point.high),
        note: format!("{} of {} rollouts", point.events, report.runs),
        tint: Tint::Plain,
    });
    wrong.chain(report.detectable.iter().map(least)).collect()
}

fn least(found: &Detectable) -> Card {
    let end = |end: Option<f64>| end.map_or("beyond".to_owned(), effect);
    let interval = format!("[{}, {}]", end(found.low), end(found.high));
    Card {
        name: format!(
            "the least effect that is acted on with {}",
            percent(found.power)
        ),
        value: found.effect.map_or("none played".to_owned(), effect),
        interval: if found.effect.is_some() {
            interval
        } else {
            String::new()
        },
        note: sentence(found),
        tint: Tint::Plain,
    }
}
