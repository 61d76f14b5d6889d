//! The HTTP API of Prometheus in the rollout's time: what is asked in the time of the wall is asked of a real Prometheus in
//! the time of the rollout, and what it answers comes back in the time of the wall.
//!
//! A time before 2010 is one of the rollout already (a rollout starts with the year 2000), and stays as it is.

use scenarios::recorded::Timestamp;
use serde_json::Value;
use sim_core::engine::SimDuration;

use super::clock::LiveClock;
use super::http::{ask, form};

/// Until then a time is one of a rollout: 2010-01-01.
const OF_A_ROLLOUT: f64 = 1_262_304_000.0;

/// The pairs of a request.
type ApiPairs = Vec<(String, String)>;

/// A real Prometheus behind a clock of ours.
#[derive(Clone, Copy, Debug)]
pub struct MappedApi {
    /// The clock.
    pub clock: LiveClock,
    /// Where Prometheus answers.
    pub port: u16,
}

/// What is answered: a status and JSON or text.
type Answered = (u16, String);

impl MappedApi {
    /// Answers a request that came at an instant of the wall; none where the path is none of those that controllers ask.
    pub fn answer(&self, path: &str, pairs: &[(String, String)], wall: f64) -> Option<Answered> {
        let by_name = path
            .strip_prefix("/api/v1/label/")
            .and_then(|rest| rest.strip_suffix("/values"))
            .is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let known = [
            "/api/v1/query",
            "/api/v1/query_range",
            "/api/v1/series",
            "/api/v1/labels",
        ];
        Some(match path {
            "/-/healthy" | "/-/ready" => (200, "Prometheus is Healthy.\n".to_owned()),
            "/api/v1/status/buildinfo" => self.asked(path, None),
            _ if by_name || known.contains(&path) => self.mapped(path, pairs, wall),
            _ => return None,
        })
    }

    fn asked(&self, path: &str, form: Option<&str>) -> Answered {
        ask(self.port, path, form)
            .unwrap_or_else(|error| (502, refusal("bad_gateway", &error.to_string())))
    }

    fn mapped(&self, path: &str, pairs: &[(String, String)], wall: f64) -> Answered {
        let (pairs, of_wall) = match to_virtual(&self.clock, path, pairs, wall) {
            Ok(mapped) => mapped,
            Err(why) => return (400, refusal("bad_data", &why)),
        };
        let form = form(&pairs);
        // Values of a label are asked without a body.
        let (status, text) = if path.starts_with("/api/v1/label/") {
            self.asked(&format!("{path}?{form}"), None)
        } else {
            self.asked(path, Some(&form))
        };
        match serde_json::from_str(&text) {
            Ok(mut answer) if of_wall => {
                to_wall(&self.clock, &mut answer);
                (status, answer.to_string())
            }
            _ => (status, text),
        }
    }
}

/// What Prometheus says of a request that it cannot take.
fn refusal(kind: &str, why: &str) -> String {
    serde_json::json!({"status": "error", "errorType": kind, "error": why}).to_string()
}

/// The request in the rollout's time, and whether it came in the time of the wall.
fn to_virtual(
    clock: &LiveClock,
    path: &str,
    pairs: &[(String, String)],
    wall: f64,
) -> Result<(ApiPairs, bool), String> {
    let times = ["time", "start", "end"];
    let read = |value: &str| instant(value).ok_or_else(|| format!("{value:?} is no time"));
    let said: Vec<f64> = pairs
        .iter()
        .filter(|(name, _)| times.contains(&name.as_str()))
        .map(|(_, value)| read(value))
        .collect::<Result<_, _>>()?;
    let of_wall = said.iter().all(|time| *time >= OF_A_ROLLOUT);
    let one = |(name, value): &(String, String)| {
        let mapped = match name.as_str() {
            "time" | "start" | "end" if of_wall => clock.virtual_at(read(value)?).to_string(),
            "time" | "start" | "end" => read(value)?.to_string(),
            "step" if of_wall => {
                let step = length(value).ok_or_else(|| format!("{value:?} is no duration"))?;
                (step * clock.speed).to_string()
            }
            _ => value.clone(),
        };
        Ok((name.clone(), mapped))
    };
    let mut all: ApiPairs = pairs.iter().map(one).collect::<Result<_, String>>()?;
    if path == "/api/v1/query" && said.is_empty() {
        all.push(("time".to_owned(), clock.virtual_at(wall).to_string()));
    }
    Ok((all, of_wall))
}

/// An instant as Prometheus reads it: seconds of Unix, or RFC 3339.
fn instant(text: &str) -> Option<f64> {
    let seconds = text
        .parse::<f64>()
        .ok()
        .filter(|seconds| seconds.is_finite());
    seconds.or_else(|| {
        let read: Timestamp = text.parse().ok()?;
        Some(read.millis() as f64 / 1000.0)
    })
}

/// A duration as Prometheus reads it: seconds, or such as `5m`.
fn length(text: &str) -> Option<f64> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
    seconds.or_else(|| Some(text.parse::<SimDuration>().ok()?.as_secs_f64()))
}

/// Puts the times of an answer back into the time of the wall.
fn to_wall(clock: &LiveClock, answer: &mut Value) {
    // Labels and their values are a list, without times.
    let Some(data) = answer.get_mut("data").and_then(Value::as_object_mut) else {
        return;
    };
    let kind = data.get("resultType").and_then(Value::as_str);
    let kind = kind.unwrap_or_default().to_owned();
    let Some(result) = data.get_mut("result") else {
        return;
    };
    match kind.as_str() {
        "scalar" | "string" => sample_to_wall(clock, result),
        "vector" => each(result, |series| sample_to_wall(clock, &mut series["value"])),
        "matrix" => each(result, |series| {
            each(&mut series["values"], |sample| {
                sample_to_wall(clock, sample);
            });
        }),
        _ => {}
    }
}

fn each(list: &mut Value, act: impl FnMut(&mut Value)) {
    if let Some(list) = list.as_array_mut() {
        list.iter_mut().for_each(act);
    }
}

fn sample_to_wall(clock: &LiveClock, sample: &mut Value) {
    if let Some(time) = sample.get_mut(0).filter(|time| time.is_number()) {
        let wall = clock.wall_at(time.as_f64().unwrap_or_default());
        // Prometheus knows milliseconds.
        *time = ((wall * 1000.0).round() / 1000.0).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CLOCK: LiveClock = LiveClock {
        began: 1_796_000_000.0,
        origin: 946_684_800.0,
        speed: 60.0,
    };

    fn pairs(all: &[(&str, &str)]) -> ApiPairs {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        all.iter().map(own).collect()
    }

    #[track_caller]
    fn check(path: &str, asked: &[(&str, &str)], becomes: &[(&str, &str)], of_wall: bool) {
        let mapped = to_virtual(&CLOCK, path, &pairs(asked), 1_796_000_010.0);
        assert_eq!(mapped, Ok((pairs(becomes), of_wall)), "{asked:?}");
    }

    #[test]
    fn a_question_without_a_time_is_about_now() {
        // As Flagger asks: pkg/metrics/providers/prometheus.go of v1.44.0.
        let query = ("query", "vector(1)");
        check(
            "/api/v1/query",
            &[query],
            &[query, ("time", "946685400")],
            true,
        );
    }

    #[test]
    fn the_time_of_the_wall_becomes_that_of_the_rollout_and_a_step_grows_with_it() {
        // As client_golang v1.24.0 writes it for Argo Rollouts (formatTime in api/prometheus/v1/api.go), and Kayenta's
        // PrometheusRemoteService, which sends what Instant.toString() says.
        check(
            "/api/v1/query",
            &[("query", "up"), ("time", "1796000001.5")],
            &[("query", "up"), ("time", "946684890")],
            true,
        );
        for (text, seconds) in [
            ("1796000001.1234567", 1.123_456_7),
            ("2026-11-30T00:53:21.125Z", 1.125),
            ("2026-11-30T00:53:21.125999999Z", 1.126),
        ] {
            let mapped = to_virtual(&CLOCK, "/api/v1/query", &pairs(&[("time", text)]), 0.0);
            let (mapped, _) = mapped.expect("it is a time");
            let error = mapped[0].1.parse::<f64>().unwrap() - (CLOCK.origin + 60.0 * seconds);
            assert!(error.abs() <= 0.06, "{text}: {mapped:?}");
        }
        check(
            "/api/v1/query_range",
            &[
                ("start", "2026-11-30T00:53:20Z"),
                ("end", "1796000060"),
                ("step", "1"),
            ],
            &[("start", "946684800"), ("end", "946688400"), ("step", "60")],
            true,
        );
        check(
            "/api/v1/query_range",
            &[
                ("start", "2000-01-01T00:10:00Z"),
                ("end", "946688400"),
                ("step", "1m"),
            ],
            &[("start", "946685400"), ("end", "946688400"), ("step", "1m")],
            false,
        );
        let broken = to_virtual(&CLOCK, "/api/v1/query", &pairs(&[("time", "soon")]), 0.0);
        assert!(broken.is_err());
    }

    #[test]
    fn samples_come_back_in_the_time_of_the_wall() {
        let mut answer = json!({"status": "success", "data": {"resultType": "matrix", "result": [
            {"metric": {}, "values": [[946_684_800, "1"], [946_684_860.5, "2"]]}]}});
        to_wall(&CLOCK, &mut answer);
        let values = json!([[1_796_000_000.0, "1"], [1_796_000_001.008, "2"]]);
        assert_eq!(answer["data"]["result"][0]["values"], values);
        let labels = json!({"status": "success", "data": ["up", "down"]});
        let mut answer = labels.clone();
        to_wall(&CLOCK, &mut answer);
        assert_eq!(answer, labels);
        let mut answer = json!({"data": {"resultType": "scalar", "result": [946_684_860, "1"]}});
        to_wall(&CLOCK, &mut answer);
        assert_eq!(answer["data"]["result"], json!([1_796_000_001.0, "1"]));
    }
}
