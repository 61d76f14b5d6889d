//! An operating characteristic as text, Markdown and CSV.

use crate::curve_json::{CurvePoint, CurveReport, Detectable};
use crate::escape::escape;
use crate::figure::{percent, percent_range, span};
use crate::markdown::plain;
use crate::style::{Style, Tone};
use crate::table::{Align, Table};
use crate::timeline::wrap;

/// Returns the curve as text: a table with a plot of the intervals.
pub fn curve_text(report: &CurveReport, style: Style) -> String {
    let head = wrap(&escape(&title(report)), 0, style.columns);
    let meaning = wrap(&escape(&meaning(report)), 0, style.columns);
    let parts = [
        format!("{}\n{meaning}\n", style.paint(Tone::Strong, &head)),
        table(report).render(style),
        report
            .detectable
            .iter()
            .map(|it| sentence(it) + "\n")
            .collect(),
    ];
    parts.join("\n")
}

/// Returns the curve as Markdown.
pub fn curve_markdown(report: &CurveReport) -> String {
    let mut text = format!(
        "## {}\n\n{}\n\n",
        plain(&title(report)),
        plain(&meaning(report))
    );
    text += &table(report).markdown();
    report
        .detectable
        .iter()
        .for_each(|it| text += &format!("\n{}\n", sentence(it)));
    text
}

/// Returns the points as comma-separated values with a line of names.
pub fn curve_csv(report: &CurveReport) -> String {
    let mut text = "effect,acted,low,high,events,runs,fitted,delay_p50_s,delay_p95_s\n".to_owned();
    for point in &report.points {
        let time = |seconds: Option<f64>| seconds.map_or(String::new(), |it| it.to_string());
        text += &format!(
            "{},{},{},{},{},{},{},{},{}\n",
            point.effect,
            point.acted,
            point.low,
            point.high,
            point.events,
            report.runs,
            point.fitted,
            time(point.delay_p50_s),
            time(point.delay_p95_s),
        );
    }
    text
}

pub(crate) fn title(report: &CurveReport) -> String {
    format!(
        "{} ({}), scenario {}: {} rollouts an effect, seed {}",
        report.policy, report.profile, report.scenario, report.runs, report.seed
    )
}

pub(crate) fn meaning(report: &CurveReport) -> String {
    let fixed = match &report.fixed[..] {
        [] => String::new(),
        fixed => format!("; not scaled: {}", fixed.join(", ")),
    };
    format!("effect 1 is {}{fixed}", report.scaled.join(", "))
}

fn table(report: &CurveReport) -> Table {
    let mut table = Table::new(&[
        ("effect", Align::Right),
        ("acted on", Align::Right),
        ("95 % interval", Align::Right),
        ("0 %        50 %        100 %", Align::Left),
        ("delay p50, p95", Align::Right),
    ]);
    for point in &report.points {
        table.row(vec![
            effect(point.effect).into(),
            percent(point.acted).into(),
            percent_range(point.low, point.high).into(),
            plot(point).into(),
            delays(point).into(),
        ]);
    }
    table
}

/// The columns of the plot: one for each 4 %.
const COLUMNS: usize = 26;

/// The point as `o` in its interval `-`.
fn plot(point: &CurvePoint) -> String {
    let column = |share: f64| (share * (COLUMNS - 1) as f64).round() as usize;
    let (low, high, at) = (column(point.low), column(point.high), column(point.acted));
    let letter = |place: usize| match place {
        place if place == at => 'o',
        place if (low..=high).contains(&place) => '-',
        _ => ' ',
    };
    let line: String = (0..COLUMNS).map(letter).collect();
    format!("|{line}|")
}

fn delays(point: &CurvePoint) -> String {
    let say = |seconds: Option<f64>| seconds.map_or("never".to_owned(), span);
    format!("{}, {}", say(point.delay_p50_s), say(point.delay_p95_s))
}

pub(crate) fn effect(effect: f64) -> String {
    format!("{effect:.3}")
}

pub(crate) fn sentence(found: &Detectable) -> String {
    let power = percent(found.power);
    let Some(least) = found.effect else {
        return format!("acted on with {power}: by no effect that was played");
    };
    if found.high == found.effect && found.low == found.effect {
        return format!(
            "acted on with {power}: from effect {} on, the weakest played",
            effect(least)
        );
    }
    let end = |end: Option<f64>| end.map_or("beyond".to_owned(), effect);
    format!(
        "acted on with {power}: from effect {} on, 95 % interval [{}, {}]",
        effect(least),
        end(found.low),
        end(found.high)
    )
}
