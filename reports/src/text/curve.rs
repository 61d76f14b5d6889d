//! An operating characteristic as text, Markdown and CSV.

use crate::common::escape::escape;
use crate::common::figure::{percent, percent_range, span, three};
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Table};
use crate::common::wrap::wrap;
use crate::result::{CurvePoint, CurveReport, Detectable, DetectablePlace, DetectableSignal};
use crate::text::lowered::lowered_text;

/// Returns the curve as text: a table with a plot of the intervals.
pub fn curve_text(report: &CurveReport, style: Style) -> String {
    let head = wrap(&escape(&title(report)), 0, style.columns);
    let meaning = wrap(&escape(&meaning(report)), 0, style.columns);
    let parts = [
        lowered_text(&report.inputs, style),
        format!("{}\n{meaning}\n", style.paint(Tone::Strong, &head)),
        table(report).render(style),
        apart(report).map_or(String::new(), |it| wrap(&it, 2, style.columns) + "\n"),
        report
            .detectable
            .iter()
            .map(|it| wrap(&escape(&sentence(report, it)), 2, style.columns) + "\n")
            .collect(),
    ];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n")
}

/// The points that were asked for and those that bracket a minimum detectable effect, from the weakest on.
pub(crate) fn all_points(report: &CurveReport) -> Vec<&CurvePoint> {
    let mut points: Vec<_> = report.points.iter().chain(&report.refined).collect();
    points.sort_by(|one, other| one.effect.total_cmp(&other.effect));
    points
}

pub(crate) fn title(report: &CurveReport) -> String {
    format!(
        "{} ({}), scenario {}: {} rollouts simulated of each effect, seed {}",
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

/// The rollouts that say nothing about the regression, and are in no point.
pub(crate) fn apart(report: &CurveReport) -> Option<String> {
    let points = all_points(report);
    let most = |of: fn(&CurvePoint) -> u64| points.iter().map(|point| of(point)).max();
    let early = most(|point| point.ended_before_regression).filter(|many| *many > 0);
    let chance = most(|point| point.stopped_by_chance).filter(|many| *many > 0);
    let early = early.map(|many| format!("{many} ended before the regression began"));
    let chance = chance.map(|many| {
        format!("up to {many} were stopped by a signal that the regression does not change")
    });
    let said: Vec<_> = early.into_iter().chain(chance).collect();
    let said = (!said.is_empty()).then(|| said.join(" and "));
    said.map(|said| {
        format!(
            "not counted: of the {} rollouts of each effect {said}",
            report.runs
        )
    })
}

pub(crate) fn table(report: &CurveReport) -> Table {
    let mut table = Table::new(&[
        ("effect", Align::Right),
        ("acted on", Align::Right),
        ("95 % interval", Align::Right),
        ("0 %        50 %        100 %", Align::Left),
        ("delay p50, p95", Align::Right),
    ]);
    for point in all_points(report) {
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
    three(effect)
}

/// What is told of a power, before the answer.
pub(crate) fn heading(found: &Detectable) -> String {
    format!(
        "minimum detectable effect at {} power",
        percent(found.power)
    )
}

pub(crate) fn sentence(report: &CurveReport, found: &Detectable) -> String {
    format!("{}: {}", heading(found), answer(report, found))
}

/// The effect in the units of the signals and as a factor, or where it lies.
pub(crate) fn answer(report: &CurveReport, found: &Detectable) -> String {
    let outside = |words: &str, point: &CurvePoint, end: fn(&DetectableSignal) -> Option<f64>| {
        let mut at = vec![effect(point.effect)];
        let change = |signal: &DetectableSignal| Some(change(signal, end(signal)?));
        at.extend(found.signals.iter().filter_map(change));
        let (at, acted) = (at.join(", "), percent(point.acted));
        format!("{words} effect simulated ({at}), which is acted on in {acted} of the rollouts")
    };
    let (first, last) = (report.points.first(), report.points.last());
    match (found.place, found.effect, first, last) {
        (DetectablePlace::Untested, ..) => UNTESTED.to_owned(),
        (DetectablePlace::Below, _, Some(first), _) if first.effect == 0.0 => format!(
            "none, as {} of the rollouts are acted on without any effect",
            percent(first.acted)
        ),
        (DetectablePlace::Below, _, Some(first), _) => {
            outside("below the weakest", first, |it| it.high)
        }
        (_, Some(least), ..) => {
            let signals = found.signals.iter().map(in_unit).collect::<Vec<_>>();
            let interval = ends(found.low, found.high, effect);
            let factor = format!("effect {} {interval}", effect(least));
            let mut parts = vec![signals.join(" with "), factor];
            parts.retain(|part| !part.is_empty());
            format!("{} (95 % interval)", parts.join(", "))
        }
        (_, None, _, Some(last)) => outside("above the strongest", last, |it| it.low),
        _ => "nothing was simulated".to_owned(),
    }
}

const UNTESTED: &str = "untested, as every rollout ended before the regression began";

/// `error_rate +0.421 percentage points [0.406, 0.438]`.
fn in_unit(signal: &DetectableSignal) -> String {
    let Some(value) = signal.value else {
        return String::new();
    };
    let interval = ends(signal.low, signal.high, |end| number(signal, end));
    format!("{} {interval}", change(signal, value))
}

/// `error_rate +0.421 percentage points`.
fn change(signal: &DetectableSignal, value: f64) -> String {
    let sign = match signal.adds {
        false => "x",
        true if value < 0.0 => "",
        true => "+",
    };
    let unit = match (signal.adds, signal.unit.as_str()) {
        (false, _) | (_, "") => String::new(),
        (true, DetectableSignal::FRACTION) => " percentage points".to_owned(),
        (true, unit) => format!(" {unit}"),
    };
    format!("{} {sign}{}{unit}", signal.signal, number(signal, value))
}

/// Shares are added in percentage points.
fn number(signal: &DetectableSignal, value: f64) -> String {
    let is_share = signal.adds && signal.unit == DetectableSignal::FRACTION;
    three(if is_share { value * 100.0 } else { value })
}

/// An interval of which an end may lie outside of what was simulated.
pub(crate) fn ends(low: Option<f64>, high: Option<f64>, say: impl Fn(f64) -> String) -> String {
    let low = low.map_or("below the weakest simulated".to_owned(), &say);
    let high = high.map_or("above the strongest simulated".to_owned(), &say);
    format!("[{low}, {high}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(unit: &str, adds: bool, values: [f64; 3]) -> DetectableSignal {
        let [value, low, high] = values.map(Some);
        DetectableSignal {
            signal: "s".to_owned(),
            adds,
            unit: unit.to_owned(),
            value,
            low,
            high,
        }
    }

    #[test]
    fn an_effect_is_told_in_the_unit_of_its_signal() {
        let share = signal("fraction", true, [0.004_212, 0.004_06, 0.004_38]);
        assert_eq!(in_unit(&share), "s +0.421 percentage points [0.406, 0.438]");
        let time = signal("ms", true, [31.25, 30.0, 32.5]);
        assert_eq!(in_unit(&time), "s +31.2 ms [30.0, 32.5]");
        let times = signal("ms", false, [1.214, 1.18, 1.24]);
        assert_eq!(in_unit(&times), "s x1.21 [1.18, 1.24]");
    }
}
