//! The timeline of one rollout.

use crate::common::escape::escape;
use crate::common::figure::clock;
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::EventRow;

/// More lines than this of one kind in a row are shown as the first, the last and a count.
const ALIKE_MAX: usize = 4;

/// Returns the events as lines: time, code, stage, detail. A long series of the same code in the
/// same stage is folded.
pub fn timeline(events: &[EventRow], style: Style) -> String {
    let widths = Widths::of(events);
    let alike = |a: &EventRow, b: &EventRow| a.code == b.code && a.stage == b.stage;
    let mut text = String::new();
    for group in events.chunk_by(alike) {
        match group {
            [first, between @ .., last] if group.len() > ALIKE_MAX => {
                text += &line(first, widths, style);
                let more = format!("{:>1$}  ... {2} more", "", widths.time, between.len());
                text += &(style.paint(Tone::Faint, &more) + "\n");
                text += &line(last, widths, style);
            }
            _ => group
                .iter()
                .for_each(|event| text += &line(event, widths, style)),
        }
    }
    text
}

/// The widths of the columns, in characters.
#[derive(Clone, Copy)]
struct Widths {
    time: usize,
    code: usize,
    stage: usize,
}

impl Widths {
    fn of(events: &[EventRow]) -> Self {
        let widest = |width: &dyn Fn(&EventRow) -> usize| events.iter().map(width).max();
        let length = |text: &str| escape(text).chars().count();
        Self {
            time: widest(&|event| clock(event.t_s).len()).unwrap_or(0),
            code: widest(&|event| length(&event.code)).unwrap_or(0),
            stage: widest(&|event| event.stage.as_deref().map_or(0, length)).unwrap_or(0),
        }
    }
}

fn line(event: &EventRow, widths: Widths, style: Style) -> String {
    let Widths { time, code, stage } = widths;
    let at = style.paint(Tone::Faint, &format!("{:>time$}", clock(event.t_s)));
    let word = style.paint(tone(&event.code), &format!("{:code$}", escape(&event.code)));
    let place = event.stage.as_deref().map(escape).unwrap_or_default();
    let head = format!("{at}  {word}  {place:stage$}  ");
    let indent = time + code + stage + 6;
    let detail = wrap(&escape(&event.detail), indent, style.columns);
    format!("{}\n", format!("{head}{detail}").trim_end())
}

fn tone(code: &str) -> Tone {
    match code {
        "triggered" | "blast-exceeded" | "rollback-failed" | "evidence-flawed" | "refused"
        | "ladder-exhausted" | "standby-absent" => Tone::Bad,
        "effect-began" | "paused" => Tone::Doubt,
        "judged" | "exposure" | "converged" | "observing" => Tone::Plain,
        _ => Tone::Strong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(t_s: f64, code: &str, detail: &str) -> EventRow {
        let stage = (code != "started").then(|| "canary".to_owned());
        EventRow {
            t_s,
            code: code.into(),
            stage,
            detail: detail.into(),
        }
    }

    #[test]
    fn a_timeline_folds_what_repeats_and_shows_hidden_characters() {
        let mut events = vec![event(0.0, "started", "go")];
        for second in 1..=6 {
            events.push(event(f64::from(second), "exposure", &format!("{second} %")));
        }
        events.push(event(3600.5, "RWG-001", "evil\u{1b}[2Jname"));
        let expect = [
            "  0:00:00  started           go",
            "  0:00:01  exposure  canary  1 %",
            "           ... 4 more",
            "  0:00:06  exposure  canary  6 %",
            "1:00:00.5  RWG-001   canary  evil\\u{1b}[2Jname",
        ];
        assert_eq!(
            timeline(&events, Style::PLAIN).lines().collect::<Vec<_>>(),
            expect
        );
    }
}
