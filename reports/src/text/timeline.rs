//! The timeline of one rollout.

use crate::common::escape::escape;
use crate::common::figure::{clock, span};
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::EventRow;

/// More lines than this of one kind in a row are shown as the first, the last and a count.
const ALIKE_MAX: usize = 4;

/// A cycle has at most so many events, and is folded from so many times on.
const CYCLE_MAX: usize = 40;
const TIMES_MIN: usize = 3;

/// Returns the events as lines: time, code, stage, detail. A long series of the same code in the
/// same stage is folded, and so is a series of events that comes again and again; what is said twice at one instant is
/// said once.
pub fn timeline(events: &[EventRow], style: Style) -> String {
    let events = said_once(events);
    let widths = Widths::of(&events);
    let keys: Vec<_> = events.iter().map(|event| key(event)).collect();
    let (mut text, mut at, mut plain) = (String::new(), 0, 0);
    while at < events.len() {
        let Some((period, times)) = cycle(&keys[at..]) else {
            at += 1;
            continue;
        };
        text += &series(&events[plain..at + period], widths, style);
        let took = events[at + period].t_s - events[at].t_s;
        let more = format!(
            "{:>1$}  ... the same {period} events {2} times more, every {3}",
            "",
            widths.time,
            times - 1,
            span(took)
        );
        text += &(style.paint(Tone::Faint, &more) + "\n");
        at += period * times;
        plain = at;
    }
    text + &series(&events[plain..], widths, style)
}

/// Leaves out what was said at the same instant before, word for word.
fn said_once(events: &[EventRow]) -> Vec<&EventRow> {
    let mut kept: Vec<&EventRow> = Vec::new();
    for event in events {
        let now = kept.iter().rev().take_while(|known| known.t_s == event.t_s);
        if event.code != "judged" || !now.into_iter().any(|known| *known == event) {
            kept.push(event);
        }
    }
    kept
}

/// What makes an event the same as another one: all but its instant and the numbers in it.
fn key(event: &EventRow) -> (&str, Option<&str>, String) {
    let words = event
        .detail
        .chars()
        .filter(|c| !c.is_ascii_digit() && *c != '.');
    (&event.code, event.stage.as_deref(), words.collect())
}

/// How long the cycle is with which the events begin, and how often it comes; the one that covers most, and of equals the
/// shortest. None where none comes often enough. One event that repeats is no cycle.
fn cycle<K: PartialEq>(keys: &[K]) -> Option<(usize, usize)> {
    let repeats = |period: usize| {
        let first = &keys[..period];
        let same = keys
            .chunks_exact(period)
            .take_while(|chunk| *chunk == first);
        (period, same.count())
    };
    let longest = CYCLE_MAX.min(keys.len() / TIMES_MIN);
    let distinct = |period: &usize| keys[1..*period].iter().any(|key| *key != keys[0]);
    let found = (2..=longest).filter(distinct).map(repeats);
    let found = found.filter(|(_, times)| *times >= TIMES_MIN);
    found.max_by_key(|(period, times)| (period * times, usize::MAX - period))
}

/// Events of which a long series of the same code in the same stage is folded.
fn series(events: &[&EventRow], widths: Widths, style: Style) -> String {
    let alike = |a: &&EventRow, b: &&EventRow| a.code == b.code && a.stage == b.stage;
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
    fn of(events: &[&EventRow]) -> Self {
        let widest =
            |width: &dyn Fn(&EventRow) -> usize| events.iter().map(|event| width(event)).max();
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

    /// A rollout that steps back every eleven minutes says so in a line, whatever its attempts are numbered, and a
    /// judgement that is looked at twice at one instant is said once.
    #[test]
    fn a_timeline_folds_a_cycle_and_says_a_judgement_once() {
        let mut events = vec![event(0.0, "started", "go")];
        for attempt in 0..130 {
            let begin = 10.0 + 665.0 * f64::from(attempt);
            let entered = format!("target 10 %, attempt {}", attempt + 1);
            events.push(event(begin, "stage-entered", &entered));
            events.push(event(begin + 600.0, "judged", "errors breach: 5 %"));
            events.push(event(begin + 600.0, "judged", "errors breach: 5 %"));
            events.push(event(begin + 600.0, "stepped-back", "canary is given up"));
        }
        let text = timeline(&events, Style::PLAIN);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(
            lines[4].ends_with("... the same 3 events 129 times more, every 11m05s"),
            "{text}"
        );
    }
}
