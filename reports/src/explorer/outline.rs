//! A policy as a picture: its stages over time, how far each goes, and which gates watch it.

use sim_core::policy::{Gate, Policy, Stage};

use crate::chart::{
    Anchor, Axis, Chart, DataTable, Family, Ink, LegendKey, Mark, Panel, Spot, Width, label,
};
use crate::common::figure::{percent, span};
use crate::common::label::shorten;
use crate::history::gate_words::breach;

/// Rows of gates beyond these would push everything else off the page.
const GATES: usize = 14;
/// Names of gates are shortened to so many characters.
const NAME: usize = 24;
/// About how wide a character is, in pixels.
const CHAR: f64 = 6.2;
/// The room for the names of the gates.
const LEFT: u32 = 176;
/// The height of the row of a gate.
const ROW: u32 = 22;

/// Draws a policy, and today's behind it where it was changed.
pub fn outline(today: &Policy, changed: Option<&Policy>) -> Chart {
    let policy = changed.unwrap_or(today);
    let spans = spans(policy);
    let before = changed.map(|_| self::spans(today));
    let ends = [Some(&spans), before.as_ref()];
    let end = ends.into_iter().flatten().filter_map(|spans| spans.last());
    let end = end.map(|span| span.to).fold(1.0, f64::max);
    let mut panels = vec![exposure(&spans, before.as_deref(), end)];
    panels.extend(gates(policy, &spans, end));
    if let [first, _] = &mut panels[..] {
        first.has_x = false;
    }
    let steps = [(1, "planned exposure"), (2, "today's")];
    let steps = steps
        .into_iter()
        .take(if changed.is_some() { 2 } else { 1 });
    Chart {
        id: "outline".to_owned(),
        title: "The policy".to_owned(),
        lead: lead(policy, &spans),
        legend: LegendKey::lines(steps),
        width: Width::Full,
        panels,
        table: table(policy, &spans),
    }
}

/// A stage and when it can be left at the soonest, in seconds.
struct PlannedSpan<'p> {
    stage: &'p Stage,
    from: f64,
    to: f64,
}

/// Ramps, approvals and criteria that are not met come on top. A stage without observation is drawn narrow.
fn spans(policy: &Policy) -> Vec<PlannedSpan<'_>> {
    let length = |stage: &Stage| stage.observe.as_secs_f64();
    let all: f64 = policy.stages.iter().map(length).sum();
    let least = if all > 0.0 { all / 20.0 } else { 1.0 };
    let mut from = 0.0;
    let mut spans = Vec::new();
    for stage in &policy.stages {
        let to = from + length(stage).max(least);
        spans.push(PlannedSpan { stage, from, to });
        from = to;
    }
    spans
}

fn lead(policy: &Policy, spans: &[PlannedSpan<'_>]) -> String {
    let observed: f64 = spans
        .iter()
        .map(|span| span.stage.observe.as_secs_f64())
        .sum();
    let deadline = policy.rollback.deadline.map_or(String::new(), |deadline| {
        format!(" A rollback has {}.", self::span(deadline.as_secs_f64()))
    });
    format!(
        "{} stages, observed for {} in all: the soonest that a good release is everywhere.{deadline}",
        spans.len(),
        self::span(observed),
    )
}

fn exposure(spans: &[PlannedSpan<'_>], before: Option<&[PlannedSpan<'_>]>, end: f64) -> Panel {
    let x = Axis::time("time since start", end, 10).ending(end);
    let mut panel = Panel::new(x, Axis::percent("exposed", 1.0, 4));
    panel.height = 130;
    panel.left = LEFT;
    panel.above = 24;
    for (at, span) in spans.iter().enumerate() {
        stage(&mut panel, span, at % 2 == 0);
    }
    let steps = staircase(spans);
    panel.band(
        Ink::of(Family::Area),
        &[(0.0, 0.0), (steps[steps.len() - 1].0, 0.0)],
        &steps,
    );
    if let Some(before) = before {
        panel.line(Ink::nth(Family::Line, 2), staircase(before));
    }
    panel.line(Ink::nth(Family::Line, 1), steps);
    panel
}

fn staircase(spans: &[PlannedSpan<'_>]) -> Vec<(f64, f64)> {
    let target = |span: &PlannedSpan<'_>| f64::from(span.stage.target.ppm()) / 1e6;
    let step = |span: &PlannedSpan<'_>| [(span.from, target(span)), (span.to, target(span))];
    std::iter::once((0.0, 0.0))
        .chain(spans.iter().flat_map(step))
        .collect()
}

/// Shades every second stage, and names it.
fn stage(panel: &mut Panel, span: &PlannedSpan<'_>, shaded: bool) {
    let (low, high) = (panel.y.from, panel.y.to);
    if shaded {
        panel.marks.push(Mark::Box {
            ink: Ink::of(Family::Stage),
            from: (span.from, high),
            to: (span.to, low),
        });
    }
    let target = percent(f64::from(span.stage.target.ppm()) / 1e6);
    let room = room(panel, span);
    let name = label(&span.stage.id);
    if room >= 5 {
        panel.marks.push(Mark::Text {
            ink: Ink::of(Family::StageText),
            at: (span.from, high),
            shift: (5, -9),
            anchor: Anchor::Start,
            text: shorten(&format!("{name} · {target}"), room - 1),
        });
    }
    let observed = self::span(span.stage.observe.as_secs_f64());
    let says = format!("{name}: {target}, observed for {observed}");
    let height = f64::from(span.stage.target.ppm()) / 1e6;
    let (at, stop) = ((f64::midpoint(span.from, span.to), height), true);
    panel.spots.push(Spot { at, says, stop });
}

/// How many characters fit over a stage.
fn room(panel: &Panel, span: &PlannedSpan<'_>) -> usize {
    let share = (span.to - span.from) / (panel.x.to - panel.x.from);
    (share * f64::from(Width::Full.pixels() - LEFT - 20) / CHAR) as usize
}

/// A row for each gate that a stage asks, over the stages in which it is asked.
fn gates(policy: &Policy, spans: &[PlannedSpan<'_>], end: f64) -> Option<Panel> {
    let asked = |gate: &&Gate| spans.iter().any(|span| part(gate, span.stage).is_some());
    let rows: Vec<&Gate> = policy.gates.iter().filter(asked).take(GATES).collect();
    if rows.is_empty() {
        return None;
    }
    let names = rows.iter().map(|gate| label(&gate.id));
    let x = Axis::time("time since start", end, 10).ending(end);
    let mut panel = Panel::of_rows(x, Axis::rows(names, NAME), ROW);
    panel.left = LEFT;
    panel.has_grid = false;
    for (row, gate) in rows.iter().enumerate() {
        let middle = (rows.len() - row) as f64 - 0.5;
        for run in runs(gate, spans) {
            bar(&mut panel, gate, &run, middle);
        }
    }
    Some(panel)
}

/// Stages in a row that ask a gate for the same.
struct AskedRun {
    is_trigger: bool,
    from: f64,
    to: f64,
}

fn runs(gate: &Gate, spans: &[PlannedSpan<'_>]) -> Vec<AskedRun> {
    let mut runs: Vec<AskedRun> = Vec::new();
    for span in spans {
        let Some(is_trigger) = part(gate, span.stage) else {
            continue;
        };
        match runs.last_mut() {
            Some(last) if last.to == span.from && last.is_trigger == is_trigger => {
                last.to = span.to;
            }
            _ => runs.push(AskedRun {
                is_trigger,
                from: span.from,
                to: span.to,
            }),
        }
    }
    runs
}

/// Whether a gate is a trigger of a stage or one of its criteria; none where it is neither.
fn part(gate: &Gate, stage: &Stage) -> Option<bool> {
    if stage.triggers.contains(&gate.id) {
        return Some(true);
    }
    stage.criteria.contains(&gate.id).then_some(false)
}

fn bar(panel: &mut Panel, gate: &Gate, run: &AskedRun, middle: f64) {
    let number = if run.is_trigger { 3 } else { 1 };
    panel.marks.push(Mark::Box {
        ink: Ink::nth(Family::Heat, number),
        from: (run.from, middle + 0.4),
        to: (run.to, middle - 0.4),
    });
    let share = (run.to - run.from) / (panel.x.to - panel.x.from);
    let room = (share * f64::from(Width::Full.pixels() - LEFT - 20) / CHAR) as usize;
    if room < 8 {
        return;
    }
    panel.marks.push(Mark::Text {
        ink: Ink::nth(Family::HeatText, number),
        at: (run.from, middle),
        shift: (7, 0),
        anchor: Anchor::Start,
        text: shorten(&words(gate, run.is_trigger), room - 2),
    });
}

fn words(gate: &Gate, is_trigger: bool) -> String {
    let does = if is_trigger { "acts on" } else { "waits while" };
    let breach = breach(gate);
    let over = if gate.over.is_zero() {
        String::new()
    } else {
        format!(" over {}", span(gate.over.as_secs_f64()))
    };
    let limit = breach.trim_start_matches("breach ");
    format!("{does} {} {limit}{over}", label(&gate.signal))
}

fn table(policy: &Policy, spans: &[PlannedSpan<'_>]) -> DataTable {
    let mut table = DataTable::new(["stage", "exposure", "observed for", "triggers", "criteria"]);
    let named = |ids: &[String]| {
        let known = policy.gates.iter().filter(|gate| ids.contains(&gate.id));
        let words = known.map(|gate| format!("{} ({})", label(&gate.id), breach(gate)));
        words.collect::<Vec<_>>().join(", ")
    };
    for PlannedSpan { stage, .. } in spans {
        table.row([
            label(&stage.id),
            percent(f64::from(stage.target.ppm()) / 1e6),
            span(stage.observe.as_secs_f64()),
            named(&stage.triggers),
            named(&stage.criteria),
        ]);
    }
    table
}
