//! The page of an operating characteristic.

use crate::chart::{Chart, curve_charts, label, shown};
use crate::common::badge::{Badge, Tint};
use crate::common::figure::{percent, percent_range};
use crate::result::{CurveReport, Detectable, DetectablePlace};
use crate::text::curve::{apart, effect, ends, heading, meaning, sentence, title};

use super::model::{Card, Page, PageFact, Section};

/// Returns the page of a curve.
pub fn curve_page(report: &CurveReport) -> Page {
    let inputs = &report.inputs;
    Page {
        kind: "Operating characteristic".to_owned(),
        subject: label(&report.policy),
        facts: vec![
            PageFact::new("curve", shown(&title(report))),
            PageFact::new("made by", crate::common::escape::escape(&inputs.tool)),
            PageFact::new("policy", crate::common::escape::escape(&inputs.policy)),
            PageFact::new("digest of the inputs", &inputs.digest),
        ],
        badge: Badge {
            word: "MEASURED".to_owned(),
            why: shown(&match apart(report) {
                Some(apart) => format!("{}; {apart}", meaning(report)),
                None => meaning(report),
            }),
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
        note: format!(
            "{} of {} rollouts",
            point.events,
            point.among.unwrap_or(report.runs)
        ),
        tint: Tint::Plain,
    });
    let least = report.detectable.iter().map(|found| least(report, found));
    wrong.chain(least).collect()
}

fn least(report: &CurveReport, found: &Detectable) -> Card {
    let outside = match found.place {
        DetectablePlace::Above => "above the strongest simulated",
        DetectablePlace::Untested => "untested",
        _ => "below the weakest simulated",
    };
    let interval = found.effect.map(|_| ends(found.low, found.high, effect));
    Card {
        name: heading(found),
        value: found.effect.map_or(outside.to_owned(), effect),
        interval: interval.unwrap_or_default(),
        note: shown(&sentence(report, found)),
        tint: Tint::Plain,
    }
}
