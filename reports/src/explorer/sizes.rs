//! What two curves say, in words.

use serde::Serialize;

use super::drawn::DrawnChart;
use super::pair::{characteristic_pair, delay_pair};
use crate::chart::shown;
use crate::common::figure::{percent, percent_range, span};
use crate::result::CurveReport;
use crate::text::curve::{answer, heading};

/// What a policy does to regressions of each size.
#[derive(Clone, Debug, Serialize)]
pub struct CurveView {
    /// The scenario whose release is scaled.
    pub scenario: String,
    /// How many rollouts of each size there are.
    pub runs: u64,
    /// What a size of 1 is.
    pub scaled: Vec<String>,
    /// The sizes, in order, with what both policies do.
    pub sizes: Vec<SizePair>,
    /// The minimum detectable effects in words; empty before they are known.
    pub detectable: Vec<[String; 2]>,
    /// Probability and delay.
    pub charts: Vec<DrawnChart>,
}

/// A regression of one size.
#[derive(Clone, Debug, Serialize)]
pub struct SizePair {
    /// The factor on what the scenario says.
    pub size: f64,
    /// Under today's policy.
    pub today: SizeView,
    /// Under the changed one.
    pub changed: Option<SizeView>,
}

/// What a policy does to a regression of one size.
#[derive(Clone, Debug, Serialize)]
pub struct SizeView {
    /// How often it acts.
    pub acted: String,
    /// With which interval.
    pub interval: String,
    /// Half are acted upon within this time.
    pub delay: String,
    /// In how many rollouts, and among how many.
    pub counted: (u64, u64),
}

/// Returns what two curves say.
pub fn curve_view(today: &CurveReport, changed: Option<&CurveReport>) -> CurveView {
    let now = changed.unwrap_or(today);
    let size = size;
    let pair = |at: usize| {
        Some(SizePair {
            size: today.points[at].effect,
            today: size(today, at)?,
            changed: changed.and_then(|report| size(report, at)),
        })
    };
    let found = |found: &crate::result::Detectable| [heading(found), answer(now, found)];
    // Without effects between those that were asked for nothing is known as finely.
    let detectable = now.detectable.iter().filter(|_| !now.refined.is_empty());
    let characteristic = Some(characteristic_pair(today, changed));
    let charts = [characteristic, delay_pair(today, changed)];
    CurveView {
        scenario: today.scenario.clone(),
        runs: today.runs,
        scaled: now.scaled.iter().map(|line| shown(line)).collect(),
        sizes: (0..today.points.len()).filter_map(pair).collect(),
        detectable: detectable.map(found).collect(),
        charts: charts.iter().flatten().map(DrawnChart::from).collect(),
    }
}

fn size(report: &CurveReport, at: usize) -> Option<SizeView> {
    let point = report.points.get(at)?;
    Some(SizeView {
        acted: percent(point.acted),
        interval: percent_range(point.low, point.high),
        delay: point.delay_p50_s.map_or("never".to_owned(), span),
        counted: (point.events, point.among.unwrap_or(report.runs)),
    })
}
