//! The timeline of one rollout: stages, what gates read, what was reached, and what happened when.

use super::axis::Axis;
use super::exposure::level;
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark};
use super::model::{Chart, DataCell, DataTable, LegendKey, Panel, Width};
use crate::chart::timeline_marks::{CHAR, posts, words};
use crate::common::figure::{clock, count, percent};
use crate::common::label::{label, shorten, shown};
use crate::result::{MarkKind, ReadingPoint, Readings, StageSpan, Timeline};

/// Draws the timeline of a rollout; `limit` is the blast radius in percent.
pub fn timeline_chart(timeline: &Timeline, limit: Option<f64>) -> Chart {
    let mut panels: Vec<Panel> = timeline
        .readings
        .iter()
        .filter(|readings| readings.points.iter().any(|point| point.value.is_some()))
        .take(2)
        .map(|readings| gate_panel(timeline, readings))
        .collect();
    panels.push(exposure_panel(timeline, limit));
    let last = panels.len() - 1;
    for (at, panel) in panels.iter_mut().enumerate() {
        panel.has_x = at == last;
        stages(panel, timeline, at == 0);
        posts(panel, timeline);
    }
    words(&mut panels[0], timeline);
    Chart {
        id: "timeline".to_owned(),
        title: "Timeline of one rollout".to_owned(),
        lead: lead(timeline),
        legend: legend(timeline),
        width: Width::Full,
        panels,
        table: table(timeline),
    }
}

fn time_axis(timeline: &Timeline) -> Axis {
    let end = timeline.end_s.max(1.0);
    Axis::time("time since start", end, 10).ending(end)
}

fn gate_panel(timeline: &Timeline, readings: &Readings) -> Panel {
    let values = readings.points.iter().filter_map(|point| point.value);
    let limits = readings.points.iter().filter_map(|point| point.limit);
    let most = values
        .chain(limits)
        .chain(readings.limit)
        .fold(0.0, f64::max);
    let is_share = readings.unit == "fraction";
    let name = label(&readings.gate);
    let y = if is_share {
        Axis::percent(&shorten(&name, 26), most * 1.05, 4)
    } else {
        Axis::upto(&shorten(&name, 26), most * 1.05, 4)
    };
    let mut panel = Panel::new(time_axis(timeline), y);
    panel.height = 130;
    for run in unbroken(readings, |point| point.value) {
        panel.marks.push(Mark::Line {
            ink: Ink::nth(Family::Line, 1),
            points: run,
        });
    }
    limit_lines(&mut panel, readings);
    panel
}

/// The limit, and where it moves with another reading its line.
fn limit_lines(panel: &mut Panel, readings: &Readings) {
    if let Some(limit) = readings.limit {
        let (left, right) = (panel.x.from, panel.x.to);
        panel.line(Ink::of(Family::Limit), [(left, limit), (right, limit)]);
        let words = format!("limit {}", say(readings, limit));
        panel.marks.push(limit_words((right, limit), words));
    }
    let relative = unbroken(readings, |point| point.limit);
    if let Some(&at) = relative.last().and_then(|run| run.last()) {
        panel.marks.push(limit_words(at, "limit".to_owned()));
    }
    panel
        .marks
        .extend(relative.into_iter().map(|points| Mark::Line {
            ink: Ink::of(Family::Limit),
            points,
        }));
}

fn limit_words(at: (f64, f64), text: String) -> Mark {
    Mark::Text {
        ink: Ink::of(Family::LimitText),
        at,
        shift: (-4, -8),
        anchor: Anchor::End,
        text,
    }
}

fn say(readings: &Readings, value: f64) -> String {
    if readings.unit == "fraction" {
        percent(value)
    } else {
        format!("{} {}", count(value), readings.unit)
            .trim_end()
            .to_owned()
    }
}

/// The stretches between gaps in the data.
fn unbroken(readings: &Readings, of: fn(&ReadingPoint) -> Option<f64>) -> Vec<Vec<(f64, f64)>> {
    let mut runs = vec![Vec::new()];
    for point in &readings.points {
        match of(point) {
            Some(value) => runs
                .last_mut()
                .expect("there is always a stretch")
                .push((point.t_s, value)),
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn exposure_panel(timeline: &Timeline, limit: Option<f64>) -> Panel {
    let most = timeline.exposure.iter().map(|step| step.percent);
    let most = most.chain(limit).fold(5.0, f64::max).min(100.0);
    let y = Axis::percent("fleet exposed", most / 100.0, 3);
    let mut panel = Panel::new(time_axis(timeline), y);
    panel.height = if timeline.readings.is_empty() {
        150
    } else {
        84
    };
    let mut steps = vec![(0.0, 0.0)];
    for step in &timeline.exposure {
        let before = steps[steps.len() - 1].1;
        steps.extend([(step.t_s, before), (step.t_s, step.percent / 100.0)]);
    }
    steps.push((timeline.end_s, steps[steps.len() - 1].1));
    let floor = [(0.0, 0.0), (timeline.end_s, 0.0)];
    panel.band(Ink::of(Family::Area), &floor, &steps);
    panel.line(Ink::nth(Family::Line, 1), steps);
    if let Some(limit) = limit {
        level(&mut panel, limit);
    }
    panel
}

/// Shades every second stage, behind everything, and names them in the uppermost panel.
fn stages(panel: &mut Panel, timeline: &Timeline, named: bool) {
    let (low, high) = (panel.y.from, panel.y.to);
    let width = |span: &StageSpan| {
        let share = (span.to_s - span.from_s) / (panel.x.to - panel.x.from);
        share * f64::from(Width::Full.pixels() - panel.left)
    };
    let mut back = Vec::new();
    for (at, span) in timeline.stages.iter().enumerate() {
        let (from, to) = (panel.x.clamp(span.from_s), panel.x.clamp(span.to_s));
        if at % 2 == 0 {
            let (from, to) = ((from, high), (to, low));
            let ink = Ink::of(Family::Stage);
            back.push(Mark::Box { ink, from, to });
        }
        let fits = (width(span) / CHAR) as usize;
        let target = percent(span.target_percent / 100.0);
        let name = format!("{} · {target}", label(&span.stage));
        if named && fits >= 6 {
            back.push(Mark::Text {
                ink: Ink::of(Family::StageText),
                at: (from, high),
                shift: (5, 9),
                anchor: Anchor::Start,
                text: shorten(&name, fits - 1),
            });
        }
    }
    panel.marks.splice(0..0, back);
}

fn lead(timeline: &Timeline) -> String {
    let mut lead = format!(
        "Rollout {} of {} under seed {}: {}, {}.",
        timeline.replication,
        label(&timeline.scenario),
        timeline.seed,
        timeline.outcome.replace('_', " "),
        timeline.verdict.word(),
    );
    if let Some(reason) = timeline.reasons.first() {
        lead += &format!(" {}.", shown(reason).trim_end_matches('.'));
    }
    lead
}

fn legend(timeline: &Timeline) -> Vec<LegendKey> {
    let mut legend = Vec::new();
    if !timeline.readings.is_empty() {
        legend.extend(LegendKey::lines([(1, "what the gate reads")]));
    }
    legend.push(LegendKey {
        ink: Ink::of(Family::Limit),
        name: "limit".to_owned(),
    });
    legend
}

fn table(timeline: &Timeline) -> DataTable {
    let mut rows: Vec<(f64, [String; 3])> = Vec::new();
    rows.extend(timeline.stages.iter().map(stage_row));
    for mark in &timeline.marks {
        let kind = mark_word(mark.kind);
        let what = shown(&mark.text);
        rows.push((mark.t_s, [clock(mark.t_s), kind.to_owned(), what]));
    }
    for step in thinned(&timeline.exposure) {
        let what = format!("{} of the fleet", percent(step.percent / 100.0));
        rows.push((step.t_s, [clock(step.t_s), "exposed".to_owned(), what]));
    }
    for readings in &timeline.readings {
        for point in thinned(&readings.points) {
            let value = point
                .value
                .map_or("no data".to_owned(), |value| say(readings, value));
            let what = format!("{} reads {value}", label(&readings.gate));
            rows.push((point.t_s, [clock(point.t_s), "reading".to_owned(), what]));
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    DataTable {
        head: ["time", "kind", "what"].map(str::to_owned).to_vec(),
        rows: rows
            .into_iter()
            .map(|(_, cells)| table_row(cells))
            .collect(),
    }
}

fn table_row([time, kind, what]: [String; 3]) -> Vec<DataCell> {
    vec![
        DataCell::new(time),
        DataCell::new(kind),
        DataCell::classed(what, "words"),
    ]
}

fn stage_row(span: &StageSpan) -> (f64, [String; 3]) {
    let target = percent(span.target_percent / 100.0);
    let what = format!("{}, target {target}", label(&span.stage));
    (span.from_s, [clock(span.from_s), "stage".to_owned(), what])
}

const fn mark_word(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Fault => "fault",
        MarkKind::Trigger => "trigger",
        MarkKind::Action => "action",
        MarkKind::End => "end",
    }
}

/// At most about a hundred of a list, evenly; the drawing has them all.
fn thinned<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(100).max(1))
}
