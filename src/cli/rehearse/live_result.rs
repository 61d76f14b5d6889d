//! What happened in a rehearsal with real monitoring, on both clocks.

use reports::artifact::EPOCH;
use reports::{Align, Style, Table};
use scenarios::recorded::Timestamp;
use serde_json::{Value, json};
use sim_core::Event;
use sim_core::engine::SimDuration;

use crate::cli::live::LiveClock;
use crate::cli::run::PlayedRollout;

/// An alert that Alertmanager has brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    pub alert: String,
    /// When it fired, on the wall, as Prometheus says.
    pub fired: f64,
    /// When it came, on the wall.
    pub arrived: f64,
}

impl Hook {
    /// Reads what Alertmanager's webhook brings; nothing where it is something else.
    pub fn read(body: &str, arrived: f64) -> Vec<Self> {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let alerts = body["alerts"].as_array().cloned().unwrap_or_default();
        let hook = |alert: &Value| {
            let starts: Timestamp = alert["startsAt"].as_str()?.parse().ok()?;
            (alert["status"] == "firing").then_some(Self {
                alert: alert["labels"]["alertname"].as_str()?.to_owned(),
                fired: starts.millis() as f64 / 1000.0,
                arrived,
            })
        };
        alerts.iter().filter_map(hook).collect()
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
struct LiveMoment {
    /// In the rollout, s.
    rollout: f64,
    /// On the wall since the start, s.
    wall: f64,
    what: String,
}

/// A rollout that was watched.
#[derive(Clone, Debug)]
pub struct LiveRollout {
    policy: String,
    scenario: String,
    speed: f64,
    outcome: String,
    moments: Vec<LiveMoment>,
}

impl LiveRollout {
    /// Everything that happens in a rollout, and the alerts that have come.
    pub fn new(
        played: &PlayedRollout,
        (scenario, speed): (&str, f64),
        clock: LiveClock,
        hooks: &[Hook],
    ) -> Self {
        let at = |rollout: f64, what: String| LiveMoment {
            rollout,
            wall: clock.wall_at(EPOCH + rollout) - clock.began,
            what,
        };
        let mut moments = Vec::new();
        if let Some(met) = played.run.regression {
            let what = "users meet the regression".to_owned();
            moments.push(at(met.as_secs_f64(), what));
        }
        let stages = &played.case.experiment().policy.stages;
        for (when, event) in &played.run.history {
            let stage = |stage: u16| stages[usize::from(stage)].id.as_str();
            if let Some(what) = told(event, &stage, played.report.outcome.word()) {
                moments.push(at(when.as_secs_f64(), what));
            }
        }
        for hook in hooks {
            let on_both = |wall: f64, what: String| at(clock.virtual_at(wall) - EPOCH, what);
            moments.push(on_both(
                hook.fired,
                format!("Prometheus: {} fires", hook.alert),
            ));
            let what = format!("Alertmanager: the webhook brings {}", hook.alert);
            moments.push(on_both(hook.arrived, what));
        }
        moments.sort_by(|one, other| one.rollout.total_cmp(&other.rollout));
        Self {
            policy: played.report.policy.clone(),
            scenario: scenario.to_owned(),
            speed,
            outcome: played.report.outcome.word().to_owned(),
            moments,
        }
    }

    /// What has happened by a time of the rollout, s.
    pub fn until(&self, rollout: f64) -> Self {
        let mut until = self.clone();
        until.moments.retain(|moment| moment.rollout <= rollout);
        until
    }

    /// The timeline as a table.
    pub fn text(&self, style: Style) -> String {
        let mut table = Table::new(&[
            ("rollout", Align::Right),
            ("wall", Align::Right),
            ("what", Align::Left),
        ]);
        for LiveMoment {
            rollout,
            wall,
            what,
        } in &self.moments
        {
            table.row(vec![
                shown(*rollout).into(),
                format!("{wall:.2} s").into(),
                reports::escape(what).into(),
            ]);
        }
        format!("{}\n\n{}", self.title(), table.render(style))
    }

    fn title(&self) -> String {
        format!(
            "{} in {}, {} times as fast as the wall: {}",
            self.policy, self.scenario, self.speed, self.outcome
        )
    }

    /// The timeline as data.
    pub fn json(&self) -> Value {
        let moment =
            |it: &LiveMoment| json!({"rollout_s": it.rollout, "wall_s": it.wall, "what": it.what});
        json!({"schema": "coalmine/live", "version": 1, "policy": self.policy, "scenario": self.scenario,
               "speed": self.speed, "outcome": self.outcome,
               "timeline": self.moments.iter().map(moment).collect::<Vec<_>>()})
    }

    /// The timeline as a page of its own.
    pub fn page(&self, live: bool) -> String {
        page(self, live)
    }
}

/// What an event is called; none where nobody has to know of it.
fn told<'s>(event: &Event, stage: &dyn Fn(u16) -> &'s str, outcome: &str) -> Option<String> {
    Some(match event {
        Event::Started => "the rollout starts".to_owned(),
        Event::StageEntered { stage: entered, .. } => format!("stage {}", stage(*entered)),
        Event::RollbackBegan => "the rollback begins".to_owned(),
        Event::RollbackEnded { recovered: true } => "nothing serves the new version".to_owned(),
        Event::RollbackEnded { recovered: false } => "the rollback has failed".to_owned(),
        Event::Ended { .. } => format!("the rollout ends: {outcome}"),
        _ => return None,
    })
}

/// A page that needs nothing else; a live one looks again each second.
pub fn page(told: &LiveRollout, live: bool) -> String {
    let again = if live {
        "<meta http-equiv=\"refresh\" content=\"1\">"
    } else {
        ""
    };
    let row = |moment: &LiveMoment| {
        format!(
            "<tr><td>{}</td><td>{:.2} s</td><td>{}</td></tr>\n",
            shown(moment.rollout),
            moment.wall,
            plain(&moment.what)
        )
    };
    let rows: String = told.moments.iter().map(row).collect();
    let title = plain(&told.title());
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{again}<title>{title}</title>\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;margin:2em auto;max-width:50em;padding:0 1em}}\
         td,th{{text-align:left;padding:.2em 1em .2em 0}}:root{{color-scheme:light dark}}</style></head>\n\
         <body><h1>{title}</h1>\n<table><thead><tr><th>rollout</th><th>wall</th><th>what</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n</body></html>\n"
    )
}

fn shown(seconds: f64) -> String {
    SimDuration::from_secs_f64(seconds.max(0.0).round()).to_string()
}

/// A text that is no markup.
fn plain(text: &str) -> String {
    let text = reports::escape(text).replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firing_alerts_of_a_webhook_are_read_and_nothing_else() {
        // As Alertmanager 0.25 writes it.
        let body = r#"{"receiver":"coalmine","status":"firing","alerts":[
            {"status":"firing","labels":{"alertname":"CanaryErrors"},"startsAt":"2026-11-30T00:53:20.500Z"},
            {"status":"resolved","labels":{"alertname":"Old"},"startsAt":"2026-11-30T00:53:20Z"}],"version":"4"}"#;
        let hooks = Hook::read(body, 1_796_000_001.0);
        let fired = Hook {
            alert: "CanaryErrors".to_owned(),
            fired: 1_796_000_000.5,
            arrived: 1_796_000_001.0,
        };
        assert_eq!(hooks, [fired]);
        for nothing in ["", "[]", "{\"alerts\": [{}]}"] {
            assert_eq!(Hook::read(nothing, 0.0), []);
        }
    }
}
