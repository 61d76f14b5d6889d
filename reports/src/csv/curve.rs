//! An operating characteristic as comma-separated values.

use crate::result::CurveReport;
use crate::text::curve::all_points;

/// Returns the points as comma-separated values with a line of names.
pub fn curve_csv(report: &CurveReport) -> String {
    let mut text = "effect,acted,low,high,events,runs,fitted,delay_p50_s,delay_p95_s\n".to_owned();
    for point in all_points(report) {
        let time = |seconds: Option<f64>| seconds.map_or(String::new(), |it| it.to_string());
        text += &format!(
            "{},{},{},{},{},{},{},{},{}\n",
            point.effect,
            point.acted,
            point.low,
            point.high,
            point.events,
            point.among.unwrap_or(report.runs),
            point.fitted,
            time(point.delay_p50_s),
            time(point.delay_p95_s),
        );
    }
    text
}
